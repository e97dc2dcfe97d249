"""The organisers' list of a webinar's registrations."""

from __future__ import annotations

from typing import Any

from flask import current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from eventapp.core import clock
from eventapp.core.access import organisers_only
from eventapp.registrations import desk_queries, rules
from eventapp.registrations.answers import answers_of, list_columns
from eventapp.registrations.desk_queries import ListPage
from eventapp.registrations.models import RegistrationStatus
from eventapp.registrations.queries import count_attended
from eventapp.registrations.routes.blueprint import blueprint
from eventapp.registrations.routes.desk.narrowing import (
    MESSAGE_FORM,
    Narrowing,
    list_answer_choices,
    read_id,
    read_narrowing,
)
from eventapp.webinars.models import Webinar
from eventapp.webinars.queries import get_webinar
from eventapp.webinars.rules import can_register

STATUS_TABS = {
    RegistrationStatus.CONFIRMED: _l("Confirmed"),
    RegistrationStatus.REQUESTED: _l("To be let in"),
    RegistrationStatus.WAITING: _l("Waiting list"),
    RegistrationStatus.OFFERED: _l("Seat offered"),
    RegistrationStatus.UNVERIFIED: _l("Address not confirmed"),
    RegistrationStatus.DECLINED: _l("Declined"),
    RegistrationStatus.CANCELLED: _l("Cancelled"),
}
ALWAYS_SHOWN = frozenset(
    {RegistrationStatus.CONFIRMED, RegistrationStatus.WAITING, RegistrationStatus.CANCELLED}
)


@blueprint.get("/manage/webinars/<int:webinar_id>/registrations")
@organisers_only
def manage(webinar_id: int) -> ResponseReturnValue:
    webinar = get_webinar(webinar_id)
    shown = read_narrowing()
    found = desk_queries.list_page(
        webinar.id,
        shown.wanted,
        sort=shown.sort,
        after=read_id(request.args.get("after", "")),
        before=read_id(request.args.get("before", "")),
    )
    return render_template(
        "registrations/manage.html",
        webinar=webinar,
        found=found,
        shown=shown,
        tabs=_list_tabs(webinar, found, shown),
        is_open=can_register(webinar, now=clock.now()),
        free_seats=_count_free(webinar, found, shown),
        attended={each.id for each in found.registrations if rules.has_attended(each, webinar)},
        attended_count=_count_attended(webinar, shown),
        can_mail=MESSAGE_FORM in current_app.view_functions,
        running=desk_queries.list_running_batches(webinar.id),
        **_list_answers(webinar, found, shown),
        codes=desk_queries.list_codes_to_choose(webinar.id, present=shown.wanted.code_id),
        is_queue=shown.wanted.status == RegistrationStatus.WAITING,
        is_narrowed=bool(shown.columns or shown.wanted.code_id or shown.wanted.field_id is not None)
        or shown.wanted.has_attended is not None,
    )


def _list_answers(webinar: Webinar, found: ListPage, shown: Narrowing) -> dict[str, Any]:
    """Return what the list shows of the form's fields: those chosen, and what was answered."""
    columns = list_columns(webinar.id)
    chosen = [column for column in columns if column.field_id in shown.columns]
    return {
        "columns": columns,
        "chosen": chosen,
        "answers": answers_of(
            [registration.id for registration in found.registrations],
            field_ids=[column.field_id for column in chosen],
        ),
        "answer_choices": list_answer_choices(columns, yes=_("agreed")),
    }


def _list_tabs(webinar: Webinar, found: ListPage, shown: Narrowing) -> list[dict[str, Any]]:
    """Return a tab for all and for each status that occurs."""
    current = shown.wanted.status
    tabs = [_tab(webinar, shown, None, _("All"), found.all_count)]
    for status, label in STATUS_TABS.items():
        count = found.counts[status]
        if count or status == current or status in ALWAYS_SHOWN:
            tabs.append(_tab(webinar, shown, status, str(label), count))
    return tabs


def _tab(
    webinar: Webinar,
    shown: Narrowing,
    status: RegistrationStatus | None,
    label: str,
    count: int,
) -> dict[str, Any]:
    return {
        "label": label,
        "badge": count,
        "arguments": {"webinar_id": webinar.id, **shown.arguments(status=status and status.value)},
        "is_current": status == shown.wanted.status,
    }


def _count_attended(webinar: Webinar, shown: Narrowing) -> int | None:
    if webinar.went_live_at is None or not shown.wanted.is_everything:
        return None
    return count_attended(webinar.id)


def _count_free(webinar: Webinar, found: ListPage, shown: Narrowing) -> int | None:
    """Return how many seats are free, out of what the list has counted; None for any number."""
    if webinar.capacity is None or not shown.wanted.is_everything:
        return None
    counts = found.counts
    taken = counts[RegistrationStatus.CONFIRMED] + counts[RegistrationStatus.OFFERED]
    if counts[RegistrationStatus.UNVERIFIED]:
        taken += desk_queries.count_held(webinar.id)
    return rules.count_free_seats(webinar.capacity, taken=taken)
