"""URLs of reminders: the list with what goes out when and to how many, and changing one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventapp.core import clock
from eventapp.core.access import organisers_only
from eventapp.core.db import transaction
from eventapp.core.errors import NotFound, Refusal
from eventapp.messages.models import Anchor, Reminder
from eventapp.messages.reminders import actions, queries, rules
from eventapp.messages.reminders.forms import ReminderForm
from eventapp.messages.reminders.labels import label_mails, label_moment, label_why_not
from eventapp.messages.reminders.rules import Mails, ReminderState
from eventapp.messages.rules import label_of
from eventapp.webinars.models import Webinar, WebinarStatus
from eventapp.webinars.queries import get_webinar

blueprint = Blueprint("reminders", __name__)


@blueprint.route("/manage/webinars/<int:webinar_id>/messages/reminders", methods=["GET", "POST"])
@organisers_only
def manage(webinar_id: int) -> ResponseReturnValue:
    """Show every reminder of a webinar; POST adds one."""
    webinar = get_webinar(webinar_id)
    form = ReminderForm()
    if form.validate_on_submit():
        is_added = _write(
            form,
            lambda: actions.add_reminder(
                webinar, anchor=form.anchor, minutes=form.minutes, now=clock.now()
            ),
        )
        if is_added:
            flash(_("The reminder is added."), "success")
            return _back(webinar_id)
    return render_template(
        "messages/reminders.html",
        webinar=webinar,
        form=form,
        rows=_describe(webinar, now=clock.now()),
        is_draft=webinar.status == WebinarStatus.DRAFT,
        is_called_off=webinar.status == WebinarStatus.CANCELLED,
        is_archived=webinar.status == WebinarStatus.ARCHIVED,
        is_closed=webinar.status in rules.CLOSED,
    )


@blueprint.route(
    "/manage/webinars/<int:webinar_id>/messages/reminders/moment", methods=["GET", "POST"]
)
@organisers_only
def move(webinar_id: int) -> ResponseReturnValue:
    webinar = get_webinar(webinar_id)
    anchor, minutes = _read_moment()
    present = _find(webinar, anchor=anchor, minutes=minutes)
    form = ReminderForm.of(present)
    if form.validate_on_submit():
        is_moved = _write(
            form,
            lambda: actions.move_reminder(
                webinar,
                anchor=anchor,
                minutes=minutes,
                new_anchor=form.anchor,
                new_minutes=form.minutes,
                now=clock.now(),
            ),
        )
        if is_moved:
            flash(_("Saved."), "success")
            return _back(webinar_id)
    return render_template(
        "messages/reminder.html",
        webinar=webinar,
        form=form,
        label=label_moment(present),
        moment={"anchor": anchor.value, "minutes": minutes},
    )


@blueprint.post("/manage/webinars/<int:webinar_id>/messages/reminders/switch")
@organisers_only
def switch(webinar_id: int) -> ResponseReturnValue:
    webinar = get_webinar(webinar_id)
    anchor, minutes = _read_moment()
    is_on = request.form.get("on") == "yes"
    return _do(
        webinar_id,
        lambda: actions.switch_reminder(
            webinar, anchor=anchor, minutes=minutes, is_on=is_on, now=clock.now()
        ),
        said=_("The reminder is on.") if is_on else _("The reminder is off."),
    )


@blueprint.post("/manage/webinars/<int:webinar_id>/messages/reminders/remove")
@organisers_only
def remove(webinar_id: int) -> ResponseReturnValue:
    webinar = get_webinar(webinar_id)
    anchor, minutes = _read_moment()
    return _do(
        webinar_id,
        lambda: actions.remove_reminder(webinar, anchor=anchor, minutes=minutes, now=clock.now()),
        said=_("The reminder is removed."),
    )


def _describe(webinar: Webinar, *, now: datetime) -> list[dict[str, Any]]:
    """Return each reminder as the page shows it, decided."""
    reminders = queries.list_reminders(webinar, now=now)
    people = queries.count_receivers(reminders, webinar)
    mails = queries.count_mails(reminders, webinar)
    return [
        {
            "moment": {"anchor": each.anchor.value, "minutes": each.minutes},
            "label": label_moment(each),
            "message": rules.message_of(each),
            "message_label": label_of(rules.message_of(each)),
            "due_at": rules.due_at(each, webinar),
            **_describe_state(each, webinar, people=count, mails=written, now=now),
        }
        for each, count, written in zip(reminders, people, mails, strict=True)
    ]


def _describe_state(
    reminder: Reminder, webinar: Webinar, *, people: int, mails: Mails, now: datetime
) -> dict[str, Any]:
    """Return where a reminder is, and what may be done with it."""
    state = rules.state_of(reminder, webinar, mails=mails, people=people, now=now)
    is_coming, is_sending = state == ReminderState.COMING, state == ReminderState.SENDING
    is_closed = webinar.status in rules.CLOSED
    why_not = None
    if state == ReminderState.NOT_SENT:
        why_not = label_why_not(rules.why_not_sent(reminder, webinar, mails=mails))
    return {
        "state": state.value,
        "people": people if is_coming else (mails.left + mails.waiting or None),
        "mails": label_mails(mails),
        "why_not": why_not,
        "can_switch_off": reminder.is_on and (is_coming or is_sending),
        "can_switch_on": not reminder.is_on and rules.can_switch_on(reminder, webinar, now=now),
        "can_change": reminder.started_for is None and not is_closed,
    }


def _find(webinar: Webinar, *, anchor: Anchor, minutes: int) -> Reminder:
    for each in queries.list_reminders(webinar, now=clock.now()):
        if (each.anchor, each.minutes) == (anchor, minutes):
            return each
    raise NotFound


def _read_moment() -> tuple[Anchor, int]:
    """Return which reminder is meant: those that every webinar begins with have no number yet."""
    anchor = request.values.get("anchor", "")
    minutes = request.values.get("minutes", type=int)
    if anchor not in list(Anchor) or minutes is None or abs(minutes) > -rules.EARLIEST:
        raise NotFound
    return Anchor(anchor), minutes


def _write(form: ReminderForm, action: Callable[[], object]) -> bool:
    try:
        with transaction():
            action()
    except Refusal as refusal:
        form.form_errors.append(str(refusal.message))
        return False
    return True


def _do(webinar_id: int, action: Callable[[], object], *, said: str) -> ResponseReturnValue:
    try:
        with transaction():
            action()
    except Refusal as refusal:
        flash(refusal.message, "error")
    else:
        flash(said, "success")
    return _back(webinar_id)


def _back(webinar_id: int) -> ResponseReturnValue:
    return redirect(url_for("reminders.manage", webinar_id=webinar_id))
