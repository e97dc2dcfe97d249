"""Terms of registration, the form's own fields, what people are written to and what comes back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

EARLIER_MAIL_STATUSES = ("queued", "sending", "sent", "failed")
MAIL_STATUSES = ("queued", "sending", "retrying", "sent", "failed", "bounced", "withheld")
EARLIER_REGISTRATION_STATUSES = ("confirmed", "waiting", "cancelled")
REGISTRATION_STATUSES = (
    *("unverified", "requested", "waiting", "offered", "confirmed", "declined", "cancelled"),
)


def status_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def change_statuses(
    table: str, name: str, *, old: tuple[str, ...], new: tuple[str, ...], reuses_ids: bool = True
) -> None:
    """Let the table's status be one of `new`; SQLite makes the table anew for it.

    With `reuses_ids` off, SQLite gives the id of a deleted row to no other.
    """
    options = {"sqlite_autoincrement": not reuses_ids}
    with op.batch_alter_table(table, table_kwargs=options) as batch_op:
        batch_op.alter_column(
            "status",
            existing_type=status_of(name, *old),
            type_=status_of(name, *new),
            existing_nullable=False,
        )


def move_bodies_out() -> None:
    op.create_table(
        "outgoing_mail_bodies",
        sa.Column("mail_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("calendar", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["mail_id"],
            ["outgoing_mails.id"],
            name=op.f("fk_outgoing_mail_bodies_mail_id_outgoing_mails"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("mail_id", name=op.f("pk_outgoing_mail_bodies")),
    )
    op.execute(
        "INSERT INTO outgoing_mail_bodies (mail_id, text, html, calendar) "
        "SELECT id, body_text, body_html, calendar FROM outgoing_mails"
    )
    with op.batch_alter_table("outgoing_mails", schema=None) as batch_op:
        for name in ("body_text", "body_html", "calendar"):
            batch_op.drop_column(name)


def move_bodies_in() -> None:
    with op.batch_alter_table("outgoing_mails", schema=None) as batch_op:
        for name in ("body_text", "body_html"):
            batch_op.add_column(sa.Column(name, sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("calendar", sa.LargeBinary(), nullable=True))
    for name, body in (("body_text", "text"), ("body_html", "html"), ("calendar", "calendar")):
        op.execute(
            f"UPDATE outgoing_mails SET {name} = "
            f"(SELECT {body} FROM outgoing_mail_bodies WHERE mail_id = outgoing_mails.id)"
        )
    with op.batch_alter_table("outgoing_mails", schema=None) as batch_op:
        for name in ("body_text", "body_html"):
            batch_op.alter_column(
                name, existing_type=sa.Text(), existing_nullable=False, server_default=None
            )
    op.drop_table("outgoing_mail_bodies")


def upgrade() -> None:
    op.create_table(
        "bounced_addresses",
        sa.Column("address_key", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("bounced_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("address_key", name=op.f("pk_bounced_addresses")),
    )
    op.create_table(
        "access_codes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("webinar_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("email_key", sa.Text(), nullable=False),
        sa.Column("most_uses", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("most_uses > 0", name=op.f("ck_access_codes_most_uses_positive")),
        sa.ForeignKeyConstraint(
            ["webinar_id"],
            ["webinars.id"],
            name=op.f("fk_access_codes_webinar_id_webinars"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_codes")),
        sa.UniqueConstraint("webinar_id", "code", name=op.f("uq_access_codes_webinar_id_code")),
    )
    with op.batch_alter_table("access_codes", schema=None) as batch_op:
        batch_op.create_index(
            "ix_access_codes_webinar_id_email_key", ["webinar_id", "email_key"], unique=False
        )

    op.create_table(
        "registration_batches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("webinar_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "approve",
                "decline",
                "cancel",
                "import",
                name="batchkind",
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
                "running",
                "done",
                name="batchstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("ids", sa.JSON(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.Column("skipped", sa.JSON(), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["users.id"],
            name=op.f("fk_registration_batches_created_by_id_users"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["webinar_id"],
            ["webinars.id"],
            name=op.f("fk_registration_batches_webinar_id_webinars"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration_batches")),
    )
    with op.batch_alter_table("registration_batches", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_registration_batches_created_by_id"), ["created_by_id"], unique=False
        )
        batch_op.create_index(
            "ix_registration_batches_status", ["status", "created_at"], unique=False
        )
        batch_op.create_index(
            "ix_registration_batches_webinar_id", ["webinar_id", "id"], unique=False
        )

    op.create_table(
        "broadcasts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("webinar_id", sa.Integer(), nullable=False),
        sa.Column("segment", sa.JSON(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "sending",
                "paused",
                "stopped",
                "sent",
                name="broadcaststatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("after_id", sa.Integer(), nullable=False),
        sa.Column("written", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["users.id"],
            name=op.f("fk_broadcasts_created_by_id_users"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["webinar_id"],
            ["webinars.id"],
            name=op.f("fk_broadcasts_webinar_id_webinars"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_broadcasts")),
    )
    with op.batch_alter_table("broadcasts", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_broadcasts_created_by_id"), ["created_by_id"], unique=False
        )
        batch_op.create_index("ix_broadcasts_webinar_id", ["webinar_id", "id"], unique=False)

    op.create_table(
        "form_fields",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("webinar_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "short_text",
                "long_text",
                "one_of",
                "several_of",
                "number",
                "date",
                "consent",
                name="fieldkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("hint", sa.Text(), nullable=False),
        sa.Column("is_required", sa.Boolean(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("consent_text", sa.Text(), nullable=False),
        sa.Column("depends_on_id", sa.Integer(), nullable=True),
        sa.Column("depends_on_value", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["depends_on_id"],
            ["form_fields.id"],
            name=op.f("fk_form_fields_depends_on_id_form_fields"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["webinar_id"],
            ["webinars.id"],
            name=op.f("fk_form_fields_webinar_id_webinars"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_fields")),
    )
    with op.batch_alter_table("form_fields", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_form_fields_depends_on_id"), ["depends_on_id"], unique=False
        )
        batch_op.create_index(
            "ix_form_fields_webinar_id_position", ["webinar_id", "position"], unique=False
        )

    op.create_table(
        "message_wordings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("webinar_id", sa.Integer(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["webinar_id"],
            ["webinars.id"],
            name=op.f("fk_message_wordings_webinar_id_webinars"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_wordings")),
        sa.UniqueConstraint(
            "webinar_id",
            "message",
            "language",
            name=op.f("uq_message_wordings_webinar_id_message_language"),
        ),
    )
    op.create_table(
        "registration_policies",
        sa.Column("webinar_id", sa.Integer(), nullable=False),
        sa.Column(
            "mode",
            sa.Enum(
                "open",
                "approval",
                "invitation",
                name="registrationmode",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_address_verified", sa.Boolean(), nullable=False),
        sa.Column("hold_minutes", sa.Integer(), nullable=False),
        sa.Column(
            "promotion",
            sa.Enum(
                "at_once",
                "offer",
                name="promotion",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("offer_hours", sa.Integer(), nullable=False),
        sa.Column("largest_group", sa.Integer(), nullable=False),
        sa.Column("join_opens_minutes", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "closes_at > opens_at", name=op.f("ck_registration_policies_closes_after_opening")
        ),
        sa.CheckConstraint(
            "hold_minutes > 0", name=op.f("ck_registration_policies_hold_minutes_positive")
        ),
        sa.CheckConstraint(
            "join_opens_minutes >= 0",
            name=op.f("ck_registration_policies_join_opens_minutes_not_negative"),
        ),
        sa.CheckConstraint(
            "largest_group > 0", name=op.f("ck_registration_policies_largest_group_positive")
        ),
        sa.CheckConstraint(
            "offer_hours > 0", name=op.f("ck_registration_policies_offer_hours_positive")
        ),
        sa.ForeignKeyConstraint(
            ["webinar_id"],
            ["webinars.id"],
            name=op.f("fk_registration_policies_webinar_id_webinars"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("webinar_id", name=op.f("pk_registration_policies")),
    )
    op.create_table(
        "reminders",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("webinar_id", sa.Integer(), nullable=False),
        sa.Column(
            "anchor",
            sa.Enum(
                "start", "end", name="anchor", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("started_for", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["webinar_id"],
            ["webinars.id"],
            name=op.f("fk_reminders_webinar_id_webinars"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminders")),
        sa.UniqueConstraint(
            "webinar_id", "anchor", "minutes", name=op.f("uq_reminders_webinar_id_anchor_minutes")
        ),
    )
    op.create_table(
        "field_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("field_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("agreed_text", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["field_id"],
            ["form_fields.id"],
            name=op.f("fk_field_answers_field_id_form_fields"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registrations.id"],
            name=op.f("fk_field_answers_registration_id_registrations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_answers")),
        sa.UniqueConstraint(
            "registration_id", "field_id", name=op.f("uq_field_answers_registration_id_field_id")
        ),
    )
    with op.batch_alter_table("field_answers", schema=None) as batch_op:
        batch_op.create_index(
            "ix_field_answers_field_id", ["field_id", "registration_id"], unique=False
        )

    op.create_table(
        "incoming_mails",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "reply",
                "bounce",
                "other",
                name="incomingkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("from_name", sa.Text(), nullable=False),
        sa.Column("from_address", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("webinar_id", sa.Integer(), nullable=True),
        sa.Column("registration_id", sa.Integer(), nullable=True),
        sa.Column("mail_id", sa.Integer(), nullable=True),
        sa.Column("stamped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["mail_id"],
            ["outgoing_mails.id"],
            name=op.f("fk_incoming_mails_mail_id_outgoing_mails"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registrations.id"],
            name=op.f("fk_incoming_mails_registration_id_registrations"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["webinar_id"],
            ["webinars.id"],
            name=op.f("fk_incoming_mails_webinar_id_webinars"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incoming_mails")),
        sa.UniqueConstraint("message_id", name=op.f("uq_incoming_mails_message_id")),
    )
    with op.batch_alter_table("incoming_mails", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_incoming_mails_mail_id"), ["mail_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_incoming_mails_registration_id"), ["registration_id"], unique=False
        )
        batch_op.create_index("ix_incoming_mails_webinar_id", ["webinar_id", "id"], unique=False)

    with op.batch_alter_table("outgoing_mails", schema=None) as batch_op:
        batch_op.add_column(sa.Column("unsubscribe_url", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("broadcast_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("useless_from", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("bounced_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(
            "ix_outgoing_mails_broadcast_id",
            ["broadcast_id", "status"],
            unique=False,
            sqlite_where=sa.text("broadcast_id IS NOT NULL"),
            postgresql_where=sa.text("broadcast_id IS NOT NULL"),
        )

    move_bodies_out()
    change_statuses("outgoing_mails", "mailstatus", old=EARLIER_MAIL_STATUSES, new=MAIL_STATUSES)

    with op.batch_alter_table("registrations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("access_code_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("registered_by_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("held_until", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column("place_kept_until", sa.DateTime(timezone=True), nullable=True)
        )
        batch_op.add_column(sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("declined_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column(
                "cancelled_by",
                sa.Enum(
                    "attendee",
                    "organiser",
                    "calendar",
                    "lapse",
                    name="cancelledby",
                    native_enum=False,
                    create_constraint=True,
                    length=32,
                ),
                nullable=True,
            )
        )
        batch_op.add_column(sa.Column("unsubscribed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(
            batch_op.f("ix_registrations_access_code_id"), ["access_code_id"], unique=False
        )
        batch_op.create_index("ix_registrations_email_key", ["email_key"], unique=False)
        batch_op.create_index("ix_registrations_held_until", ["held_until"], unique=False)
        batch_op.create_index(
            "ix_registrations_webinar_id_held_until", ["webinar_id", "held_until"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_registrations_registered_by_id"), ["registered_by_id"], unique=False
        )
        batch_op.create_index(
            "ix_registrations_webinar_id_queued_at", ["webinar_id", "queued_at"], unique=False
        )
        batch_op.create_index(
            "ix_registrations_webinar_id_registered_at",
            ["webinar_id", "registered_at", "id"],
            unique=False,
        )
        batch_op.create_index(
            "ix_registrations_status_registered_at",
            ["webinar_id", "status", "registered_at", "id"],
            unique=False,
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_registrations_access_code_id_access_codes"),
            "access_codes",
            ["access_code_id"],
            ["id"],
            ondelete="SET NULL",
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_registrations_registered_by_id_registrations"),
            "registrations",
            ["registered_by_id"],
            ["id"],
            ondelete="SET NULL",
        )
    change_statuses(
        "registrations",
        "registrationstatus",
        old=EARLIER_REGISTRATION_STATUSES,
        new=REGISTRATION_STATUSES,
        reuses_ids=False,
    )
    op.create_index(
        "ix_registrations_unverified",
        "registrations",
        ["queued_at"],
        sqlite_where=sa.text("status = 'unverified'"),
        postgresql_where=sa.text("status = 'unverified'"),
    )
    op.create_index("ix_webinars_ends_at", "webinars", ["ends_at"])
    op.create_table(
        "erased_doors",
        sa.Column("door", sa.Text(), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("door", name=op.f("pk_erased_doors")),
    )


def downgrade() -> None:
    op.drop_table("erased_doors")
    op.drop_index("ix_webinars_ends_at", "webinars")
    op.drop_index("ix_registrations_unverified", "registrations")
    op.execute("UPDATE registrations SET status = 'cancelled' WHERE status = 'declined'")
    op.execute(
        "UPDATE registrations SET status = 'waiting' "
        "WHERE status IN ('unverified', 'requested', 'offered')"
    )
    op.execute("UPDATE outgoing_mails SET status = 'queued' WHERE status = 'retrying'")
    op.execute(
        "UPDATE outgoing_mails SET status = 'failed' WHERE status IN ('bounced', 'withheld')"
    )
    change_statuses(
        "registrations",
        "registrationstatus",
        old=REGISTRATION_STATUSES,
        new=EARLIER_REGISTRATION_STATUSES,
    )
    move_bodies_in()
    change_statuses("outgoing_mails", "mailstatus", old=MAIL_STATUSES, new=EARLIER_MAIL_STATUSES)
    with op.batch_alter_table("registrations", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_registrations_registered_by_id_registrations"), type_="foreignkey"
        )
        batch_op.drop_constraint(
            batch_op.f("fk_registrations_access_code_id_access_codes"), type_="foreignkey"
        )
        batch_op.drop_index("ix_registrations_status_registered_at")
        batch_op.drop_index("ix_registrations_webinar_id_registered_at")
        batch_op.drop_index("ix_registrations_webinar_id_queued_at")
        batch_op.drop_index(batch_op.f("ix_registrations_registered_by_id"))
        batch_op.drop_index("ix_registrations_webinar_id_held_until")
        batch_op.drop_index("ix_registrations_held_until")
        batch_op.drop_index("ix_registrations_email_key")
        batch_op.drop_index(batch_op.f("ix_registrations_access_code_id"))
        batch_op.drop_column("last_seen_at")
        batch_op.drop_column("unsubscribed_at")
        batch_op.drop_constraint(batch_op.f("ck_registrations_cancelledby"), type_="check")
        batch_op.drop_column("cancelled_by")
        batch_op.drop_column("declined_at")
        batch_op.drop_column("approved_at")
        batch_op.drop_column("verified_at")
        batch_op.drop_column("place_kept_until")
        batch_op.drop_column("held_until")
        batch_op.drop_column("registered_by_id")
        batch_op.drop_column("access_code_id")

    with op.batch_alter_table("outgoing_mails", schema=None) as batch_op:
        batch_op.drop_index("ix_outgoing_mails_broadcast_id")
        batch_op.drop_column("bounced_at")
        batch_op.drop_column("useless_from")
        batch_op.drop_column("broadcast_id")
        batch_op.drop_column("unsubscribe_url")

    with op.batch_alter_table("incoming_mails", schema=None) as batch_op:
        batch_op.drop_index("ix_incoming_mails_webinar_id")
        batch_op.drop_index(batch_op.f("ix_incoming_mails_registration_id"))
        batch_op.drop_index(batch_op.f("ix_incoming_mails_mail_id"))

    op.drop_table("incoming_mails")
    with op.batch_alter_table("field_answers", schema=None) as batch_op:
        batch_op.drop_index("ix_field_answers_field_id")

    op.drop_table("field_answers")
    op.drop_table("reminders")
    op.drop_table("registration_policies")
    op.drop_table("message_wordings")
    with op.batch_alter_table("form_fields", schema=None) as batch_op:
        batch_op.drop_index("ix_form_fields_webinar_id_position")
        batch_op.drop_index(batch_op.f("ix_form_fields_depends_on_id"))

    op.drop_table("form_fields")
    with op.batch_alter_table("broadcasts", schema=None) as batch_op:
        batch_op.drop_index("ix_broadcasts_webinar_id")
        batch_op.drop_index(batch_op.f("ix_broadcasts_created_by_id"))

    op.drop_table("broadcasts")
    with op.batch_alter_table("registration_batches", schema=None) as batch_op:
        batch_op.drop_index("ix_registration_batches_webinar_id")
        batch_op.drop_index("ix_registration_batches_status")
        batch_op.drop_index(batch_op.f("ix_registration_batches_created_by_id"))

    op.drop_table("registration_batches")
    with op.batch_alter_table("access_codes", schema=None) as batch_op:
        batch_op.drop_index("ix_access_codes_webinar_id_email_key")

    op.drop_table("access_codes")
    op.drop_table("bounced_addresses")
