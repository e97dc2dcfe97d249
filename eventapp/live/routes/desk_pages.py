"""The desk's further pages: one question with all that can be done with it, and the log."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from eventapp.core import clock
from eventapp.core.access import organisers_only
from eventapp.core.errors import NotFound
from eventapp.core.lists import read_page
from eventapp.live.desk_choices import list_choices
from eventapp.live.desk_queries import LOG_GROUPS, list_log_page
from eventapp.live.payloads import describe_act
from eventapp.live.queries import get_webinar_with_agenda
from eventapp.live.routes.blueprint import DESK, blueprint
from eventapp.live.routes.desk_answers import begin_reading
from eventapp.live.states import build_desk_state
from eventapp.webinars.queries import get_webinar

GROUP_NAMES = {
    "": _l("Everything"),
    "run": _l("Run of show"),
    "questions": _l("Moderators' acts on questions"),
    "audience": _l("What the audience wrote"),
    "polls": _l("Polls"),
    "room": _l("Room and stage"),
}


@blueprint.get(f"{DESK}/questions/<int:question_id>")
@organisers_only
def show_question(webinar_id: int, question_id: int) -> ResponseReturnValue:
    webinar = get_webinar_with_agenda(webinar_id)
    questions = build_desk_state(webinar, after=begin_reading(), now=clock.now())["questions"]
    question = next((q for q in questions if q["id"] == question_id), None)
    if question is None:
        raise NotFound
    return render_template(
        "live/desk_question.html",
        webinar=webinar,
        question=question,
        choices=list_choices(webinar, questions, besides=question_id),
    )


@blueprint.get(f"{DESK}/log")
@organisers_only
def show_log(webinar_id: int) -> ResponseReturnValue:
    webinar = get_webinar(webinar_id)
    asked_for = request.args.get("show", "")
    group = asked_for if asked_for in LOG_GROUPS else ""
    found = list_log_page(webinar.id, group=group, page=read_page())
    return render_template(
        "live/log.html",
        webinar=webinar,
        lines=[(line, describe_act(line.entry)) for line in found.lines],
        found=found,
        groups=GROUP_NAMES,
        group=group,
    )
