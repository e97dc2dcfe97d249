"""Addresses made of titles."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container
from itertools import count

from anyascii import anyascii

LONGEST_SLUG = 60
NAMELESS = "webinar"

SPOKEN = str.maketrans({"€": "eur", "&": " and "})
APOSTROPHES = str.maketrans("", "", "'’ʼ`")


def make_slug(title: str, *, taken: Container[str] = ()) -> str:
    """Return the title in lower-case ASCII with hyphens, with a number where it is taken.

    Other scripts are written in Latin letters. Titles without any letter are called "webinar".
    """
    letters = _keep_letters(unicodedata.normalize("NFKC", title.translate(SPOKEN)))
    plain = anyascii(letters).translate(APOSTROPHES)
    words = re.findall(r"[a-z0-9]+", plain.lower())
    slug = _shorten("-".join(words)) or NAMELESS
    if slug not in taken:
        return slug
    return next(f"{slug}-{n}" for n in count(2) if f"{slug}-{n}" not in taken)


def _keep_letters(text: str) -> str:
    """Blank out pictures and signs, which would be spelled out by their names."""
    return "".join(
        sign if sign.isascii() or unicodedata.category(sign)[0] in "LMN" else " "
        for sign in text.translate(APOSTROPHES)
    )


def _shorten(slug: str) -> str:
    """Cut at a hyphen, if one is near enough to the end."""
    if len(slug) <= LONGEST_SLUG:
        return slug
    cut = slug[: LONGEST_SLUG + 1]
    head, _, _ = cut.rpartition("-")
    return head if len(head) > LONGEST_SLUG // 2 else cut[:LONGEST_SLUG]
