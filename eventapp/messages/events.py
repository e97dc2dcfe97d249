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
