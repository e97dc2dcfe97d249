from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eventapp.core.pictures import avatar_art, cover_art, initials

COVERS = [cover_art(f"webinar-{number}", "Creative hubs") for number in range(120)]


def test_cover_of_the_same_seed_is_the_same() -> None:
    first = cover_art("creative-hubs", "Creative hubs")

    second = cover_art("creative-hubs", "Creative hubs")

    assert first == second


def test_covers_of_different_seeds_differ() -> None:
    assert len(set(COVERS)) == len(COVERS)


def test_covers_are_small() -> None:
    assert max(len(cover.encode()) for cover in COVERS) <= 3000


def test_covers_are_decoration_of_fixed_shape() -> None:
    for cover in COVERS:
        root = ET.fromstring(cover)

        assert root.get("aria-hidden") == "true"
        assert root.get("viewBox") == "0 0 640 360"


def test_covers_keep_the_security_policy_and_each_other_whole() -> None:
    for cover in COVERS:
        assert re.findall(r"<(?:style|script)|\s(?:style|id|class=\"(?!art\")|on\w+)=", cover) == []


@settings(max_examples=150)
@given(st.text(), st.text())
def test_pictures_of_any_text_are_well_formed(seed: str, title: str) -> None:
    ET.fromstring(cover_art(seed, title))
    ET.fromstring(avatar_art(title))


def test_cover_never_carries_markup_from_a_title() -> None:
    covers = [cover_art(str(number), "<script>alert(1)</script>") for number in range(120)]

    assert [cover for cover in covers if "<script" in cover or "alert" in cover] == []


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Berta Pérez", "BP"),
        ("Luc van der Schmerber", "LS"),
        ("Émile", "É"),
        ("E\u0301mile Zola", "ÉZ"),
        ("“Ana” (host)", "AH"),
        ("王小明", "王"),
        ("ßimon", "S"),
        ("<b>", "B"),
        ("…", "·"),
        ("", "·"),
    ],
)
def test_initials_are_the_first_letters_of_the_first_and_last_word(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_avatar_shows_the_initials_hidden_from_screen_readers() -> None:
    root = ET.fromstring(avatar_art("Berta Pérez"))

    assert root.get("aria-hidden") == "true"
    assert "".join(root.itertext()) == "BP"
