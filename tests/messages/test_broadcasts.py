"""Messages to many: whom they go to, and how they get there."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import timedelta

import pytest
import sqlalchemy as sa

from eventapp.core import clock, mailer, outbox
from eventapp.core.db import db, transaction
from eventapp.core.mailer import BouncedAddress, MailStatus, OutgoingMail
from eventapp.form_fields.models import FieldKind, FormField
from eventapp.messages import reactions
from eventapp.messages.broadcasts import actions, queries, rules
from eventapp.messages.broadcasts.refusals import (
    BroadcastHasChanged,
    BroadcastIsElsewhere,
    MorePeopleThanShown,
    NobodyToWriteTo,
    TooManyAreChosen,
)
from eventapp.messages.broadcasts.rules import Segment, SegmentKind
from eventapp.messages.models import Broadcast, BroadcastStatus
from eventapp.messages.receivers import may_be_written_to
from eventapp.messages.wordings.refusals import UnknownPlaceholder
from eventapp.registrations.desk_queries import Selection, Wanted
from eventapp.registrations.models import FieldAnswer, Registration, RegistrationStatus
from eventapp.registrations.subscriptions import NOT_WANTED, unsubscribe
from tests.factories import (
    EARLIER,
    START,
    QuestionFactory,
    RegistrationFactory,
    UserFactory,
    WebinarFactory,
)

CONFIRMED = Segment(kind=SegmentKind.CONFIRMED)

pytestmark = pytest.mark.usefixtures("in_app", "stopped_clock")


def write(webinar, segment=CONFIRMED, **changes):
    words = {"subject": "For {name}", "body": "Dear {name}: [come]({join_link})"}
    with transaction():
        return actions.write_broadcast(
            webinar,
            segment=segment,
            user_id=UserFactory().id,
            now=clock.now(),
            **(words | changes),
        )


def people(webinar, number):
    return [RegistrationFactory(webinar=webinar) for _ in range(number)]


def send(broadcast, *, shown=1000, seen_at=None):
    with transaction():
        actions.start_broadcast(
            broadcast, shown=shown, seen_at=seen_at or broadcast.updated_at, now=clock.now()
        )


def run_all():
    while outbox.run_due_jobs():
        db.session.rollback()
    db.session.rollback()


def written_to_two():
    """Send a message of which two of three have been written, and none has left."""
    webinar = WebinarFactory()
    people(webinar, 3)
    broadcast = write(webinar)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(reactions, "MAILING_AT_ONCE", 2)
        send(broadcast)
        outbox.run_due_jobs()
    return broadcast


def states_of(broadcast):
    db.session.rollback()
    rows = db.session.execute(
        sa.select(OutgoingMail.status, OutgoingMail.last_error)
        .where(OutgoingMail.broadcast_id == broadcast.id)
        .order_by(OutgoingMail.id)
    )
    return [tuple(row) for row in rows]


def set_states(broadcast, status):
    with transaction() as session:
        session.execute(
            sa.update(OutgoingMail)
            .where(OutgoingMail.broadcast_id == broadcast.id)
            .values(status=status, claimed_at=clock.now())
        )


def written_to():
    rows = db.session.scalars(
        sa.select(OutgoingMail).where(OutgoingMail.message == "broadcast").order_by(OutgoingMail.id)
    )
    return [row.to_name for row in rows]


def add_field(webinar, kind=FieldKind.ONE_OF, options=("one", "two")):
    field = FormField(
        webinar_id=webinar.id,
        kind=kind,
        label="Which?",
        options=[{"id": each, "text": each.title()} for each in options],
        created_at=EARLIER,
        updated_at=EARLIER,
    )
    db.session.add(field)
    db.session.commit()
    return field


def answer(registration, field, value):
    db.session.add(
        FieldAnswer(
            registration_id=registration.id,
            field_id=field.id,
            label=field.label,
            value=value,
            text=str(value),
            answered_at=EARLIER,
        )
    )
    db.session.commit()


def names_in(webinar, segment):
    found = queries.list_people(webinar.id, segment, page=1)
    return [each.registration.name for each in found.people]


# -- whom ----------------------------------------------------------------------------------------


@pytest.mark.every_engine
@pytest.mark.parametrize(
    ("kind", "names"),
    [
        (SegmentKind.CONFIRMED, ["Came", "Stayed away", "Asked"]),
        (SegmentKind.WAITING, ["Waits"]),
        (SegmentKind.ATTENDED, ["Came"]),
        (SegmentKind.NO_SHOW, ["Stayed away", "Asked"]),
        (SegmentKind.ASKED, ["Asked"]),
    ],
)
def test_segment_is_who_it_says(kind, names):
    webinar = WebinarFactory(went_live_at=START)
    RegistrationFactory(name="Came", webinar=webinar, joined_at=START)
    RegistrationFactory(name="Stayed away", webinar=webinar)
    asked = RegistrationFactory(name="Asked", webinar=webinar)
    QuestionFactory(webinar_id=webinar.id, registration_id=asked.id)
    QuestionFactory(webinar_id=webinar.id, registration_id=asked.id)
    RegistrationFactory(name="Waits", webinar=webinar, status=RegistrationStatus.WAITING)
    RegistrationFactory(name="Gone", webinar=webinar, status=RegistrationStatus.CANCELLED)
    RegistrationFactory(name="Elsewhere")

    assert names_in(webinar, Segment(kind=kind)) == names


@pytest.mark.every_engine
@pytest.mark.parametrize(
    ("kind", "value", "held"),
    [
        (FieldKind.ONE_OF, "one", "one"),
        (FieldKind.ONE_OF, "öne", "öne"),
        (FieldKind.SEVERAL_OF, "one", ["two", "one"]),
        (FieldKind.CONSENT, "yes", True),
    ],
)
def test_segment_by_answer(kind, value, held):
    webinar = WebinarFactory()
    field, other_field = add_field(webinar, kind), add_field(webinar, kind)
    ada, ben, cyd = people(webinar, 3)
    answer(ada, field, held)
    answer(ben, field, "one more" if kind != FieldKind.CONSENT else False)
    answer(cyd, other_field, held)

    segment = Segment(kind=SegmentKind.ANSWER, field_id=field.id, value=value)

    assert names_in(webinar, segment) == [ada.name]


@pytest.mark.parametrize(
    "segment",
    [
        CONFIRMED,
        Segment(kind=SegmentKind.ANSWER, field_id=7, value="a:b"),
        Segment(kind=SegmentKind.CHOSEN, ids=(3, 12)),
    ],
)
def test_segment_is_kept_and_chosen_as_it_is(segment):
    assert Segment.from_json(segment.to_json()) == segment
    assert Segment.from_choice(segment.to_choice()) == segment


@pytest.mark.every_engine
def test_chosen_people_are_written_to_where_they_are_still_registered_for_sure():
    webinar = WebinarFactory()
    ada, ben, *others = people(webinar, 4)
    others[0].status = RegistrationStatus.CANCELLED
    others[1].status = RegistrationStatus.UNVERIFIED
    elsewhere = RegistrationFactory()
    db.session.commit()
    ids = (ada.id, ben.id, *(each.id for each in others), elsewhere.id)

    segment = Segment(kind=SegmentKind.CHOSEN, ids=ids)

    assert names_in(webinar, segment) == [ada.name, ben.name]
    count = queries.count_people(webinar.id, segment)
    assert (count.receivers, count.gone) == (2, 3)


@pytest.mark.every_engine
def test_message_to_thousands_who_were_chosen_goes_to_each_once():
    webinar = WebinarFactory()
    names = [person.name for person in people(webinar, 120)]
    held = queries.find_chosen(webinar.id, Selection(wanted=Wanted()))
    late = RegistrationFactory(webinar=webinar)
    many = Segment(kind=SegmentKind.CHOSEN, ids=(*held.ids, *range(10_000, 14_000)))

    send(write(webinar, many))
    run_all()

    assert late.id not in held.ids
    assert written_to() == names


def test_more_people_than_can_be_chosen_are_refused(monkeypatch):
    webinar = WebinarFactory()
    people(webinar, 3)
    monkeypatch.setattr(rules, "MOST_CHOSEN", 2)

    with pytest.raises(TooManyAreChosen):
        queries.find_chosen(webinar.id, Selection(wanted=Wanted()))


@pytest.mark.every_engine
def test_nobody_with_an_unconfirmed_address_may_be_written_to():
    RegistrationFactory(status=RegistrationStatus.UNVERIFIED)
    ada = RegistrationFactory()

    found = db.session.scalars(sa.select(Registration.id).where(may_be_written_to()))

    assert list(found) == [ada.id]


@pytest.mark.every_engine
def test_who_wants_no_mail_or_can_not_get_it_is_left_out_and_counted():
    webinar = RegistrationFactory(name="Ada").webinar
    RegistrationFactory(name="Quiet", webinar=webinar, unsubscribed_at=EARLIER)
    RegistrationFactory(name="Gone", webinar=webinar, email_key="gone@example.org")
    db.session.add(BouncedAddress(address_key="gone@example.org", reason="550", bounced_at=EARLIER))
    db.session.commit()

    count = queries.count_people(webinar.id, CONFIRMED)
    send(write(webinar))
    run_all()

    assert (count.receivers, count.unsubscribed, count.bounced) == (1, 1, 1)
    assert written_to() == ["Ada"]


# -- sending -------------------------------------------------------------------------------------


@pytest.mark.every_engine
def test_message_reaches_each_with_their_own_words_and_links():
    webinar = RegistrationFactory(name="Ada").webinar
    RegistrationFactory(name="Ben **B**", webinar=webinar)
    broadcast = write(webinar)

    send(broadcast)
    run_all()

    ada, ben = db.session.scalars(sa.select(OutgoingMail).order_by(OutgoingMail.id))
    assert (ada.subject, ben.subject) == ("For Ada", "For Ben **B**")
    assert f"come (http://localhost/r/{ada.placeholder}/join)" in ada.body_text
    assert "Dear Ben **B**:" in ben.body_html
    assert ada.unsubscribe_url == f"http://localhost/r/{ada.placeholder}/unsubscribe"
    assert {ada.broadcast_id, ben.broadcast_id} == {broadcast.id}
    db.session.refresh(broadcast)
    assert (broadcast.status, broadcast.written, broadcast.total) == (BroadcastStatus.SENT, 2, 2)


@pytest.mark.every_engine
def test_paused_and_continued_it_reaches_each_once(monkeypatch):
    monkeypatch.setattr(reactions, "MAILING_AT_ONCE", 2)
    webinar = WebinarFactory()
    everyone = [each.name for each in people(webinar, 5)]
    broadcast = write(webinar)
    send(broadcast)
    outbox.run_due_jobs()

    with transaction():
        actions.pause_broadcast(broadcast, now=clock.now())
    run_all()
    while_paused = written_to()
    with transaction():
        actions.go_on_with_broadcast(broadcast, now=clock.now())
    run_all()

    assert while_paused == everyone[:2]
    assert written_to() == everyone


@pytest.mark.every_engine
def test_short_pause_writes_to_nobody_twice(monkeypatch):
    """The job of before the pause is still waiting when a second one is written."""
    monkeypatch.setattr(reactions, "MAILING_AT_ONCE", 2)
    webinar = WebinarFactory()
    everyone = [each.name for each in people(webinar, 7)]
    broadcast = write(webinar)
    send(broadcast)
    outbox.run_due_jobs()

    with transaction():
        actions.pause_broadcast(broadcast, now=clock.now())
    with transaction():
        actions.go_on_with_broadcast(broadcast, now=clock.now())
    run_all()

    assert written_to() == everyone


@pytest.mark.every_engine
def test_two_jobs_at_once_share_the_people(app, monkeypatch):
    monkeypatch.setattr(reactions, "MAILING_AT_ONCE", 2)
    webinar = WebinarFactory()
    everyone = [each.name for each in people(webinar, 9)]
    broadcast = write(webinar)
    send(broadcast)
    with transaction():
        actions.pause_broadcast(broadcast, now=clock.now())
    with transaction():
        actions.go_on_with_broadcast(broadcast, now=clock.now())
    start = threading.Barrier(2)

    def work():
        with app.app_context():
            start.wait(timeout=20)
            run_all()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    run_all()
    assert Counter(written_to()) == Counter(everyone)


@pytest.mark.every_engine
def test_crash_half_way_loses_and_repeats_nobody(monkeypatch, stopped_clock):
    monkeypatch.setattr(reactions, "MAILING_AT_ONCE", 2)
    webinar = WebinarFactory()
    everyone = [each.name for each in people(webinar, 5)]
    send(write(webinar))
    outbox.run_due_jobs()
    written, write_one = [], reactions.mail_attendee

    def crash(*args, **kwargs):
        written.append(write_one(*args, **kwargs))
        raise RuntimeError

    monkeypatch.setattr(reactions, "mail_attendee", crash)
    outbox.run_due_jobs()
    monkeypatch.setattr(reactions, "mail_attendee", write_one)

    stopped_clock.forward(minutes=10)
    run_all()

    assert len(written) == 1
    assert written_to() == everyone


@pytest.mark.every_engine
def test_stopped_it_reaches_nobody_more(monkeypatch):
    monkeypatch.setattr(reactions, "MAILING_AT_ONCE", 2)
    webinar = WebinarFactory()
    people(webinar, 5)
    broadcast = write(webinar)
    send(broadcast)
    outbox.run_due_jobs()

    with transaction():
        actions.stop_broadcast(broadcast, now=clock.now())
    run_all()

    assert len(written_to()) == 2
    with pytest.raises(BroadcastIsElsewhere), transaction():
        actions.go_on_with_broadcast(broadcast, now=clock.now())


@pytest.mark.every_engine
def test_what_is_written_does_not_leave_after_a_stop(mail_server):
    broadcast = written_to_two()

    with transaction():
        actions.stop_broadcast(broadcast, now=clock.now())
    mailer.deliver_due_mail()

    assert mail_server.messages == []
    assert states_of(broadcast) == [(MailStatus.WITHHELD, actions.STOPPED)] * 2


@pytest.mark.every_engine
def test_what_is_written_waits_for_the_end_of_a_pause(mail_server):
    broadcast = written_to_two()

    with transaction():
        actions.pause_broadcast(broadcast, now=clock.now())
    mailer.deliver_due_mail()
    while_paused = [states_of(broadcast), len(mail_server.messages)]
    with transaction():
        actions.go_on_with_broadcast(broadcast, now=clock.now())
    mailer.deliver_due_mail()

    assert while_paused == [[(MailStatus.WITHHELD, actions.ON_PAUSE)] * 2, 0]
    assert states_of(broadcast) == [(MailStatus.SENT, None)] * 2
    assert len(mail_server.messages) == 2


@pytest.mark.every_engine
def test_what_was_paused_and_then_stopped_does_not_leave(mail_server):
    broadcast = written_to_two()

    for step in (actions.pause_broadcast, actions.stop_broadcast):
        with transaction():
            step(broadcast, now=clock.now())
    mailer.deliver_due_mail()

    assert mail_server.messages == []
    assert states_of(broadcast) == [(MailStatus.WITHHELD, actions.STOPPED)] * 2


@pytest.mark.every_engine
def test_what_a_worker_gives_back_after_a_stop_does_not_leave(mail_server):
    broadcast = written_to_two()
    set_states(broadcast, MailStatus.SENDING)

    with transaction():
        actions.stop_broadcast(broadcast, now=clock.now())
    set_states(broadcast, MailStatus.RETRYING)
    mailer.deliver_due_mail()

    assert mail_server.messages == []
    assert states_of(broadcast) == [(MailStatus.WITHHELD, mailer.TOO_LATE)] * 2


@pytest.mark.every_engine
def test_what_a_worker_gives_back_in_a_pause_leaves_after_it(mail_server):
    broadcast = written_to_two()
    set_states(broadcast, MailStatus.SENDING)

    with transaction():
        actions.pause_broadcast(broadcast, now=clock.now())
    set_states(broadcast, MailStatus.RETRYING)
    mailer.deliver_due_mail()
    while_paused = len(mail_server.messages)
    with transaction():
        actions.go_on_with_broadcast(broadcast, now=clock.now())
    mailer.deliver_due_mail()

    assert (while_paused, len(mail_server.messages)) == (0, 2)


@pytest.mark.every_engine
def test_who_unsubscribes_in_a_pause_gets_nothing_after_it(mail_server):
    broadcast = written_to_two()
    with transaction():
        actions.pause_broadcast(broadcast, now=clock.now())
    with transaction():
        for registration in db.session.scalars(sa.select(Registration)):
            unsubscribe(registration, now=clock.now())

    with transaction():
        actions.go_on_with_broadcast(broadcast, now=clock.now())
    mailer.deliver_due_mail()

    assert mail_server.messages == []
    assert states_of(broadcast) == [(MailStatus.WITHHELD, NOT_WANTED)] * 2


def test_who_unsubscribes_meanwhile_gets_nothing(monkeypatch):
    monkeypatch.setattr(reactions, "MAILING_AT_ONCE", 1)
    webinar = WebinarFactory()
    ada, ben = people(webinar, 2)
    send(write(webinar))
    outbox.run_due_jobs()
    ben.unsubscribed_at = clock.now()
    db.session.commit()

    run_all()

    assert written_to() == [ada.name]


# -- what is refused -----------------------------------------------------------------------------


def test_it_is_sent_once():
    webinar = RegistrationFactory().webinar
    broadcast = write(webinar)
    send(broadcast)

    with pytest.raises(BroadcastIsElsewhere):
        send(broadcast)


def test_nobody_is_no_audience():
    with pytest.raises(NobodyToWriteTo):
        send(write(WebinarFactory()))


def test_it_goes_to_no_more_people_than_were_shown():
    webinar = WebinarFactory()
    people(webinar, 3)

    with pytest.raises(MorePeopleThanShown):
        send(write(webinar), shown=2)


def test_what_somebody_else_changed_is_not_sent_unread(stopped_clock):
    webinar = RegistrationFactory().webinar
    broadcast = write(webinar)
    seen_at = broadcast.updated_at
    stopped_clock.forward(minutes=1)
    with transaction():
        actions.change_broadcast(
            broadcast,
            segment=CONFIRMED,
            subject="Other",
            body="Words",
            seen_at=seen_at,
            now=clock.now(),
        )

    with pytest.raises(BroadcastHasChanged):
        send(broadcast, seen_at=seen_at)


def test_draft_that_was_sent_is_neither_changed_nor_deleted():
    webinar = RegistrationFactory().webinar
    broadcast = write(webinar)
    send(broadcast)

    with pytest.raises(BroadcastIsElsewhere), transaction():
        actions.delete_broadcast(broadcast)
    assert db.session.scalar(sa.select(sa.func.count(Broadcast.id))) == 1


def test_unknown_placeholder_is_refused():
    with pytest.raises(UnknownPlaceholder):
        write(WebinarFactory(), body="{nmae}")


@pytest.mark.every_engine
def test_counting_many_people_takes_one_query(count_queries):
    webinar = WebinarFactory()
    people(webinar, 5)
    webinar_id = webinar.id

    assert count_queries(lambda: queries.count_people(webinar_id, CONFIRMED)) == 1


def test_long_list_is_turned_page_by_page():
    webinar = WebinarFactory()
    people(webinar, queries.PER_PAGE + 1)

    found = queries.list_people(webinar.id, CONFIRMED, page=2)

    assert (found.pages, len(found.people)) == (2, 1)


def test_pausing_waits_for_nothing_else():
    webinar = RegistrationFactory().webinar
    broadcast = write(webinar)

    with pytest.raises(BroadcastIsElsewhere), transaction():
        actions.pause_broadcast(broadcast, now=clock.now() + timedelta(minutes=1))
