"""Recordings have numbers and cuts; what is public of a replay is an edition of its own."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op


revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

PUBLIC = ("replay_published", "archived")


def upgrade() -> None:
    with op.batch_alter_table("recordings") as batch_op:
        batch_op.add_column(sa.Column("number", sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("replaced_by", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("cuts", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.drop_constraint("uq_recordings_webinar_id", type_="unique")
        batch_op.create_unique_constraint(
            "uq_recordings_webinar_id_number", ["webinar_id", "number"]
        )
    with op.batch_alter_table("recordings") as batch_op:
        batch_op.alter_column("number", existing_type=sa.Integer(), server_default=None)
        batch_op.alter_column("cuts", existing_type=sa.JSON(), server_default=None)
    op.create_table(
        "replay_editions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("webinar_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["published_by_id"],
            ["users.id"],
            name=op.f("fk_replay_editions_published_by_id_users"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["webinar_id"],
            ["webinars.id"],
            name=op.f("fk_replay_editions_webinar_id_webinars"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_replay_editions")),
        sa.UniqueConstraint(
            "webinar_id", "number", name=op.f("uq_replay_editions_webinar_id_number")
        ),
    )
    with op.batch_alter_table("replay_editions") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_replay_editions_published_by_id"), ["published_by_id"], unique=False
        )
    op.create_table(
        "replay_edition_files",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"],
            ["replay_editions.id"],
            name=op.f("fk_replay_edition_files_edition_id_replay_editions"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["file_id"],
            ["stored_files.id"],
            name=op.f("fk_replay_edition_files_file_id_stored_files"),
        ),
        sa.PrimaryKeyConstraint("edition_id", "file_id", name=op.f("pk_replay_edition_files")),
    )
    with op.batch_alter_table("replay_edition_files") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_replay_edition_files_file_id"), ["file_id"], unique=False
        )
    publish_what_is_public(op.get_bind())


def publish_what_is_public(connection: sa.Connection) -> None:
    """Make the first edition of each replay that everyone sees, as it stands."""
    tables = sa.MetaData()
    names = ("webinars", "recordings", "chapters", "caption_tracks", "learnings", "replay_editions")
    tables.reflect(connection, only=(*names, "replay_edition_files"))
    webinars, recordings, chapters, captions, learnings, editions = (
        tables.tables[name] for name in names
    )
    public = connection.execute(sa.select(webinars).where(webinars.c.status.in_(PUBLIC)))
    for webinar in public.mappings().all():
        shown = _rows(connection, recordings, webinar["id"], recordings.c.id)
        tracks = _rows(connection, captions, webinar["id"], captions.c.language)
        content = {
            "entries": _entries(_rows(connection, chapters, webinar["id"], chapters.c.position)),
            "recordings": [_recording(row) for row in shown],
            "captions": [{"language": t["language"], "file_id": t["file_id"]} for t in tracks],
            "learnings": "".join(
                row["body"]
                for row in _rows(connection, learnings, webinar["id"], learnings.c.webinar_id)
            ),
        }
        edition_id = connection.execute(
            editions.insert().values(
                webinar_id=webinar["id"],
                number=1,
                content=content,
                published_at=webinar["replay_published_at"] or datetime.now(UTC),
            )
        ).inserted_primary_key[0]
        for file_id in {row["file_id"] for row in [*shown, *tracks] if row["file_id"]}:
            connection.execute(
                tables.tables["replay_edition_files"]
                .insert()
                .values(edition_id=edition_id, file_id=file_id)
            )


def _rows(
    connection: sa.Connection, table: sa.Table, webinar_id: int, order: sa.Column[Any]
) -> list[Any]:
    found = sa.select(table).where(table.c.webinar_id == webinar_id).order_by(order)
    return list(connection.execute(found).mappings())


def _entries(chapters: list[Any]) -> list[dict[str, Any]]:
    index = {chapter["id"]: number for number, chapter in enumerate(chapters)}
    return [
        {
            "start": chapter["start_seconds"],
            "kind": chapter["kind"],
            "title": chapter["title"],
            "speakers": chapter["speakers"],
            "section": chapter["section"],
            "parent": index.get(chapter["parent_id"]),
            "agenda_item_id": chapter["agenda_item_id"],
            "question_id": chapter["question_id"],
        }
        for chapter in chapters
    ]


def _recording(row: Any) -> dict[str, Any]:
    return {
        "number": row["number"],
        "replaced_by": None,
        "kind": row["kind"],
        "file_id": row["file_id"],
        "address": row["address"],
        "duration": row["duration_seconds"],
        "offset": row["offset_seconds"],
        "cuts": [],
    }


def downgrade() -> None:
    op.drop_table("replay_edition_files")
    op.drop_table("replay_editions")
    # An older version knows one recording a webinar.
    op.execute("DELETE FROM recordings WHERE replaced_by IS NOT NULL")
    op.execute(
        "DELETE FROM recordings WHERE number > (SELECT MIN(other.number) FROM recordings AS other "
        "WHERE other.webinar_id = recordings.webinar_id)"
    )
    with op.batch_alter_table("recordings") as batch_op:
        batch_op.drop_constraint("uq_recordings_webinar_id_number", type_="unique")
        batch_op.create_unique_constraint("uq_recordings_webinar_id", ["webinar_id"])
        batch_op.drop_column("cuts")
        batch_op.drop_column("replaced_by")
        batch_op.drop_column("number")
