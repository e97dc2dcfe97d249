"""Replays of the size that is measured: words as people use them, some often and most seldom."""

from __future__ import annotations

import random
from collections.abc import Iterator

import sqlalchemy as sa

from eventapp.core.db import db, transaction
from eventapp.replays import actions
from eventapp.search.actions import index_replay
from eventapp.webinars.models import Webinar

REFERENCE = "creative-hubs"
MINUTES = 90
WORDS_A_CUE = 12
SECONDS_A_CUE = 5
VOCABULARY = 20_000
SYLLABLES = ("ba", "ce", "di", "fo", "gu", "la", "me", "ni", "po", "ru", "sta", "tre", "vi", "zo")


def make_vocabulary(seed: int = 7) -> list[str]:
    """Return different words of two to four syllables; those said most are short (Zipf)."""
    draw = random.Random(seed)
    words: dict[str, None] = {}
    while len(words) < VOCABULARY:
        words["".join(draw.choices(SYLLABLES, k=draw.randint(2, 4)))] = None
    return sorted(words, key=len)


def speak(words: list[str], count: int, draw: random.Random) -> list[str]:
    """Return `count` words, of which the n-th is said 1/n as often as the first (Zipf)."""
    return [words[min(int(len(words) ** draw.random()) - 1, len(words) - 1)] for _ in range(count)]


def write_captions(words: list[str], *, minutes: int, seed: int) -> str:
    """Return captions of so many minutes as WebVTT."""
    draw = random.Random(seed)
    return "WEBVTT\n\n" + "\n".join(_cues(words, minutes * 60, draw))


def _cues(words: list[str], seconds: int, draw: random.Random) -> Iterator[str]:
    for start in range(0, seconds, SECONDS_A_CUE):
        text = " ".join(speak(words, WORDS_A_CUE, draw))
        yield f"{_clock(start)} --> {_clock(start + SECONDS_A_CUE)}\n{text}\n"


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.000"


def give_reference_a_transcript() -> None:
    """Publish the demo's reference replay with what is said in 90 minutes."""
    text = write_captions(make_vocabulary(), minutes=MINUTES, seed=1)
    with transaction():
        webinar = db.session.scalars(sa.select(Webinar).filter_by(slug=REFERENCE)).one()
        actions.save_captions(webinar, language="en", text=text)
        edition = actions.write_edition(webinar, now=webinar.updated_at, published_by_id=None)
        index_replay(edition.webinar_id)
