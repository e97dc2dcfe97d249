"""What happens to messages at the desk."""

from __future__ import annotations

from dataclasses import dataclass

from eventapp.core.events import Event


@dataclass(frozen=True, kw_only=True)
class MailSentAgain(Event):
    """An organiser had a message sent again: the same row, or a copy of one that was sent."""

    mail_id: int
    new_mail_id: int
    user_id: int


@dataclass(frozen=True, kw_only=True)
class ReminderAdvanced(Event):
    """A reminder has reached everybody up to the registration `after_id`.

    `started_for` is the moment its mailing was started for, in ISO 8601: one that was moved since
    goes no further.
    """

    reminder_id: int
    started_for: str
    after_id: int = 0


@dataclass(frozen=True, kw_only=True)
class BroadcastAdvanced(Event):
    """An organiser's message to many is on its way; its row says whom it has reached."""

    broadcast_id: int
