"""Turns: threads that want the same thing have it one after another, first come first."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Lock

import sqlalchemy as sa


class Turns:
    """A lock that goes to whoever has waited longest; one of `threading` may go to anyone."""

    def __init__(self) -> None:
        self._guard = Lock()
        self._tickets: deque[Event] = deque()

    def count(self) -> int:
        """Return how many have the turn or wait for it."""
        return len(self._tickets)

    @contextmanager
    def take(self, *, seconds: float) -> Iterator[None]:
        """Wait for the turn and have it; raises SQLAlchemy's TimeoutError after `seconds`."""
        ticket = Event()
        with self._guard:
            self._tickets.append(ticket)
            self._call_first()
        try:
            if not ticket.wait(seconds):
                message = f"the turn to write didn't come in {seconds:.0f} s"
                raise sa.exc.TimeoutError(message)
            yield
        finally:
            with self._guard:
                self._tickets.remove(ticket)
                self._call_first()

    def _call_first(self) -> None:
        if self._tickets:
            self._tickets[0].set()
