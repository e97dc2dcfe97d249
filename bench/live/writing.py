"""The live room's part of docs/figures.md, and its picture."""

from __future__ import annotations

from pathlib import Path

from bench.live.measuring import Live, tabulate_growth
from bench.live.picture import draw_growth
from bench.tables import tabulate

HEADING = "## The live room"
PICTURE = Path("pictures") / "live-growth.svg"

METHOD = """\
Written by `make bench ARGS="--only live"`, or with all the others. The driver (`bench/live/`) is
one process with an event loop, the same one that the servers run on. It holds every stream itself,
each from one of 249 loopback addresses, so that ports never run out and limits by address count as
they would count 249 households. The addresses of streams come from `state.json`, as a page gets
them: one person with a cookie jar of their own for every four streams. Both sides of a comparison
are driven by the same code in one run, on the cores that the driver shares with them.

- **One question.** Guests put a question into an open room without approval; the time runs from
  before the POST is sent (opening its connection included) to when each listener has read the
  question. Percentiles are of all listeners, and the median over the questions is given; the
  longest is of all questions. The bare server is asyncio (uvloop) and writes the bytes that it is
  POSTed, which are the question's own, to as many open sockets: no database, no permits, no HTTP
  library. For two live processes there are two bare ones, told at the same moment.
- **Memory** is the proportional set size of the processes that hold streams, with all of them open
  and after the questions, less what it was before the first was opened (when pages had been asked
  for already), by the number of streams. **Processor** is user and system time of these processes
  by questions and listeners; all in one process it includes taking the question itself.
- **Voting.** Everybody in the room is a guest with a cookie jar and an open page, and votes and
  asks in turn; each POST has a connection of its own, and leaves on time whether or not those
  before it have been answered. In the end the rows of votes, the questions' counts and the POSTs
  that were accepted must agree, and every page (its first state, and all that its stream brought)
  must show each question's status and votes as the database has them. PostgreSQL is safe on disk
  and has two web processes and one live process beside it.
- **Faults.** Pages come back by the rules and waits of `static/js/live-stream.js`. A process is
  ended with SIGKILL; where pages can still be reached, votes and a question are posted meanwhile.
  The time runs from when the process (or Redis, which comes back empty) takes connections again to
  when the last page is open and shows what the database holds. The listener that never reads has a
  receive buffer of 4 kB; it is dropped when the server no longer has its connection.
"""


def write_live(live: Live) -> str:
    """Return the section."""
    return "\n".join(
        [
            HEADING,
            "",
            METHOD,
            *tabulate(live.figures),
            "",
            "### Cost per listener",
            "",
            f"![Processor and memory per listener, and how long they wait]({PICTURE.as_posix()})",
            "",
            *tabulate_growth(live.growths),
            "",
        ]
    )


def save_picture(live: Live, docs: Path) -> None:
    path = docs / PICTURE
    path.parent.mkdir(exist_ok=True)
    path.write_text(draw_growth(live.growths), encoding="utf-8")
