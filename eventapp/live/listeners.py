"""Who listens, as their permit names them: a short text from which nobody can be read.

A permit stands in an address, so it holds no number of a registration or an account. Of one person
in one webinar the text is always the same, so their tabs count as one.
"""

from __future__ import annotations

import secrets

from flask import session
from flask_login import current_user

from eventapp.core.tokens import derive_token
from eventapp.live.permits import Channel
from eventapp.questions.identity import GUEST

LISTENER = "listener"
CHARACTERS = 16


def name_listener(webinar_id: int, channel: Channel, *, viewer: str = "") -> str:
    """Return who listens from this browser; `viewer` is whom the room knows them as, if it does."""
    if channel is Channel.DESK:
        identity = f"user:{current_user.get_id()}"
    elif viewer.startswith("registration:"):
        identity = viewer
    else:
        identity = _identity_of_browser()
    return derive_token("listener", f"{webinar_id}:{identity}")[:CHARACTERS]


def _identity_of_browser() -> str:
    """A screen or a guest keeps what it was first known by, also once it has asked or voted."""
    if LISTENER in session:
        return f"listener:{session[LISTENER]}"
    if GUEST in session:
        return f"guest:{session[GUEST]}"
    session[LISTENER] = secrets.token_urlsafe(9)
    return f"listener:{session[LISTENER]}"
