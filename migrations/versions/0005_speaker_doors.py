"""Speakers get a door of their own, whose address can be given up."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Filled for the rows that are there, and then taken away again.
    filled = sa.Column("door_secret", sa.Text(), nullable=False, server_default="")
    with op.batch_alter_table("speakers") as batch_op:
        batch_op.add_column(filled)
    with op.batch_alter_table("speakers") as batch_op:
        batch_op.alter_column("door_secret", existing_type=sa.Text(), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("speakers") as batch_op:
        batch_op.drop_column("door_secret")
