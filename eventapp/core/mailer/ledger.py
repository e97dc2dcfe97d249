"""The ledger's rows, and how a message is put into words and written to it."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.ext.associationproxy import AssociationProxy, association_proxy
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventapp.core import clock, queue
from eventapp.core.db import Base, after_commit, db, string_enum
from eventapp.core.mailer.withholding import find_bounces
from eventapp.core.mailer.words import WriteOwnWords, put_into_words

TASK = "deliver_mail"
RUNG_IN = "mail_bell_rung_in"


class MailStatus(StrEnum):
    """What became of a message.

    One that is retried wasn't taken and waits for its next turn. A failed one was refused for good
    by the server; a bounced one was taken and came back; a withheld one isn't sent at all: its
    address has bounced, its owner asked for no more, or it was called back (see `holding`).
    """

    QUEUED = "queued"
    SENDING = "sending"
    RETRYING = "retrying"
    SENT = "sent"
    FAILED = "failed"
    BOUNCED = "bounced"
    WITHHELD = "withheld"


WAITS = (MailStatus.QUEUED, MailStatus.RETRYING)
NOT_DELIVERED_YET = (*WAITS, MailStatus.SENDING)


class OutgoingMailBody(Base):
    """What a message says; apart, since each change to a row writes the whole of it anew."""

    __tablename__ = "outgoing_mail_bodies"

    mail_id: Mapped[int] = mapped_column(
        sa.ForeignKey("outgoing_mails.id", ondelete="CASCADE"), primary_key=True
    )
    text: Mapped[str]
    html: Mapped[str]
    calendar: Mapped[bytes | None]


class OutgoingMail(Base):
    """One message to one person: what is sent, and what became of it.

    `placeholder` stands in the texts and in the calendar where the token of `door` goes. What goes
    to many has an `unsubscribe_url` (RFC 8058), with the placeholder in it.
    From `useless_from` on, where there is one, it doesn't leave any more.
    `attempts` counts the claims that led to an attempt. Whoever claimed the row writes its outcome
    only while `claimed_at` is the moment of that claim.
    """

    __tablename__ = "outgoing_mails"
    __table_args__ = (
        sa.Index("ix_outgoing_mails_status_due_at", "status", "due_at"),
        sa.Index("ix_outgoing_mails_webinar_id", "webinar_id", "id"),
        sa.Index("ix_outgoing_mails_door", "door", "id"),
        sa.Index(
            "ix_outgoing_mails_broadcast_id",
            "broadcast_id",
            "status",
            sqlite_where=sa.text("broadcast_id IS NOT NULL"),
            postgresql_where=sa.text("broadcast_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    once_key: Mapped[str | None] = mapped_column(unique=True)
    message: Mapped[str]
    webinar_id: Mapped[int | None]
    to_name: Mapped[str]
    to_address: Mapped[str]
    reply_to: Mapped[str | None]
    subject: Mapped[str]
    calendar_method: Mapped[str | None]
    door: Mapped[str | None]
    unsubscribe_url: Mapped[str | None]
    broadcast_id: Mapped[int | None]
    placeholder: Mapped[str]
    message_id: Mapped[str] = mapped_column(unique=True)
    status: Mapped[MailStatus] = mapped_column(string_enum(MailStatus), default=MailStatus.QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    useless_from: Mapped[datetime | None]
    claimed_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    bounced_at: Mapped[datetime | None]
    last_error: Mapped[str | None]

    body: Mapped[OutgoingMailBody] = relationship(
        cascade="all, delete-orphan", passive_deletes=True
    )
    body_text: AssociationProxy[str] = association_proxy(
        "body", "text", creator=lambda text: OutgoingMailBody(text=text)
    )
    body_html: AssociationProxy[str] = association_proxy(
        "body", "html", creator=lambda html: OutgoingMailBody(html=html)
    )
    calendar: AssociationProxy[bytes | None] = association_proxy(
        "body", "calendar", creator=lambda calendar: OutgoingMailBody(calendar=calendar)
    )


def new_placeholder() -> str:
    """Return what stands for a personal token in one message: 128 bits that nobody could type."""
    return f"DOOR-TOKEN-{secrets.token_hex(16)}"


@dataclass(frozen=True, kw_only=True)
class Recipient:
    """Who one message goes to and in which language.

    `door` names the personal link it may hold, as `purpose:uid` (see `core/tokens`); the message is
    written with `placeholder` in the token's place.
    """

    name: str
    address: str
    language: str = "en"
    door: str | None = None
    placeholder: str = field(default_factory=new_placeholder)


@dataclass(frozen=True, kw_only=True)
class CalendarPart:
    """An iTIP message (RFC 5546) to travel with a mail, its placeholder in its personal links."""

    content: bytes
    method: str


@dataclass(frozen=True, kw_only=True)
class Bulk:
    """What a message to many is part of, and where it can be unsubscribed from (RFC 8058).

    `unsubscribe_url` holds the recipient's placeholder in the token's place. From `useless_from` on
    it would say what isn't so any more.
    """

    unsubscribe_url: str
    broadcast_id: int | None = None
    useless_from: datetime | None = None


def can_send() -> bool:
    """Whether a mail server is configured; without one, messages wait in the ledger."""
    return current_app.config["EVENTAPP"].mail_server is not None


def site_address(endpoint: str, **values: Any) -> str:
    """Return the whole address of a page, for messages: a worker has no request to take it from."""
    base = urlsplit(current_app.config["EVENTAPP"].base_url)
    adapter = current_app.url_map.bind(
        base.netloc, script_name=base.path or "/", url_scheme=base.scheme
    )
    return adapter.build(endpoint, values, force_external=True)


def queue_mail(
    message: str,
    *,
    to: Recipient,
    context: dict[str, Any],
    webinar_id: int | None = None,
    reply_to: str | None = None,
    calendar: CalendarPart | None = None,
    once_key: str | None = None,
    bulk: Bulk | None = None,
    write_own: WriteOwnWords | None = None,
) -> OutgoingMail | None:
    """Render `message` for `to` and write it to the ledger; a worker sends it after the commit.

    For its words see `put_into_words`.
    With a `once_key` that the ledger already has, nothing is written and None is returned.
    """
    if once_key is not None and _is_in_ledger(once_key):
        return None
    words = put_into_words(
        message,
        language=to.language,
        context={"recipient": to, **context},
        webinar_id=webinar_id,
        write_own=write_own,
    )
    return queue_rendered_mail(
        message,
        to=to,
        subject=words.subject,
        body_text=words.body_text,
        body_html=words.body_html,
        webinar_id=webinar_id,
        reply_to=reply_to,
        calendar=calendar,
        once_key=once_key,
        bulk=bulk,
    )


def queue_rendered_mail(
    message: str,
    *,
    to: Recipient,
    subject: str,
    body_text: str,
    body_html: str,
    webinar_id: int | None = None,
    reply_to: str | None = None,
    calendar: CalendarPart | None = None,
    once_key: str | None = None,
    bulk: Bulk | None = None,
) -> OutgoingMail:
    """Write a message that is in words already to the ledger, as `queue_mail` does.

    To an address that mail came back from it is written too, and withheld.
    """
    moment = clock.now()
    row = OutgoingMail(
        once_key=once_key,
        message=message,
        webinar_id=webinar_id,
        to_name=to.name,
        to_address=to.address,
        reply_to=reply_to,
        subject=" ".join(subject.split()),
        body_text=body_text,
        body_html=body_html,
        calendar=calendar.content if calendar else None,
        calendar_method=calendar.method if calendar else None,
        door=to.door,
        unsubscribe_url=bulk.unsubscribe_url if bulk else None,
        broadcast_id=bulk.broadcast_id if bulk else None,
        placeholder=to.placeholder,
        message_id=new_message_id(),
        created_at=moment,
        due_at=moment,
        useless_from=bulk.useless_from if bulk else None,
    )
    hand_in(row)
    return row


def hand_in(row: OutgoingMail) -> None:
    """Let a worker send `row` after the commit, or withhold it where its address has bounced."""
    reason = next(iter(find_bounces([row.to_address]).values()), None)
    row.status = MailStatus.QUEUED if reason is None else MailStatus.WITHHELD
    row.last_error = reason
    db.session.add(row)
    db.session.flush()
    if reason is None:
        ring_for(row)


def ring_for(row: OutgoingMail) -> None:
    """Tell a worker of `row` once the running transaction is committed.

    One bell is enough for all that a transaction writes: a worker takes along what is due.
    """
    session = db.session()
    running = session.get_transaction()
    if session.info.get(RUNG_IN) is not running:
        session.info[RUNG_IN] = running
        row_id = row.id
        after_commit(lambda: queue.tell_queue(TASK, row_id))


def new_message_id() -> str:
    host = urlsplit(current_app.config["EVENTAPP"].base_url).hostname
    return f"<{uuid.uuid4().hex}@{host}>"


def _is_in_ledger(once_key: str) -> bool:
    found = sa.select(OutgoingMail.id).where(OutgoingMail.once_key == once_key)
    return db.session.execute(found).first() is not None
