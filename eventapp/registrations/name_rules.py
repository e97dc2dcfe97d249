"""Decisions about names: how they are written, and what is none."""

from __future__ import annotations

import re
import unicodedata

from eventapp.registrations.refusals import NameHoldsAddress, NameIsMissing

LONGEST_NAME = 120
LONGEST_AFFILIATION = 160
# What mail programs turn into links, wherever it stands; what they read as an encoded word (RFC
# 2047); and what looks like a domain: "St.John" and "J.Müller" are names, "evil.com", "EVIL.COM",
# "Evil.Com" and "t.me" aren't.
WEB_ADDRESS = re.compile(r"://|@|=\?|\bwww[.。．｡]|\w[.。．｡]\w{2,}/", re.IGNORECASE)
DOMAIN = re.compile(r"([\w-]+)[.。．｡]([^\W\d_]{2,})\b")
JOINERS = "\u200c\u200d"
WITHOUT_JOINERS = dict.fromkeys(map(ord, JOINERS))
# Those that join nothing: at the edge of a word, or behind another.
LONE_JOINERS = re.compile(rf"(?<![^\s{JOINERS}])[{JOINERS}]+|[{JOINERS}]+(?!\S)")
# "Dr", "St", "Ch"; and what is longer than initials are.
LONGEST_INITIALS = 2
TITLES = frozenset({"mag", "ing", "rev", "hon", "sra", "mrs", "prof", "dipl", "dott", "univ"})


def tidy_name(text: str, *, longest: int) -> str:
    """Return a name on one line without control characters, cut at `longest` characters.

    Joiners stay between other characters: several scripts and emoji need them.
    """
    kept = "".join(char if _is_written(char) else " " for char in text)
    line = " ".join(LONE_JOINERS.sub("", kept).split())
    return LONE_JOINERS.sub("", line[:longest]).strip()


def _is_written(character: str) -> bool:
    return character in JOINERS or unicodedata.category(character)[0] != "C"


def check_name(name: str) -> None:
    """Refuse a tidied name that is empty, or that mail programs would turn into a link.

    What nobody sees hides no address.
    """
    name = name.translate(WITHOUT_JOINERS)
    if not name:
        raise NameIsMissing
    if WEB_ADDRESS.search(name) or any(map(_is_domain, DOMAIN.finditer(name))):
        raise NameHoldsAddress


def _is_domain(found: re.Match[str]) -> bool:
    """Whether it isn't an initial or a title before a name, which begins with a capital."""
    label, ending = found.groups()
    is_before_name = len(label) <= LONGEST_INITIALS or label.casefold() in TITLES
    return not is_before_name or ending.islower() or (ending.isupper() and len(label) > 1)
