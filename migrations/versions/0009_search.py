"""Search through what was said, asked and written in public replays."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op


revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

PUBLIC = ("replay_published", "archived")
KINDS = ("chapter", "question", "learnings", "presentation", "transcript")
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
HALVES = (("said", "kind = 'transcript'"), ("written", "kind <> 'transcript'"))


def upgrade() -> None:
    kind = sa.Enum(
        *KINDS, name="searchedkind", native_enum=False, create_constraint=True, length=32
    )
    op.create_table(
        "search_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("webinar_id", sa.Integer(), nullable=False),
        sa.Column("kind", kind, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("starts", sa.JSON(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["webinar_id"],
            ["webinars.id"],
            name=op.f("fk_search_entries_webinar_id_webinars"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_entries")),
    )
    op.create_index("ix_search_entries_webinar_id", "search_entries", ["webinar_id"])
    if op.get_bind().dialect.name == "sqlite":
        for statement in MAKE_WORDS:
            op.execute(statement)
    else:
        for name, condition in HALVES:
            op.create_index(
                f"ix_search_entries_{name}",
                "search_entries",
                [sa.text("to_tsvector('simple', folded)")],
                postgresql_using="gin",
                postgresql_where=sa.text(condition),
            )


    index_what_is_public(op.get_bind())


def index_what_is_public(connection: sa.Connection) -> None:
    """Leave it to a worker to read in what is public already."""
    tables = sa.MetaData()
    tables.reflect(connection, only=("webinars", "outbox_jobs"))
    webinars, jobs = tables.tables["webinars"], tables.tables["outbox_jobs"]
    now = datetime.now(UTC)
    public = sa.select(webinars.c.id).where(webinars.c.status.in_(PUBLIC))
    for webinar_id in connection.execute(public).scalars().all():
        connection.execute(
            jobs.insert().values(
                event="ReplayTextChanged",
                payload={"webinar_id": webinar_id},
                reaction="search.index_replay",
                status="queued",
                attempts=0,
                created_at=now,
                due_at=now,
            )
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE search_words")
    op.drop_table("search_entries")
    op.execute("DELETE FROM outbox_jobs WHERE event IN ('ReplayTextChanged', 'EditionPublished')")
