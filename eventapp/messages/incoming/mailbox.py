"""The mailbox of the reply address, looked into every minute over IMAP (RFC 9051).

What is unseen is taken in and then marked as seen. A crash in between costs nothing: the message is
known by then.
"""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from flask import current_app
from sqlalchemy.exc import SQLAlchemyError
from structlog import get_logger

from eventapp.core import clock
from eventapp.core.db import is_out_of_reach
from eventapp.messages.incoming.parts import LARGEST
from eventapp.messages.incoming.reception import receive

TIMEOUT_SECONDS = 20
POLL_AT_MOST = 200
POLL_LASTS = timedelta(seconds=45)
PORT, PORT_WITH_TLS = 143, 993
CRITICAL = re.compile(r'(["\\])')
SEEN = r"(\Seen)"
# What could not be taken in stands out in the mailbox, and is left alone from then on.
NEEDS_A_PERSON = r"(\Seen \Flagged)"

log = get_logger(__name__)


class MailboxAnsweredNo(Exception):
    """The mailbox did not do what it was asked for; says what."""


def poll_mailbox() -> int:
    """Take in what is unseen in the mailbox; return how many messages that were."""
    url = current_app.config["EVENTAPP"].imap_url
    if url is None:
        return 0
    try:
        with _open_mailbox(urlsplit(url)) as mailbox:
            return _take_in_unseen(mailbox)
    except (imaplib.IMAP4.error, MailboxAnsweredNo, OSError) as error:
        log.warning("mailbox_unreachable", reason=f"{type(error).__name__}: {error}"[:500])
        return 0


@contextmanager
def _open_mailbox(url: SplitResult) -> Iterator[imaplib.IMAP4]:
    mailbox = _connect(url)
    try:
        mailbox.login(unquote(url.username or ""), unquote(url.password or ""))
        folder = unquote(url.path.strip("/")) or "INBOX"
        quoted = CRITICAL.sub(r"\\\1", folder)
        _check(mailbox.select(f'"{quoted}"'), f"select {folder}")
        yield mailbox
    finally:
        with suppress(imaplib.IMAP4.error, OSError):
            mailbox.logout()


def _connect(url: SplitResult) -> imaplib.IMAP4:
    """Open a connection: with TLS, or for `imap:` with as much of it as the server offers."""
    secure = ssl.create_default_context()
    host = url.hostname or ""
    if url.scheme == "imaps":
        return imaplib.IMAP4_SSL(
            host, url.port or PORT_WITH_TLS, ssl_context=secure, timeout=TIMEOUT_SECONDS
        )
    mailbox = imaplib.IMAP4(host, url.port or PORT, timeout=TIMEOUT_SECONDS)
    if "STARTTLS" in mailbox.capabilities:
        mailbox.starttls(ssl_context=secure)
    return mailbox


def _take_in_unseen(mailbox: imaplib.IMAP4) -> int:
    stop_at = clock.now() + POLL_LASTS
    [found, *_] = _check(mailbox.uid("SEARCH", "UNSEEN"), "search")
    uids = (found or b"").decode().split()[:POLL_AT_MOST]
    count = 0
    for uid in uids:
        if clock.now() > stop_at:
            break
        flags = _take_in(_fetch(mailbox, uid), uid)
        if flags is None:
            break
        _check(mailbox.uid("STORE", uid, "+FLAGS", flags), "store")
        count += 1
    return count


def _fetch(mailbox: imaplib.IMAP4, uid: str) -> bytes:
    """Return a message, or as much of it as is read of any; b"" for one that is gone."""
    answer = _check(mailbox.uid("FETCH", uid, f"(BODY.PEEK[]<0.{LARGEST}>)"), "fetch")
    return next((bytes(part[1]) for part in answer if isinstance(part, tuple)), b"")


def _take_in(raw: bytes, uid: str) -> str | None:
    """Take a message in; return the flags it gets, None where it has to wait for the database."""
    try:
        if raw:
            receive(raw)
    except Exception as error:
        if isinstance(error, SQLAlchemyError) and is_out_of_reach(error):
            log.exception("database_away", uid=uid)
            return None
        log.exception("mail_not_received", uid=uid)
        return NEEDS_A_PERSON
    return SEEN


def _check(answer: tuple[str, list[Any]], what: str) -> list[Any]:
    """Return what the mailbox answered. Raises MailboxAnsweredNo."""
    status, data = answer
    if status != "OK":
        raise MailboxAnsweredNo(what)
    return data
