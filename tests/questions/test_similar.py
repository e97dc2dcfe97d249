from __future__ import annotations

import time

import pytest

from eventapp.questions.similar import MOST_SHOWN, AskedText, find_similar

ASKED = [
    "How transferable is the concept to other cities?",
    "Who pays for the hubs?",
    "What is the budget for 2027 of the whole programme?",
    "Is there funding for small municipalities?",
    "Wie überträgt man das Konzept auf kleine Gemeinden?",
]


def asked(texts: list[str]) -> list[AskedText]:
    return [AskedText(id=number, text=text, votes=0) for number, text in enumerate(texts)]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("How transferable", [0]),
        ("transferrable concpt", [0]),
        ("cities: CONCEPT transferable", [0]),
        ("who is paying for hubs", [1]),
        ("funding smal municipalites", [3]),
        ("Konzept auf Gemeinden ubertragen", [4]),
        ("What is the", []),
        ("weather in paris today", []),
        ("'; DROP TABLE questions; --", []),
        ("\x00\ud800 \u202e", []),
        ("", []),
    ],
)
def test_similar_is_what_asks_the_same(typed, found):
    assert [each.id for each in find_similar(typed, asked(ASKED))] == found


def test_no_more_than_five_are_found():
    texts = [f"How transferable is the concept of part {n}?" for n in range(40)]

    assert len(find_similar("How transferable is the concept?", asked(texts))) == MOST_SHOWN


def test_thousand_long_questions_are_compared_in_a_moment():
    long = asked([f"{n} " + "words of many kinds and lengths " * 15 for n in range(1000)])
    find_similar("to fill what is kept of them", long)

    started = time.process_time()
    find_similar("x" * 10_000 + " words " * 9_000, long)

    assert time.process_time() - started < 0.5
