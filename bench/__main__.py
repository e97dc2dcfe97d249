"""`python -m bench [--only NAME]`: measure, print, and write docs/figures.md."""

from __future__ import annotations

import argparse
import os
import platform
from collections.abc import Iterable
from functools import partial

from bench import figures as measured
from bench.figures import ROOT, Figure
from bench.live.measuring import LISTENERS, measure_live
from bench.live.writing import HEADING, save_picture, write_live
from bench.mail import MAILS, measure_mail
from bench.registering import measure_registering
from bench.replay.measuring import measure_replay
from bench.tables import MARKS, tabulate

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
    "replay": measure_replay,
}
LIVE = "live"
DOCS = ROOT / "docs"
FIGURES = DOCS / "figures.md"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument(
        "--only",
        choices=[*MEASUREMENTS, LIVE],
        help="measure this alone; only live writes its part of docs/figures.md then",
    )
    parser.add_argument("--mails", type=int, default=MAILS, help="how many are sent in each turn")
    parser.add_argument(
        "--listeners",
        type=int,
        default=LISTENERS,
        help="how many streams are held at most; with fewer, nothing is written of them",
    )
    asked = parser.parse_args()
    figures = _measure(asked.only, mails=asked.mails)
    if asked.only is None:
        FIGURES.write_text(_write(figures), encoding="utf-8")
    if asked.only in {None, LIVE}:
        _measure_live(listeners=asked.listeners)


def _measure(only: str | None, *, mails: int) -> list[Figure]:
    measurements = MEASUREMENTS | {"mail": partial(measure_mail, mails=mails)}
    figures: list[Figure] = []
    for name, measure in measurements.items():
        if only in (None, name):
            found = measure()
            _print(found)
            figures += found
    return figures


def _measure_live(*, listeners: int) -> None:
    live = measure_live(listeners=listeners)
    _print(live.figures)
    if listeners == LISTENERS:
        others = FIGURES.read_text(encoding="utf-8").partition(HEADING)[0]
        FIGURES.write_text(others + write_live(live), encoding="utf-8")
        save_picture(live, DOCS)


def _print(figures: Iterable[Figure]) -> None:
    for figure in figures:
        print(f"{figure.what}: {figure.value} ({figure.compared}) {MARKS[figure.is_met]}")


def _write(figures: Iterable[Figure]) -> str:
    return "\n".join(
        [
            "# Figures",
            "",
            METHOD,
            "",
            f"{os.cpu_count()} cores, shared with the driver; Python {platform.python_version()}.",
            "",
            *tabulate(figures),
            "",
            "",
        ]
    )


if __name__ == "__main__":
    main()
