"""Making, changing and deleting webinars."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from eventapp.core.db import db, record
from eventapp.core.picture_files import store_picture
from eventapp.core.uploads import Picture
from eventapp.webinars import events, rules
from eventapp.webinars.models import RoomAccess, Webinar, WebinarStatus
from eventapp.webinars.queries import list_slugs_like, lock_webinar
from eventapp.webinars.refusals import ConflictingEdit
from eventapp.webinars.slugs import make_slug


@dataclass(frozen=True, kw_only=True)
class WebinarDetails:
    """What an organiser writes about a webinar; times are aware, `join_url` is http(s) or empty."""

    title: str
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    summary: str = ""
    description: str = ""
    language: str = "en"
    capacity: int | None = None
    join_url: str = ""
    contact_name: str = ""
    contact_email: str = ""
    room_access: RoomAccess = RoomAccess.OPEN
    is_moderated: bool = True


def create_webinar(
    details: WebinarDetails,
    *,
    now: datetime,
    created_by_id: int | None = None,
    cover: Picture | None = None,
    slug: str | None = None,
) -> Webinar:
    """Write a draft; nobody else hears of it. `slug` is made of the title when left out.

    Refuses: EndsBeforeStart, IsTooLong.
    """
    rules.check_times(starts_at=details.starts_at, ends_at=details.ends_at)
    webinar = Webinar(
        **vars(details),
        slug=slug or _free_slug(details.title),
        status=WebinarStatus.DRAFT,
        calendar_sequence=0,
        created_by_id=created_by_id,
        created_at=now,
        updated_at=now,
    )
    db.session.add(webinar)
    _change_cover(webinar, cover, is_removed=False)
    db.session.flush()
    return webinar


def edit_webinar(
    webinar: Webinar,
    details: WebinarDetails,
    *,
    now: datetime,
    seen_at: datetime | None = None,
    cover: Picture | None = None,
    is_cover_removed: bool = False,
) -> None:
    """Write the details anew. A draft's address follows its title, a published one's stays.

    `seen_at` is the `updated_at` that the organiser saw; another one means that somebody saved
    meanwhile. Raises `calendar_sequence` with the time, the title or the join address, and then
    records WebinarRescheduled if the webinar is expected; records WebinarCapacityChanged and
    WebinarModerationChanged.
    Refuses: ConflictingEdit, CannotEdit, EndsBeforeStart, IsTooLong, CannotMoveIntoThePast.
    """
    lock_webinar(webinar.id)
    if seen_at is not None and seen_at != webinar.updated_at:
        raise ConflictingEdit
    _check_can_change(webinar, details, now=now)
    _note_calendar_changes(webinar, details)
    if details.capacity != webinar.capacity and rules.is_expected(webinar):
        record(events.WebinarCapacityChanged(webinar_id=webinar.id))
    if details.is_moderated != webinar.is_moderated:
        record(events.WebinarModerationChanged(webinar_id=webinar.id))
    if webinar.published_at is None and details.title != webinar.title:
        webinar.slug = _free_slug(details.title, own=webinar.slug)
    for name, value in vars(details).items():
        setattr(webinar, name, value)
    _change_cover(webinar, cover, is_removed=is_cover_removed)
    webinar.updated_at = now
    db.session.flush()


def switch_moderation(webinar: Webinar, *, is_moderated: bool, now: datetime) -> None:
    """Let questions wait for a moderator, or not; under the webinar's lock."""
    if webinar.is_moderated != is_moderated:
        webinar.is_moderated = is_moderated
        webinar.updated_at = now
        db.session.flush()


def delete_draft(webinar: Webinar) -> None:
    """Delete a draft with all that belongs to it; nobody has seen it. Refuses: CannotDelete."""
    lock_webinar(webinar.id)
    rules.check_can_delete(webinar)
    db.session.delete(webinar)
    db.session.flush()


def _check_can_change(webinar: Webinar, details: WebinarDetails, *, now: datetime) -> None:
    rules.check_can_edit(webinar)
    rules.check_times(starts_at=details.starts_at, ends_at=details.ends_at)
    rules.check_can_reschedule(webinar, starts_at=details.starts_at, now=now)


def _note_calendar_changes(webinar: Webinar, details: WebinarDetails) -> None:
    changes = rules.list_calendar_changes(
        webinar,
        title=details.title,
        starts_at=details.starts_at,
        ends_at=details.ends_at,
        zone=details.time_zone,
        join_url=details.join_url,
    )
    if not changes:
        return
    webinar.calendar_sequence += 1
    if rules.is_expected(webinar):
        record(
            events.WebinarRescheduled(
                webinar_id=webinar.id,
                previous_title=webinar.title,
                previous_starts_at=webinar.starts_at.isoformat(),
                previous_ends_at=webinar.ends_at.isoformat(),
                previous_time_zone=webinar.time_zone,
                previous_join_url=webinar.join_url,
            )
        )


def _free_slug(title: str, *, own: str = "") -> str:
    return make_slug(title, taken=list_slugs_like(make_slug(title)) - {own})


def _change_cover(webinar: Webinar, cover: Picture | None, *, is_removed: bool) -> None:
    if cover is not None:
        webinar.cover = store_picture(cover, name=f"{webinar.slug}-cover")
    elif is_removed:
        webinar.cover = None
