"""What can be found: lines of replays with their place in the recording."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Mapped, mapped_column

from eventapp.core.db import Base, string_enum


class SearchedKind(StrEnum):
    """Where words were found, in the order in which that matters."""

    CHAPTER = "chapter"
    QUESTION = "question"
    LEARNINGS = "learnings"
    PRESENTATION = "presentation"
    TRANSCRIPT = "transcript"


# What is said is most of what there is; what is written has an index of its own.
HALVES = (("said", "kind = 'transcript'"), ("written", "kind <> 'transcript'"))


class SearchEntry(Base):
    """A passage of a replay.

    `text` has one line for each of `starts`, its second (None for a line that has none) in the
    recording of that `number` (None for the first). `folded` is the text without capitals and
    accents; the index is over it.
    """

    __tablename__ = "search_entries"
    __table_args__ = (
        sa.Index("ix_search_entries_webinar_id", "webinar_id"),
        *(
            sa.Index(
                f"ix_search_entries_{name}",
                sa.text("to_tsvector('simple', folded)"),
                postgresql_using="gin",
                postgresql_where=sa.text(condition),
            ).ddl_if(dialect="postgresql")
            for name, condition in HALVES
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    webinar_id: Mapped[int] = mapped_column(sa.ForeignKey("webinars.id", ondelete="CASCADE"))
    kind: Mapped[SearchedKind] = mapped_column(string_enum(SearchedKind))
    text: Mapped[str]
    folded: Mapped[str]
    starts: Mapped[list[float | None]] = mapped_column(sa.JSON)
    number: Mapped[int | None]


# SQLite's index is a table of its own beside the entries (FTS5, external content, kept by
# triggers: https://www.sqlite.org/fts5.html#external_content_tables). The migration has the same.
WORDS = "search_words"
MAKE_WORDS = (
    """CREATE VIRTUAL TABLE search_words USING fts5(folded, kind, content='search_entries',
      content_rowid='id', prefix='2 3 4', tokenize='unicode61 remove_diacritics 0')""",
    """CREATE TRIGGER search_entries_added AFTER INSERT ON search_entries BEGIN
      INSERT INTO search_words(rowid, folded, kind) VALUES (new.id, new.folded, new.kind);
    END""",
    """CREATE TRIGGER search_entries_deleted AFTER DELETE ON search_entries BEGIN
      INSERT INTO search_words(search_words, rowid, folded, kind)
      VALUES ('delete', old.id, old.folded, old.kind);
    END""",
)

for _statement in MAKE_WORDS:
    _make: Any = sa.DDL
    event.listen(SearchEntry.__table__, "after_create", _make(_statement).execute_if("sqlite"))
