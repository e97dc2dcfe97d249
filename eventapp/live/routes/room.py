"""The room: where the audience asks, votes and sees what is on air."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from eventapp.core import clock
from eventapp.core.access import audience
from eventapp.core.db import transaction
from eventapp.core.negotiation import wants_json
from eventapp.live.bus import newest_id
from eventapp.live.kept_states import get_room_state
from eventapp.live.listeners import name_listener
from eventapp.live.messages import read_id
from eventapp.live.payloads import list_planned
from eventapp.live.permits import Channel
from eventapp.live.queries import get_webinar_with_agenda
from eventapp.live.routes.blueprint import answer_written, blueprint
from eventapp.live.rules import can_join_call
from eventapp.live.sorting import SORTS, choose_filter, choose_sort, list_filters, sort_questions
from eventapp.live.states import OwnState, build_room_state, describe_for_one, stream_address
from eventapp.questions.identity import Visit, enter_room, enter_room_of, visit_room
from eventapp.questions.models import Room
from eventapp.questions.queries import find_last_asked_at, get_room, is_silenced
from eventapp.questions.room_rules import seconds_to_wait
from eventapp.questions.routes.asking import open_ask_form
from eventapp.questions.rules import asking_opens_at, can_ask, has_seat, is_time
from eventapp.registrations.actions import mark_seen
from eventapp.registrations.queries import get_policy
from eventapp.webinars.models import Webinar


@blueprint.get("/webinars/<slug>/live")
@audience
def room(slug: str) -> ResponseReturnValue:
    after = newest_id()
    visit = visit_room(slug)
    if not visit.may_enter:
        return render_template("live/closed_room.html", webinar=visit.webinar), 403
    now = clock.now()
    webinar = get_webinar_with_agenda(visit.webinar.id)
    state = build_room_state(webinar, after=after, viewer=visit.viewer, now=now)
    is_over = webinar.ended_at is not None
    sort = choose_sort(request.args.get("sort", ""), is_over=is_over)
    chosen = choose_filter(request.args, state["questions"])
    how = get_room(webinar.id)
    return render_template(
        "live/room.html",
        webinar=webinar,
        state=state,
        who=name_listener(webinar.id, Channel.ROOM, viewer=visit.viewer),
        sort=sort,
        sorts=SORTS,
        chosen=chosen,
        filters=list_filters(state["questions"]),
        questions=sort_questions(state["questions"], sort=sort, chosen=chosen),
        on_air=next((q for q in state["questions"] if q["status"] == "on_air"), None),
        planned=list_planned(webinar),
        form=open_ask_form(how),
        **_describe_asking(how, webinar, visit),
        can_join=_can_join_call(webinar, visit),
        is_attendee=has_seat(webinar, visit.registration),
        asking_opens_at=asking_opens_at(webinar),
    )


@blueprint.get("/webinars/<slug>/live/state.json")
@audience
def room_state(slug: str) -> ResponseReturnValue:
    """Answer with the state; a page says by `Last-Event-ID` up to where it has heard."""
    kept = get_room_state(slug, heard=read_id(request.headers.get("Last-Event-ID", "")))
    viewer = enter_room_of(kept.webinar).viewer
    own = describe_for_one(kept.webinar, viewer=viewer) if viewer else OwnState()
    stream = stream_address(kept.webinar, Channel.ROOM, now=clock.now(), viewer=viewer)
    return answer_written(kept.write_for(own, stream=stream))


@blueprint.post("/webinars/<slug>/live/seen")
@audience
def seen(slug: str) -> ResponseReturnValue:
    """Note that an attendee is still here, until the webinar ends.

    The page says so soon after the webinar went live and then every few minutes; without
    JavaScript, its button to reload does.
    """
    visit = enter_room(slug)
    if visit.registration is not None and visit.webinar.ended_at is None:
        with transaction():
            mark_seen(visit.registration.id, now=clock.now())
    return {} if wants_json() else redirect(url_for("live.room", slug=slug))


def _can_join_call(webinar: Webinar, visit: Visit) -> bool:
    """Ask for the terms only where somebody has a seat: guests cost no query for it."""
    return visit.registration is not None and can_join_call(
        webinar, visit.registration, get_policy(webinar.id), now=clock.now()
    )


def _describe_asking(room: Room, webinar: Webinar, visit: Visit) -> dict[str, Any]:
    """Whether and how this visitor may ask: `is_time` tells whether anyone may vote."""
    now = clock.now()
    asked_at = find_last_asked_at(webinar.id, asker=visit.viewer) if room.slow_seconds else None
    return {
        "room": room,
        "name": visit.registration.name if visit.registration else "",
        "is_time": is_time(webinar, now=now, room=room),
        "can_ask": can_ask(webinar, now=now, room=room),
        "is_silenced": bool(visit.viewer) and is_silenced(webinar.id, asker=visit.viewer),
        "wait": seconds_to_wait(room, last_asked_at=asked_at, now=now),
    }
