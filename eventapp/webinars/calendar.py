"""A webinar as a calendar entry."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import current_app
from flask_babel import gettext as _

from eventapp.core.calendar import CalendarEvent
from eventapp.core.markdown import plain_text
from eventapp.webinars.models import Webinar, WebinarStatus


def describe_event(
    webinar: Webinar, *, uid: str | None = None, sequence: int | None = None, join_url: str = ""
) -> CalendarEvent:
    """Return the webinar as calendars hold it.

    Without `uid` and `sequence` it is the public entry, the same in the page's file and in the
    feed. An invitation gives its own, and in `join_url` the way in that belongs to one person.
    """
    url = public_url(webinar)
    return CalendarEvent(
        uid=uid or f"webinar-{webinar.id}@{urlsplit(url).hostname}",
        sequence=webinar.calendar_sequence if sequence is None else sequence,
        title=webinar.title,
        description=_describe(webinar, url),
        starts_at=webinar.starts_at,
        ends_at=webinar.ends_at,
        zone=webinar.time_zone,
        location=join_url or url,
        url=url,
        status="CANCELLED" if webinar.status == WebinarStatus.CANCELLED else "CONFIRMED",
        created_at=webinar.created_at,
        updated_at=webinar.updated_at,
        join_url=join_url,
    )


def public_url(webinar: Webinar) -> str:
    """Return the address of the webinar's page, also where no request is being answered."""
    base: str = current_app.config["EVENTAPP"].base_url
    return f"{base}/webinars/{webinar.slug}/"


def _describe(webinar: Webinar, url: str) -> str:
    parts = [webinar.summary or plain_text(webinar.description), url]
    if webinar.cancel_reason:
        parts.insert(0, _("Cancelled: %(reason)s", reason=webinar.cancel_reason))
    return "\n\n".join(part for part in parts if part)
