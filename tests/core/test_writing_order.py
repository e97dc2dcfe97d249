"""Which way the parts of a line run (UAX #9)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventapp.core.writing_order import order_parts, runs_right_to_left, without_marks


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Creative hubs", ["Creative hubs"]),
        ("at 10:30 (CET)", ["at 10:30 (CET)"]),
        # UAX #9 shows what is right to left in capitals; here it stands as it is read.
        ("He said שלום עולם and left", ["He said ", "שלום עולם", " and left"]),
        ("שלום Hello עולם", [" עולם", "Hello", "שלום "]),
        ("מה קרה ב 10:30 בערב", [" בערב", "10:30", "מה קרה ב "]),
        ("مرحبا (test)", [")", "test", "مرحبا ("]),
        ("هاتف ١٢٣", ["١٢٣", "هاتف "]),
        ("a שלום 5", ["a ", "5", "שלום "]),
    ],
)
def test_parts_stand_in_the_order_of_the_algorithm(text, shown):
    parts = order_parts(text, is_right_to_left=runs_right_to_left(text))

    assert [part.text for part in parts] == shown


@pytest.mark.parametrize(
    ("text", "expected"),
    [("abc שלום", False), ("123 שלום abc", True), ("مرحبا", True), ("123", False), ("", False)],
)
def test_first_letter_with_a_direction_decides(text, expected):
    assert runs_right_to_left(text) == expected


@given(st.text(max_size=60))
def test_no_sign_is_lost(text):
    for is_right_to_left in (False, True):
        parts = order_parts(text, is_right_to_left=is_right_to_left)

        assert sorted("".join(part.text for part in parts)) == sorted(text)


def test_marks_that_turn_text_around_are_taken_away():
    assert without_marks("exe.\u202efdp\u2066\u200b \n\x00 x") == "exe.fdp x"
