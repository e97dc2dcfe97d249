"""The live log tells of written answers that were changed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

KINDS = (
    "webinar_started",
    "webinar_ended",
    "recording_started",
    "recording_stopped",
    "agenda_item_started",
    "question_approved",
    "question_dismissed",
    "question_on_air",
    "question_answered",
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
    "undone",
)
CHANGED = "answer_changed"
PLACE = KINDS.index("answer_written") + 1
WITH_CHANGED = (*KINDS[:PLACE], CHANGED, *KINDS[PLACE:])


def enum_of(*values: str) -> sa.Enum:
    return sa.Enum(
        *values, name="logentrykind", native_enum=False, create_constraint=True, length=32
    )


def change_kinds(*, old: tuple[str, ...], new: tuple[str, ...]) -> None:
    with op.batch_alter_table("live_log_entries") as batch_op:
        batch_op.alter_column(
            "kind", existing_type=enum_of(*old), type_=enum_of(*new), existing_nullable=False
        )


def upgrade() -> None:
    change_kinds(old=KINDS, new=WITH_CHANGED)


def downgrade() -> None:
    # An older version knows it as words that were edited.
    op.execute(f"UPDATE live_log_entries SET kind = 'question_edited' WHERE kind = '{CHANGED}'")
    change_kinds(old=WITH_CHANGED, new=KINDS)
