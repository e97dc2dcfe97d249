"""Which questions ask the same as one that is being typed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from heapq import nlargest
from operator import itemgetter

from rapidfuzz import fuzz

from eventapp.questions.rules import LONGEST_QUESTION

MOST_SHOWN = 5
MOST_COMPARED = 1000
LEAST_LETTERS = 8
# Shorter words, such as "how" and "the", tell little of what is asked.
TELLING_LETTERS = 4
CLOSE_ENOUGH = 66.0

WORD = re.compile(r"\w+")


@dataclass(frozen=True, kw_only=True)
class AskedText:
    id: int
    text: str
    votes: int


def find_similar(typed: str, asked: Sequence[AskedText]) -> list[AskedText]:
    """Return what is closest to `typed`, at most five, whatever the order of words and small slips.

    `asked` comes most wanted first. Too little typed finds nothing.
    """
    wanted = reduce_text(typed[:LONGEST_QUESTION])
    if len(wanted) < LEAST_LETTERS:
        return []
    scored = ((_likeness(wanted, reduce_text(each.text)), each) for each in asked[:MOST_COMPARED])
    close = [(score, each) for score, each in scored if score >= CLOSE_ENOUGH]
    return [each for _score, each in nlargest(MOST_SHOWN, close, key=itemgetter(0))]


@lru_cache(maxsize=4096)
def reduce_text(text: str) -> str:
    """Return the telling words in one case, without marks; all words where none is telling."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    words = WORD.findall("".join(c for c in folded if unicodedata.category(c) != "Mn"))
    telling = [word for word in words if len(word) >= TELLING_LETTERS]
    return " ".join(telling or words)


def _likeness(wanted: str, text: str) -> float:
    """From 0 to 100: mostly whether the same words are in both, and somewhat how much else is."""
    return 0.7 * fuzz.token_set_ratio(wanted, text) + 0.3 * fuzz.token_sort_ratio(wanted, text)
