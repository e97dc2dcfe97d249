"""The next best step: what an organiser does first on a webinar's overview."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _

from eventapp.webinars import rules
from eventapp.webinars.models import Webinar, WebinarStatus


@dataclass(frozen=True, kw_only=True)
class Advice:
    title: str
    text: str
    href: str = ""
    label: str = ""


def advise(webinar: Webinar, *, now: datetime) -> Advice:
    """Return what to do next; without a link where there is nothing to do or no page for it."""
    advice = {
        WebinarStatus.DRAFT: _advise_on_draft,
        WebinarStatus.PUBLISHED: _advise_on_published,
    }.get(webinar.status)
    return advice(webinar, now) if advice else _advise_by_status(webinar)


def _advise_on_draft(webinar: Webinar, now: datetime) -> Advice:
    if now >= webinar.ends_at:
        return Advice(
            title=_("Has this webinar already taken place?"),
            text=_("Mark it as ended, and you can publish its replay. Or choose a new time."),
            **_to_step(webinar, "end", _("Mark as ended")),
        )
    if rules.list_missing(webinar, now=now):
        return Advice(
            title=_("Complete the details"),
            text=_("Something is still missing before it can be published."),
            **_to(webinar, "webinars.edit", _("Complete the details")),
        )
    if not webinar.speakers:
        return Advice(
            title=_("Who is speaking?"),
            text=_("Add the speakers; then they can be named in the agenda."),
            **_to(webinar, "webinars.speakers", _("Add speakers")),
        )
    if not webinar.agenda_items:
        return Advice(
            title=_("Plan the agenda"),
            text=_("Later, every part becomes a link into the recording."),
            **_to(webinar, "webinars.agenda", _("Plan the agenda")),
        )
    return Advice(
        title=_("Ready to publish"),
        text=_("Have a look at the page as everyone will see it, then open registration."),
        **_to_step(webinar, "publish", _("Publish")),
    )


def _advise_on_published(webinar: Webinar, now: datetime) -> Advice:
    if now >= webinar.ends_at:
        return Advice(
            title=_("The planned time has passed"),
            text=_("If it took place elsewhere, mark it as ended. Or choose a new time."),
            **_to_step(webinar, "end", _("Mark as ended")),
        )
    if rules.is_early(webinar, now=now):
        return Advice(
            title=_("Let people know"),
            text=_("Share the address of its page. When the time comes, go live from here."),
        )
    return Advice(
        title=_("It's nearly time"),
        text=_("Open the room when everyone is ready."),
        **_to_step(webinar, "go-live", _("Go live")),
    )


def _advise_by_status(webinar: Webinar) -> Advice:
    match webinar.status:
        case WebinarStatus.LIVE:
            return Advice(
                title=_("You are live"),
                text=_("Run the agenda and the questions from the live desk."),
                **_to(webinar, "live.desk", _("Open the live desk")),
            )
        case WebinarStatus.ENDED:
            return Advice(
                title=_("Publish the replay"),
                text=_("Add the recording; the agenda with its links is made from the live log."),
                **_to(webinar, "replays.manage", _("Prepare the replay")),
            )
        case WebinarStatus.REPLAY_PUBLISHED:
            return Advice(
                title=_("The replay is public"),
                text=_("Share its address. Key learnings beside it help who can't watch it all."),
                **_to(webinar, "learnings.manage", _("To the learnings")),
            )
        case WebinarStatus.ARCHIVED:
            return Advice(title=_("All done"), text=_("Its page and its replay stay online."))
        case _:
            return Advice(
                title=_("This webinar has been cancelled"),
                text=_("Its page says so. It had taken place, so nobody was told.")
                if rules.has_been_held(webinar)
                else _("Its page says so, and everyone who had registered has been told."),
            )


def _to(webinar: Webinar, endpoint: str, label: str) -> dict[str, str]:
    return {"href": url_for(endpoint, webinar_id=webinar.id), "label": label}


def _to_step(webinar: Webinar, name: str, label: str) -> dict[str, str]:
    href = url_for("webinars.take_step", webinar_id=webinar.id, name=name)
    return {"href": href, "label": label}
