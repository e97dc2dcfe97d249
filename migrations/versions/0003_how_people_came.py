"""How registrations came in, and what they know of their webinar's calendar entry."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# SQLite makes the table anew, and must go on giving the id of a deleted row to no other.
KEEPING_IDS = {"sqlite_autoincrement": True}
ADDED_BY = sa.Enum(
    "organiser", "import", name="addedby", native_enum=False, create_constraint=True, length=32
)


def upgrade() -> None:
    with op.batch_alter_table("registrations", table_kwargs=KEEPING_IDS) as batch_op:
        batch_op.add_column(sa.Column("known_sequence", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("added_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("added_by", ADDED_BY, nullable=True))
    # Who arrived after the last change knows of it; of the others no row says what they know.
    op.execute(
        "UPDATE registrations SET known_sequence = "
        "(SELECT calendar_sequence FROM webinars WHERE webinars.id = registrations.webinar_id "
        "AND webinars.updated_at < registrations.queued_at)"
    )
    # Only an organiser's hand, or table, wrote both at the same moment.
    op.execute(
        "UPDATE registrations SET added_at = approved_at, added_by = 'organiser', "
        "verified_at = NULL WHERE verified_at = approved_at"
    )


def downgrade() -> None:
    op.execute(
        "UPDATE registrations SET verified_at = added_at "
        "WHERE verified_at IS NULL AND added_at IS NOT NULL"
    )
    with op.batch_alter_table("registrations", table_kwargs=KEEPING_IDS) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_registrations_addedby"), type_="check")
        batch_op.drop_column("added_by")
        batch_op.drop_column("added_at")
        batch_op.drop_column("known_sequence")
