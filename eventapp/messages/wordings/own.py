"""The words that the mailer asks for: an organiser's own, where they wrote some."""

from __future__ import annotations

from typing import Any

from structlog import get_logger

from eventapp.core.errors import Refusal
from eventapp.core.mailer import OwnWords
from eventapp.messages.wordings.filling import fill_words, read_words
from eventapp.messages.wordings.placeholders import value_placeholders
from eventapp.messages.wordings.queries import find_kept_wording
from eventapp.messages.wordings.standard import MESSAGES

log = get_logger(__name__)


def find_own_words(
    message: str, *, webinar_id: int, language: str, context: dict[str, Any]
) -> OwnWords | None:
    """Return what the organiser wrote for this message, filled in; None for the standard words.

    Words that this version of the application no longer understands are left out: the message
    itself matters more.
    """
    if message not in MESSAGES:
        return None
    wording = find_kept_wording(webinar_id, message, language=language)
    if wording is None:
        return None
    try:
        words = read_words(message, subject=wording.subject, body=wording.body)
    except Refusal as refusal:
        log.warning("wording_not_used", wording_id=wording.id, reason=str(refusal.message))
        return None
    return fill_words(words, value_placeholders(context))
