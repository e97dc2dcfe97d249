"""The moderators' desk.

Every act is a plain form; with `Accept: application/json` it answers with the desk's state.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from eventapp.core import clock
from eventapp.core.access import organisers_only
from eventapp.core.db import db, transaction
from eventapp.core.errors import NotFound, Refusal
from eventapp.core.i18n import zoned_moment
from eventapp.core.negotiation import wants_json
from eventapp.live import actions
from eventapp.live.bus import newest_id
from eventapp.live.payloads import describe_act, list_planned
from eventapp.live.permits import sign_stage_key
from eventapp.live.queries import get_webinar_with_agenda, list_log
from eventapp.live.routes.blueprint import answer_state, blueprint
from eventapp.live.rules import can_record, can_run
from eventapp.live.states import build_desk_state, room_address
from eventapp.webinars.models import RoomAccess, Webinar
from eventapp.webinars.queries import get_webinar
from eventapp.webinars.rules import is_early

DESK = "/manage/webinars/<int:webinar_id>/live"

QUESTION_ACTS: dict[str, Callable[..., None]] = {
    "approve": actions.approve_question,
    "dismiss": actions.dismiss_question,
    "on-air": actions.put_question_on_air,
    "answered": actions.answer_question,
    "restore": actions.restore_question,
}
RUN_ACTS: dict[str, Callable[..., None]] = {
    "start": actions.start_webinar,
    "end": actions.finish_webinar,
    "recording/start": actions.start_recording,
    "recording/stop": actions.stop_recording,
}
COLUMNS = {
    "pending": _l("Waiting"),
    "on_air": _l("On air"),
    "approved": _l("Published"),
    "answered": _l("Answered"),
    "dismissed": _l("Set aside"),
    "run": _l("Run of show"),
}


@blueprint.get(DESK)
@organisers_only
def desk(webinar_id: int) -> ResponseReturnValue:
    after = _begin_reading()
    webinar = get_webinar_with_agenda(webinar_id)
    now = clock.now()
    return render_template(
        "live/desk.html",
        webinar=webinar,
        state=build_desk_state(webinar, after=after, now=now),
        is_early=is_early(webinar, now=now),
        planned_start=zoned_moment(webinar.starts_at, webinar.time_zone),
        planned=list_planned(webinar),
        columns=COLUMNS,
        can_run=can_run(webinar),
        can_record=can_record(webinar),
        room_url=room_address(webinar),
        stage_url=_stage_url(webinar),
    )


@blueprint.get(f"{DESK}/state.json")
@organisers_only
def desk_state(webinar_id: int) -> ResponseReturnValue:
    return _answer_desk_state(webinar_id)


@blueprint.get(f"{DESK}/log")
@organisers_only
def show_log(webinar_id: int) -> ResponseReturnValue:
    webinar = get_webinar(webinar_id)
    entries = [(entry, describe_act(entry)) for entry in list_log(webinar.id)]
    undone = {entry.undoes_id for entry, _label in entries}
    return render_template("live/log.html", webinar=webinar, entries=entries, undone=undone)


@blueprint.post(f"{DESK}/questions/<int:question_id>/<act>")
@organisers_only
def act_on_question(webinar_id: int, question_id: int, act: str) -> ResponseReturnValue:
    if act not in QUESTION_ACTS:
        raise NotFound
    move = partial(QUESTION_ACTS[act], question_id, webinar_id=webinar_id)
    return _act(webinar_id, move)


@blueprint.post(f"{DESK}/agenda/<int:agenda_item_id>/start")
@organisers_only
def start_agenda_item(webinar_id: int, agenda_item_id: int) -> ResponseReturnValue:
    start = partial(actions.start_agenda_item, webinar_id, agenda_item_id=agenda_item_id)
    return _act(webinar_id, start)


@blueprint.post(f"{DESK}/undo/<int:entry_id>")
@organisers_only
def undo(webinar_id: int, entry_id: int) -> ResponseReturnValue:
    return _act(webinar_id, partial(actions.undo_act, webinar_id, entry_id=entry_id))


@blueprint.post(f"{DESK}/<any(start, end):step>")
@organisers_only
def change_run(webinar_id: int, step: str) -> ResponseReturnValue:
    return _act(webinar_id, partial(RUN_ACTS[step], webinar_id))


@blueprint.post(f"{DESK}/recording/<any(start, stop):step>")
@organisers_only
def mark_recording(webinar_id: int, step: str) -> ResponseReturnValue:
    return _act(webinar_id, partial(RUN_ACTS[f"recording/{step}"], webinar_id))


def _act(webinar_id: int, act: Callable[..., None]) -> ResponseReturnValue:
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
        return _answer_desk_state(webinar_id)
    return redirect(url_for("live.desk", webinar_id=webinar_id))


def _answer_desk_state(webinar_id: int) -> ResponseReturnValue:
    after = _begin_reading()
    webinar = get_webinar_with_agenda(webinar_id)
    return answer_state(build_desk_state(webinar, after=after, now=clock.now()))


def _begin_reading() -> str:
    """Return the bus's newest id, and end the read that found who is signed in.

    On SQLite a read sees the database as it was when it began: before that id, it might miss news.
    """
    after = newest_id()
    db.session.rollback()
    return after


def _stage_url(webinar: Webinar) -> str:
    """The stage's address; a closed room's carries its key."""
    if webinar.room_access is RoomAccess.OPEN:
        return url_for("live.stage", slug=webinar.slug)
    key = sign_stage_key(webinar.id, secret_key=current_app.config["SECRET_KEY"])
    return url_for("live.stage", slug=webinar.slug, key=key)
