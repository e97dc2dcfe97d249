"""What answers do: to registrations, to the ledger, and to nothing at all."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from eventapp.core.db import db, transaction
from eventapp.core.mailer import BouncedAddress, MailStatus, OutgoingMail
from eventapp.core.reply_addresses import Marking, mark_address
from eventapp.messages.incoming.reception import receive
from eventapp.messages.models import IncomingKind, IncomingMail
from eventapp.registrations import actions
from eventapp.registrations.actions import Attendee
from eventapp.registrations.models import Registration, RegistrationStatus
from eventapp.webinars.actions import cancel_webinar
from tests.factories import START, RegistrationFactory, WebinarFactory
from tests.messages.incoming.answers import answer, write_bounce, write_note, write_reply
from tests.registrations.calendar_client import CalendarClient, read_itip


@pytest.fixture
def environment():
    return {"REPLY_ADDRESS": "replies@example.org"}


@pytest.fixture(autouse=True)
def _clock(stopped_clock):
    """Stand still, two weeks before the webinars of the factories."""


def register(webinar, clock, name="Ada") -> Registration:
    with transaction():
        attendee = Attendee(name=name, email=f"{name.lower()}@example.org")
        return actions.register_attendee(webinar, attendee, now=clock.forward(minutes=1))


def newest() -> IncomingMail:
    db.session.rollback()
    rows = db.session.scalars(sa.select(IncomingMail).order_by(IncomingMail.id.desc()).limit(1))
    return rows.one()


def became(registration) -> str:
    db.session.rollback()
    return db.session.get_one(Registration, registration.id).status.value


def what_was_done() -> tuple[str, str]:
    return newest().outcome, newest().reason


# -- answers from calendars --------------------------------------------------------------------


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


# -- messages that came back -------------------------------------------------------------------


def returned_to(mail_server) -> str:
    return mail_server.mails[0].sender


def outgoing() -> OutgoingMail:
    db.session.rollback()
    return db.session.scalars(sa.select(OutgoingMail).order_by(OutgoingMail.id).limit(1)).one()


def list_bounced() -> list[tuple[str, str]]:
    rows = db.session.scalars(sa.select(BouncedAddress))
    return [(row.address_key, row.reason) for row in rows]


@pytest.mark.every_engine
def test_bounce_marks_its_message_and_its_address(mail_server, work, stopped_clock):
    webinar = WebinarFactory()
    ada = register(webinar, stopped_clock)
    work()

    receive(write_bounce(returned_to(mail_server)))

    said = "550 5.1.1 <ada@example.org>: No such user"
    mail = outgoing()
    assert (mail.status, mail.last_error) == (MailStatus.BOUNCED, said)
    assert mail.bounced_at == stopped_clock()
    assert list_bounced() == [("ada@example.org", said)]
    row = newest()
    assert (row.kind, row.outcome, row.reason) == (IncomingKind.BOUNCE, "marked", said)
    assert (row.mail_id, row.registration_id, row.webinar_id) == (mail.id, ada.id, webinar.id)


def test_second_bounce_of_an_address_renews_the_first(mail_server, work, stopped_clock):
    register(WebinarFactory(), stopped_clock)
    register(WebinarFactory(), stopped_clock)
    work()

    for mail in mail_server.mails:
        receive(write_bounce(mail.sender, said="smtp; 550 Still nobody"))

    assert list_bounced() == [("ada@example.org", "550 Still nobody")]


def test_message_that_is_late_is_noted_alone(mail_server, work, stopped_clock):
    register(WebinarFactory(), stopped_clock)
    work()

    receive(write_bounce(returned_to(mail_server), action="delayed", status="4.4.1"))

    assert outgoing().status == MailStatus.SENT
    assert list_bounced() == []
    assert what_was_done() == ("noted", "delayed")


def test_message_that_was_delivered_is_noted_with_what_was_said(mail_server, work, stopped_clock):
    register(WebinarFactory(), stopped_clock)
    work()

    receive(
        write_bounce(returned_to(mail_server), action="relayed", status="2.0.0", said="smtp; OK")
    )

    assert (outgoing().status, what_was_done()) == (MailStatus.SENT, ("noted", "OK"))


@pytest.mark.every_engine
def test_two_bounces_of_an_address_at_once_are_both_followed(app, mail_server, work, stopped_clock):
    for _ in range(2):
        register(WebinarFactory(), stopped_clock)
    work()
    together = threading.Barrier(2)
    errors = []

    def work_alone(raw: bytes) -> None:
        with app.app_context():
            together.wait()
            try:
                receive(raw)
            except SQLAlchemyError as error:
                errors.append(error)
            finally:
                db.session.remove()

    bounces = [write_bounce(mail.sender) for mail in mail_server.mails]
    threads = [threading.Thread(target=work_alone, args=(raw,)) for raw in bounces]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    db.session.rollback()
    statuses = list(db.session.scalars(sa.select(OutgoingMail.status)))
    assert (statuses, errors) == ([MailStatus.BOUNCED] * 2, [])
    assert len(list_bounced()) == 1


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("4.4.7", "smtp; timed out"),
        ("5.2.2", "smtp; 552 5.2.2 Mailbox full"),
        ("5.3.4", "smtp; 552 5.3.4 Message too large"),
        ("5.7.1", "smtp; 550 5.7.1 Blocked by a list"),
    ],
)
def test_what_may_be_over_tomorrow_says_nothing_of_the_address(
    mail_server, work, stopped_clock, status, said
):
    register(WebinarFactory(), stopped_clock)
    work()

    receive(write_bounce(returned_to(mail_server), status=status, said=said))

    assert (outgoing().status, list_bounced()) == (MailStatus.BOUNCED, [])


@pytest.mark.parametrize(
    "to",
    [
        "replies@example.org",
        "replies+b" + "a" * 24 + "@example.org",
        "webinars@example.org",
    ],
)
def test_bounce_without_a_token_of_ours_marks_nothing(mail_server, work, stopped_clock, to):
    register(WebinarFactory(), stopped_clock)
    work()

    receive(write_bounce(to))

    assert outgoing().status == MailStatus.SENT
    assert list_bounced() == []
    assert what_was_done() == ("kept", "no_token")


def test_token_of_a_registration_marks_no_message(mail_server, work, stopped_clock):
    ada = register(WebinarFactory(), stopped_clock)
    work()

    receive(write_bounce(mark_address(Marking.REGISTRATION, ada.id, uid=ada.uid)))

    assert (outgoing().status, list_bounced()) == (MailStatus.SENT, [])


def test_bounce_of_a_webinar_that_is_gone_is_kept_with_its_message(
    mail_server, work, stopped_clock
):
    webinar = WebinarFactory()
    register(webinar, stopped_clock)
    work()
    with transaction() as session:
        session.execute(sa.delete(type(webinar)))

    receive(write_bounce(returned_to(mail_server)))

    assert (newest().webinar_id, newest().outcome) == (None, "marked")


# -- whatever else -----------------------------------------------------------------------------


def test_what_people_write_is_kept_with_its_registration(mail_server, work, stopped_clock):
    ada = register(WebinarFactory(), stopped_clock)
    address = mark_address(Marking.REGISTRATION, ada.id, uid=ada.uid)

    receive(write_note(address, "I can't come.\n\nSorry, Ada"))

    row = newest()
    assert (row.kind, row.outcome, row.reason) == (IncomingKind.OTHER, "kept", "")
    assert (row.from_name, row.from_address) == ("Ada Attendee", "ada@example.org")
    assert (row.subject, row.text) == ("Sorry", "I can't come.\n\nSorry, Ada")
    assert (row.registration_id, row.read_at) == (ada.id, None)
    assert became(ada) == "confirmed"


def test_holiday_notice_is_kept_unanswered_and_needs_nobody(mail_server, work, stopped_clock):
    register(WebinarFactory(), stopped_clock)
    work()
    count = len(mail_server.mails)

    receive(write_note(returned_to(mail_server), "Away", Auto_Submitted="auto-replied"))
    work()

    assert what_was_done() == ("noted", "automatic")
    assert newest().read_at is not None
    assert newest().mail_id == outgoing().id
    assert len(mail_server.mails) == count


@pytest.mark.every_engine
def test_message_that_comes_twice_is_kept_once(in_app):
    raw = write_note("replies@example.org")

    results = [receive(raw), receive(raw)]

    assert results == [True, False]
    assert db.session.scalar(sa.select(sa.func.count(IncomingMail.id))) == 1


def test_message_without_an_id_is_known_by_its_content(in_app):
    raw = b"From: ada@example.org\r\n\r\nHello"

    results = [receive(raw), receive(raw), receive(raw + b"!")]

    assert results == [True, False, True]


@pytest.mark.every_engine
def test_message_that_comes_twice_at_once_is_kept_once(app):
    raw = write_note("replies@example.org")
    together = threading.Barrier(2)
    results, errors = [], []

    def work_alone() -> None:
        with app.app_context():
            together.wait()
            try:
                results.append(receive(raw))
            except SQLAlchemyError as error:
                errors.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=work_alone) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (sorted(results), errors) == ([False, True], [])


def test_deleted_registration_leaves_what_was_said(in_app):
    ada = RegistrationFactory(status=RegistrationStatus.CONFIRMED)
    address = mark_address(Marking.REGISTRATION, ada.id, uid=ada.uid)
    receive(write_note(address))
    with transaction() as session:
        session.delete(session.get_one(Registration, ada.id))

    assert (newest().registration_id, newest().subject) == (None, "Sorry")
