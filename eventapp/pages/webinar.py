"""A webinar's page: before, during and after."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from eventapp.core import clock
from eventapp.core.access import public
from eventapp.core.calendar import google_calendar_url, outlook_calendar_url
from eventapp.core.i18n import zoned_time
from eventapp.core.markdown import plain_text, render_markdown
from eventapp.core.page_cache import cached_page
from eventapp.pages import queries
from eventapp.pages.blueprint import blueprint
from eventapp.pages.calls import WHILE_OPEN, badge_of, call_to_action, describe_seats
from eventapp.pages.cards import cover_of, describe_person, length
from eventapp.pages.queries import PageState
from eventapp.pages.structured_data import event_data, to_script
from eventapp.presentations.queries import list_presentations_on_page
from eventapp.registrations.rules import find_deadline
from eventapp.webinars.calendar import describe_event
from eventapp.webinars.labels import kind_label
from eventapp.webinars.models import AgendaItem, AgendaItemKind, Webinar
from eventapp.webinars.queries import get_whole_webinar
from eventapp.webinars.rules import plan_agenda

DESCRIPTION_LENGTH = 300


@dataclass(frozen=True, kw_only=True)
class PlannedEntry:
    """An agenda item as `components/agenda.html` shows it; the time is the webinar's own."""

    id: str
    timecode: str
    title: str
    kind: str
    kind_label: str
    speakers: list[str]
    section: str
    is_after_section: bool
    children: tuple[()] = field(default=())


@blueprint.get("/webinars/<slug>/")
@public
def webinar(slug: str) -> ResponseReturnValue:
    state = queries.get_page_state(slug, for_organiser=current_user.is_authenticated)
    call = call_to_action(
        state.status,
        ends_at=state.ends_at,
        seats_left=state.seats_left,
        policy=state.policy,
        now=clock.now(),
    )
    seats = describe_seats(state.capacity, left=state.seats_left)
    key = (state.webinar_id, state.revision, seats, call)
    return cached_page(key, lambda: _make_page(state, call=call, seats=seats))


def _make_page(state: PageState, *, call: str, seats: str) -> str:
    shown = get_whole_webinar(state.webinar_id)
    event = describe_event(shown)
    return render_template(
        "pages/webinar.html",
        shown=shown,
        cover=cover_of(shown),
        length=length(shown),
        description=render_markdown(shown.description),
        meta_description=shown.summary
        or plain_text(shown.description, max_length=DESCRIPTION_LENGTH),
        agenda=outline_plan(shown),
        people=[describe_person(speaker) for speaker in shown.speakers],
        presentations=list_presentations_on_page(shown),
        seats=seats,
        call=call,
        opens_at=state.policy.opens_at,
        closes_at=find_deadline(state.policy, ends_at=state.ends_at),
        state=badge_of(call),
        google_url=google_calendar_url(event),
        outlook_url=outlook_calendar_url(event),
        structured_data=to_script(
            event_data(shown, can_register=call in WHILE_OPEN, seats_left=state.seats_left)
        ),
        page_url=url_for("pages.webinar", slug=shown.slug, _external=True),
    )


def outline_plan(webinar: Webinar) -> list[PlannedEntry]:
    """Return the agenda with the clock time at which each item is planned to start."""
    return [
        PlannedEntry(
            id=f"item-{plan.item.id}",
            timecode=zoned_time(plan.starts_at, webinar.time_zone),
            title=plan.item.title,
            kind=_look(plan.item),
            kind_label=_label(plan.item),
            speakers=[speaker.name for speaker in plan.item.speakers],
            section=plan.section,
            is_after_section=plan.is_after_section,
        )
        for plan in plan_agenda(webinar)
    ]


def _look(item: AgendaItem) -> str:
    looks = {AgendaItemKind.QUESTIONS: "question", AgendaItemKind.PANEL: "discussion"}
    return looks.get(item.kind, item.kind.value)


def _label(item: AgendaItem) -> str:
    return "" if item.kind == AgendaItemKind.OTHER else kind_label(item.kind)
