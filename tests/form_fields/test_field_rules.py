"""Which option is which, which conditions can be met, and what is a number."""

from __future__ import annotations

import pytest

from eventapp.form_fields.asked import AskedField, Option, find_condition, list_shown
from eventapp.form_fields.models import FieldKind, FormField
from eventapp.form_fields.refusals import (
    ConditionComesTooLate,
    ConditionIsGone,
    ConsentTextIsMissing,
    NumberHasThousands,
    NumberIsUnclear,
    OptionIsTooLong,
    OptionIsTwice,
    OptionsAreMissing,
    TooManyOptions,
)
from eventapp.form_fields.rules import (
    FieldDetails,
    check_conditions,
    check_details,
    check_options,
    match_options,
    read_number,
)

PRESENT = [
    {"id": "a", "text": "Morning"},
    {"id": "b", "text": "Noon"},
    {"id": "c", "text": "Night"},
]
YES_OR_NO = [{"id": "y", "text": "Yes"}, {"id": "n", "text": "No"}]


@pytest.mark.parametrize(
    ("texts", "ids"),
    [
        (["Morning", "Noon", "Night"], ["a", "b", "c"]),
        (["Night", "Morning", "Noon"], ["c", "a", "b"]),
        (["Morning", "Midday", "Night"], ["a", "b", "c"]),
        (["In the morning", "At noon", "At night"], ["a", "b", "c"]),
        (["Morning", "Night"], ["a", "c"]),
        (["Noon", "Night", "Never"], ["b", "c", None]),
        (["Mornings", "Dawn", "Noon", "Night"], ["a", None, "b", "c"]),
        (["Dawn", "Mornings", "Noon", "Night"], [None, "a", "b", "c"]),
        (["Morning", "Noon", "Evening", "Night"], ["a", "b", None, "c"]),
    ],
    ids=[
        "as it was",
        "other order",
        "one corrected",
        "all corrected",
        "one removed",
        "one removed and another added",
        "corrected, then new",
        "new, then corrected",
        "one added between",
    ],
)
def test_option_is_known_again(texts, ids):
    assert match_options(texts, PRESENT) == ids


@pytest.mark.parametrize(
    ("texts", "refusal"),
    [
        (["Alone"], OptionsAreMissing),
        ([f"Option {n}" for n in range(51)], TooManyOptions),
        (["x" * 201, "y"], OptionIsTooLong),
        (["Yes", "No", "YES"], OptionIsTwice),
    ],
)
def test_options_are_refused(texts, refusal):
    with pytest.raises(refusal):
        check_options(texts)


def test_consent_needs_a_text():
    with pytest.raises(ConsentTextIsMissing):
        check_details(FieldDetails(kind=FieldKind.CONSENT, label="Photos"))


def row(field_id, **values):
    values = {"kind": FieldKind.ONE_OF, "options": YES_OR_NO, "label": f"Field {field_id}"} | values
    return FormField(id=field_id, **values)


@pytest.mark.parametrize(
    "condition",
    [
        {"depends_on_id": 1, "depends_on_value": "y"},
        {"depends_on_id": 2, "depends_on_value": "yes"},
    ],
)
def test_condition_on_an_earlier_answer_is_taken(condition):
    consent = row(2, kind=FieldKind.CONSENT, options=[])

    check_conditions([row(1), consent, row(3, **condition)])


@pytest.mark.parametrize(
    ("condition", "refusal"),
    [
        ({"depends_on_id": 3, "depends_on_value": "y"}, ConditionComesTooLate),
        ({"depends_on_id": 2, "depends_on_value": "y"}, ConditionComesTooLate),
        ({"depends_on_id": 9, "depends_on_value": "y"}, ConditionIsGone),
        ({"depends_on_id": 1, "depends_on_value": "gone"}, ConditionIsGone),
        ({"depends_on_id": 4, "depends_on_value": "y"}, ConditionIsGone),
    ],
    ids=["on a later field", "on itself", "on none", "on no option", "on a text"],
)
def test_condition_that_nobody_could_meet_is_refused(condition, refusal):
    text = row(4, kind=FieldKind.SHORT_TEXT, options=[])

    with pytest.raises(refusal):
        check_conditions([row(1), text, row(2, **condition), row(3)])


def test_circle_is_refused():
    first = row(1, depends_on_id=2, depends_on_value="y")
    second = row(2, depends_on_id=1, depends_on_value="y")

    with pytest.raises(ConditionComesTooLate):
        check_conditions([first, second])


def asked(field_id, **values):
    options = tuple(Option(**option) for option in YES_OR_NO)
    return AskedField(
        id=field_id, **{"kind": FieldKind.ONE_OF, "label": "?", "options": options} | values
    )


CHAIN = (
    asked(1),
    asked(2, depends_on_id=1, depends_on_value="y"),
    asked(3, depends_on_id=2, depends_on_value="y"),
)


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ({}, {1}),
        ({1: "n"}, {1}),
        ({1: "y"}, {1, 2}),
        ({1: "y", 2: "y"}, {1, 2, 3}),
        ({1: "n", 2: "y"}, {1}),
    ],
)
def test_field_is_shown_for_the_answer_it_depends_on(values, shown):
    assert list_shown(CHAIN, values) == shown


def test_several_options_and_consents_decide_too():
    several = asked(1, kind=FieldKind.SEVERAL_OF)
    consent = asked(2, kind=FieldKind.CONSENT, options=())
    fields = (
        several,
        consent,
        asked(3, depends_on_id=1, depends_on_value="n"),
        asked(4, depends_on_id=2, depends_on_value="yes"),
    )

    assert list_shown(fields, {1: ["y", "n"], 2: True}) == {1, 2, 3, 4}


@pytest.mark.parametrize(
    "condition",
    [
        {"depends_on_id": 9, "depends_on_value": "y"},
        {"depends_on_id": 1, "depends_on_value": "gone"},
    ],
)
def test_orphaned_condition_hides_nothing(condition):
    field = asked(2, **condition)

    assert find_condition(field, (asked(1),)) is None
    assert list_shown((asked(1), field), {}) == {1, 2}


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", "12"),
        ("-3.50", "-3.5"),
        ("1,5", "1.5"),
        ("\N{MINUS SIGN}7", "-7"),
        ("+4", "4"),
        ("007", "7"),
        ("-0", "0"),
        ("100", "100"),
        ("0.000000001", "0.000000001"),
        ("٣٤", "34"),
    ],
)
def test_number_is_read(text, number):
    assert read_number(text) == number


@pytest.mark.parametrize(
    "text", ["", "1e999", "NaN", "Infinity", "-", "1.", ".5", "1 500", "0x10", "1" * 16, "²"]
)
def test_what_is_no_number_is_refused(text):
    with pytest.raises(NumberIsUnclear):
        read_number(text)


@pytest.mark.parametrize("text", ["1,500", "-12,000", "1,234,567.8"])
def test_number_with_thousands_is_refused(text):
    with pytest.raises(NumberHasThousands):
        read_number(text)
