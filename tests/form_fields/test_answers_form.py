"""The part of a public form that asks a webinar's own fields, against what may be sent to it."""

from __future__ import annotations

import pytest
from werkzeug.datastructures import MultiDict

from eventapp.form_fields.asked import AskedField, GivenAnswer, Option, mark_consent
from eventapp.form_fields.forms import AnswersForm
from eventapp.form_fields.models import FieldKind

pytestmark = pytest.mark.usefixtures("in_app")

OPTIONS = (Option(id="y", text="Yes"), Option(id="n", text="No"))
YEARS_SAID = "Please check the year: dates from 1800 to 2100 can be given."
TERMS = "I agree to the [terms](https://example.org/terms)."


def asked(kind, field_id=1, **values):
    return AskedField(id=field_id, kind=kind, **{"label": "Label"} | values)


def fill_in(*fields, given=None, prefix="", **sent):
    """Return the form with what was sent: lists for several values, names without the prefix."""
    lists = {name: value if isinstance(value, list) else [value] for name, value in sent.items()}
    data = MultiDict(
        [
            (f"{prefix}field-{name.removeprefix('f')}", value)
            for name, values in lists.items()
            for value in values
        ]
    )
    return AnswersForm(fields, sent=data, given=given, prefix=prefix)


SHORT = asked(FieldKind.SHORT_TEXT)
LONG = asked(FieldKind.LONG_TEXT)
ONE_OF = asked(FieldKind.ONE_OF, options=OPTIONS)
SEVERAL_OF = asked(FieldKind.SEVERAL_OF, options=OPTIONS)
NUMBER = asked(FieldKind.NUMBER)
DATE = asked(FieldKind.DATE)
CONSENT = asked(FieldKind.CONSENT, consent_text=TERMS)


@pytest.mark.parametrize(
    ("field", "sent", "value", "text"),
    [
        (SHORT, " Two\r\nlines\0 ", "Two lines", "Two lines"),
        (LONG, "Two\r\nlines\0", "Two\nlines", "Two\nlines"),
        (ONE_OF, "y", "y", "Yes"),
        (SEVERAL_OF, ["n", "y", "n"], ["y", "n"], "Yes\nNo"),
        (NUMBER, " -1,50 ", "-1.5", "-1.5"),
        (DATE, "2026-02-28", "2026-02-28", "2026-02-28"),
        (DATE, "1843-09-05", "1843-09-05", "1843-09-05"),
        (CONSENT, mark_consent(TERMS), True, "✓"),
    ],
    ids=lambda each: each.kind if isinstance(each, AskedField) else "",
)
def test_answer_is_read(field, sent, value, text):
    form = fill_in(field, f1=sent)

    assert form.validate()
    assert form.values() == {1: value}
    assert form.text_of(field, value) == text


@pytest.mark.parametrize(
    ("field", "sent", "message"),
    [
        (SHORT, "x" * 201, "Please use at most 200 characters."),
        (SHORT, "x" * 1_000_000, "Please use at most 200 characters."),
        (LONG, "x" * 2001, "Please use at most 2000 characters."),
        (ONE_OF, "maybe", "This isn't offered any more. Please choose again."),
        (ONE_OF, "y" * 1_000_000, "This isn't offered any more. Please choose again."),
        (SEVERAL_OF, ["y", "m"], "This isn't offered any more. Please choose again."),
        (NUMBER, "1e999", "Please write a number in digits, such as 12 or -3.5,"),
        (NUMBER, "NaN", "Please write a number in digits, such as 12 or -3.5,"),
        (NUMBER, "9" * 1_000_000, "Please write a number in digits, such as 12 or -3.5,"),
        (DATE, "2026-02-30", "Please give a date that exists, such as 2026-03-24."),
        (DATE, "soon\0", "Please give a date that exists, such as 2026-03-24."),
        (DATE, "0001-01-01", YEARS_SAID),
        (DATE, "1799-12-31", YEARS_SAID),
        (DATE, "2101-01-01", YEARS_SAID),
        (CONSENT, "y", "This text has changed since you opened the page."),
    ],
)
def test_hostile_answer_gets_a_clear_error(field, sent, message):
    form = fill_in(field, f1=sent)

    assert not form.validate()
    [error] = form.errors["field-1"]
    assert str(error).startswith(message)


@pytest.mark.parametrize("kind", list(FieldKind))
@pytest.mark.parametrize("sent", [{}, {"f1": ""}, {"f1": " \t\n"}], ids=["none", "empty", "blank"])
def test_required_field_has_to_be_answered(kind, sent):
    is_blank = kind in {FieldKind.ONE_OF, FieldKind.SEVERAL_OF, FieldKind.CONSENT, FieldKind.DATE}
    sent = {} if is_blank and sent.get("f1") else sent
    field = asked(kind, options=OPTIONS, consent_text=TERMS, is_required=True)

    form = fill_in(field, **sent)

    assert not form.validate()
    assert len(form.errors["field-1"]) == 1


@pytest.mark.parametrize("kind", list(FieldKind))
def test_optional_field_may_stay_empty(kind):
    form = fill_in(asked(kind, options=OPTIONS, consent_text=TERMS))

    assert form.validate()
    assert form.values() == {}


DEPENDENT = asked(FieldKind.SHORT_TEXT, 2, is_required=True, depends_on_id=1, depends_on_value="y")


def test_field_whose_condition_is_met_is_required():
    form = fill_in(ONE_OF, DEPENDENT, f1="y")

    assert not form.validate()
    assert list(form.errors) == ["field-2"]


@pytest.mark.parametrize("typed", ["", "Something", "x" * 5000])
def test_field_whose_condition_is_not_met_is_ignored(typed):
    form = fill_in(ONE_OF, DEPENDENT, f1="n", f2=typed)

    assert form.validate()
    assert form.values() == {1: "n"}


def test_outdated_consent_is_not_given():
    form = fill_in(CONSENT, f1=mark_consent("What it said before"))

    assert not form.validate()
    assert form.values() == {}


def test_people_on_one_page_answer_apart():
    first = fill_in(SHORT, prefix="a-", f1="Ada")
    second = fill_in(SHORT, prefix="b-", f1="Bo")

    assert (first.values(), second.values()) == ({1: "Ada"}, {1: "Bo"})
    assert first["field-1"].name == "a-field-1"


def test_earlier_answers_are_shown_again():
    fields = [
        asked(kind, number, options=OPTIONS, consent_text=TERMS)
        for number, kind in enumerate(FieldKind)
    ]
    values = ["a", "b", "y", ["y", "n"], "-1.5", "2026-03-24", True]
    given = {
        number: GivenAnswer(value=value, text="", agreed_text=TERMS)
        for number, value in enumerate(values)
    }

    form = AnswersForm(fields, given=given)

    assert form.values() == dict(enumerate(values))


def test_option_chosen_before_it_was_removed_can_be_kept():
    given = {1: GivenAnswer(value=["old", "y"], text="Formerly\nYes")}

    form = fill_in(SEVERAL_OF, given=given, f1=["old", "n"])

    assert form.validate()
    assert form.text_of(SEVERAL_OF, form.values()[1]) == "No\nFormerly"


def test_option_that_was_removed_cannot_be_chosen_anew():
    assert not fill_in(SEVERAL_OF, f1=["old"]).validate()


def test_who_agreed_sees_what_they_agreed_to():
    given = {1: GivenAnswer(value=True, text="✓", agreed_text="The old text")}

    form = AnswersForm([CONSENT], given=given)

    assert form["field-1"].text_html == "<p>The old text</p>\n"
    assert form.agreed_text_of(CONSENT) == "The old text"


def test_long_choice_is_a_list_to_open():
    options = tuple(Option(id=str(n), text=f"Option {n}") for n in range(8))

    form = AnswersForm([asked(FieldKind.ONE_OF, options=options)])

    assert form["field-1"]().startswith("<select")
