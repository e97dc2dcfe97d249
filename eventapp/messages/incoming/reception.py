"""Taking a message in: any bytes, once, in a transaction of its own."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.exc import IntegrityError
from structlog import get_logger

from eventapp.core import clock
from eventapp.core.db import db, transaction
from eventapp.messages.incoming.actions import take_in
from eventapp.messages.incoming.reading import ReceivedMail, read_mail

log = get_logger(__name__)


def receive(raw: bytes, *, recipients: Sequence[str] = ()) -> bool:
    """Take in a message; return whether it is new.

    Whatever it holds is no error; raises what the database raises.
    """
    mail = read_mail(raw, recipients=recipients)
    try:
        return _take_in(mail)
    except IntegrityError:
        # Another worker wrote the same meanwhile: this message, or that its address is gone.
        db.session.rollback()
        return _take_in(mail)


def _take_in(mail: ReceivedMail) -> bool:
    with transaction():
        row = take_in(mail, now=clock.now())
        noted = None if row is None else {"incoming_id": row.id, "outcome": row.outcome}
    if noted is not None:
        log.info("mail_received", **noted)
    return noted is not None
