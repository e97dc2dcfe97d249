"""Uploads that may take many connections, and their parts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

STATES = ("receiving", "waiting", "checking", "done", "refused", "ended")


def upgrade() -> None:
    op.create_table(
        "resumable_uploads",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("received", sa.BigInteger(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                *STATES, name="uploadstate", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["users.id"],
            name=op.f("fk_resumable_uploads_owner_id_users"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resumable_uploads")),
        sa.UniqueConstraint("token", name=op.f("uq_resumable_uploads_token")),
    )
    with op.batch_alter_table("resumable_uploads") as batch_op:
        batch_op.create_index("ix_resumable_uploads_purpose_subject_id", ["purpose", "subject_id"])
        batch_op.create_index("ix_resumable_uploads_state_due_at", ["state", "due_at"])
        batch_op.create_index(batch_op.f("ix_resumable_uploads_owner_id"), ["owner_id"])
        batch_op.create_index(batch_op.f("ix_resumable_uploads_expires_at"), ["expires_at"])
    op.create_table(
        "resumable_upload_parts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("upload_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("start", sa.BigInteger(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["upload_id"],
            ["resumable_uploads.id"],
            name=op.f("fk_resumable_upload_parts_upload_id_resumable_uploads"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resumable_upload_parts")),
        sa.UniqueConstraint("key", name=op.f("uq_resumable_upload_parts_key")),
    )
    with op.batch_alter_table("resumable_upload_parts") as batch_op:
        batch_op.create_index(batch_op.f("ix_resumable_upload_parts_upload_id"), ["upload_id"])


def downgrade() -> None:
    op.drop_table("resumable_upload_parts")
    op.drop_table("resumable_uploads")
