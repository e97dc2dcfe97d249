"""Addresses made of titles."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventapp.webinars.slugs import LONGEST_SLUG, make_slug


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Creative hubs: infrastructures", "creative-hubs-infrastructures"),
        ("Créer à Łódź, l’été & Straße", "creer-a-lodz-lete-and-strasse"),
        ("<script>alert(1)</script>", "script-alert-1-script"),
        ("Вебинар о хабах", "vebinar-o-khabakh"),
        ("Δημιουργικοί κόμβοι", "dimioyrgikoi-komvoi"),
        ("クリエイティブ・ハブ", "kurieiteibu-habu"),
        ("مراكز", "mrkz"),
        ("🎉 Launch → party 🎉", "launch-party"),
        ("🎉", "webinar"),
        ("   ", "webinar"),
    ],
)
def test_slug_is_plain(title, slug):
    assert make_slug(title) == slug


def test_slug_takes_the_first_free_number():
    assert make_slug("Hubs", taken={"hubs", "hubs-2"}) == "hubs-3"


def test_long_slug_is_cut_between_words():
    slug = make_slug("infrastructure " * 20)

    assert slug == "-".join(["infrastructure"] * 4)


@given(st.text(max_size=300))
def test_slug_always_fits_an_address(title):
    slug = make_slug(title)

    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug)
    assert len(slug) <= LONGEST_SLUG
