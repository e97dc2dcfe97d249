"""Addresses made of titles."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container
from itertools import count

LONGEST_SLUG = 80
NAMELESS = "webinar"

# Letters that Unicode doesn't take apart into a plain one and a mark.
PLAIN = str.maketrans(
    {
        "ß": "ss", "ẞ": "ss", "æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe", "ø": "o", "Ø": "o",
        "đ": "d", "Đ": "d", "ð": "d", "Ð": "d", "þ": "th", "Þ": "th", "ł": "l", "Ł": "l",
        "ħ": "h", "Ħ": "h", "ı": "i", "ŋ": "n", "ĸ": "k", "€": "eur", "&": " and ",
        "'": "", "’": "", "ʼ": "",
    }
)  # fmt: skip


def make_slug(title: str, *, taken: Container[str] = ()) -> str:
    """Return the title in lower-case ASCII with hyphens, with a number where it is taken.

    Titles in other scripts leave nothing; they are called "webinar".
    """
    plain = unicodedata.normalize("NFKD", title.translate(PLAIN)).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", plain.lower())
    slug = _shorten("-".join(words)) or NAMELESS
    if slug not in taken:
        return slug
    return next(f"{slug}-{n}" for n in count(2) if f"{slug}-{n}" not in taken)


def _shorten(slug: str) -> str:
    """Cut at a hyphen, if one is near enough to the end."""
    if len(slug) <= LONGEST_SLUG:
        return slug
    cut = slug[: LONGEST_SLUG + 1]
    head, _, _ = cut.rpartition("-")
    return head if len(head) > LONGEST_SLUG // 2 else cut[:LONGEST_SLUG]
