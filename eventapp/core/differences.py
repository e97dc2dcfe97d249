"""How two texts differ, line by line, as `components/differences.html` shows it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

AROUND = 2


@dataclass(frozen=True, kw_only=True)
class DifferentLine:
    """One line: `mark` is "+" where only the newer text has it, "-" where only the older has.

    An empty mark is a line of both; "…" stands for lines of both that are left out.
    """

    mark: str
    text: str


def compare_texts(older: str, newer: str) -> list[DifferentLine]:
    """Return what differs, with a few lines around; nothing for texts that are the same."""
    return list(_describe(older.splitlines(), newer.splitlines()))


def _describe(older: list[str], newer: list[str]) -> Iterator[DifferentLine]:
    matcher = SequenceMatcher(None, older, newer, autojunk=False)
    for number, group in enumerate(matcher.get_grouped_opcodes(AROUND)):
        if number:
            yield DifferentLine(mark="…", text="")
        for kind, start, end, newer_start, newer_end in group:
            if kind == "equal":
                yield from (DifferentLine(mark="", text=text) for text in older[start:end])
                continue
            yield from (DifferentLine(mark="-", text=text) for text in older[start:end])
            yield from (DifferentLine(mark="+", text=text) for text in newer[newer_start:newer_end])
