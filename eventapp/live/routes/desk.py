"""The moderators' desk.

Every act is a plain form; with `Accept: application/json` it answers with the desk's state.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from eventapp.core import clock
from eventapp.core.access import organisers_only
from eventapp.core.i18n import zoned_moment
from eventapp.live import actions
from eventapp.live.desk_choices import list_choices
from eventapp.live.payloads import list_planned
from eventapp.live.queries import get_webinar_with_agenda
from eventapp.live.routes.blueprint import DESK, blueprint
from eventapp.live.routes.desk_answers import act_at_desk, answer_desk_state, begin_reading
from eventapp.live.rules import can_record, can_run
from eventapp.live.states import build_desk_state, room_address
from eventapp.webinars.rules import is_early

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
    after = begin_reading()
    webinar = get_webinar_with_agenda(webinar_id)
    now = clock.now()
    state = build_desk_state(webinar, after=after, now=now)
    return render_template(
        "live/desk.html",
        webinar=webinar,
        state=state,
        choices=list_choices(webinar, state["questions"]),
        is_early=is_early(webinar, now=now),
        planned_start=zoned_moment(webinar.starts_at, webinar.time_zone),
        planned=list_planned(webinar),
        columns=COLUMNS,
        can_run=can_run(webinar),
        can_record=can_record(webinar),
        room_url=room_address(webinar),
    )


@blueprint.get(f"{DESK}/state.json")
@organisers_only
def desk_state(webinar_id: int) -> ResponseReturnValue:
    return answer_desk_state(webinar_id)


@blueprint.post(f"{DESK}/agenda/<int:agenda_item_id>/start")
@organisers_only
def start_agenda_item(webinar_id: int, agenda_item_id: int) -> ResponseReturnValue:
    start = partial(actions.start_agenda_item, webinar_id, agenda_item_id=agenda_item_id)
    return act_at_desk(webinar_id, start)


@blueprint.post(f"{DESK}/undo/<int:entry_id>")
@organisers_only
def undo(webinar_id: int, entry_id: int) -> ResponseReturnValue:
    return act_at_desk(webinar_id, partial(actions.undo_act, webinar_id, entry_id=entry_id))


@blueprint.post(f"{DESK}/<any(start, end):step>")
@organisers_only
def change_run(webinar_id: int, step: str) -> ResponseReturnValue:
    return act_at_desk(webinar_id, partial(RUN_ACTS[step], webinar_id))


@blueprint.post(f"{DESK}/recording/<any(start, stop):step>")
@organisers_only
def mark_recording(webinar_id: int, step: str) -> ResponseReturnValue:
    return act_at_desk(webinar_id, partial(RUN_ACTS[f"recording/{step}"], webinar_id))


@blueprint.post(f"{DESK}/stage/move")
@organisers_only
def move_stage(webinar_id: int) -> ResponseReturnValue:
    return act_at_desk(webinar_id, partial(actions.move_stage, webinar_id))
