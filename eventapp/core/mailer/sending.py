"""Sending what was claimed, and writing down what became of it."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import current_app
from structlog import get_logger

from eventapp.core import clock
from eventapp.core.addresses import key_of_address
from eventapp.core.mailer.building import BuiltEmail, build_email
from eventapp.core.mailer.connection import MailConnection, ServerIsUnreachable
from eventapp.core.mailer.ledger import MailStatus
from eventapp.core.mailer.outcomes import Outcomes
from eventapp.core.mailer.replies import NotTaken, Reply, Verdict, back_off, judge
from eventapp.core.reply_addresses import Marking, mark_address

# With the waits in `replies`: for more than two days, as mail servers do (RFC 5321, 4.5.4.1).
MOST_ATTEMPTS = 60
STATE = "eventapp.mail_state"
log = get_logger(__name__)


@dataclass
class ServerState:
    """What this process knows of its server: until when it rests, and how it took the last ones."""

    rests_until: datetime | None = None
    against_policy: int = 0


class ServerRests(Exception):
    """The server is to be left alone for a while."""

    def __init__(self, rest: timedelta, reason: str) -> None:
        super().__init__(reason)
        self.rest = rest


def server_state() -> ServerState:
    state: ServerState = current_app.extensions.setdefault(STATE, ServerState())
    return state


class Batch:
    """Claimed messages that leave one after the other.

    While the server looks at a message's envelope, the outcome of the one before is written; while
    it takes the content, the next message is built. `rows` are those that haven't begun.
    """

    def __init__(
        self,
        rows: Sequence[sa.Row[Any]],
        *,
        connection: MailConnection,
        outcomes: Outcomes,
        bounces: Mapping[str, str],
    ) -> None:
        self.rows = deque(rows)
        self._connection = connection
        self._outcomes = outcomes
        self._bounces = bounces
        self._built: BuiltEmail | None = None
        self._taken: sa.Row[Any] | None = None

    def send_next(self) -> None:
        """Send the next message. Raises ServerIsUnreachable, ServerRests."""
        self._build_next()
        if self._built is None:
            return
        row, email = self.rows.popleft(), self._built
        self._built = None
        try:
            self._connection.post(email, while_asking=self._settle, while_taking=self._build_next)
        except ServerIsUnreachable:
            self.rows.appendleft(row)
            raise
        except NotTaken as refusal:
            self._settle()
            _write_refusal(self._outcomes, row, refusal)
        else:
            self._taken = row

    def end(self) -> None:
        """Write the last outcome, and give back what hasn't begun."""
        self._settle()
        for row in self.rows:
            _give_back(self._outcomes, row)

    def _settle(self) -> None:
        """Write that a message was taken, if that isn't written yet."""
        if self._taken is not None:
            row, self._taken = self._taken, None
            self._outcomes.write_taken(row)
            server_state().against_policy = 0

    def _build_next(self) -> None:
        """Build the next message that can be sent, and write down those before it that can't."""
        while self.rows and self._built is None:
            row = self.rows[0]
            reason = self._bounces and self._bounces.get(key_of_address(row.to_address))
            if reason:
                self._outcomes.write(row, status=MailStatus.WITHHELD, last_error=reason)
                self.rows.popleft()
                continue
            try:
                self._built = build_email(
                    row,
                    sender=current_app.config["MAIL_DEFAULT_SENDER"],
                    returns_to=mark_address(Marking.MESSAGE, row.id, uid=row.message_id),
                )
            except Exception as error:
                log.exception("mail_not_built", mail_id=row.id)
                reason = str(Reply.in_error(error))
                self._outcomes.write(row, status=MailStatus.FAILED, last_error=reason)
                self.rows.popleft()


def _write_refusal(outcomes: Outcomes, row: sa.Row[Any], refusal: NotTaken) -> None:
    """Write down why a message wasn't taken. Raises ServerRests where that isn't its own matter."""
    state, reply = server_state(), refusal.reply
    verdict = judge(refusal.step, reply, against_policy=state.against_policy)
    state.against_policy = state.against_policy + 1 if reply.is_against_policy else 0
    log.warning("mail_not_sent", mail_id=row.id, step=refusal.step.value, reason=str(reply))
    attempts = row.attempts if verdict.costs_attempt else row.attempts - 1
    outcomes.write(
        row,
        status=status_after(attempts, verdict),
        attempts=attempts,
        due_at=clock.now() + back_off(attempts, first=verdict.wait),
        last_error=str(reply),
    )
    if verdict.rest is not None:
        raise ServerRests(verdict.rest, str(reply))


def status_after(attempts: int, verdict: Verdict) -> MailStatus:
    has_failed = verdict.is_final or attempts >= MOST_ATTEMPTS
    return MailStatus.FAILED if has_failed else MailStatus.RETRYING


def _give_back(outcomes: Outcomes, row: sa.Row[Any]) -> None:
    """Let a message that was claimed and not begun wait on, as if it hadn't been claimed."""
    attempts = row.attempts - 1
    status = MailStatus.RETRYING if attempts else MailStatus.QUEUED
    outcomes.write(row, status=status, attempts=attempts)
