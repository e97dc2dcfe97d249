"""The live room: its settings, polls, reactions, replies, and a log that tells all of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

OLD_STATUSES = ("pending", "approved", "on_air", "answered", "dismissed")
NEW_STATUSES = ("merged", "withdrawn")
OLD_KINDS = (
    "webinar_started",
    "webinar_ended",
    "recording_started",
    "recording_stopped",
    "agenda_item_started",
    "question_approved",
    "question_dismissed",
    "question_on_air",
    "question_answered",
)
NEW_KINDS = (
    "question_asked",
    "question_changed",
    "question_withdrawn",
    "question_edited",
    "question_labelled",
    "question_assigned",
    "question_pinned",
    "question_unpinned",
    "question_merged",
    "asker_erased",
    "answer_written",
    "follow_up_written",
    "reply_published",
    "reply_dismissed",
    "asker_silenced",
    "asker_heard",
    "room_changed",
    "stage_moved",
    "poll_written",
    "poll_opened",
    "poll_closed",
    "poll_deleted",
    "word_hidden",
    "word_shown",
)
# Filled for the rows that are there, and then taken away again.
FILLED = {
    "live_log_entries": (("after", sa.Text(), ""),),
    "questions": (
        ("desk_name", sa.Text(), ""),
        ("has_blocked_word", sa.Boolean(), sa.false()),
        ("is_pinned", sa.Boolean(), sa.false()),
        ("label", sa.Text(), ""),
    ),
}


def enum_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def change_values(
    table: str, column: str, name: str, *, old: tuple[str, ...], new: tuple[str, ...]
) -> None:
    with op.batch_alter_table(table) as batch_op:
        batch_op.alter_column(
            column,
            existing_type=enum_of(name, *old),
            type_=enum_of(name, *new),
            existing_nullable=False,
        )


def add_filled_columns() -> None:
    for table, columns in FILLED.items():
        with op.batch_alter_table(table) as batch_op:
            for name, kind, value in columns:
                batch_op.add_column(sa.Column(name, kind, nullable=False, server_default=value))
        with op.batch_alter_table(table) as batch_op:
            for name, kind, _value in columns:
                batch_op.alter_column(
                    name, existing_type=kind, existing_nullable=False, server_default=None
                )


def add_tables() -> None:
    op.create_table(
        "polls",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("webinar_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "one",
                "several",
                "rating",
                "words",
                name="pollkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "open",
                "closed",
                name="pollstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "results",
            sa.Enum(
                "always",
                "voted",
                "closed",
                name="resultsshown",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("voters", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["webinar_id"],
            ["webinars.id"],
            name=op.f("fk_polls_webinar_id_webinars"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_polls")),
    )
    with op.batch_alter_table("polls", schema=None) as batch_op:
        batch_op.create_index("ix_polls_webinar_id_status", ["webinar_id", "status"], unique=False)

    op.create_table(
        "reaction_buckets",
        sa.Column("webinar_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "applause",
                "laugh",
                "heart",
                "surprise",
                name="reactionkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("begins_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["webinar_id"],
            ["webinars.id"],
            name=op.f("fk_reaction_buckets_webinar_id_webinars"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "webinar_id", "kind", "begins_at", name=op.f("pk_reaction_buckets")
        ),
    )
    op.create_table(
        "rooms",
        sa.Column("webinar_id", sa.Integer(), nullable=False),
        sa.Column("is_open_early", sa.Boolean(), nullable=False),
        sa.Column("shows_names_to_desk", sa.Boolean(), nullable=False),
        sa.Column("is_closed", sa.Boolean(), nullable=False),
        sa.Column("slow_seconds", sa.Integer(), nullable=False),
        sa.Column("blocked_words", sa.Text(), nullable=False),
        sa.Column("stage_secret", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint("slow_seconds >= 0", name=op.f("ck_rooms_slow_seconds_not_negative")),
        sa.ForeignKeyConstraint(
            ["webinar_id"],
            ["webinars.id"],
            name=op.f("fk_rooms_webinar_id_webinars"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("webinar_id", name=op.f("pk_rooms")),
    )
    op.create_table(
        "silenced_askers",
        sa.Column("webinar_id", sa.Integer(), nullable=False),
        sa.Column("asker_key", sa.Text(), nullable=False),
        sa.Column("silenced_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["webinar_id"],
            ["webinars.id"],
            name=op.f("fk_silenced_askers_webinar_id_webinars"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("webinar_id", "asker_key", name=op.f("pk_silenced_askers")),
    )
    op.create_table(
        "poll_options",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("votes", sa.Integer(), nullable=False),
        sa.Column("is_hidden", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["poll_id"],
            ["polls.id"],
            name=op.f("fk_poll_options_poll_id_polls"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poll_options")),
        sa.UniqueConstraint("poll_id", "key", name=op.f("uq_poll_options_poll_id_key")),
    )
    op.create_table(
        "poll_votes",
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("voter_key", sa.Text(), nullable=False),
        sa.Column("option_id", sa.Integer(), nullable=False),
        sa.Column("voted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["option_id"],
            ["poll_options.id"],
            name=op.f("fk_poll_votes_option_id_poll_options"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["poll_id"], ["polls.id"], name=op.f("fk_poll_votes_poll_id_polls"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("poll_id", "voter_key", "option_id", name=op.f("pk_poll_votes")),
    )
    with op.batch_alter_table("poll_votes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_poll_votes_option_id"), ["option_id"], unique=False)

    op.create_table(
        "question_replies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "answer",
                "follow_up",
                name="replykind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "pending",
                "published",
                "dismissed",
                name="replystatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("asker_key", sa.Text(), nullable=False),
        sa.Column("author_name", sa.Text(), nullable=False),
        sa.Column("submission_key", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"],
            ["users.id"],
            name=op.f("fk_question_replies_author_id_users"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["questions.id"],
            name=op.f("fk_question_replies_question_id_questions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_replies")),
        sa.UniqueConstraint(
            "question_id",
            "submission_key",
            name=op.f("uq_question_replies_question_id_submission_key"),
        ),
    )
    with op.batch_alter_table("question_replies", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_question_replies_author_id"), ["author_id"], unique=False
        )


def add_links() -> None:
    with op.batch_alter_table("live_log_entries", schema=None) as batch_op:
        batch_op.add_column(sa.Column("poll_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_live_log_entries_poll_id"), ["poll_id"], unique=False)
        batch_op.create_index(
            "ix_live_log_entries_webinar_id_kind", ["webinar_id", "kind", "number"], unique=False
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_live_log_entries_poll_id_polls"),
            "polls",
            ["poll_id"],
            ["id"],
            ondelete="SET NULL",
        )

    with op.batch_alter_table("question_votes", schema=None) as batch_op:
        batch_op.add_column(sa.Column("merged_from_id", sa.Integer(), nullable=True))
        batch_op.create_index(
            batch_op.f("ix_question_votes_merged_from_id"), ["merged_from_id"], unique=False
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_question_votes_merged_from_id_questions"),
            "questions",
            ["merged_from_id"],
            ["id"],
            ondelete="SET NULL",
        )

    with op.batch_alter_table("questions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("original_text", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("agenda_item_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("speaker_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("merged_into_id", sa.Integer(), nullable=True))
        batch_op.create_index(
            batch_op.f("ix_questions_agenda_item_id"), ["agenda_item_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_questions_merged_into_id"), ["merged_into_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_questions_speaker_id"), ["speaker_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_questions_speaker_id_speakers"),
            "speakers",
            ["speaker_id"],
            ["id"],
            ondelete="SET NULL",
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_questions_agenda_item_id_agenda_items"),
            "agenda_items",
            ["agenda_item_id"],
            ["id"],
            ondelete="SET NULL",
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_questions_merged_into_id_questions"),
            "questions",
            ["merged_into_id"],
            ["id"],
            ondelete="SET NULL",
        )


def upgrade() -> None:
    add_tables()
    add_filled_columns()
    add_links()
    op.execute("UPDATE questions SET desk_name = author_name")
    change_values(
        "questions", "status", "questionstatus", old=OLD_STATUSES, new=OLD_STATUSES + NEW_STATUSES
    )
    change_values(
        "live_log_entries",
        "kind",
        "logentrykind",
        old=(*OLD_KINDS, "undone"),
        new=(*OLD_KINDS, *NEW_KINDS, "undone"),
    )


def remove_what_is_new() -> None:
    """Set aside what no older version knows; of the log, what it can't read."""
    op.execute("UPDATE questions SET status = 'dismissed' WHERE status IN ('merged', 'withdrawn')")
    entries = sa.table(
        "live_log_entries", sa.column("id"), sa.column("kind"), sa.column("undoes_id")
    )
    unknown = sa.select(entries.c.id).where(entries.c.kind.in_(NEW_KINDS))
    op.execute(sa.delete(entries).where(entries.c.undoes_id.in_(unknown)))
    op.execute(sa.delete(entries).where(entries.c.kind.in_(NEW_KINDS)))


def remove_links() -> None:
    with op.batch_alter_table("questions") as batch_op:
        for column, table in (
            ("agenda_item_id", "agenda_items"),
            ("merged_into_id", "questions"),
            ("speaker_id", "speakers"),
        ):
            batch_op.drop_constraint(batch_op.f(f"fk_questions_{column}_{table}"))
            batch_op.drop_index(batch_op.f(f"ix_questions_{column}"))
            batch_op.drop_column(column)
        batch_op.drop_column("original_text")
    with op.batch_alter_table("question_votes") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_question_votes_merged_from_id_questions"))
        batch_op.drop_index(batch_op.f("ix_question_votes_merged_from_id"))
        batch_op.drop_column("merged_from_id")
    with op.batch_alter_table("live_log_entries") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_live_log_entries_poll_id_polls"))
        batch_op.drop_index("ix_live_log_entries_webinar_id_kind")
        batch_op.drop_index(batch_op.f("ix_live_log_entries_poll_id"))
        batch_op.drop_column("poll_id")


def downgrade() -> None:
    remove_what_is_new()
    change_values(
        "live_log_entries",
        "kind",
        "logentrykind",
        old=(*OLD_KINDS, *NEW_KINDS, "undone"),
        new=(*OLD_KINDS, "undone"),
    )
    change_values(
        "questions", "status", "questionstatus", old=OLD_STATUSES + NEW_STATUSES, new=OLD_STATUSES
    )
    remove_links()
    for table, columns in FILLED.items():
        with op.batch_alter_table(table) as batch_op:
            for name, _kind, _value in columns:
                batch_op.drop_column(name)
    for table in (
        "question_replies",
        "poll_votes",
        "poll_options",
        "silenced_askers",
        "rooms",
        "reaction_buckets",
        "polls",
    ):
        op.drop_table(table)
