"""One entry of the agenda at a time: on a page of its own, or in its row of the review."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from eventapp.core.access import organisers_only
from eventapp.core.db import transaction
from eventapp.core.errors import NotFound, Refusal
from eventapp.core.forms import one_line
from eventapp.core.negotiation import wants_json
from eventapp.replays import actions, queries
from eventapp.replays.editions import Replay
from eventapp.replays.forms import EntryForm
from eventapp.replays.models import Chapter, ChapterKind
from eventapp.replays.outline import outline_agenda, outline_dropped
from eventapp.replays.refusals import EntryIsNotUnderstood
from eventapp.replays.routes.blueprint import blueprint
from eventapp.replays.rules import Entry
from eventapp.webinars.models import Webinar
from eventapp.webinars.queries import get_webinar

ENTRIES = "/manage/webinars/<int:webinar_id>/replay/entries"
LONGEST_TITLE = 1_000
A_DAY = 86_400


# -- a page of its own -------------------------------------------------------------------------


@blueprint.route(f"{ENTRIES}/new", methods=["GET", "POST"])
@organisers_only
def add_entry(webinar_id: int) -> ResponseReturnValue:
    webinar = get_webinar(webinar_id)
    replay = queries.get_replay(webinar_id)
    form = EntryForm(replay.entries, timing=replay.timing)
    if form.validate_on_submit():
        try:
            with transaction():
                actions.add_entry(webinar, words=form.words())
        except Refusal as refusal:
            form.form_errors.append(str(refusal.message))
        else:
            flash(_("Added."), "success")
            return redirect(_agenda_url(webinar_id))
    return render_template("replays/entry.html", webinar=webinar, form=form, chapter=None)


@blueprint.route(f"{ENTRIES}/<int:chapter_id>", methods=["GET", "POST"])
@organisers_only
def edit_entry(webinar_id: int, chapter_id: int) -> ResponseReturnValue:
    webinar = get_webinar(webinar_id)
    replay = queries.get_replay(webinar_id)
    entry = _get_entry(replay, chapter_id)
    form = EntryForm(replay.entries, timing=replay.timing, entry=entry)
    if form.validate_on_submit():
        try:
            with transaction():
                actions.edit_entry(webinar, chapter_id=chapter_id, words=form.words())
        except Refusal as refusal:
            form.form_errors.append(str(refusal.message))
        else:
            flash(_("Saved."), "success")
            return redirect(_agenda_url(webinar_id))
    return render_template("replays/entry.html", webinar=webinar, form=form, chapter=entry)


def _get_entry(replay: Replay, chapter_id: int) -> Entry:
    for entry in replay.entries:
        if entry.chapter_id == chapter_id:
            return entry
    raise NotFound


def _agenda_url(webinar_id: int) -> str:
    return url_for("replays.manage", webinar_id=webinar_id, _anchor="agenda")


# -- its row -----------------------------------------------------------------------------------


@blueprint.post(f"{ENTRIES}/<int:chapter_id>/nudge")
@organisers_only
def nudge(webinar_id: int, chapter_id: int) -> ResponseReturnValue:
    """Move an entry by some seconds; scripts may add up several presses (`by`)."""
    by = _read_seconds(request.form.get("by", ""))
    return _act(
        webinar_id,
        lambda webinar: actions.nudge_entry(webinar, chapter_id=chapter_id, by=by),
        _("Moved."),
    )


@blueprint.post(f"{ENTRIES}/<int:chapter_id>/rename")
@organisers_only
def rename(webinar_id: int, chapter_id: int) -> ResponseReturnValue:
    title = one_line(request.form.get("title", ""))
    if not 0 < len(title) <= LONGEST_TITLE:
        return _answer(webinar_id, problem=str(EntryIsNotUnderstood().message))
    return _act(
        webinar_id,
        lambda webinar: actions.rename_entry(webinar, chapter_id=chapter_id, title=title),
        _("Renamed."),
    )


@blueprint.post(f"{ENTRIES}/<int:chapter_id>/retype")
@organisers_only
def retype(webinar_id: int, chapter_id: int) -> ResponseReturnValue:
    try:
        kind = ChapterKind(request.form.get("kind", ""))
    except ValueError:
        return _answer(webinar_id, problem=str(EntryIsNotUnderstood().message))
    return _act(
        webinar_id,
        lambda webinar: actions.retype_entry(webinar, chapter_id=chapter_id, kind=kind),
        _("Changed."),
    )


Act = Callable[..., Chapter]
ACTS: Mapping[str, tuple[Act, Any]] = {
    "nest": (actions.nest_entry, _l("It belongs to the part above now.")),
    "unnest": (actions.unnest_entry, _l("It stands by itself now.")),
    "merge": (actions.merge_entry, _l("Merged into the entry above.")),
    "drop": (actions.drop_entry, _l("Dropped; you can bring it back below the agenda.")),
    "restore": (actions.restore_entry, _l("It is back.")),
}


@blueprint.post(f"{ENTRIES}/<int:chapter_id>/<any(nest, unnest, merge, drop, restore):act>")
@organisers_only
def change_row(webinar_id: int, chapter_id: int, act: str) -> ResponseReturnValue:
    change, said = ACTS[act]
    return _act(webinar_id, lambda webinar: change(webinar, chapter_id=chapter_id), str(said))


def _read_seconds(text: str) -> float:
    """Return whole seconds up to a day, or nothing for what is no such number."""
    try:
        seconds = int(text)
    except ValueError:
        return 0.0
    return float(max(-A_DAY, min(A_DAY, seconds)))


def _act(webinar_id: int, change: Callable[[Webinar], Chapter], said: str) -> ResponseReturnValue:
    try:
        with transaction():
            chapter_id = change(get_webinar(webinar_id)).id
    except Refusal as refusal:
        return _answer(webinar_id, problem=str(refusal.message))
    return _answer(webinar_id, said=said, chapter_id=chapter_id)


def _answer(
    webinar_id: int, *, said: str = "", problem: str = "", chapter_id: int | None = None
) -> ResponseReturnValue:
    """Answer scripts with the agenda as it is now, and browsers with the review."""
    if not wants_json():
        flash(problem or said, "error" if problem else "success")
        return redirect(_agenda_url(webinar_id))
    webinar = get_webinar(webinar_id)
    replay = queries.get_replay(webinar_id)
    rows = render_template(
        "replays/_rows.html",
        webinar=webinar,
        agenda=outline_agenda(replay.entries, timing=replay.timing),
        dropped=outline_dropped(queries.list_dropped(webinar_id), timing=replay.timing),
    )
    answer = jsonify(rows=rows, said=problem or said, chapter_id=chapter_id)
    return answer, 422 if problem else 200
