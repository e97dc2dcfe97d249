"""Figures as rows of Markdown."""

from __future__ import annotations

from collections.abc import Iterable

from bench.figures import Figure

MARKS = {True: "met", False: "**missed**", None: ""}


def tabulate(figures: Iterable[Figure]) -> list[str]:
    rows = [
        f"| {f.what} | {f.value} | {f.compared} | {f.wanted} | {MARKS[f.is_met]} |" for f in figures
    ]
    return ["| what | figure | compared | wanted | |", "|---|---|---|---|---|", *rows]
