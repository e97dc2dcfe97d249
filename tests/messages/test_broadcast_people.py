"""Whom messages to many go to."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from eventapp.core.db import db
from eventapp.core.mailer import BouncedAddress
from eventapp.form_fields.models import FieldKind
from eventapp.messages.broadcasts import queries, rules
from eventapp.messages.broadcasts.refusals import (
    TooManyAreChosen,
)
from eventapp.messages.broadcasts.rules import Segment, SegmentKind
from eventapp.messages.receivers import may_be_written_to
from eventapp.registrations.desk_queries import Selection, Wanted
from eventapp.registrations.models import Registration, RegistrationStatus
from tests.factories import (
    EARLIER,
    START,
    QuestionFactory,
    RegistrationFactory,
    WebinarFactory,
)
from tests.messages.broadcasting import (
    CONFIRMED,
    add_field,
    answer,
    names_in,
    people,
    run_all,
    send,
    write,
    written_to,
)

pytestmark = pytest.mark.usefixtures("in_app", "stopped_clock")


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
