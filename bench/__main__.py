"""`python -m bench [--only NAME]`: measure, print, and write docs/figures.md."""

from __future__ import annotations

import argparse
import os
import platform
from collections.abc import Iterable
from functools import partial

from bench import figures as measured
from bench.figures import ROOT, Figure
from bench.mail import MAILS, measure_mail
from bench.registering import measure_registering

METHOD = (
    "Written by `make bench`. Rates are taken in one run, in turns, and given as the median of "
    "their ratios: 16 requests at a time over kept connections, warm, from a driver on the same "
    "machine. Both sides run under Granian (WSGI, one process) or, where it says all in one "
    "process, under Uvicorn. A bare route is a Flask application that renders a template of the "
    "same size after one SELECT, or serialises one icalendar event without asking a database. Mail "
    "goes to a server that forgets it, in a process of its own, over one connection on each side. "
    "Registrations are whole visits (form, POST, the page after it) of people with a connection "
    "each, to two processes with PostgreSQL that is safe on disk, and Redis."
)
MEASUREMENTS = measured.MEASUREMENTS | {
    "mail": measure_mail,
    "registering": measure_registering,
}
MARKS = {True: "met", False: "**missed**", None: ""}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("--only", choices=MEASUREMENTS, help="measure this alone, write no file")
    parser.add_argument("--mails", type=int, default=MAILS, help="how many are sent in each turn")
    asked = parser.parse_args()
    only = asked.only
    measurements = MEASUREMENTS | {"mail": partial(measure_mail, mails=asked.mails)}
    figures: list[Figure] = []
    for name, measure in measurements.items():
        if only in (None, name):
            for figure in measure():
                print(f"{figure.what}: {figure.value} ({figure.compared}) {MARKS[figure.is_met]}")
                figures.append(figure)
    if only is None:
        (ROOT / "docs" / "figures.md").write_text(_table(figures), encoding="utf-8")


def _table(figures: Iterable[Figure]) -> str:
    rows = [
        f"| {f.what} | {f.value} | {f.compared} | {f.wanted} | {MARKS[f.is_met]} |" for f in figures
    ]
    return "\n".join(
        [
            "# Figures",
            "",
            METHOD,
            "",
            f"{os.cpu_count()} cores, shared with the driver; Python {platform.python_version()}.",
            "",
            "| what | figure | compared | wanted | |",
            "|---|---|---|---|---|",
            *rows,
            "",
        ]
    )


if __name__ == "__main__":
    main()
