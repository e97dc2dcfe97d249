"""Every write of speakers."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from eventapp.core.db import db
from eventapp.core.picture_files import store_picture
from eventapp.core.uploads import Picture
from eventapp.speakers.models import Speaker
from eventapp.speakers.queries import lock_speaker
from eventapp.speakers.refusals import SpeakerHasChanged, SpeakerIsNeeded

SECRET_BYTES = 8


@dataclass(frozen=True, kw_only=True)
class Profile:
    """What is written about a speaker; `biography` is Markdown, `link` http(s) or empty."""

    name: str
    affiliation: str = ""
    biography: str = ""
    link: str = ""
    email: str = ""


def create_speaker(profile: Profile, *, now: datetime, photo: Picture | None = None) -> Speaker:
    """Add a speaker, who speaks nowhere yet."""
    speaker = Speaker(**vars(profile), created_at=now, updated_at=now)
    db.session.add(speaker)
    _change_photo(speaker, photo, is_removed=False)
    db.session.flush()
    return speaker


def edit_speaker(
    speaker: Speaker,
    profile: Profile,
    *,
    now: datetime,
    seen_at: datetime | None = None,
    photo: Picture | None = None,
    is_photo_removed: bool = False,
) -> None:
    """Write the profile anew, in every webinar.

    Raises NotFound. Refuses: SpeakerHasChanged since `seen_at`.
    """
    lock_speaker(speaker.id)
    if seen_at is not None and seen_at != speaker.updated_at:
        raise SpeakerHasChanged
    for name, value in vars(profile).items():
        setattr(speaker, name, value)
    _change_photo(speaker, photo, is_removed=is_photo_removed)
    speaker.updated_at = now
    db.session.flush()


def move_door(speaker: Speaker) -> None:
    """Give the speaker's own door another address; the old one leads nowhere from now on."""
    speaker = lock_speaker(speaker.id)
    speaker.door_secret = secrets.token_hex(SECRET_BYTES)
    db.session.flush()


def delete_speaker(speaker: Speaker) -> None:
    """Delete a speaker who speaks nowhere. Refuses: SpeakerIsNeeded."""
    try:
        with db.session.begin_nested():
            db.session.delete(speaker)
    except IntegrityError as error:
        raise SpeakerIsNeeded from error


def _change_photo(speaker: Speaker, photo: Picture | None, *, is_removed: bool) -> None:
    if photo is not None:
        speaker.photo = store_picture(photo, name="photo")
    elif is_removed:
        speaker.photo = None
