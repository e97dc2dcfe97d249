"""Answers to a form's own fields: written once, and true whatever happens to the field later."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from werkzeug.datastructures import MultiDict

from eventapp.core.db import db, transaction
from eventapp.form_fields import actions as form_actions
from eventapp.form_fields.asked import mark_consent
from eventapp.form_fields.forms import AnswersForm
from eventapp.form_fields.models import FieldKind
from eventapp.form_fields.queries import fields_of
from eventapp.form_fields.rules import FieldDetails
from eventapp.registrations.answers import (
    Answer,
    answers_of,
    count_answers,
    list_answers,
    list_columns,
    read_values,
    with_answer,
    write_answers,
)
from eventapp.registrations.models import FieldAnswer, Registration
from tests.factories import FormFieldFactory, RegistrationFactory, WebinarFactory
from tests.plugins.app import NOON

LATER = NOON + timedelta(hours=1)
TIMES = [{"id": "am", "text": "Morning"}, {"id": "pm", "text": "Afternoon"}]
TERMS = "I agree to photos."
CHANGED = "I agree to photos and films."


@pytest.fixture
def webinar(in_app):
    return WebinarFactory()


@pytest.fixture
def registration(webinar):
    return RegistrationFactory(webinar=webinar)


@pytest.fixture
def fields(webinar):
    """The ids of a text, a choice of several and a consent."""
    text = FormFieldFactory(webinar=webinar, label="School")
    several = FormFieldFactory(
        webinar=webinar, kind=FieldKind.SEVERAL_OF, label="When?", options=TIMES
    )
    consent = FormFieldFactory(
        webinar=webinar, kind=FieldKind.CONSENT, label="Photos", consent_text=TERMS
    )
    return text.id, several.id, consent.id


def send(registration, *values, at=NOON):
    """Send the form with `values`, one or a list for each field of it."""
    asked = fields_of(registration.webinar_id)
    form = AnswersForm(
        asked,
        sent=MultiDict(
            (f"field-{field.id}", each)
            for field, value in zip(asked, values, strict=True)
            for each in (value if isinstance(value, list) else [value])
        ),
        given=read_values(registration),
    )
    assert form.validate(), form.errors
    answers = list_answers(form)
    with transaction():
        write_answers(registration, answers, now=at)


def kept(registration):
    db.session.expire_all()
    rows = sorted(registration.answers, key=lambda row: row.field_id)
    return [(row.label, row.value, row.text) for row in rows]


def edit(webinar, field_id, kind, **details):
    with transaction():
        written = FieldDetails(kind=kind, **details)
        form_actions.edit_field(webinar, written, field_id=field_id, now=LATER)


ALL = ("Hill School", ["am", "pm"], mark_consent(TERMS))


@pytest.mark.every_engine
def test_answers_are_written_as_they_were_asked(registration, fields):
    send(registration, *ALL)

    assert kept(registration) == [
        ("School", "Hill School", "Hill School"),
        ("When?", ["am", "pm"], "Morning\nAfternoon"),
        ("Photos", True, "✓"),
    ]
    consent = registration.answers[-1]
    assert (consent.agreed_text, consent.answered_at) == (TERMS, NOON)


@pytest.mark.every_engine
def test_same_answers_change_nothing(registration, fields):
    send(registration, *ALL)

    send(registration, *ALL, at=LATER)

    assert {row.answered_at for row in registration.answers} == {NOON}


@pytest.mark.every_engine
def test_corrected_label_is_shown_with_new_answers_alone(webinar, registration, fields):
    send(registration, *ALL)
    edit(webinar, fields[0], FieldKind.SHORT_TEXT, label="Name of your school")

    send(registration, *ALL, at=LATER)
    assert kept(registration)[0] == ("School", "Hill School", "Hill School")

    send(registration, "Dale School", *ALL[1:], at=LATER)
    assert kept(registration)[0] == ("Name of your school", "Dale School", "Dale School")


@pytest.mark.every_engine
def test_corrected_option_leaves_what_was_chosen(webinar, registration, fields):
    send(registration, *ALL)
    options = ("Before noon", "Afternoon")
    edit(webinar, fields[1], FieldKind.SEVERAL_OF, label="When?", options=options)

    send(registration, *ALL, at=LATER)

    assert kept(registration)[1] == ("When?", ["am", "pm"], "Morning\nAfternoon")


@pytest.mark.every_engine
def test_options_in_another_order_are_the_same_answer(webinar, registration, fields):
    send(registration, *ALL)
    options = ("Afternoon", "Morning")
    edit(webinar, fields[1], FieldKind.SEVERAL_OF, label="New label", options=options)

    send(registration, *ALL, at=LATER)

    assert {row.answered_at for row in registration.answers} == {NOON}
    assert kept(registration)[1] == ("When?", ["am", "pm"], "Morning\nAfternoon")


@pytest.mark.every_engine
def test_removed_option_stays_with_who_chose_it(webinar, registration, fields):
    send(registration, *ALL)
    options = ("Afternoon", "At night")
    edit(webinar, fields[1], FieldKind.SEVERAL_OF, label="When?", options=options)

    send(registration, *ALL, at=LATER)

    assert {row.answered_at for row in registration.answers} == {NOON}
    assert kept(registration)[1][2] == "Morning\nAfternoon"


@pytest.mark.every_engine
def test_changed_consent_leaves_what_was_agreed_to(webinar, registration, fields):
    send(registration, *ALL)
    edit(webinar, fields[2], FieldKind.CONSENT, label="Photos", consent_text=CHANGED)

    send(registration, *ALL, at=LATER)

    consent = registration.answers[-1]
    assert (consent.agreed_text, consent.answered_at) == (TERMS, NOON)


@pytest.mark.every_engine
def test_consent_withdrawn_and_given_again_is_to_the_present_text(webinar, registration, fields):
    send(registration, *ALL)
    edit(webinar, fields[2], FieldKind.CONSENT, label="Photos", consent_text=CHANGED)

    send(registration, *ALL[:2], [], at=LATER)
    send(registration, *ALL[:2], mark_consent(CHANGED), at=LATER)

    consent = registration.answers[-1]
    assert (consent.agreed_text, consent.answered_at) == (CHANGED, LATER)


@pytest.mark.every_engine
def test_emptied_answers_are_deleted(registration, fields):
    send(registration, *ALL)

    send(registration, "", [], [], at=LATER)

    assert db.session.query(FieldAnswer).count() == 0


@pytest.mark.every_engine
def test_answer_to_what_is_no_longer_shown_is_deleted(webinar, registration):
    choice = FormFieldFactory(webinar=webinar, kind=FieldKind.ONE_OF, label="?", options=TIMES)
    FormFieldFactory(webinar=webinar, label="Why?", depends_on_id=choice.id, depends_on_value="am")
    send(registration, "am", "Because")

    send(registration, "pm", "Because", at=LATER)

    assert kept(registration) == [("?", "pm", "Afternoon")]


@pytest.mark.every_engine
def test_retired_field_keeps_its_answers(webinar, registration, fields):
    send(registration, *ALL)
    with transaction():
        form_actions.remove_field(webinar, field_id=fields[0], now=LATER)

    send(registration, [], [], at=LATER)

    assert kept(registration) == [("School", "Hill School", "Hill School")]


@pytest.mark.every_engine
def test_field_deleted_while_somebody_filled_in_is_passed_over(webinar, registration, fields):
    answers = [
        Answer(field_id=fields[0], label="School", value="Hill School", text="Hill School"),
        Answer(field_id=fields[1], label="When?", value=["am"], text="Morning"),
    ]
    with transaction():
        form_actions.remove_field(webinar, field_id=fields[0], now=LATER)

    with transaction():
        write_answers(registration, answers, now=LATER)

    assert kept(registration) == [("When?", ["am"], "Morning")]


def test_answers_of_another_webinars_form_are_passed_over(registration):
    other = FormFieldFactory(label="Other")
    answers = [Answer(field_id=other.id, label="Other", value="x", text="x")]

    with transaction():
        write_answers(registration, answers, now=NOON)

    assert kept(registration) == []


@pytest.mark.every_engine
def test_columns_are_the_form_and_what_has_left_it_with_answers(webinar, registration, fields):
    send(registration, *ALL)
    FormFieldFactory(webinar=webinar, label="Retired and empty", retired_at=NOON)
    with transaction():
        form_actions.remove_field(webinar, field_id=fields[0], now=LATER)

    columns = list_columns(webinar.id)

    assert [(column.label, column.is_retired) for column in columns] == [
        ("When?", False),
        ("Photos", False),
        ("School", True),
    ]
    assert columns[0].options == (("am", "Morning"), ("pm", "Afternoon"))


@pytest.mark.every_engine
def test_answers_of_a_page_take_one_statement(webinar, fields, count_queries):
    people = RegistrationFactory.create_batch(50, webinar=webinar)
    for person in people[:2]:
        send(person, *ALL)
    ids = [person.id for person in people]

    def read():
        return answers_of(ids, field_ids=fields[:2])

    assert count_queries(read) == 1
    assert read() == {
        person.id: {fields[0]: "Hill School", fields[1]: "Morning\nAfternoon"}
        for person in people[:2]
    }
    assert answers_of(ids, field_ids=[]) == {}


@pytest.mark.every_engine
def test_answers_are_counted_for_each_field(webinar, fields):
    send(RegistrationFactory(webinar=webinar), *ALL)
    send(RegistrationFactory(webinar=webinar), "Hill School", [], [])

    assert count_answers(webinar.id) == {fields[0]: 2, fields[1]: 1, fields[2]: 1}


def find(field_id, value):
    found = db.session.scalars(
        sa.select(Registration.name).where(with_answer(field_id, value)).order_by(Registration.name)
    )
    return list(found)


@pytest.mark.every_engine
def test_registrations_are_found_by_answer(webinar, fields):
    send(RegistrationFactory(webinar=webinar, name="Ada"), *ALL)
    send(RegistrationFactory(webinar=webinar, name="Bo"), "Lake am School", ["pm"], [])

    assert find(fields[0], "SCHOOL") == ["Ada", "Bo"]
    assert find(fields[0], "%") == []
    assert find(fields[1], "am") == ["Ada"]
    assert find(fields[1], "pm") == ["Ada", "Bo"]
    assert find(fields[1], "Morning") == []
    assert find(fields[2], "yes") == ["Ada"]
    assert find(999, "yes") == []


@pytest.mark.every_engine
def test_number_and_choice_are_found_whole(webinar, registration):
    number = FormFieldFactory(webinar=webinar, kind=FieldKind.NUMBER)
    choice = FormFieldFactory(webinar=webinar, kind=FieldKind.ONE_OF, options=TIMES)
    send(registration, "15", "am")

    assert find(number.id, "15") == [registration.name]
    assert find(number.id, "5") == []
    assert find(choice.id, "am") == [registration.name]
    assert find(choice.id, "a") == []
