"""The replay's agenda: taken from the live log or from a text, corrected, and handed out."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventapp.core.access import organisers_only
from eventapp.core.db import transaction
from eventapp.core.errors import NotFound, Refusal
from eventapp.replays import actions, queries
from eventapp.replays.agenda.formats import parse_agenda, write_agenda
from eventapp.replays.agenda.model import AgendaWarning
from eventapp.replays.editions import Replay
from eventapp.replays.forms import ImportForm
from eventapp.replays.outline import Line, outline_agenda
from eventapp.replays.refusals import LogIsEmpty
from eventapp.replays.routes.blueprint import blueprint
from eventapp.replays.rules import Entry, check_agenda, from_parsed, to_parsed
from eventapp.webinars.models import Webinar
from eventapp.webinars.queries import get_webinar

EXPORTS = {
    "txt": ("text", "text/plain"),
    "vtt": ("webvtt", "text/vtt"),
    "youtube.txt": ("youtube", "text/plain"),
    "csv": ("csv", "text/csv"),
    "psc.xml": ("podlove", "application/xml"),
    "json": ("json", "application/json"),
    "ffmetadata.txt": ("ffmetadata", "text/plain"),
}


@dataclass(frozen=True, kw_only=True)
class Remark:
    """Something in the text to look at; `place` names the line, unless the message does."""

    place: str
    words: str
    message: str


@dataclass(frozen=True, kw_only=True)
class Understood:
    """What was made of the log or of a text; `refusal` says why it can't be taken as it is."""

    entries: list[Entry]
    agenda: list[Line]
    remarks: list[Remark]
    refusal: str


@blueprint.route("/manage/webinars/<int:webinar_id>/replay/agenda", methods=["GET", "POST"])
@organisers_only
def import_agenda(webinar_id: int) -> ResponseReturnValue:
    """Show what a text is understood as, and store it once the organiser has seen it."""
    webinar = get_webinar(webinar_id)
    replay = queries.get_replay(webinar_id)
    form = ImportForm(data={"text": _present_text(replay), "offset": 0.0})
    understood: Understood | None = None
    if form.validate_on_submit():
        understood = _read_text(webinar, form, replay)
        if understood is not None and "store" in request.form and not understood.refusal:
            return _store(webinar, understood.entries, offset=replay.timing.offset)
    return render_template(
        "replays/import.html",
        webinar=webinar,
        form=form,
        understood=understood,
        has_recording=replay.recording is not None,
        has_agenda=bool(replay.entries),
    )


@blueprint.route("/manage/webinars/<int:webinar_id>/replay/from-log", methods=["GET", "POST"])
@organisers_only
def take_from_log(webinar_id: int) -> ResponseReturnValue:
    """Show the agenda that the live log tells, shifted, and store it."""
    webinar = get_webinar(webinar_id)
    replay = queries.get_replay(webinar_id)
    form = ImportForm(data={"offset": replay.timing.offset})
    is_sent = form.is_submitted()
    is_valid = form.validate() if is_sent else True
    offset = (form.offset.data or 0.0) if is_valid else replay.timing.offset
    entries = queries.derive_entries(webinar_id)
    understood = _understand(entries, replay, offset=offset)
    if is_sent and is_valid and "store" in request.form and not understood.refusal:
        return _store(webinar, entries, offset=offset)
    return render_template(
        "replays/from_log.html",
        webinar=webinar,
        form=form,
        understood=understood,
        has_recording=replay.recording is not None,
        has_agenda=bool(replay.entries),
    )


def _present_text(replay: Replay) -> str:
    """Return the agenda that is there, so that it can be corrected as text."""
    if not replay.entries:
        return ""
    return write_agenda(to_parsed(replay.entries, timing=replay.timing), format="text")


def _read_text(webinar: Webinar, form: ImportForm, replay: Replay) -> Understood | None:
    try:
        parsed = parse_agenda(form.text.data)
    except Refusal as refusal:
        form.text.errors = [*form.text.errors, str(refusal.message)]
        return None
    lines = form.text.data.split("\n")
    remarks = [_remark(warning, lines) for warning in parsed.warnings]
    entries = queries.link_to_webinar(from_parsed(parsed), webinar_id=webinar.id)
    shift = form.offset.data or 0.0
    on_clock = [
        replace(entry, start_seconds=replay.timing.moment(entry.start_seconds + shift))
        for entry in entries
    ]
    return _understand(on_clock, replay, offset=replay.timing.offset, remarks=remarks)


def _remark(warning: AgendaWarning, lines: list[str]) -> Remark:
    """Return the warning with the line it is about, where it doesn't quote that itself."""
    number = warning.line
    place = "" if number is None else _("Line %(number)s", number=number)
    words = lines[number - 1].strip() if number is not None and number <= len(lines) else ""
    return Remark(
        place="" if warning.message.startswith(place) else place,
        words="" if words in warning.message else words,
        message=warning.message,
    )


def _understand(
    entries: list[Entry], replay: Replay, *, offset: float, remarks: list[Remark] | None = None
) -> Understood:
    timing = replace(replay.timing, offset=offset)
    refusal = ""
    try:
        if not entries:
            raise LogIsEmpty
        check_agenda(entries, timing=timing, duration=replay.duration)
    except Refusal as found:
        refusal = str(found.message)
    return Understood(
        entries=entries,
        agenda=outline_agenda(entries, timing=timing),
        remarks=remarks or [],
        refusal=refusal,
    )


def _store(webinar: Webinar, entries: list[Entry], *, offset: float) -> ResponseReturnValue:
    webinar_id = webinar.id
    with transaction():
        actions.replace_agenda(webinar, entries=entries, offset=offset)
    flash(_("The agenda is saved."), "success")
    return redirect(_agenda_url(webinar_id))


# -- handing it out ----------------------------------------------------------------------------


@blueprint.get("/manage/webinars/<int:webinar_id>/replay/agenda.<extension>")
@organisers_only
def export_agenda(webinar_id: int, extension: str) -> ResponseReturnValue:
    webinar = get_webinar(webinar_id)
    replay = queries.get_replay(webinar_id)
    if extension not in EXPORTS or not replay.entries:
        raise NotFound
    format_name, media_type = EXPORTS[extension]
    agenda = to_parsed(replay.entries, timing=replay.timing)
    text = write_agenda(agenda, format=format_name, duration=replay.duration)
    response = Response(text, content_type=f"{media_type}; charset=utf-8")
    response.headers.set(
        "Content-Disposition", "attachment", filename=f"{webinar.slug}-agenda.{extension}"
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _agenda_url(webinar_id: int) -> str:
    return url_for("replays.manage", webinar_id=webinar_id, _anchor="agenda")
