"""How the desk answers: each act in one transaction, then how everything stands after it."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from eventapp.core import clock
from eventapp.core.db import db, transaction
from eventapp.core.errors import Refusal
from eventapp.core.negotiation import wants_json
from eventapp.live.bus import newest_id
from eventapp.live.queries import get_webinar_with_agenda
from eventapp.live.routes.blueprint import answer_state
from eventapp.live.states import build_desk_state
from eventapp.webinars.queries import get_webinar


def act_at_desk(webinar_id: int, act: Callable[..., None]) -> ResponseReturnValue:
    """Do one act in one transaction, and show how the desk stands after it."""
    get_webinar(webinar_id)
    actor_id = current_user.id
    try:
        with transaction():
            act(actor_id=actor_id, now=clock.now())
    except Refusal as refusal:
        if wants_json():
            raise
        flash(str(refusal.message), "warning")
    if wants_json():
        return answer_desk_state(webinar_id)
    return redirect(url_for("live.desk", webinar_id=webinar_id))


def answer_desk_state(webinar_id: int) -> ResponseReturnValue:
    after = begin_reading()
    webinar = get_webinar_with_agenda(webinar_id)
    return answer_state(build_desk_state(webinar, after=after, now=clock.now()))


def begin_reading() -> str:
    """Return the bus's newest id, and end the read that found who is signed in.

    On SQLite a read sees the database as it was when it began: before that id, it might miss news.
    """
    after = newest_id()
    db.session.rollback()
    return after
