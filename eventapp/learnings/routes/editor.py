"""The editor of the learnings, with its preview."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from eventapp.core import clock
from eventapp.core.access import organisers_only
from eventapp.core.db import transaction
from eventapp.core.errors import Refusal
from eventapp.core.markdown import render_markdown
from eventapp.learnings import actions, queries
from eventapp.learnings.forms import LearningsForm
from eventapp.learnings.routes.blueprint import blueprint
from eventapp.replays.agenda.timecodes import format_timecode
from eventapp.replays.outline import outline_agenda
from eventapp.replays.queries import get_replay
from eventapp.replays.rules import is_in_recording, is_replay_public
from eventapp.webinars.models import Webinar
from eventapp.webinars.queries import get_webinar


@blueprint.route("/manage/webinars/<int:webinar_id>/learnings", methods=["GET", "POST"])
@organisers_only
def manage(webinar_id: int) -> ResponseReturnValue:
    webinar = get_webinar(webinar_id)
    form = LearningsForm.of(queries.find_learnings(webinar_id))
    is_previewed = "preview" in request.form
    if form.validate_on_submit() and not is_previewed and _save(webinar, form):
        flash(_("Saved."), "success")
        return redirect(url_for("learnings.manage", webinar_id=webinar_id))
    replay = get_replay(webinar_id)
    preview, late_times = _render(webinar, form.body.data or "", duration=replay.duration)
    return render_template(
        "learnings/manage.html",
        webinar=webinar,
        form=form,
        preview=preview,
        late_times=late_times,
        is_previewed=is_previewed,
        is_public=is_replay_public(webinar),
        agenda=outline_agenda(replay.entries, timing=replay.timing),
    )


def _save(webinar: Webinar, form: LearningsForm) -> bool:
    """Write what was typed, or put the refusal into the form, which then knows the present."""
    webinar_id = webinar.id
    try:
        with transaction():
            actions.save_learnings(
                webinar, body=form.body.data, now=clock.now(), seen_at=form.seen_moment()
            )
    except Refusal as refusal:
        form.form_errors.append(str(refusal.message))
        present = queries.find_learnings(webinar_id)
        form.seen_at.data = present.updated_at.isoformat() if present else ""
        return False
    return True


def _render(webinar: Webinar, body: str, *, duration: float | None) -> tuple[Markup, list[str]]:
    """Return what the public reads, and the times in it that lie past the recording's end."""
    late_times: list[str] = []

    def link_to(second: int) -> str | None:
        if is_in_recording(second, duration=duration):
            return url_for("pages.replay", slug=webinar.slug, t=second)
        late_times.append(format_timecode(second))
        return None

    return render_markdown(body, time_links=link_to, top_heading=3), late_times
