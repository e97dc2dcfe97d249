"""The room: where the audience asks, votes and sees what is on air."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from eventapp.core import clock
from eventapp.core.access import audience
from eventapp.core.db import transaction
from eventapp.core.negotiation import wants_json
from eventapp.live.bus import newest_id
from eventapp.live.kept_states import get_room_state
from eventapp.live.messages import read_id
from eventapp.live.payloads import list_planned
from eventapp.live.permits import Channel
from eventapp.live.queries import get_webinar_with_agenda
from eventapp.live.routes.blueprint import answer_written, blueprint
from eventapp.live.rules import can_join_call
from eventapp.live.sorting import SORTS, choose_sort, sort_questions
from eventapp.live.states import OwnState, build_room_state, describe_for_one, stream_address
from eventapp.questions.forms import AskForm
from eventapp.questions.identity import Visit, enter_room, enter_room_of, visit_room
from eventapp.questions.rules import asking_opens_at, can_ask, has_seat
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
    return render_template(
        "live/room.html",
        webinar=webinar,
        state=state,
        sort=sort,
        sorts=SORTS,
        questions=sort_questions(state["questions"], sort=sort),
        on_air=next((q for q in state["questions"] if q["status"] == "on_air"), None),
        planned=list_planned(webinar),
        form=_ask_form(visit),
        can_ask=can_ask(webinar, now=now),
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


def _ask_form(visit: Visit) -> AskForm:
    name = visit.registration.name if visit.registration else ""
    return AskForm(formdata=None, author_name=name)
