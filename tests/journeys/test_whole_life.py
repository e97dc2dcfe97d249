"""One webinar from the first draft to the replay, and everyone who meets it on the way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page

from tests.journeys import organiser as desk
from tests.journeys.audience import Attendee, Audience, Stage, Viewer
from tests.journeys.mailbox import Letter, Mailbox
from tests.journeys.moderator import Moderator
from tests.journeys.organiser import Organiser
from tests.journeys.site import ROOT, Site

ASSETS = ROOT / "eventapp/demo/assets/creative-hubs"
RECORDING = ASSETS / "recording.webm"
REFERENCE = (ASSETS / "agenda.txt").read_text(encoding="utf-8")

TITLE = "Creative hubs in practice"
SLUG = "creative-hubs-in-practice"
INTRODUCTION = "What is a creative hub?"
PRESENTATION = "The Trakk creative hub in Namur"
QUESTION = "How transferable is the concept to other regions and cities in Europe?"
LEARNINGS = "## What policy can do\n\nWho takes the first step? Hear it at [01:19:33]."

PHONE = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
    "timezone_id": "America/New_York",
}
BRUSSELS = ZoneInfo("Europe/Brussels")
NEW_YORK = ZoneInfo("America/New_York")


@pytest.fixture
def organiser(site: Site, new_page: Callable[..., Page]) -> Organiser:
    site.command(
        "create-organiser", f"--email={desk.EMAIL}", f"--name={desk.NAME}",
        f"--password={desk.PASSWORD}",
    )  # fmt: skip
    return Organiser(new_page(), site.url)


@pytest.fixture
def attendee(site: Site, new_page: Callable[..., Page]) -> Attendee:
    return Attendee(new_page(**PHONE), site.url, name="Ada Lind", email="ada@example.org")


def test_webinar_goes_through_its_whole_life(site, organiser, attendee, mailbox, new_page):
    start = ten_in_brussels(days_ahead=3)
    later = start + timedelta(days=1, hours=4)
    webinar = f"{site.url}/webinars/{SLUG}"

    plan_and_publish(organiser, start=start)
    invitation = register(attendee, mailbox, start=start)
    reschedule(organiser, mailbox, invitation, start=later)

    moderator = Moderator(organiser.page, organiser.webinar)
    moderator.go_live()
    asker = attendee.joins(invitation.link("/join$"))
    guest = Audience.enters(new_page(), webinar)
    stage = Stage(new_page(), site.url + moderator.find_stage())
    hold_webinar(moderator, asker, guest, stage)
    organiser.sees_registration(attendee.name, "Confirmed", "Attended")

    prepare_replay(organiser)
    organiser.publish_replay()
    moment = read_mails_about_replay(attendee, mailbox, webinar=webinar)
    organiser.sees_mail("You are registered", "Changed", "The replay is here", "was answered")
    watch_replay(Viewer(new_page(), webinar), moment=moment)


def plan_and_publish(organiser: Organiser, *, start: datetime) -> None:
    organiser.sign_in()
    organiser.plan_webinar(
        title=TITLE,
        summary="What hubs do for the creative and for everybody else.",
        start=start,
        end=start + timedelta(minutes=90),
    )
    organiser.add_speaker("Delphine Coderniaux", affiliation="Trakk, Namur")
    organiser.add_agenda_item(INTRODUCTION, kind="Introduction", minutes=10)
    organiser.add_agenda_item(
        PRESENTATION, kind="Presentation", minutes=20, speaker="Delphine Coderniaux"
    )
    organiser.publish()


def register(attendee: Attendee, mailbox: Mailbox, *, start: datetime) -> Letter:
    """Register on a phone in New York; the invitation comes by mail and opens the door."""
    attendee.finds_webinar(TITLE)
    attendee.sees_both_zones(there=clock(start, BRUSSELS), here=clock(start, NEW_YORK))
    attendee.registers()

    letter = mailbox.wait_for(attendee.email, subject=f"You are registered: {TITLE}")
    event = letter.calendar.vevent
    assert letter.calendar.method.value == "REQUEST"
    assert event.dtstart.value == start
    assert event.attendee.value == f"mailto:{attendee.email}"
    attendee.opens_door(letter.link(r"/r/[\w-]+/$"))
    return letter


def reschedule(
    organiser: Organiser, mailbox: Mailbox, invitation: Letter, *, start: datetime
) -> None:
    """Move the webinar; the entry in the attendee's calendar moves with it."""
    organiser.reschedule(start=start, end=start + timedelta(minutes=90))

    letter = mailbox.wait_for(attendee_of(invitation), subject=f"Changed: {TITLE}")
    before, after = invitation.calendar.vevent, letter.calendar.vevent
    assert letter.calendar.method.value == "REQUEST"
    assert after.uid.value == before.uid.value
    assert int(after.sequence.value) > int(before.sequence.value)
    assert after.dtstart.value == start
    assert letter.link("/join$") == invitation.link("/join$")


def hold_webinar(moderator: Moderator, asker: Audience, guest: Audience, stage: Stage) -> None:
    moderator.marks_recording()
    moderator.starts(PRESENTATION)
    guest.sees_running(PRESENTATION)

    asker.asks(QUESTION)
    moderator.sees_waiting(QUESTION)
    guest.sees_no_question()
    moderator.approves(QUESTION)
    asker.sees_question(QUESTION, votes=0)
    guest.sees_question(QUESTION, votes=0)

    vote_twice(guest, asker)

    moderator.puts_on_air(QUESTION)
    stage.shows(QUESTION)
    guest.sees_on_air(QUESTION)
    moderator.marks_answered(QUESTION)
    stage.shows("Ask your question")
    for each in (asker, guest):
        each.stayed_on_page()

    moderator.ends_webinar()
    guest.sees_end()
    moderator.sees_log(
        "Went live",
        "Recording started",
        f"Started: {PRESENTATION}",
        "Asked: How transferable",
        "Published: How transferable",
        "On air: How transferable",
        "Answered: How transferable",
        "Ended",
    )


def vote_twice(guest: Audience, asker: Audience) -> None:
    """Vote, take the vote back, and vote again; the asker sees each."""
    guest.votes_for(QUESTION)
    asker.sees_question(QUESTION, votes=1)
    guest.takes_vote_back(QUESTION)
    asker.sees_question(QUESTION, votes=0)
    guest.votes_for(QUESTION)
    asker.sees_question(QUESTION, votes=1)


def prepare_replay(organiser: Organiser) -> None:
    organiser.upload_recording(RECORDING)
    organiser.take_agenda_from_log()
    organiser.has_agenda([PRESENTATION, QUESTION])
    organiser.paste_agenda(REFERENCE, understood=17)
    organiser.write_learnings(LEARNINGS)


def read_mails_about_replay(attendee: Attendee, mailbox: Mailbox, *, webinar: str) -> str:
    """Read that the replay is here, and where the question was answered: return that link."""
    replay = mailbox.wait_for(attendee.email, subject=f"The replay is here: {TITLE}")
    answer = mailbox.wait_for(attendee.email, subject=f"Your question was answered: {TITLE}")

    assert replay.link("/replay$") == f"{webinar}/replay"
    assert QUESTION in answer.text
    assert answer.link("/replay") == f"{webinar}/replay?t=1840"
    return answer.link("/replay")


def watch_replay(viewer: Viewer, *, moment: str) -> None:
    viewer.chooses_entry("How transferable is the concept")
    viewer.is_at(1840)
    viewer.sees_current("How transferable is the concept")

    viewer.follows_learning("01:19:33")
    viewer.is_at(4773)
    viewer.sees_current("Who took the initiative")

    viewer.opens(moment)
    viewer.is_at(1840)
    viewer.sees_current("How transferable is the concept")


def ten_in_brussels(*, days_ahead: int) -> datetime:
    day = datetime.now(BRUSSELS) + timedelta(days=days_ahead)
    return day.replace(hour=10, minute=0, second=0, microsecond=0)


def clock(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%H:%M}"


def attendee_of(invitation: Letter) -> str:
    address: str = invitation.calendar.vevent.attendee.value
    return address.removeprefix("mailto:")
