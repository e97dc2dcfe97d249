"""An entry that is dropped from a replay's agenda can be brought back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    filled = sa.Column("is_dropped", sa.Boolean(), nullable=False, server_default=sa.false())
    with op.batch_alter_table("chapters") as batch_op:
        batch_op.add_column(filled)
    with op.batch_alter_table("chapters") as batch_op:
        batch_op.alter_column("is_dropped", existing_type=sa.Boolean(), server_default=None)


def downgrade() -> None:
    op.execute(sa.text("DELETE FROM chapters WHERE is_dropped"))
    with op.batch_alter_table("chapters") as batch_op:
        batch_op.drop_column("is_dropped")
