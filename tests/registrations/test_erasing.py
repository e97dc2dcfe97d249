"""What is kept of a person: taken out as a copy, and erased until no trace is left."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import sqlalchemy as sa

from eventapp.core import outbox
from eventapp.core.db import Base, db, transaction
from eventapp.core.errors import NotFound
from eventapp.core.mailer import BouncedAddress, MailStatus, OutgoingMail, Recipient
from eventapp.form_fields.models import FieldKind, FormField
from eventapp.live.models import LogEntryKind
from eventapp.messages.actions import send_again
from eventapp.messages.models import IncomingKind, IncomingMail
from eventapp.messages.wordings.actions import send_test
from eventapp.questions.models import Question, QuestionStatus, QuestionVote
from eventapp.registrations import actions, sweeps
from eventapp.registrations.models import (
    AccessCode,
    BatchKind,
    ErasedDoor,
    FieldAnswer,
    Registration,
    RegistrationMode,
    RegistrationStatus,
)
from eventapp.webinars.actions import cancel_webinar
from eventapp.webinars.models import Webinar, WebinarStatus
from tests.factories import (
    EARLIER,
    START,
    AccessCodeFactory,
    LogEntryFactory,
    QuestionFactory,
    RegistrationFactory,
    UserFactory,
    WebinarFactory,
)
from tests.plugins.app import NOON
from tests.plugins.mail import work_through
from tests.registrations.calendar_client import CalendarClient
from tests.registrations.visits import add_registration, add_webinar, door_of, read, text_of

NAME, ADDRESS = "Zoraida Quexley", "zoraida@quexley.example"
WORDS = ("zoraida", "quexley", "zebra fish")

pytestmark = pytest.mark.every_engine


@pytest.fixture(autouse=True)
def _clock(stopped_clock):
    """Stand still, two weeks before the webinars of the factories."""


@pytest.fixture
def door(app, client, mail_server):
    """The door of somebody who has left traces wherever there can be any."""
    webinar_id = add_webinar(app, capacity=1, policy={"mode": RegistrationMode.INVITATION})
    code = invite(app, webinar_id)
    client.post(
        "/webinars/hubs/register",
        data={"name": NAME, "email": ADDRESS, "affiliation": "Quexley & Co", "code": code},
    )
    with app.app_context():
        work_through()
        registration = db.session.query(Registration).one()
        leave_traces(registration)
        RegistrationFactory(
            webinar=registration.webinar,
            name="Ben",
            status=RegistrationStatus.WAITING,
            registered_by_id=registration.id,
        )
        return door_of(registration)


def invite(app, webinar_id):
    """Send them a code, twice since it seems not to arrive, and return it."""
    with app.app_context():
        webinar = db.session.get_one(Webinar, webinar_id)
        with transaction():
            code = actions.add_personal_code(webinar, name=NAME, email=ADDRESS, now=NOON).code
        work_through()
        user_id = UserFactory().id
        with transaction():
            send_again(db.session.query(OutgoingMail).one(), user_id=user_id, now=NOON)
        work_through()
        return code


def leave_traces(registration):
    mine = {"registration_id": registration.id, "webinar_id": registration.webinar_id}
    identity = f"registration:{registration.id}"
    asked = {**mine, "asker_key": identity, "author_name": NAME}
    published = QuestionFactory(**asked, text="How large is a hub?")
    hidden = QuestionFactory(**asked, text="Zebra fish?", status=QuestionStatus.PENDING)
    LogEntryFactory(
        webinar_id=registration.webinar_id,
        kind=LogEntryKind.QUESTION_DISMISSED,
        question_id=hidden.id,
        title=hidden.text,
    )
    field = FormField(
        webinar_id=registration.webinar_id,
        kind=FieldKind.SHORT_TEXT,
        label="Where do you work?",
        created_at=EARLIER,
        updated_at=EARLIER,
    )
    mail = db.session.query(OutgoingMail).filter_by(message="registration_confirmed").one()
    mail.last_error = f"250 <{ADDRESS}> is fine"
    db.session.add_all(
        [
            field,
            QuestionVote(question_id=published.id, voter_key=identity, voted_at=START),
            BouncedAddress(address_key=ADDRESS, reason="unknown here", bounced_at=START),
            incoming("reply", **mine),
            incoming("by-address", webinar_id=registration.webinar_id),
            incoming("bounce", mail_id=mail.id),
            undelivered(mail),
        ]
    )
    db.session.flush()
    db.session.add(
        FieldAnswer(
            registration_id=registration.id,
            field_id=field.id,
            label=field.label,
            value="Quexley",
            text="Quexley",
            answered_at=EARLIER,
        )
    )
    db.session.commit()
    with transaction():
        leave_them_as_they_are(registration)
        try_wordings(registration)


def leave_them_as_they_are(registration):
    """Let them in who are in, and import them who are here: the batches say whom they left."""
    webinar, table = registration.webinar, f"Name,E-mail\n{NAME},{ADDRESS}\n"
    actions.start_batch(
        webinar, kind=BatchKind.APPROVE, ids=[registration.id], user_id=None, now=NOON
    )
    batch = actions.keep_import(
        webinar, text=table, columns=["name", "email"], user_id=None, now=NOON
    )
    actions.start_import(batch, total=1, now=NOON)


def try_wordings(registration):
    """Send an organiser a test with their data."""
    send_test(
        "registration_confirmed",
        subject="Hi {name}",
        body="{door_link}",
        person=registration,
        to=Recipient(name="Olga", address="olga@example.org"),
    )


def incoming(message_id, **values):
    return IncomingMail(
        message_id=message_id,
        kind=IncomingKind.OTHER,
        from_name=NAME,
        from_address=ADDRESS.title(),
        subject=f"From {NAME}",
        text=f"{NAME} writes.",
        reason=f"{ADDRESS} is unknown",
        received_at=START,
        **values,
    )


def undelivered(mail):
    return OutgoingMail(
        message="broadcast",
        webinar_id=mail.webinar_id,
        to_name=NAME,
        to_address=ADDRESS,
        subject=f"To {NAME}",
        body_text=NAME,
        body_html=NAME,
        door=mail.door,
        placeholder="DOOR-TOKEN",
        message_id="not-sent",
        status=MailStatus.RETRYING,
        created_at=START,
        due_at=START + timedelta(days=400),
    )


def find_traces(app):
    """Return each cell of the database that tells of the person, whatever its type."""
    found = []
    with app.app_context():
        for table in Base.metadata.sorted_tables:
            for row in db.session.execute(sa.select(table)).mappings():
                for column, value in row.items():
                    text = bytes(value).decode() if isinstance(value, bytes) else str(value)
                    if any(word in text.lower().replace("\r\n ", "") for word in WORDS):
                        found.append(f"{table.name}.{column}")
    return sorted(set(found))


def deliver(app):
    with app.app_context():
        work_through()
        sweeps.scrub_erased_doors()


def forget_bounces(app):
    """Let messages reach the address again: one that mail came back from gets no last one."""
    with app.app_context():
        db.session.execute(sa.delete(BouncedAddress))
        db.session.commit()


def test_no_trace_is_left_anywhere(app, client, door, mail_server):
    before = find_traces(app)

    client.post(f"{door}/erase")
    until_sent = find_traces(app)
    deliver(app)

    assert {name.partition(".")[0] for name in before} == {
        *("access_codes", "bounced_addresses", "field_answers", "incoming_mails"),
        *("live_log_entries", "outgoing_mail_bodies", "outgoing_mails", "questions"),
        "registrations",
    }
    assert {name.partition(".")[0] for name in until_sent} == {
        *("outgoing_mail_bodies", "outgoing_mails")
    }
    assert find_traces(app) == []
    with app.app_context():
        assert db.session.query(ErasedDoor).count() == 0


def test_batch_says_that_somebody_was_erased(app, client, organiser, door):
    path = "/manage/webinars/1/registrations/batches"
    before = [text_of(organiser.get(f"{path}/{batch_id}")) for batch_id in (1, 2)]

    client.post(f"{door}/erase")

    after = [text_of(organiser.get(f"{path}/{batch_id}")) for batch_id in (1, 2)]
    assert [page.count(f"{NAME} <{ADDRESS}>") for page in before] == [1, 1]
    assert [page.count("somebody whose data was erased") for page in after] == [1, 1]
    assert [page.count(NAME) for page in after] == [0, 0]


def test_row_of_a_table_that_registered_nobody_is_forgotten_after_30_days(in_app, stopped_clock):
    webinar = WebinarFactory()
    table = f"Name,E-mail\n{NAME},nowhere\n"
    with transaction():
        batch = actions.keep_import(
            webinar, text=table, columns=["name", "email"], user_id=None, now=NOON
        )
        actions.start_import(batch, total=1, now=NOON)
    sweeps.sweep_drafts()
    kept = [problem["who"] for problem in batch.problems]

    stopped_clock.at(NOON + timedelta(days=30, minutes=1))
    sweeps.sweep_drafts()

    db.session.refresh(batch)
    assert kept == [f"{NAME} <nowhere>"]
    assert (batch.problems, batch.skipped) == ([], {"bad_address": 1})


def test_seat_is_given_on_and_the_calendar_emptied(app, client, door, mail_server):
    calendar = CalendarClient()
    for message in mail_server.messages:
        calendar.receive(message)
    before = len(calendar.entries)
    forget_bounces(app)

    answer = client.post(f"{door}/erase", follow_redirects=True)
    deliver(app)

    to_them = [mail for mail in mail_server.mails if mail.recipients == (ADDRESS,)]
    last = to_them[-1].message
    calendar.receive(last)
    assert "Your data is erased" in text_of(answer)
    assert (before, len(calendar.entries)) == (1, 0)
    assert last["Subject"] == "Your data is erased: Creative hubs"
    assert "/r/" not in last.get_body(("plain",)).get_content()
    assert len(to_them) == 4
    assert read(app, Registration.name) == ["Ben"]
    assert read(app) == [RegistrationStatus.CONFIRMED]


def cancel(registration):
    actions.cancel_registration(registration, now=NOON)


def call_off(registration):
    cancel_webinar(registration.webinar, reason="", now=NOON)


@pytest.mark.parametrize("is_written", [False, True])
@pytest.mark.parametrize("end", [cancel, call_off])
def test_calendar_is_emptied_before_it_was_told_of_the_end(
    app, client, mail_server, end, is_written
):
    add_webinar(app)
    client.post("/webinars/hubs/register", data={"name": NAME, "email": ADDRESS})
    with app.app_context():
        work_through()
        registration = db.session.query(Registration).one()
        door = door_of(registration)
        with transaction():
            end(registration)
        while is_written and outbox.run_due_jobs():
            pass

    client.post(f"{door}/erase")
    deliver(app)

    calendar = CalendarClient()
    for message in mail_server.messages:
        calendar.receive(message)
    assert len(calendar.newest) == 1
    assert calendar.entries == {}
    assert len(mail_server.messages) == 2


def test_what_was_published_stays_without_the_name(app, client, door):
    client.post(f"{door}/erase")

    with app.app_context():
        questions = db.session.query(Question).order_by(Question.id).all()
        votes = db.session.query(QuestionVote).all()
        kept = [(each.text, each.author_name, each.status.value) for each in questions]
        keys = [each.asker_key for each in questions] + [each.voter_key for each in votes]
    assert kept == [("How large is a hub?", "", "approved"), ("–", "", "dismissed")]
    assert len(set(keys)) == 3
    assert all(key.startswith("erased:") for key in keys)


@pytest.mark.parametrize(
    ("status", "is_said"),
    [(RegistrationStatus.WAITING, True), (RegistrationStatus.CANCELLED, False)],
)
def test_place_is_named_where_there_is_one_to_give_up(app, client, status, is_said):
    door = add_registration(app, add_webinar(app), status=status)

    page = text_of(client.get(f"{door}/erase"))

    assert ("a seat goes to the next person" in page) == is_said


def test_door_is_closed_for_good(app, client, door):
    client.post(f"{door}/erase")

    assert client.get(f"{door}/").status_code == 404
    assert client.post(f"{door}/erase").status_code == 404


def test_browser_that_joined_is_nobody_afterwards(app, client, door, stopped_clock):
    stopped_clock.at(START)
    client.post(f"{door}/join")
    with client.session_transaction() as session:
        before = dict(session["registrations"])

    client.post(f"{door}/erase")

    with client.session_transaction() as session:
        assert (len(before), session["registrations"]) == (1, {})


def test_id_of_who_was_erased_is_nobody_elses_later(app, client, mail_server):
    webinar_id = add_webinar(app)
    door = add_registration(app, webinar_id)
    [erased] = read(app, Registration.id)
    client.post(f"{door}/erase")

    add_registration(app, webinar_id)

    assert read(app, Registration.id)[0] > erased


def test_address_registers_again_as_a_newcomer(app, client, mail_server):
    webinar_id = add_webinar(app)
    door = add_registration(app, webinar_id, email="ada@example.org")
    client.post(f"{door}/erase")
    deliver(app)

    client.post("/webinars/hubs/register", data={"name": "Ada", "email": "ada@example.org"})

    assert read(app) == [RegistrationStatus.CONFIRMED]
    assert read(app, Registration.name) == ["Ada"]


@pytest.mark.parametrize("status", list(RegistrationStatus))
@pytest.mark.parametrize("webinar_status", [WebinarStatus.PUBLISHED, WebinarStatus.ENDED])
def test_everybody_can_be_erased(app, client, mail_server, status, webinar_status):
    webinar_id = add_webinar(app, status=webinar_status)
    door = add_registration(app, webinar_id, name=NAME, status=status)

    question = client.get(f"{door}/erase")
    client.post(f"{door}/erase")
    deliver(app)

    assert question.status_code == 200
    assert find_traces(app) == []
    assert len(mail_server.mails) == 1


def test_other_webinars_keep_what_they_have(app, client, mail_server):
    webinar_id = add_webinar(app)
    other = add_webinar(app, slug="other")
    door = add_registration(app, webinar_id, email=ADDRESS)
    add_registration(app, other, email=ADDRESS)
    with app.app_context():
        db.session.add(BouncedAddress(address_key=ADDRESS, reason="full", bounced_at=NOON))
        AccessCodeFactory(webinar_id=other, email=ADDRESS, email_key=ADDRESS)

    client.post(f"{door}/erase")

    with app.app_context():
        assert [each.webinar_id for each in db.session.query(Registration)] == [other]
        assert db.session.query(AccessCode).count() == 1
        assert db.session.query(BouncedAddress).count() == 1


def test_message_that_waits_is_emptied_once_it_fails_for_good(app, client, mail_server):
    webinar_id = add_webinar(app)
    door = add_registration(app, webinar_id, name=NAME)
    client.post(f"{door}/erase")
    with app.app_context():
        sweeps.scrub_erased_doors()
    while_it_waits = find_traces(app)
    with app.app_context():
        db.session.query(OutgoingMail).one().status = MailStatus.FAILED
        db.session.commit()

    with app.app_context():
        sweeps.scrub_erased_doors()

    assert while_it_waits != []
    assert find_traces(app) == []


def test_message_that_was_being_sent_is_not_tried_again(app, client, mail_server):
    webinar_id = add_webinar(app)
    client.post("/webinars/hubs/register", data={"name": NAME, "email": ADDRESS})
    with app.app_context():
        outbox.run_due_jobs()
        db.session.query(OutgoingMail).one().status = MailStatus.SENDING
        db.session.commit()
        registration = db.session.query(Registration).filter_by(webinar_id=webinar_id).one()
        door = door_of(registration)
    client.post(f"{door}/erase")
    with app.app_context():
        first = db.session.query(OutgoingMail).order_by(OutgoingMail.id).first()
        first.status = MailStatus.QUEUED
        db.session.commit()
        sweeps.scrub_erased_doors()

    deliver(app)

    assert [mail.message["Subject"] for mail in mail_server.mails] == [
        "Your data is erased: Creative hubs"
    ]
    assert find_traces(app) == []


def test_emptied_message_is_not_sent_again(app, client, organiser, door):
    client.post(f"{door}/erase")
    deliver(app)
    with app.app_context():
        mails = db.session.query(OutgoingMail).filter_by(to_address="").all()
        ids = [mail.id for mail in mails]

    pages = [organiser.get(f"/manage/messages/{mail_id}") for mail_id in ids]

    assert [page.status_code for page in pages] == [200] * len(ids)
    assert not any("Send this message" in page.text for page in pages)


@pytest.mark.parametrize("act", [actions.cancel_registration, actions.erase_registration])
def test_who_was_erased_meanwhile_is_not_found(in_app, act):
    registration = RegistrationFactory()
    with db.engine.begin() as another:
        another.execute(sa.delete(Registration))

    with pytest.raises(NotFound), transaction():
        act(registration, now=NOON)


# -- the copy ----------------------------------------------------------------------------------


def test_copy_has_all_that_is_kept(app, client, door):
    answer = client.get(f"{door}/data.json")

    copy = json.loads(answer.data)
    assert copy["registration"]["name"] == NAME
    assert copy["registration"]["used_an_access_code"] is True
    [code] = copy["access_codes"]
    assert (code["name"], code["email"], len(code["code"]) > 0) == (NAME, ADDRESS, True)
    assert copy["mail_came_back"] == {
        "reason": "unknown here",
        "at": "2026-03-24T09:30:00+00:00",
    }
    assert copy["registration"]["registered_at"] == "2026-03-10T12:00:00+00:00"
    assert [each["answer"] for each in copy["answers"]] == ["Quexley"]
    assert [each["text"] for each in copy["questions"]["asked"]] == [
        "How large is a hub?",
        "Zebra fish?",
    ]
    assert [each["question"] for each in copy["questions"]["voted_for"]] == ["How large is a hub?"]
    assert [each["question"] for each in copy["live_log"]] == ["Zebra fish?"]
    assert [each["message"] for each in copy["messages"]["sent"]] == [
        "access_code",
        "access_code",
        "registration_confirmed",
        "broadcast",
    ]
    assert len(copy["messages"]["received"]) == 3


def test_copy_is_a_private_file_and_no_key(app, client, door):
    answer = client.get(f"{door}/data.json")

    assert answer.headers["Content-Disposition"] == "attachment; filename=my-registration.json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert door.removeprefix("/r/") not in answer.text


def test_copy_tells_of_nobody_else(app, client, mail_server):
    webinar_id = add_webinar(app)
    add_registration(app, webinar_id, name="Contact")
    door = add_registration(app, webinar_id)
    with app.app_context():
        first, second = db.session.query(Registration).order_by(Registration.id)
        second.registered_by_id = first.id
        db.session.commit()

    copy = client.get(f"{door}/data.json")

    assert copy.json["registration"]["was_registered_by_somebody_else"] is True
    assert "Contact" not in copy.text
