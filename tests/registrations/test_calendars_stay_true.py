"""Calendars that apply every message show what the database says."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest

from eventapp.core.db import db
from eventapp.registrations.models import CancelledBy, Registration, RegistrationStatus
from eventapp.webinars.models import WebinarStatus
from tests.factories import START, RegistrationFactory, WebinarFactory
from tests.registrations.calendar_client import CalendarClient, read_itip
from tests.registrations.mailing import call_off, cancel, move, register

CONFIRMED, WAITING, CANCELLED = (
    RegistrationStatus.CONFIRMED,
    RegistrationStatus.WAITING,
    RegistrationStatus.CANCELLED,
)


@pytest.fixture(autouse=True)
def _clock(stopped_clock):
    """Stand still, two weeks before the webinars of the factories."""


@pytest.mark.every_engine
def test_calendar_equals_the_database_after_every_message(mail_server, work, stopped_clock):
    webinar = WebinarFactory(capacity=1, title="Creative hubs")
    ada = register(webinar, stopped_clock, "Ada")
    ben = register(webinar, stopped_clock, "Ben")
    steps = [
        lambda: move(
            webinar,
            stopped_clock,
            starts_at=START + timedelta(hours=2),
            ends_at=START + timedelta(hours=3),
        ),
        lambda: cancel(ada, stopped_clock),
        lambda: register(webinar, stopped_clock, "Ada"),
        lambda: move(webinar, stopped_clock, capacity=2),
        lambda: move(webinar, stopped_clock, time_zone="Europe/Lisbon"),
        lambda: cancel(ada, stopped_clock, by=CancelledBy.ORGANISER),
        lambda: register(webinar, stopped_clock, "Ada"),
        lambda: move(webinar, stopped_clock, title="Creative hubs, again"),
        lambda: call_off(webinar, stopped_clock),
    ]
    calendars = {"ada@example.org": CalendarClient(), "ben@example.org": CalendarClient()}

    for step in [lambda: None, *steps]:
        mail_server.empty()
        step()
        work()
        for mail in mail_server.mails:
            calendars[mail.recipients[0]].receive(mail.message)

        for person in (ada, ben):
            assert describe(calendars[person.email]) == expected(person)


def describe(calendar: CalendarClient):
    return [(e.uid, e.title, e.starts_at, e.ends_at) for e in calendar.entries.values()]


def expected(registration: Registration):
    db.session.rollback()
    webinar = registration.webinar
    if registration.status != CONFIRMED or webinar.status == WebinarStatus.CANCELLED:
        return []
    uid = f"{registration.uid}@localhost"
    return [(uid, webinar.title, webinar.starts_at, webinar.ends_at)]


def test_messages_that_arrive_late_change_nothing(mail_server, work, stopped_clock):
    """Whatever the order in which a mail server hands them over, the last state wins."""
    webinar = WebinarFactory()
    ada = register(webinar, stopped_clock)
    work()
    move(
        webinar,
        stopped_clock,
        starts_at=START + timedelta(hours=2),
        ends_at=START + timedelta(hours=3),
    )
    work()
    cancel(ada, stopped_clock)
    work()
    register(webinar, stopped_clock)
    work()
    wanted = expected(ada)

    results = []
    for order in itertools.permutations(mail_server.messages):
        calendar = CalendarClient()
        for message in order:
            calendar.receive(message)
        results.append(describe(calendar))

    assert results == [wanted] * 24


def test_sequence_never_repeats_between_a_cancel_and_a_return(mail_server, work, stopped_clock):
    webinar = WebinarFactory()
    ada = register(webinar, stopped_clock)
    work()
    for _ in range(2):
        cancel(ada, stopped_clock)
        work()
        register(webinar, stopped_clock)
        work()

    seen = [
        (read_itip(m).method.value, int(read_itip(m).vevent.sequence.value))
        for m in mail_server.messages
    ]
    assert seen == [("REQUEST", 0), ("CANCEL", 1), ("REQUEST", 2), ("CANCEL", 3), ("REQUEST", 4)]
    assert len({read_itip(m).vevent.uid.value for m in mail_server.messages}) == 1


@pytest.mark.parametrize("evil", ["Ada\r\nBcc: eve", "Ada\nATTENDEE:mailto:eve", 'A"; X=":\\n'])
def test_names_and_titles_cannot_break_out_of_mail_or_calendar(
    mail_server, work, stopped_clock, evil
):
    webinar = WebinarFactory(title=f"Hubs {evil}", contact_name=evil)

    register(webinar, stopped_clock, evil, email="ada@example.org")
    work()

    [mail] = mail_server.mails
    assert mail.recipients == ("ada@example.org",)
    assert mail.message["Bcc"] is None
    calendar = read_itip(mail.message)
    assert [attendee.value for attendee in calendar.vevent.attendee_list] == [
        "mailto:ada@example.org"
    ]
    assert len(mail.message.get_all("To")) == 1


def test_html_in_names_is_shown_as_text(mail_server, work, stopped_clock):
    register(
        WebinarFactory(title="<b>Hubs</b>"),
        stopped_clock,
        "<script>x</script>",
        email="a@example.org",
    )

    work()

    html = mail_server.messages[0].get_body(("html",)).get_content()
    assert "<script>" not in html
    assert "<b>Hubs" not in html


@pytest.mark.parametrize("status", [RegistrationStatus.OFFERED, RegistrationStatus.REQUESTED])
def test_who_has_no_seat_yet_is_told_of_a_change_and_of_no_entry(
    mail_server, work, stopped_clock, status
):
    webinar = WebinarFactory()
    RegistrationFactory(webinar=webinar, status=status, confirmed_at=None)

    move(webinar, stopped_clock, title="Another title")
    work()

    [mail] = mail_server.messages
    text = mail.get_body(("plain",)).get_content()
    assert "Where you stand is the same as before." in text
    assert "calendar entry" not in text
    assert "/join" not in text
    assert read_itip(mail) is None
