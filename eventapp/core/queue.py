"""The queue (Huey): told after each commit that there is work, so that a worker looks at once.

The queue carries only ids. The work itself is rows (`core/outbox`, `core/mailer`), so a queue
that loses everything costs a minute: the sweep finds what is due.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask, current_app
from huey import RedisHuey, SqliteHuey, crontab
from huey.api import Huey
from huey.consumer import Consumer

POLL_AT_LEAST_SECONDS = 0.05
POLL_AT_MOST_SECONDS = 0.5


class EmbeddedConsumer(Consumer):  # type: ignore[misc]
    """A consumer inside the server's process, which keeps the signal handlers to itself."""

    def _set_signal_handlers(self) -> None:
        """Leave the signals to the server; it stops this consumer."""


def init_app(app: Flask, *, redis_url: str | None, instance_dir: Path) -> None:
    app.extensions["eventapp.huey"] = (
        RedisHuey("eventapp", url=redis_url, results=False)
        if redis_url
        else SqliteHuey("eventapp", filename=str(instance_dir / "queue.db"), results=False)
    )
    app.extensions["eventapp.tasks"] = {}


def queue_of(app: Flask) -> Huey:
    huey: Huey = app.extensions["eventapp.huey"]
    return huey


def add_task(app: Flask, name: str, work: Callable[[int], None]) -> None:
    """Register `work(row_id)`; it runs in a worker, inside the application's context."""

    def task(row_id: int) -> None:
        with app.app_context():
            work(row_id)

    app.extensions["eventapp.tasks"][name] = queue_of(app).task(name=name)(task)


def add_sweep(app: Flask, name: str, work: Callable[[], Any]) -> None:
    """Register `work()` to run every minute in a worker, inside the application's context."""

    def task() -> None:
        with app.app_context():
            work()

    queue_of(app).periodic_task(crontab(minute="*"), name=name)(task)


def tell_queue(name: str, row_id: int) -> None:
    """Tell the workers that row `row_id` waits for task `name`."""
    current_app.extensions["eventapp.tasks"][name](row_id)


def build_consumer(app: Flask, *, embedded: bool, workers: int = 2) -> Consumer:
    kind = EmbeddedConsumer if embedded else Consumer
    return kind(
        queue_of(app),
        workers=workers,
        initial_delay=POLL_AT_LEAST_SECONDS,
        max_delay=POLL_AT_MOST_SECONDS,
    )
