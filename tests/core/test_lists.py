from __future__ import annotations

import pytest
import sqlalchemy as sa

from eventapp.core.db import db
from eventapp.core.forms import read_moment, read_move
from eventapp.core.lists import (
    LAST_PAGE,
    LONGEST_SEARCH,
    contains,
    count_pages,
    read_page,
    read_words,
)
from eventapp.speakers.models import Speaker
from tests.factories import SpeakerFactory


@pytest.mark.parametrize(
    ("asked", "page"),
    [("", 1), ("3", 3), ("0", 1), ("-1", 1), ("x", 1), ("9" * 30, LAST_PAGE)],
)
def test_page_asked_for_is_one_that_can_be(app, asked, page):
    with app.test_request_context(query_string={"page": asked}):
        assert read_page() == page


def test_words_come_in_one_line_and_not_too_long(app):
    with app.test_request_context(query_string={"q": " creative\n\x00hubs " + "x" * 300}):
        words = read_words()

    assert words.startswith("creative hubs xx")
    assert len(words) == LONGEST_SEARCH


@pytest.mark.every_engine
@pytest.mark.parametrize("word", ["Élodie", "élodie", "ÉLODIE", "öz", "ÖZ", "ДОМ", "l", "100%"])
def test_word_is_found_in_capitals_or_not(in_app, word):
    for name in ("Élodie Öz, дом, 100%", "Elodie Oz, dom, 100", "100 É"):
        SpeakerFactory(name=name, affiliation="")
    SpeakerFactory(name="ÉLODIE ÖZ, ДОМ, 100%")

    found = db.session.scalars(
        sa.select(Speaker.name).where(contains(Speaker.name, word)).order_by(Speaker.id)
    ).all()

    assert found[0] == "Élodie Öz, дом, 100%"
    assert found[-1] == "ÉLODIE ÖZ, ДОМ, 100%"
    assert len(found) == (3 if word == "l" else 2)


@pytest.mark.parametrize(("value", "small"), [(None, None), (5, "5"), ("É5", "é5")])
def test_small_letters_are_a_text_or_nothing(in_app, value, small):
    assert db.session.scalar(sa.text("SELECT lower(:value)"), {"value": value}) == small


@pytest.mark.parametrize(("total", "pages"), [(0, 1), (1, 1), (20, 1), (21, 2)])
def test_pages_hold_all_rows(total, pages):
    assert count_pages(total, per_page=20) == pages


@pytest.mark.parametrize(("to", "by"), [("up", -1), ("down", 1), ("left", 0)])
def test_move_is_one_place_or_none(to, by):
    assert read_move({"to": to}) == by


@pytest.mark.parametrize("text", [None, "", "yesterday", "2026-03-24T10:30:00"])
def test_moment_that_was_altered_is_none(text):
    assert read_moment(text) is None
