"""How quickly the ledger is drained, against a bare loop that sends the same bytes.

PostgreSQL has written a commit to the disk before it says so, as in earnest.

Both sides run in processes of their own and speak to the same sink: `python -m bench.mail drain`
and `python -m bench.mail bare`. For each line that they are given they send everything once, and
print the seconds and the processor's seconds that it took them.
"""

from __future__ import annotations

import os
import smtplib
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import flask_migrate
import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from bench import running
from bench.figures import Figure
from config import Settings
from eventapp import create_app
from eventapp.core import clock, mailer
from eventapp.core.db import db, transaction
from eventapp.core.logs import configure_logging
from eventapp.core.mailer import MailStatus, OutgoingMail, build_email
from eventapp.registrations.mails import MAILING_AT_ONCE, mail_attendee
from eventapp.registrations.models import Registration
from eventapp.webinars.models import Webinar
from tests.factories import AgendaItemFactory, RegistrationFactory, WebinarFactory
from tests.servers.postgres import DURABLE, PostgresServer

ROUNDS = 3
AT_LEAST = 0.5
MAILS = 10_000
SENDER = "Webinars <webinars@example.org>"
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Turn:
    """How long a side took, and for how much of that the processor worked for it."""

    seconds: float
    busy: float

    @classmethod
    def now(cls) -> Turn:
        return cls(time.perf_counter(), time.process_time())

    def __sub__(self, began: Turn) -> Turn:
        return Turn(self.seconds - began.seconds, self.busy - began.busy)


def measure_mail(*, mails: int = MAILS) -> list[Figure]:
    """Drain a mailing of confirmations with their calendar entries, on both engines."""
    with tempfile.TemporaryDirectory() as folder:
        found = _measure_engine("SQLite", Path(folder), "", mails=mails)
    server = PostgresServer(**DURABLE)
    try:
        with tempfile.TemporaryDirectory() as folder:
            database_url = server.url(server.create_database())
            return found + _measure_engine("PostgreSQL", Path(folder), database_url, mails=mails)
    finally:
        server.stop()


def _measure_engine(engine: str, folder: Path, database_url: str, *, mails: int) -> list[Figure]:
    environ = running.settings(folder, database_url=database_url)
    written = _fill(environ, mails=mails)
    return [
        Figure(
            what=f"a confirmation written to the ledger, {engine}",
            value=f"{written * 1000:.1f} ms",
            compared=f"{1 / written:.0f}/s, with its calendar entry, {MAILING_AT_ONCE} at once",
        ),
        *(
            _compare(f"mail, {engine}{words}", environ, mails=mails, extensions=extensions)
            for words, extensions in (
                ("", ()),
                (", server takes commands in a row", ("PIPELINING",)),
            )
        ),
    ]


def _compare(
    what: str, environ: dict[str, str], *, mails: int, extensions: tuple[str, ...]
) -> Figure:
    ours, theirs = [], []
    with _sink(*extensions) as port:
        environ = environ | {
            "MAIL_SERVER": "127.0.0.1",
            "MAIL_PORT": str(port),
            "MAIL_DEFAULT_SENDER": SENDER,
        }
        with _side("drain", environ) as drain, _side("bare", environ) as bare:
            for number in range(ROUNDS):
                ours.append(_take_turn(drain))
                theirs.append(_take_turn(bare))
                if _count_taken(port) != (number + 1) * 2 * mails:
                    raise RuntimeError("The sink has not taken every message once from each side.")
    ratio = statistics.median(t.seconds / o.seconds for o, t in zip(ours, theirs, strict=True))
    return Figure(
        what=what,
        value=f"{ratio:.2f} ×",
        compared=f"{mails:,} messages at {_describe(ours, mails)} to "
        f"{_describe(theirs, mails)} of a bare smtplib loop",
        wanted=f"≥ {AT_LEAST} ×",
        is_met=ratio >= AT_LEAST,
    )


def _describe(turns: list[Turn], mails: int) -> str:
    rate = statistics.median(mails / turn.seconds for turn in turns)
    busy = statistics.median(turn.busy / mails for turn in turns)
    return f"{rate:.0f}/s ({busy * 1000:.2f} ms of processor each)"


@contextmanager
def _sink(*extensions: str) -> Iterator[int]:
    port = running.free_port()
    server = subprocess.Popen([sys.executable, "-m", "bench.sink", str(port), *extensions])
    try:
        _wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=15)


def _wait_for(port: int) -> None:
    until = time.monotonic() + running.SECONDS_TO_START
    while True:
        try:
            _count_taken(port)
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
        else:
            return


def _count_taken(port: int) -> int:
    with smtplib.SMTP("127.0.0.1", port) as smtp:
        return int(smtp.noop()[1])


@contextmanager
def _side(side: str, environ: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """A process that sends everything once a turn: to start one takes longer than to send."""
    with subprocess.Popen(
        [sys.executable, "-m", "bench.mail", side],
        env=os.environ | environ,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as running:
        yield running


def _take_turn(side: subprocess.Popen[str]) -> Turn:
    assert side.stdin is not None
    assert side.stdout is not None
    side.stdin.write("\n")
    side.stdin.flush()
    return Turn(*map(float, side.stdout.readline().split()))


# -- in the processes --------------------------------------------------------------------------


def _fill(environ: dict[str, str], *, mails: int) -> float:
    """Write the mailing; return the seconds that each message took."""
    app = create_app(Settings.from_environment(environ))
    with app.app_context():
        flask_migrate.upgrade()
        webinar = WebinarFactory()
        AgendaItemFactory.create_batch(5, webinar=webinar)
        ids = _register(webinar, count=mails)
        began = time.perf_counter()
        for first in range(0, mails, MAILING_AT_ONCE):
            _write(ids[first : first + MAILING_AT_ONCE])
        taken = time.perf_counter() - began
        db.session.remove()
        db.engine.dispose()
    return taken / mails


def _register(webinar: Webinar, *, count: int) -> list[int]:
    people = RegistrationFactory.build_batch(count, webinar=webinar)
    db.session.add_all(people)
    db.session.commit()
    return [person.id for person in people]


def _write(registration_ids: list[int]) -> None:
    with transaction() as session:
        wanted = sa.select(Registration).where(Registration.id.in_(registration_ids))
        for registration in session.scalars(wanted):
            mail_attendee(
                "registration_confirmed",
                registration,
                once_key=f"registration-confirmed:{registration.id}:0",
                method="REQUEST",
                now=clock.now(),
            )


def _drain() -> Turn:
    """Send everything as a worker's sweep does."""
    with transaction() as session:
        session.execute(
            sa.update(OutgoingMail).values(status=MailStatus.QUEUED, attempts=0, due_at=LONG_AGO)
        )
    began = Turn.now()
    while mailer.deliver_due_mail():
        pass
    return Turn.now() - began


def _send_barely(port: int) -> Turn:
    """Send the same bytes over one connection, and write nothing down."""
    written = sa.select(OutgoingMail).options(joinedload(OutgoingMail.body))
    emails = [build_email(row, sender=SENDER) for row in db.session.scalars(written)]
    db.session.rollback()
    began = Turn.now()
    with smtplib.SMTP("127.0.0.1", port) as smtp:
        for email in emails:
            smtp.sendmail(email.sender, [email.recipient], email.content)
    return Turn.now() - began


def _main(side: str) -> None:
    configure_logging("WARNING")
    settings = Settings.from_environment()
    with create_app(settings).app_context():
        for _ in sys.stdin:
            turn = _drain() if side == "drain" else _send_barely(settings.mail_port)
            print(turn.seconds, turn.busy, flush=True)


if __name__ == "__main__":
    _main(sys.argv[1])
