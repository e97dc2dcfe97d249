"""What registrations know of their webinar's calendar entry."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("registrations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("known_sequence", sa.Integer(), nullable=True))
    # Who arrived after the last change knows of it; of the others no row says what they know.
    op.execute(
        "UPDATE registrations SET known_sequence = "
        "(SELECT calendar_sequence FROM webinars WHERE webinars.id = registrations.webinar_id "
        "AND webinars.updated_at < registrations.queued_at)"
    )


def downgrade() -> None:
    # SQLite makes the table anew, and must go on giving the id of a deleted row to no other.
    options = {"sqlite_autoincrement": True}
    with op.batch_alter_table("registrations", table_kwargs=options) as batch_op:
        batch_op.drop_column("known_sequence")
