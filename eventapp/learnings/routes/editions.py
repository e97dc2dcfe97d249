"""URLs of earlier editions: agenda and learnings compared with the desk's, and brought back."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventapp.core import clock
from eventapp.core.access import organisers_only
from eventapp.core.db import transaction
from eventapp.core.differences import compare_texts
from eventapp.core.errors import Refusal
from eventapp.learnings.actions import save_learnings
from eventapp.learnings.queries import find_learnings
from eventapp.learnings.routes.blueprint import blueprint
from eventapp.replays.actions import restore_agenda
from eventapp.replays.agenda.formats import write_agenda
from eventapp.replays.editions import read_entries
from eventapp.replays.queries import get_edition, get_replay, list_editions
from eventapp.replays.rules import Entry, to_parsed
from eventapp.replays.timing import Timing
from eventapp.webinars.models import Webinar
from eventapp.webinars.queries import get_webinar

EDITIONS = "/manage/webinars/<int:webinar_id>/replay/editions"


@blueprint.get(f"{EDITIONS}/")
@organisers_only
def editions(webinar_id: int) -> ResponseReturnValue:
    return render_template(
        "learnings/editions.html",
        webinar=get_webinar(webinar_id),
        editions=list_editions(webinar_id),
    )


@blueprint.get(f"{EDITIONS}/<int:number>")
@organisers_only
def edition(webinar_id: int, number: int) -> ResponseReturnValue:
    webinar = get_webinar(webinar_id)
    content = get_edition(webinar_id, number).content
    on_desk = get_replay(webinar_id)
    return render_template(
        "learnings/edition.html",
        webinar=webinar,
        number=number,
        agenda=compare_texts(_as_text(read_entries(content)), _as_text(on_desk.entries)),
        learnings=compare_texts(content["learnings"], on_desk.learnings),
    )


def _as_text(entries: list[Entry]) -> str:
    """Return the agenda on its own clock, so that another shift is no other agenda."""
    return write_agenda(to_parsed(entries, timing=Timing()), format="text") if entries else ""


@blueprint.post(f"{EDITIONS}/<int:number>/restore/<any(agenda, learnings):part>")
@organisers_only
def restore(webinar_id: int, number: int, part: str) -> ResponseReturnValue:
    """Put an earlier agenda or text on the desk; what is public stays until it is published."""
    webinar = get_webinar(webinar_id)
    try:
        with transaction():
            if part == "agenda":
                restore_agenda(webinar, number=number)
            else:
                _restore_learnings(webinar, number=number)
    except Refusal as refusal:
        flash(str(refusal.message), "error")
        return redirect(url_for("learnings.edition", webinar_id=webinar_id, number=number))
    flash(_("It is back. Publish it to show it to everyone."), "success")
    place = "replays.manage" if part == "agenda" else "learnings.manage"
    return redirect(url_for(place, webinar_id=webinar_id))


def _restore_learnings(webinar: Webinar, *, number: int) -> None:
    present = find_learnings(webinar.id)
    save_learnings(
        webinar,
        body=get_edition(webinar.id, number).content["learnings"],
        now=clock.now(),
        seen_at=present.updated_at if present else None,
    )
