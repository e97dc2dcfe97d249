"""The list of webinars, and the details of one."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from eventapp.core import clock
from eventapp.core.access import organisers_only
from eventapp.core.db import transaction
from eventapp.core.errors import Refusal
from eventapp.core.lists import read_page, read_words
from eventapp.webinars import actions, queries, rules
from eventapp.webinars.forms import WebinarForm
from eventapp.webinars.hearers import count_hearers, count_seats_taken
from eventapp.webinars.models import Webinar, WebinarStatus
from eventapp.webinars.routes.blueprint import blueprint
from eventapp.webinars.steps import LIFE


@blueprint.get("/manage/")
@organisers_only
def desk() -> ResponseReturnValue:
    words = read_words()
    status = _read_status(request.args.get("status", ""))
    found = queries.list_for_desk(words=words, status=status, page=read_page())
    return render_template(
        "webinars/desk.html", found=found, words=words, status=status, labels=_status_labels()
    )


def _read_status(text: str) -> WebinarStatus | None:
    return WebinarStatus(text) if text in list(WebinarStatus) else None


def _status_labels() -> dict[WebinarStatus, str]:
    return {status: str(label) for status, label in LIFE} | {
        WebinarStatus.CANCELLED: _("Cancelled")
    }


@blueprint.route("/manage/webinars/new", methods=["GET", "POST"])
@organisers_only
def create() -> ResponseReturnValue:
    latest = queries.find_latest_webinar()
    form = WebinarForm(
        data={
            "time_zone": latest.time_zone if latest else "UTC",
            "language": latest.language if latest else "en",
        }
    )
    if form.validate_on_submit():
        with transaction():
            webinar = actions.create_webinar(
                form.details(),
                now=clock.now(),
                created_by_id=current_user.id,
                cover=form.cover.picture,
            )
        _say_which_of_two(form)
        flash(_("The draft is saved. Only organisers can see it."), "success")
        return redirect(url_for("webinars.overview", webinar_id=webinar.id))
    # What was chosen and sent stays chosen, also where it is what the page guesses instead of.
    is_zone_guessed = latest is None and not form.is_submitted()
    return render_template(
        "webinars/edit.html", form=form, webinar=None, is_zone_guessed=is_zone_guessed
    )


@blueprint.route("/manage/webinars/<int:webinar_id>/edit", methods=["GET", "POST"])
@organisers_only
def edit(webinar_id: int) -> ResponseReturnValue:
    webinar = queries.get_webinar(webinar_id)
    form = WebinarForm.of(webinar)
    hearers = count_hearers(webinar.id) if rules.is_expected(webinar) else 0
    changes: tuple[str, ...] = ()
    if form.validate_on_submit():
        changes = _changes_to_confirm(webinar, form) if hearers else ()
        if not changes and _save(webinar, form):
            return redirect(url_for("webinars.overview", webinar_id=webinar.id))
    form.is_confirmed.data = "yes" if changes else ""
    return render_template(
        "webinars/edit.html", form=form, webinar=webinar, hearers=hearers, changes=changes
    )


def _changes_to_confirm(webinar: Webinar, form: WebinarForm) -> tuple[str, ...]:
    """Return what registered people would be told of, unless the organiser has been asked."""
    if form.is_confirmed.data:
        return ()
    details = form.details()
    return rules.list_calendar_changes(
        webinar,
        title=details.title,
        starts_at=details.starts_at,
        ends_at=details.ends_at,
        zone=details.time_zone,
        join_url=details.join_url,
    )


def _save(webinar: Webinar, form: WebinarForm) -> bool:
    """Write what was typed, or put the refusal into the form.

    The form then carries the present state's time: whoever reads it and saves again means it.
    """
    seats_before = webinar.capacity
    try:
        with transaction():
            actions.edit_webinar(
                webinar,
                form.details(),
                now=clock.now(),
                seen_at=form.seen_moment(),
                cover=form.cover.picture,
                is_cover_removed=form.is_cover_removed.data,
            )
    except Refusal as refusal:
        form.form_errors.append(refusal.message)
        form.seen_at.data = webinar.updated_at.isoformat()
        return False
    _say_which_of_two(form)
    flash(_("Saved."), "success")
    if webinar.capacity is not None and webinar.capacity != seats_before:
        _say_who_keeps_a_seat(webinar.capacity, taken=count_seats_taken(webinar.id))
    return True


def _say_who_keeps_a_seat(seats: int, *, taken: int) -> None:
    """Tell that nobody loses a seat where there are fewer now than are taken."""
    if taken <= seats:
        return
    have = ngettext("%(num)d person has a seat", "%(num)d people have a seat", taken)
    over = taken - seats
    flash(
        ngettext(
            "%(have)s, %(num)d more than there are seats now. Nobody loses theirs: the next seat "
            "that becomes free stays free.",
            "%(have)s, %(num)d more than there are seats now. Nobody loses theirs: the next "
            "%(num)d seats that become free stay free.",
            over,
            have=have,
        ),
        "warning",
    )


def _say_which_of_two(form: WebinarForm) -> None:
    if form.has_ambiguous_time():
        flash(
            _(
                "The clocks go back on that day, so this time comes twice. "
                "We took the first of the two."
            ),
            "info",
        )
