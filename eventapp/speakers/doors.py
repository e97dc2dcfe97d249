"""The speaker's own door: an address that nobody guesses, and that can be given up for another."""

from __future__ import annotations

from eventapp.core.db import db
from eventapp.core.errors import NotFound
from eventapp.core.tokens import is_sealed, read_number, seal_number
from eventapp.speakers.models import Speaker

PURPOSE = "speaker"


def door_token(speaker: Speaker) -> str:
    """Return the token in the address of a speaker's door (24 letters and digits)."""
    return seal_number(PURPOSE, speaker.id, uid=speaker.door_secret)


def get_speaker_by_token(token: str) -> Speaker:
    """Return whose door this token opens. Raises NotFound, also where it was given up."""
    speaker_id = read_number(PURPOSE, token)
    speaker = db.session.get(Speaker, speaker_id) if speaker_id is not None else None
    if speaker is None or not is_sealed(token, PURPOSE, speaker.id, uid=speaker.door_secret):
        raise NotFound
    return speaker
