"""The steps of a webinar's life, each taken under the webinar's lock."""

from __future__ import annotations

from datetime import datetime

from eventapp.core.db import db, record
from eventapp.webinars import events, rules
from eventapp.webinars.models import Webinar, WebinarStatus
from eventapp.webinars.queries import lock_webinar


def publish_webinar(webinar: Webinar, *, now: datetime) -> None:
    """Make a draft public and open its registration; from now on its address stays.

    Records WebinarPublished. Refuses: AlreadyPublished, CannotPublish.
    """
    lock_webinar(webinar.id)
    rules.check_can_publish(webinar, now=now)
    webinar.published_at = now
    _enter(webinar, WebinarStatus.PUBLISHED, now=now)
    record(events.WebinarPublished(webinar_id=webinar.id))


def go_live(webinar: Webinar, *, now: datetime) -> None:
    """Open the room. Records WebinarWentLive. Refuses: CannotGoLive."""
    lock_webinar(webinar.id)
    rules.check_can_go_live(webinar)
    webinar.went_live_at = now
    _enter(webinar, WebinarStatus.LIVE, now=now)
    record(events.WebinarWentLive(webinar_id=webinar.id))


def end_webinar(webinar: Webinar, *, now: datetime) -> None:
    """Close the room, or note that a webinar was held elsewhere once its planned end has passed.

    Records WebinarEnded. Refuses: CannotEnd.
    """
    lock_webinar(webinar.id)
    rules.check_can_end(webinar, now=now)
    webinar.ended_at = now if webinar.status == WebinarStatus.LIVE else webinar.ends_at
    webinar.published_at = webinar.published_at or now
    _enter(webinar, WebinarStatus.ENDED, now=now)
    record(events.WebinarEnded(webinar_id=webinar.id))


def mark_replay_published(webinar: Webinar, *, now: datetime) -> None:
    """Show the replay to everyone. Records ReplayPublished. Refuses: CannotPublishReplay."""
    lock_webinar(webinar.id)
    rules.check_can_publish_replay(webinar)
    webinar.replay_published_at = now
    _enter(webinar, WebinarStatus.REPLAY_PUBLISHED, now=now)
    record(events.ReplayPublished(webinar_id=webinar.id))


def withdraw_replay(webinar: Webinar, *, now: datetime) -> None:
    """Hide the replay again; nobody is told. Refuses: CannotWithdrawReplay."""
    lock_webinar(webinar.id)
    rules.check_can_withdraw_replay(webinar)
    webinar.replay_published_at = None
    _enter(webinar, WebinarStatus.ENDED, now=now)


def archive_webinar(webinar: Webinar, *, now: datetime) -> None:
    """Put the webinar aside; its page and replay stay. Records WebinarArchived.

    Refuses: CannotArchive.
    """
    lock_webinar(webinar.id)
    rules.check_can_archive(webinar)
    _enter(webinar, WebinarStatus.ARCHIVED, now=now)
    record(events.WebinarArchived(webinar_id=webinar.id))


def bring_back_webinar(webinar: Webinar, *, now: datetime) -> None:
    """Take the webinar out of the archive. Refuses: CannotBringBack."""
    lock_webinar(webinar.id)
    rules.check_can_bring_back(webinar)
    _enter(webinar, WebinarStatus.REPLAY_PUBLISHED, now=now)


def cancel_webinar(webinar: Webinar, *, reason: str, now: datetime) -> None:
    """Call the webinar off; `reason` is shown to everyone and sent to the registered.

    Of one that has been held, nothing is sent.

    Raises `calendar_sequence`. Records WebinarCancelled where it had been public.
    Refuses: AlreadyCancelled, CannotCancel.
    """
    lock_webinar(webinar.id)
    rules.check_can_cancel(webinar)
    was_public = rules.is_public(webinar)
    webinar.cancel_reason = reason
    webinar.cancelled_at = now
    webinar.calendar_sequence += 1
    _enter(webinar, WebinarStatus.CANCELLED, now=now)
    if was_public:
        record(events.WebinarCancelled(webinar_id=webinar.id))


def _enter(webinar: Webinar, status: WebinarStatus, *, now: datetime) -> None:
    webinar.status = status
    webinar.updated_at = now
    db.session.flush()
