"""What follows from a server's reply (RFC 5321, 4.2) and its enhanced code (RFC 3463).

| the server says                              | the message            | the server     |
|----------------------------------------------|------------------------|----------------|
| nothing: refused, silent, hung up            | waits 1 min, doubled   | rests 45 s     |
| 421, 452, 4.3.x: closing, full, overloaded   | waits 5 min, doubled   | rests 2 min    |
| 450, 451, 4.7.x: greylisted, too many        | waits 5 min, doubled   | -              |
| 4.2.2: the mailbox is full                   | waits 1 h              | -              |
| any other 4xx                                | waits 1 min, doubled   | -              |
| 530, 534, 535, 538, 454: sign in first       | keeps its attempts     | rests 5 min    |
| MAIL FROM refused; relaying denied           | keeps its attempts     | rests 5 min    |
| MAIL FROM refused for now (4xx)              | keeps its attempts     | rests 2 min    |
| DATA refused before any content              | waits 5 min, doubled   | rests 5 min    |
| 5.7.x (policy) for the fifth message running | waits 5 min, doubled   | rests 5 min    |
| any other 5xx, for a recipient or a content  | has failed             | -              |

A server that rests is left alone by this process, and all messages wait. What is doubled ends at
an hour. A message that is too large for the server (552, 5.2.3, 5.3.4) has failed at any step.
"""

from __future__ import annotations

import re
import smtplib
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

CLOSING = 421
OUT_OF_STORAGE = 452
TOO_LARGE = 552
COMES_LATER = frozenset({450, 451})
WANTS_SIGN_IN = frozenset({454, 530, 534, 535, 538})
ABOUT_SIZE = frozenset({(2, 3), (3, 4)})
MAILBOX_IS_FULL = (2, 2)
OF_THE_SYSTEM = 3
OF_POLICY = 7

SHORT_WAIT = timedelta(minutes=1)
WAIT = timedelta(minutes=5)
LONGEST_WAIT = timedelta(hours=1)
REST_AFTER_NO_ANSWER = timedelta(seconds=45)
REST_WHEN_BUSY = timedelta(minutes=2)
REST_UNTIL_MENDED = timedelta(minutes=5)
# So many messages running that break the server's rules say more about us than about them.
MOST_AGAINST_POLICY = 5
LONGEST_REASON = 2000

ENHANCED = re.compile(r"[245]\.(\d{1,3})\.(\d{1,3})\b")
RELAYING = re.compile(r"relay", re.IGNORECASE)
QUOTED_ADDRESS = re.compile(r"<[^<>]*>|\S*@\S*")


class Step(StrEnum):
    """How far a message had come."""

    SENDER = "MAIL FROM"
    RECIPIENT = "RCPT TO"
    OFFER = "DATA"
    CONTENT = "content"


@dataclass(frozen=True)
class Reply:
    """A server's reply; without a code it gave none, and `text` is what happened instead."""

    code: int
    text: str

    @classmethod
    def in_error(cls, error: Exception) -> Reply:
        """Return the reply that `error` carries, if there is one."""
        if isinstance(error, smtplib.SMTPResponseException):
            return cls.read(error.smtp_code, error.smtp_error)
        return cls(0, f"{type(error).__name__}: {error}")

    @classmethod
    def read(cls, code: int, text: bytes | str) -> Reply:
        return cls(code, text if isinstance(text, str) else text.decode(errors="replace"))

    @property
    def detail(self) -> tuple[int, int] | None:
        """Subject and detail of the enhanced code: (7, 1) of 5.7.1; None where there is none."""
        found = ENHANCED.match(self.text.strip())
        return (int(found.group(1)), int(found.group(2))) if found else None

    @property
    def subject(self) -> int | None:
        return self.detail[0] if self.detail else None

    @property
    def is_permanent(self) -> bool:
        return 500 <= self.code < 600  # noqa: PLR2004 - RFC 5321, 4.2.1

    @property
    def is_against_policy(self) -> bool:
        return self.is_permanent and self.subject == OF_POLICY

    def __str__(self) -> str:
        words = f"{self.code} {self.text}" if self.code else self.text
        return " ".join(words.split())[:LONGEST_REASON]


class NotTaken(Exception):
    """The server didn't take a message: at which step, and what it said."""

    def __init__(self, step: Step, reply: Reply) -> None:
        super().__init__(str(reply))
        self.step = step
        self.reply = reply


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What becomes of a message, and for how long its server rests.

    `wait` is the first one; `costs_attempt` is False for what isn't the message's fault.
    """

    is_final: bool = False
    wait: timedelta = SHORT_WAIT
    costs_attempt: bool = True
    rest: timedelta | None = None


FINAL = Verdict(is_final=True)
NO_ANSWER = Verdict(rest=REST_AFTER_NO_ANSWER)
BUSY = Verdict(wait=WAIT, rest=REST_WHEN_BUSY)
LATER = Verdict(wait=WAIT)
FULL = Verdict(wait=LONGEST_WAIT)
OTHERWISE = Verdict()
ABOUT_US = Verdict(wait=WAIT, rest=REST_UNTIL_MENDED, costs_attempt=False)
ABOUT_US_FOR_NOW = Verdict(wait=WAIT, rest=REST_WHEN_BUSY, costs_attempt=False)
PERHAPS_ABOUT_US = Verdict(wait=WAIT, rest=REST_UNTIL_MENDED)


def judge(step: Step, reply: Reply, *, against_policy: int = 0) -> Verdict:
    """Return what follows from `reply`; `against_policy` messages running were refused before."""
    if not reply.code:
        return NO_ANSWER
    if is_about_us(step, reply):
        return ABOUT_US
    if reply.is_permanent:
        return _judge_permanent(step, reply, against_policy=against_policy)
    return ABOUT_US_FOR_NOW if step == Step.SENDER else _judge_temporary(reply)


def is_about_us(step: Step, reply: Reply) -> bool:
    """Whether the server takes nothing from us, whoever it is for."""
    if reply.code in WANTS_SIGN_IN:
        return True
    if not reply.is_permanent or _is_about_size(reply):
        return False
    return step == Step.SENDER or (step == Step.RECIPIENT and _is_relay_denied(reply))


def _is_relay_denied(reply: Reply) -> bool:
    """Whether a server doesn't pass mail on for us, as far as its words tell.

    The address that it quotes is whatever somebody typed, and a code about addresses (5.1.x) is
    about this one, whichever table it wasn't found in.
    """
    words = QUOTED_ADDRESS.sub("", reply.text)
    return reply.subject in {None, OF_POLICY} and RELAYING.search(words) is not None


def _judge_permanent(step: Step, reply: Reply, *, against_policy: int) -> Verdict:
    is_doubtful = step == Step.OFFER or (
        reply.is_against_policy and against_policy + 1 >= MOST_AGAINST_POLICY
    )
    return PERHAPS_ABOUT_US if is_doubtful and not _is_about_size(reply) else FINAL


def _judge_temporary(reply: Reply) -> Verdict:
    if reply.detail == MAILBOX_IS_FULL:
        return FULL
    if reply.code in {CLOSING, OUT_OF_STORAGE} or reply.subject == OF_THE_SYSTEM:
        return BUSY
    if reply.code in COMES_LATER or reply.subject == OF_POLICY:
        return LATER
    return OTHERWISE


def _is_about_size(reply: Reply) -> bool:
    return reply.code == TOO_LARGE or reply.detail in ABOUT_SIZE


def back_off(attempts: int, *, first: timedelta) -> timedelta:
    """How long to wait after so many failed attempts: `first`, doubled, an hour at most."""
    doubled: int = 2 ** max(0, min(attempts - 1, 20))
    return min(first * doubled, LONGEST_WAIT)
