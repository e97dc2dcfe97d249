"""Words as they are compared: without capitals and accents, the same for texts and for queries."""

from __future__ import annotations

import re
import unicodedata

WORD = re.compile(r"\w+")
MOST_WORDS = 8
LONGEST_WORD = 60


def fold(text: str) -> str:
    """Return the words of a text in lower case, without accents, in one line."""
    decomposed = unicodedata.normalize("NFKD", text)
    plain = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(WORD.findall(plain.casefold()))


def read_query(text: str) -> list[str]:
    """Return the words that somebody looks for; nothing else of what was typed is kept."""
    return [word[:LONGEST_WORD] for word in fold(text).replace("_", " ").split()[:MOST_WORDS]]


def has_words(text: str, words: list[str]) -> int:
    """Return how many of the words begin a word of the text."""
    present = fold(text).split()
    return sum(any(each.startswith(word) for each in present) for word in words)
