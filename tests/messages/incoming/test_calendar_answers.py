"""What answers from calendars do to registrations."""

from __future__ import annotations

from datetime import timedelta

import pytest

from eventapp.core.db import transaction
from eventapp.core.reply_addresses import Marking, mark_address
from eventapp.messages.incoming.reception import receive
from eventapp.messages.models import IncomingKind
from eventapp.registrations import actions
from eventapp.webinars.actions import cancel_webinar
from tests.factories import START, WebinarFactory
from tests.messages.incoming.answers import answer, write_reply
from tests.messages.incoming.receiving import became, newest, register, what_was_done
from tests.registrations.calendar_client import CalendarClient, read_itip


@pytest.fixture
def environment():
    return {"REPLY_ADDRESS": "replies@example.org"}


@pytest.fixture(autouse=True)
def _clock(stopped_clock):
    """Stand still, two weeks before the webinars of the factories."""


@pytest.mark.every_engine
def test_decline_in_the_calendar_cancels_and_the_seat_goes_on(mail_server, work, stopped_clock):
    webinar = WebinarFactory(capacity=1)
    ada, ben = register(webinar, stopped_clock), register(webinar, stopped_clock, "Ben")
    work()
    calendar = CalendarClient()
    invitation = mail_server.messages[0]
    calendar.receive(invitation)

    receive(answer(invitation, "DECLINED"))
    work()

    assert (became(ada), became(ben)) == ("cancelled", "confirmed")
    assert what_was_done() == ("cancelled", "")
    row = newest()
    assert (row.kind, row.registration_id, row.webinar_id) == (
        IncomingKind.REPLY,
        ada.id,
        webinar.id,
    )
    assert row.read_at is not None
    [farewell] = [m for m in mail_server.messages[2:] if "ada@" in m["To"]]
    calendar.receive(farewell)
    assert (read_itip(farewell).method.value, calendar.entries) == ("CANCEL", {})


def test_invitation_asks_for_the_answer_at_an_address_of_its_own(mail_server, work, stopped_clock):
    webinar = WebinarFactory()
    ada, _ = register(webinar, stopped_clock), register(webinar, stopped_clock, "Ben")

    work()

    first, second = [read_itip(message).vevent for message in mail_server.messages]
    address = mark_address(Marking.REGISTRATION, ada.id, uid=ada.uid)
    assert first.organizer.value == f"mailto:{address}"
    assert first.organizer.value != second.organizer.value
    assert first.organizer.params["CN"] == ["Webinar team"]
    assert first.attendee.params["RSVP"] == ["TRUE"]
    assert mail_server.messages[0]["Reply-To"] == "Webinar team <team@example.org>"


@pytest.mark.parametrize("said", ["ACCEPTED", "TENTATIVE"])
def test_other_answers_are_noted_and_change_nothing(mail_server, work, stopped_clock, said):
    ada = register(WebinarFactory(), stopped_clock)
    work()

    receive(answer(mail_server.messages[0], said))

    assert became(ada) == "confirmed"
    assert what_was_done() == ("noted", said.lower())
    assert newest().read_at is not None


@pytest.mark.parametrize("said", ["NEEDS-ACTION", "DELEGATED", "X-NONSENSE"])
def test_answer_that_says_nothing_is_kept(mail_server, work, stopped_clock, said):
    ada = register(WebinarFactory(), stopped_clock)
    work()

    receive(answer(mail_server.messages[0], said))

    assert (became(ada), what_was_done()) == ("confirmed", ("kept", "not_answered"))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"to": "replies@example.org", "organizer": "mailto:team@example.org"}, "no_token"),
        (
            {
                "to": "replies+r" + "a" * 24 + "@example.org",
                "organizer": "mailto:replies+r" + "b" * 24 + "@example.org",
            },
            "no_token",
        ),
        ({"uid": "another@localhost"}, "other_entry"),
        ({"attendee": "eve@example.org"}, "other_attendee"),
        ({"attendee": "no address"}, "other_attendee"),
        ({"sequence": "-1"}, "out_of_date"),
    ],
)
@pytest.mark.every_engine
def test_decline_that_does_not_fit_is_kept_to_be_read(
    mail_server, work, stopped_clock, changes, reason
):
    ada = register(WebinarFactory(), stopped_clock)
    work()

    receive(answer(mail_server.messages[0], "DECLINED", **changes))

    assert (became(ada), what_was_done()) == ("confirmed", ("kept", reason))
    assert newest().read_at is None
    assert newest().registration_id == ada.id


def test_token_of_one_person_cancels_nobody_else(mail_server, work, stopped_clock):
    webinar = WebinarFactory()
    ada, eve = register(webinar, stopped_clock), register(webinar, stopped_clock, "Eve")
    work()
    eves = read_itip(mail_server.messages[1]).vevent.organizer.value

    receive(
        answer(mail_server.messages[0], "DECLINED", organizer=eves, to=eves.removeprefix("mailto:"))
    )

    assert (became(ada), became(eve)) == ("confirmed", "confirmed")
    assert what_was_done() == ("kept", "other_entry")


def test_answer_about_nothing_that_we_know_is_kept(in_app):
    raw = write_reply(
        to="replies@example.org",
        attendee="ada@example.org",
        organizer="mailto:team@example.org",
        uid="unknown@elsewhere",
        sequence=0,
        stamp="20260310T121000Z",
        partstat="DECLINED",
    )

    receive(raw)

    assert what_was_done() == ("kept", "unknown_entry")


def test_decline_of_a_time_that_has_changed_since_is_kept(mail_server, work, stopped_clock):
    webinar = WebinarFactory()
    ada = register(webinar, stopped_clock)
    work()
    with transaction():
        webinar.calendar_sequence += 1

    receive(answer(mail_server.messages[0], "DECLINED"))

    assert (became(ada), what_was_done()) == ("confirmed", ("kept", "out_of_date"))


def test_old_decline_does_not_cancel_who_came_back(mail_server, work, stopped_clock):
    webinar = WebinarFactory()
    ada = register(webinar, stopped_clock)
    work()
    receive(answer(mail_server.messages[0], "DECLINED"))
    register(webinar, stopped_clock)

    receive(answer(mail_server.messages[0], "DECLINED"))

    assert (became(ada), what_was_done()) == ("confirmed", ("kept", "out_of_date"))


def test_decline_that_a_later_yes_has_overtaken_is_kept(mail_server, work, stopped_clock):
    """Mail does not always arrive in the order in which it was sent (RFC 5546, 2.1.5)."""
    ada = register(WebinarFactory(), stopped_clock)
    work()
    receive(answer(mail_server.messages[0], "ACCEPTED", stamp="20260310T130000Z"))

    receive(answer(mail_server.messages[0], "DECLINED", stamp="20260310T125959Z"))

    assert (became(ada), what_was_done()) == ("confirmed", ("kept", "overtaken"))


def test_decline_after_a_yes_cancels(mail_server, work, stopped_clock):
    ada = register(WebinarFactory(), stopped_clock)
    work()
    receive(answer(mail_server.messages[0], "ACCEPTED", stamp="20260310T125959Z"))

    receive(answer(mail_server.messages[0], "DECLINED", stamp="20260310T130000Z"))

    assert became(ada) == "cancelled"


def test_decline_of_what_is_cancelled_already_is_noted(mail_server, work, stopped_clock):
    ada = register(WebinarFactory(), stopped_clock)
    work()
    with transaction():
        actions.cancel_registration(ada, now=stopped_clock())

    receive(answer(mail_server.messages[0], "DECLINED", sequence="7"))

    assert what_was_done() == ("noted", "not_registered")


def test_decline_comes_too_late_when_the_webinar_is_over(mail_server, work, stopped_clock):
    ada = register(WebinarFactory(), stopped_clock)
    work()
    stopped_clock.at(START + timedelta(days=1))

    receive(answer(mail_server.messages[0], "DECLINED"))

    assert (became(ada), what_was_done()) == ("confirmed", ("kept", "too_late"))


def test_decline_of_a_webinar_that_is_called_off_is_out_of_date(mail_server, work, stopped_clock):
    webinar = WebinarFactory()
    register(webinar, stopped_clock)
    work()
    with transaction():
        cancel_webinar(webinar, reason="", now=stopped_clock())

    receive(answer(mail_server.messages[0], "DECLINED"))

    assert what_was_done() == ("kept", "out_of_date")


@pytest.mark.parametrize("header", ["Delivered-To", "X-Original-To", "Envelope-To", "Cc"])
def test_address_is_found_where_servers_note_it(mail_server, work, stopped_clock, header):
    ada = register(WebinarFactory(), stopped_clock)
    work()
    address = mark_address(Marking.REGISTRATION, ada.id, uid=ada.uid)
    raw = answer(
        mail_server.messages[0], "DECLINED", to="team@example.org", organizer="mailto:x@y.example"
    )

    receive(f"{header}: {address.upper()}\r\n".encode() + raw)

    assert became(ada) == "cancelled"


def test_address_on_the_envelope_counts_too(mail_server, work, stopped_clock):
    ada = register(WebinarFactory(), stopped_clock)
    work()
    address = mark_address(Marking.REGISTRATION, ada.id, uid=ada.uid)

    receive(
        answer(
            mail_server.messages[0], "DECLINED", to="x@y.example", organizer="mailto:x@y.example"
        ),
        recipients=[str(address)],
    )

    assert became(ada) == "cancelled"
