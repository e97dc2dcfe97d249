"""Building a form: rows, events and refusals."""

from __future__ import annotations

from datetime import timedelta

import pytest

from eventapp.core.db import db, transaction
from eventapp.core.errors import NotFound
from eventapp.form_fields import actions
from eventapp.form_fields.events import FormChanged
from eventapp.form_fields.models import FieldKind, FormField
from eventapp.form_fields.queries import fields_of, list_fields, list_retired
from eventapp.form_fields.refusals import (
    ConditionComesTooLate,
    ConditionIsGone,
    FieldHasChanged,
    FormHasChanged,
    FormIsFull,
    KindIsFixed,
)
from eventapp.form_fields.rules import MOST_FIELDS, FieldDetails
from eventapp.registrations.models import FieldAnswer
from tests.factories import EARLIER, FormFieldFactory, RegistrationFactory, WebinarFactory
from tests.plugins.app import NOON

LATER = NOON + timedelta(hours=1)
YES_OR_NO = [{"id": "y", "text": "Yes"}, {"id": "n", "text": "No"}]
TEXT = FieldDetails(kind=FieldKind.SHORT_TEXT, label="Your school")
CHOICE = FieldDetails(kind=FieldKind.ONE_OF, label="Do you teach?", options=("Yes", "No"))


def run(action):
    """Run an action in a transaction: what it gives, and the events it recorded."""
    with transaction() as session:
        given = action()
        recorded = list(session.info["recorded_events"])
    return given, recorded


def labels(webinar):
    return [field.label for field in list_fields(webinar.id)]


def answer(field):
    registration = RegistrationFactory(webinar=db.session.get(FormField, field.id).webinar)
    db.session.add(
        FieldAnswer(
            registration=registration,
            field_id=field.id,
            label=field.label,
            value="Yes",
            text="Yes",
            answered_at=EARLIER,
        )
    )
    db.session.commit()


@pytest.fixture
def webinar(in_app):
    return WebinarFactory()


@pytest.fixture
def pair(webinar):
    """A choice, and a text that is shown only to those who chose Yes."""
    choice = FormFieldFactory(
        webinar=webinar, kind=FieldKind.ONE_OF, label="Do you teach?", options=YES_OR_NO
    )
    text = FormFieldFactory(
        webinar=webinar, label="Your school", depends_on_id=choice.id, depends_on_value="y"
    )
    return choice.id, text.id


@pytest.mark.every_engine
def test_field_is_added_at_the_end(webinar):
    run(lambda: actions.add_field(webinar, CHOICE, now=NOON))

    field, recorded = run(lambda: actions.add_field(webinar, TEXT, now=NOON))

    assert labels(webinar) == ["Do you teach?", "Your school"]
    assert (field.position, field.created_at, field.updated_at) == (1, NOON, NOON)
    assert recorded == [FormChanged(webinar_id=webinar.id)]


def test_option_gets_an_id(webinar):
    field, _recorded = run(lambda: actions.add_field(webinar, CHOICE, now=NOON))

    assert [option["text"] for option in field.options] == ["Yes", "No"]
    assert len({option["id"] for option in field.options} - {""}) == 2


def test_form_can_be_full(webinar):
    FormFieldFactory.create_batch(MOST_FIELDS, webinar=webinar)

    with pytest.raises(FormIsFull):
        run(lambda: actions.add_field(webinar, TEXT, now=NOON))


@pytest.mark.every_engine
def test_condition_on_another_webinars_field_is_refused(webinar):
    other = FormFieldFactory(kind=FieldKind.ONE_OF, options=YES_OR_NO)
    details = FieldDetails(
        kind=FieldKind.NUMBER, label="Pupils", depends_on_id=other.id, depends_on_value="y"
    )

    with pytest.raises(ConditionIsGone):
        run(lambda: actions.add_field(webinar, details, now=NOON))


@pytest.mark.every_engine
def test_corrected_option_keeps_its_id(webinar):
    field = FormFieldFactory(webinar=webinar, kind=FieldKind.ONE_OF, options=YES_OR_NO)
    details = FieldDetails(kind=FieldKind.ONE_OF, label="New", options=("Yes, I do", "No"))

    run(lambda: actions.edit_field(webinar, details, field_id=field.id, now=LATER))

    db.session.refresh(field)
    assert field.options == [{"id": "y", "text": "Yes, I do"}, {"id": "n", "text": "No"}]
    assert (field.label, field.updated_at) == ("New", LATER)


@pytest.mark.every_engine
def test_kind_stays_once_somebody_answered(webinar):
    field = FormFieldFactory(webinar=webinar, kind=FieldKind.ONE_OF, options=YES_OR_NO)
    answer(field)

    with pytest.raises(KindIsFixed):
        run(lambda: actions.edit_field(webinar, TEXT, field_id=field.id, now=LATER))

    assert db.session.get(FormField, field.id).kind == FieldKind.ONE_OF


def test_kind_can_change_before(webinar):
    field = FormFieldFactory(webinar=webinar, kind=FieldKind.ONE_OF, options=YES_OR_NO)

    run(lambda: actions.edit_field(webinar, TEXT, field_id=field.id, now=LATER))

    assert (field.kind, field.options) == (FieldKind.SHORT_TEXT, [])


def test_somebody_elses_version_is_not_overwritten_unseen(webinar):
    field = FormFieldFactory(webinar=webinar, label="Theirs")

    with pytest.raises(FieldHasChanged):
        run(
            lambda: actions.edit_field(
                webinar, TEXT, field_id=field.id, now=LATER, seen_at=EARLIER - timedelta(hours=1)
            )
        )

    assert labels(webinar) == ["Theirs"]


@pytest.mark.every_engine
@pytest.mark.parametrize(
    "details",
    [
        FieldDetails(kind=FieldKind.ONE_OF, label="Do you teach?", options=("No", "Never")),
        TEXT,
    ],
    ids=["without the option", "of another kind"],
)
def test_answer_that_decides_about_another_field_stays(webinar, pair, details):
    with pytest.raises(ConditionIsGone):
        run(lambda: actions.edit_field(webinar, details, field_id=pair[0], now=LATER))

    assert db.session.get(FormField, pair[0]).options == YES_OR_NO


@pytest.mark.every_engine
def test_edited_field_cannot_depend_on_a_later_one(webinar):
    first = FormFieldFactory(webinar=webinar)
    later = FormFieldFactory(webinar=webinar, kind=FieldKind.ONE_OF, options=YES_OR_NO)
    details = FieldDetails(
        kind=FieldKind.SHORT_TEXT, label="x", depends_on_id=later.id, depends_on_value="y"
    )

    with pytest.raises(ConditionComesTooLate):
        run(lambda: actions.edit_field(webinar, details, field_id=first.id, now=LATER))


@pytest.mark.every_engine
def test_field_without_answers_is_deleted(webinar):
    field = FormFieldFactory(webinar=webinar)

    is_kept, recorded = run(lambda: actions.remove_field(webinar, field_id=field.id, now=LATER))

    assert is_kept is False
    assert db.session.query(FormField).count() == 0
    assert recorded == [FormChanged(webinar_id=webinar.id)]


@pytest.mark.every_engine
def test_answered_field_is_retired_and_comes_back(webinar):
    field = FormFieldFactory(webinar=webinar, label="Old")
    FormFieldFactory(webinar=webinar, label="Other")
    answer(field)

    is_kept, _recorded = run(lambda: actions.remove_field(webinar, field_id=field.id, now=LATER))

    assert is_kept is True
    assert labels(webinar) == ["Other"]
    assert [each.label for each in list_retired(webinar.id)] == ["Old"]
    assert db.session.query(FieldAnswer).count() == 1

    is_same, _recorded = run(
        lambda: actions.bring_back_field(webinar, field_id=field.id, now=LATER)
    )

    assert is_same is True
    assert labels(webinar) == ["Other", "Old"]


@pytest.mark.every_engine
def test_field_on_which_another_depends_stays(webinar, pair):
    with pytest.raises(ConditionIsGone):
        run(lambda: actions.remove_field(webinar, field_id=pair[0], now=LATER))

    assert labels(webinar) == ["Do you teach?", "Your school"]


@pytest.mark.every_engine
def test_field_comes_back_for_everyone_when_its_condition_is_gone(webinar, pair):
    choice, text = pair
    answer(db.session.get(FormField, text))
    run(lambda: actions.remove_field(webinar, field_id=text, now=LATER))
    run(lambda: actions.remove_field(webinar, field_id=choice, now=LATER))

    is_same, _recorded = run(lambda: actions.bring_back_field(webinar, field_id=text, now=LATER))

    [field] = fields_of(webinar.id)
    assert is_same is False
    assert (field.label, field.depends_on_id, field.depends_on_value) == ("Your school", None, "")


def test_retired_field_is_no_field_of_the_form(webinar):
    field = FormFieldFactory(webinar=webinar, retired_at=EARLIER)

    for action in (
        lambda: actions.edit_field(webinar, TEXT, field_id=field.id, now=LATER),
        lambda: actions.remove_field(webinar, field_id=field.id, now=LATER),
        lambda: actions.move_field(webinar, field_id=field.id, by=1),
    ):
        with pytest.raises(NotFound):
            run(action)


@pytest.mark.every_engine
def test_field_moves_and_stops_at_the_ends(webinar):
    ids = [FormFieldFactory(webinar=webinar, label=label).id for label in "abc"]

    run(lambda: actions.move_field(webinar, field_id=ids[0], by=1))
    run(lambda: actions.move_field(webinar, field_id=ids[2], by=9))

    assert labels(webinar) == ["b", "a", "c"]


@pytest.mark.every_engine
def test_fields_are_put_in_order(webinar):
    a, b, c = [FormFieldFactory(webinar=webinar, label=label).id for label in "abc"]

    run(lambda: actions.reorder_fields(webinar, field_ids=[c, a, b]))

    assert labels(webinar) == ["c", "a", "b"]


def test_order_names_every_field_once(webinar):
    a, b = [FormFieldFactory(webinar=webinar).id for _ in range(2)]

    for wrong in ([a], [a, a], [a, b, 999]):
        with pytest.raises(FormHasChanged):
            run(lambda wrong=wrong: actions.reorder_fields(webinar, field_ids=wrong))


@pytest.mark.every_engine
def test_field_cannot_move_before_the_one_that_decides(webinar, pair):
    choice, text = pair

    for action in (
        lambda: actions.move_field(webinar, field_id=text, by=-1),
        lambda: actions.move_field(webinar, field_id=choice, by=1),
        lambda: actions.reorder_fields(webinar, field_ids=[text, choice]),
    ):
        with pytest.raises(ConditionComesTooLate):
            run(action)

    assert labels(webinar) == ["Do you teach?", "Your school"]
