from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from eventapp.core import outbox
from eventapp.core.db import db, record, transaction
from eventapp.core.mailer import OutgoingMail
from eventapp.core.outbox import JobStatus, OutboxJob
from eventapp.core.tokens import derive_token
from eventapp.registrations import actions
from eventapp.registrations.actions import Attendee
from eventapp.registrations.mails import MAILING_AT_ONCE, door_of, uid_behind
from eventapp.registrations.models import CancelledBy, RegistrationStatus
from eventapp.webinars.actions import (
    archive_webinar,
    end_webinar,
)
from eventapp.webinars.events import ReplayPublished
from eventapp.webinars.models import WebinarStatus
from tests.factories import START, RegistrationFactory, WebinarFactory
from tests.registrations.calendar_client import read_itip
from tests.registrations.mailing import call_off, cancel, list_ledger, move, register

CONFIRMED, WAITING, CANCELLED = (
    RegistrationStatus.CONFIRMED,
    RegistrationStatus.WAITING,
    RegistrationStatus.CANCELLED,
)


@pytest.fixture(autouse=True)
def _clock(stopped_clock):
    """Stand still, two weeks before the webinars of the factories."""


# -- what people get ---------------------------------------------------------------------------


@pytest.mark.every_engine
def test_confirmation_brings_the_invitation_and_the_link(mail_server, work, stopped_clock):
    webinar = WebinarFactory(title="Creative hubs", calendar_sequence=3)

    ada = register(webinar, stopped_clock)
    work()

    [mail] = mail_server.mails
    link = f"http://localhost/r/{derive_token('registration', ada.uid)}/"
    assert mail.recipients == ("ada@example.org",)
    assert mail.message["Subject"] == "You are registered: Creative hubs"
    assert mail.message["Reply-To"] == "Webinar team <team@example.org>"
    for kind in ("plain", "html"):
        assert link in mail.message.get_body((kind,)).get_content()
    event = read_itip(mail.message).vevent
    assert event.uid.value == f"{ada.uid}@localhost"
    assert event.sequence.value == "3"
    assert event.url.value == event.location.value == f"{link}join"
    assert event.contents["conference"][0].value == f"{link}join"
    assert (event.organizer.value, event.organizer.params["CN"]) == (
        "mailto:webinars@example.org",
        ["Webinar team"],
    )
    assert (event.attendee.value, event.attendee.params["CN"]) == (
        "mailto:ada@example.org",
        ["Ada"],
    )
    assert event.dtstart.params["X-VOBJ-ORIGINAL-TZID"] == ["Europe/Brussels"]
    assert (event.dtstart.value.hour, event.dtstart.value.minute) == (10, 30)


@pytest.mark.every_engine
def test_no_text_carries_the_token_elsewhere(mail_server, work, stopped_clock):
    evil = "https://evil.example/?DOOR-TOKEN"
    webinar = WebinarFactory(title=evil, summary=evil, description=evil, contact_name=evil)

    ada = register(webinar, stopped_clock, name="Ada DOOR-TOKEN", affiliation=evil)
    work()

    token = derive_token("registration", ada.uid)
    [message] = mail_server.messages
    texts = [message.get_body((kind,)).get_content() for kind in ("plain", "html")]
    texts += [str(message["Subject"]), read_itip(message).serialize().replace("\r\n ", "")]
    for text in texts:
        assert text.count(token) == text.count(f"http://localhost/r/{token}/")
        assert f"?{token}" not in text


def test_without_a_contact_the_sender_organises(mail_server, work, stopped_clock):
    register(WebinarFactory(contact_name="", contact_email=""), stopped_clock)

    work()

    [message] = mail_server.messages
    assert message["Reply-To"] is None
    assert read_itip(message).vevent.organizer.value == "mailto:webinars@example.org"


def test_another_contact_leaves_the_entry_with_its_organizer(mail_server, work, stopped_clock):
    webinar = WebinarFactory()
    register(webinar, stopped_clock)
    work()

    with transaction():
        webinar.contact_name, webinar.contact_email = "Events", "events@example.org"
    move(webinar, stopped_clock, title="Creative hubs")
    work()

    first, second = (read_itip(message).vevent.organizer for message in mail_server.messages)
    assert first.value == second.value == "mailto:webinars@example.org"
    assert [each.params["CN"] for each in (first, second)] == [["Webinar team"], ["Events"]]


def test_door_in_the_ledger_tells_whose_it_is(in_app):
    ada = RegistrationFactory()

    found = [uid_behind(door) for door in (door_of(ada), f"user:{ada.uid}", None)]

    assert found == [ada.uid, None, None]


def test_times_are_said_in_both_zones(mail_server, work, stopped_clock):
    register(WebinarFactory(), stopped_clock, time_zone="America/New_York")

    work()

    text = mail_server.messages[0].get_body(("plain",)).get_content()
    assert "Tuesday, 24 March 2026, 10:30-12:00" in text
    assert "Your time: Tuesday, 24 March 2026, 05:30-07:00" in text


def test_who_waits_is_told_their_place_and_gets_no_invitation(mail_server, work, stopped_clock):
    webinar = WebinarFactory(capacity=1)
    for name in ("Ada", "Ben", "Cleo"):
        register(webinar, stopped_clock, name)

    work()

    [_, _, message] = mail_server.messages
    assert "you are number 2 on the waiting list" in message.get_body(("plain",)).get_content()
    assert read_itip(message) is None


@pytest.mark.every_engine
def test_cancelling_tells_both_and_moves_the_seat(mail_server, work, stopped_clock):
    webinar = WebinarFactory(capacity=1)
    ada, _ = register(webinar, stopped_clock, "Ada"), register(webinar, stopped_clock, "Ben")
    work()

    cancel(ada, stopped_clock)
    work()

    assert list_ledger() == [
        ("registration_confirmed", "Ada", "REQUEST"),
        ("registration_waiting", "Ben", None),
        ("registration_cancelled", "Ada", "CANCEL"),
        ("registration_promoted", "Ben", "REQUEST"),
    ]
    sequences = [int(read_itip(m).vevent.sequence.value) for m in mail_server.messages[2:]]
    assert sequences == [1, 1]


def test_giving_up_the_queue_takes_nothing_out_of_a_calendar(mail_server, work, stopped_clock):
    webinar = WebinarFactory(capacity=1)
    register(webinar, stopped_clock, "Ada")
    ben = register(webinar, stopped_clock, "Ben")
    work()

    cancel(ben, stopped_clock)
    work()

    assert list_ledger()[-1] == ("registration_cancelled", "Ben", None)


def test_organiser_who_cancels_says_so(mail_server, work, stopped_clock):
    ada = register(WebinarFactory(), stopped_clock)

    cancel(ada, stopped_clock, by=CancelledBy.ORGANISER)
    work()

    text = mail_server.messages[-1].get_body(("plain",)).get_content()
    assert "The organiser has cancelled your registration" in text


def test_more_seats_reach_those_who_wait(mail_server, work, stopped_clock):
    webinar = WebinarFactory(capacity=1)
    register(webinar, stopped_clock, "Ada")
    register(webinar, stopped_clock, "Ben")
    work()

    move(webinar, stopped_clock, capacity=2)
    work()

    assert list_ledger()[-1] == ("registration_promoted", "Ben", "REQUEST")


def test_known_address_gets_its_link_again_but_not_without_end(mail_server, work, stopped_clock):
    webinar = WebinarFactory()
    register(webinar, stopped_clock)
    work()
    for _ in range(5):
        register(webinar, stopped_clock)
    work()
    stopped_clock.forward(minutes=15)
    register(webinar, stopped_clock)
    work()

    messages = [message for message, *_ in list_ledger()]
    assert messages == ["registration_confirmed", "registration_link", "registration_link"]


@pytest.mark.every_engine
def test_reschedule_reaches_everyone_once(mail_server, work, stopped_clock):
    webinar = WebinarFactory(capacity=1)
    register(webinar, stopped_clock, "Ada")
    register(webinar, stopped_clock, "Ben")
    gone = register(webinar, stopped_clock, "Cleo")
    cancel(gone, stopped_clock)
    work()

    move(
        webinar,
        stopped_clock,
        starts_at=START + timedelta(days=1),
        ends_at=START + timedelta(days=1, hours=1),
    )
    work()

    told = [row for row in list_ledger() if row[0] == "webinar_rescheduled"]
    assert told == [
        ("webinar_rescheduled", "Ada", "REQUEST"),
        ("webinar_rescheduled", "Ben", None),
    ]


@pytest.mark.every_engine
def test_who_came_before_a_change_hears_of_it_though_their_clock_was_ahead(
    mail_server, work, stopped_clock
):
    webinar = WebinarFactory()
    ada = Attendee(name="Ada", email="ada@example.org")
    with transaction():
        actions.register_attendee(webinar, ada, now=stopped_clock() + timedelta(minutes=5))
    move(webinar, stopped_clock, title="Second title")

    work()

    assert ("webinar_rescheduled", "Ada", "REQUEST") in list_ledger()


@pytest.mark.every_engine
def test_who_came_after_a_change_is_not_told_of_it_though_their_clock_was_behind(
    mail_server, work, stopped_clock
):
    webinar = WebinarFactory()
    ada = Attendee(name="Ada", email="ada@example.org")
    move(webinar, stopped_clock, title="Second title")
    with transaction():
        actions.register_attendee(webinar, ada, now=stopped_clock() - timedelta(minutes=5))

    work()

    assert list_ledger() == [("registration_confirmed", "Ada", "REQUEST")]


@pytest.mark.every_engine
def test_what_changed_besides_the_calendar_makes_nobody_hear_of_it_again(
    mail_server, work, stopped_clock
):
    webinar = WebinarFactory()
    move(webinar, stopped_clock, title="Second title")
    register(webinar, stopped_clock)
    move(webinar, stopped_clock, summary="Other words")

    work()

    assert [message for message, *_ in list_ledger()] == ["registration_confirmed"]


@pytest.mark.every_engine
def test_large_mailing_goes_in_slices_and_to_each_once(in_app, stopped_clock):
    webinar = WebinarFactory()
    count = 2 * MAILING_AT_ONCE + 3
    for _ in range(count):
        RegistrationFactory(webinar=webinar)

    move(webinar, stopped_clock, title="Another title")
    while outbox.run_due_jobs():
        pass

    per_person = db.session.execute(
        sa.select(sa.func.count(OutgoingMail.id)).group_by(OutgoingMail.to_address)
    ).scalars()
    assert list(per_person) == [1] * count


def test_mailing_that_fails_halfway_writes_to_nobody_twice(in_app, stopped_clock, monkeypatch):
    webinar = WebinarFactory()
    for _ in range(MAILING_AT_ONCE + 5):
        RegistrationFactory(webinar=webinar)
    call_off(webinar, stopped_clock)
    while outbox.run_due_jobs():
        pass
    with transaction() as session:
        for job in session.scalars(sa.select(OutboxJob)):
            job.status = JobStatus.QUEUED

    while outbox.run_due_jobs():
        pass

    assert db.session.scalar(sa.select(sa.func.count()).select_from(OutgoingMail)) == (
        MAILING_AT_ONCE + 5
    )


def test_two_changes_at_once_are_told_in_one_message(mail_server, work, stopped_clock):
    webinar = WebinarFactory()
    register(webinar, stopped_clock)
    work()

    move(webinar, stopped_clock, title="Second title")
    move(webinar, stopped_clock, title="Third title")
    work()

    [_, message] = mail_server.messages
    assert message["Subject"] == "Changed: Third title"


def read_html(message) -> str:
    return message.get_body(("html",)).get_content()


def read_text(message) -> str:
    return message.get_body(("plain",)).get_content().replace("\r\n", "\n")


@pytest.mark.every_engine
def test_change_is_told_with_what_was_before(mail_server, work, stopped_clock):
    webinar = WebinarFactory(title="Hubs")
    register(webinar, stopped_clock)
    work()

    move(
        webinar,
        stopped_clock,
        title="Creative hubs",
        starts_at=START + timedelta(hours=2),
        ends_at=START + timedelta(hours=3),
    )
    work()

    text, html = read_text(mail_server.messages[-1]), read_html(mail_server.messages[-1])
    assert "New title: Creative hubs\nBefore: Hubs\n" in text
    assert "New time:\nTuesday, 24 March 2026, 12:30-13:30\n" in text
    assert "Before: Tuesday, 24 March 2026, 10:30-12:00, Central European" in text
    assert "new address" not in text
    assert re.findall("New time|New title|Before|Hubs<|10:30–12:00", html) == [
        "New time",
        "Before",
        "10:30–12:00",
        "New title",
        "Before",
        "Hubs<",
    ]


def test_new_address_is_told_and_the_link_stays(mail_server, work, stopped_clock):
    webinar = WebinarFactory()
    ada = register(webinar, stopped_clock)
    work()

    move(webinar, stopped_clock, join_url="https://meet.example.org/other")
    work()

    text = read_text(mail_server.messages[-1])
    said = "The meeting has a new address. Your personal link stays the same, and it leads to the"
    assert f"{said} new place." in text
    assert f"http://localhost/r/{derive_token('registration', ada.uid)}/join" in text
    assert "Before" not in text
    assert "meet.example.org" not in text


def test_two_changes_in_one_message_are_both_told(mail_server, work, stopped_clock):
    webinar = WebinarFactory(title="Hubs")
    register(webinar, stopped_clock)
    work()

    move(webinar, stopped_clock, join_url="https://meet.example.org/other")
    move(webinar, stopped_clock, title="Creative hubs")
    work()

    [_, message] = mail_server.messages
    assert "The meeting has a new address." in read_text(message)
    assert "New title: Creative hubs\nBefore: Hubs\n" in read_text(message)


def test_change_that_was_taken_back_is_no_news(mail_server, work, stopped_clock):
    webinar = WebinarFactory(title="Hubs")
    register(webinar, stopped_clock)
    work()

    move(webinar, stopped_clock, title="Creative hubs")
    move(webinar, stopped_clock, title="Hubs")
    work()

    told = [read_text(message) for message in mail_server.messages[1:]]
    assert not [text for text in told if "Before: Hubs" in text]
    assert len(told) <= 1


def test_newcomer_is_not_told_of_older_changes(mail_server, work, stopped_clock):
    webinar = WebinarFactory()
    move(webinar, stopped_clock, title="Second title")
    register(webinar, stopped_clock)

    work()

    assert [message for message, *_ in list_ledger()] == ["registration_confirmed"]


def test_called_off_webinar_leaves_the_calendars(mail_server, work, stopped_clock):
    webinar = WebinarFactory(capacity=1)
    register(webinar, stopped_clock, "Ada")
    register(webinar, stopped_clock, "Ben")
    work()

    call_off(webinar, stopped_clock)
    work()

    assert list_ledger()[2:] == [
        ("webinar_cancelled", "Ada", "CANCEL"),
        ("webinar_cancelled", "Ben", None),
    ]
    assert "The speaker is ill." in mail_server.messages[-1].get_body(("plain",)).get_content()


def test_nobody_is_told_that_what_was_held_will_not_take_place(mail_server, work, stopped_clock):
    webinar = WebinarFactory()
    register(webinar, stopped_clock)
    work()
    stopped_clock.at(webinar.ends_at)
    with transaction():
        end_webinar(webinar, now=stopped_clock())

    call_off(webinar, stopped_clock)
    work()

    assert [message for message, *_ in list_ledger()] == ["registration_confirmed"]


def test_who_registers_while_it_is_called_off_hears_only_that(mail_server, work, stopped_clock):
    webinar = WebinarFactory()
    register(webinar, stopped_clock)
    call_off(webinar, stopped_clock)

    work()

    assert [message for message, *_ in list_ledger()] == ["webinar_cancelled"]


def test_cancelled_before_the_mail_was_written_gets_no_confirmation(
    mail_server, work, stopped_clock
):
    ada = register(WebinarFactory(), stopped_clock)
    cancel(ada, stopped_clock)

    work()

    assert [message for message, *_ in list_ledger()] == ["registration_cancelled"]


def test_replay_is_announced_once_to_those_who_had_a_seat(mail_server, work, stopped_clock):
    webinar = WebinarFactory(status=WebinarStatus.REPLAY_PUBLISHED)
    RegistrationFactory(webinar=webinar, name="Ada")
    RegistrationFactory(webinar=webinar, name="Ben", status=WAITING)
    RegistrationFactory(webinar=webinar, name="Cleo", status=CANCELLED)
    for _ in range(2):
        with transaction():
            record(ReplayPublished(webinar_id=webinar.id))
        work()

    [message] = mail_server.messages
    assert "Ada" in str(message["To"])
    text = message.get_body(("plain",)).get_content()
    replay, unsubscribe = re.findall(r"http:\S+", text)
    assert replay == f"http://localhost/webinars/{webinar.slug}/replay"
    assert unsubscribe.endswith("/unsubscribe")
    assert "The presentations and key learnings are below the recording." in text


@pytest.mark.every_engine
def test_replay_mailing_goes_on_when_the_webinar_is_archived_meanwhile(in_app):
    webinar = WebinarFactory(status=WebinarStatus.REPLAY_PUBLISHED)
    RegistrationFactory(webinar=webinar, name="Ada")
    with transaction():
        record(ReplayPublished(webinar_id=webinar.id))

    with transaction():
        archive_webinar(webinar, now=START)
    while outbox.run_due_jobs():
        pass

    assert list_ledger() == [("replay_published", "Ada", None)]
