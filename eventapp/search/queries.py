"""Finding words, in a number of rows and statements that doesn't grow with what there is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import load_only

from eventapp.core.db import db
from eventapp.search.folding import read_query
from eventapp.search.models import HALVES, SearchedKind, SearchEntry
from eventapp.search.rules import choose_line
from eventapp.webinars.models import Webinar
from eventapp.webinars.rules import WITH_REPLAY

# How many passages are looked at: of common words there are more than anybody reads.
MOST_FOUND = 400
WEBINARS_SHOWN = 12
HITS_SHOWN = 3
KINDS = list(SearchedKind)


@dataclass(frozen=True, kw_only=True)
class Hit:
    """Words that were found: the line, and its second in recording `number`, if it has one."""

    kind: SearchedKind
    text: str
    start: float | None
    number: int | None


@dataclass(frozen=True, kw_only=True)
class FoundReplay:
    """A replay in which the words were found, and how many more passages have them."""

    webinar: Webinar
    hits: Sequence[Hit]
    more: int


def search_replays(text: str) -> list[FoundReplay]:
    """Return the public replays with a passage that has all the words, each by its beginning.

    Those with the words in more places, and in their agenda, come first.
    """
    words = read_query(text)
    if not words:
        return []
    passages: dict[int, list[SearchEntry]] = {}
    for entry in db.session.scalars(_matching(words)):
        passages.setdefault(entry.webinar_id, []).append(entry)
    shown = sorted(passages, key=lambda webinar_id: _weight(passages[webinar_id]), reverse=True)
    webinars = {
        webinar.id: webinar
        for webinar in db.session.scalars(
            sa.select(Webinar)
            .where(Webinar.id.in_(shown[:WEBINARS_SHOWN]))
            .options(load_only(Webinar.slug, Webinar.title, Webinar.starts_at, Webinar.time_zone))
        )
    }
    return [
        _describe(webinars[webinar_id], passages[webinar_id], words)
        for webinar_id in shown[:WEBINARS_SHOWN]
    ]


def _weight(entries: Sequence[SearchEntry]) -> tuple[int, int, int]:
    best = min(KINDS.index(entry.kind) for entry in entries)
    return -best, len(entries), entries[0].webinar_id


def _describe(webinar: Webinar, entries: list[SearchEntry], words: list[str]) -> FoundReplay:
    ordered = sorted(entries, key=lambda entry: (KINDS.index(entry.kind), entry.id))
    return FoundReplay(
        webinar=webinar,
        hits=[_hit(entry, words) for entry in ordered[:HITS_SHOWN]],
        more=max(0, len(ordered) - HITS_SHOWN),
    )


def _hit(entry: SearchEntry, words: list[str]) -> Hit:
    lines = entry.text.split("\n")
    number = choose_line(lines, words)
    return Hit(kind=entry.kind, text=lines[number], start=entry.starts[number], number=entry.number)


def _matching(words: list[str]) -> sa.Select[SearchEntry]:
    """Select passages of public replays with all the words: first the rare kinds, then the said.

    What is said is most of what there is, so each half has its own limit.
    """
    written, said = (
        sa.select(_ids(words, is_said=is_said).limit(MOST_FOUND).subquery().c.id)
        for is_said in (False, True)
    )
    return (
        sa.select(SearchEntry)
        .join(Webinar, Webinar.id == SearchEntry.webinar_id)
        .where(SearchEntry.id.in_(sa.union_all(written, said)), Webinar.status.in_(WITH_REPLAY))
        .order_by(SearchEntry.id)
    )


def _ids(words: list[str], *, is_said: bool) -> sa.Select[int]:
    """Select the ids of passages that have each word, or a longer one that begins with it."""
    if db.engine.dialect.name == "sqlite":
        kinds = " OR ".join(kind for kind in KINDS if (kind == SearchedKind.TRANSCRIPT) == is_said)
        query = f"kind : ({kinds}) AND folded : (" + " AND ".join(f'"{w}"*' for w in words) + ")"
        matches = sa.text("search_words MATCH :query").bindparams(
            sa.bindparam("query", query, unique=True)
        )
        index = sa.table("search_words", sa.column("rowid", sa.Integer))
        return sa.select(index.c.rowid.label("id")).where(matches)
    query = " & ".join(f"{word}:*" for word in words)
    # As the index says it, word by word: otherwise PostgreSQL wouldn't use it.
    matches = sa.text("to_tsvector('simple', folded) @@ to_tsquery('simple', :query)").bindparams(
        sa.bindparam("query", query, unique=True)
    )
    _name, half = HALVES[0 if is_said else 1]
    return sa.select(SearchEntry.id).where(sa.text(half), matches)
