"""Generations with their ledger, providers, templates and campaigns; clips that begin as prompts."""

import sqlalchemy as sa
from alembic import op

from playhead.db.base import UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up."""
    with op.batch_alter_table("clips", schema=None) as batch_op:
        batch_op.alter_column("video_id", existing_type=sa.String(40), nullable=True)
        batch_op.add_column(sa.Column("prompt", sa.JSON(none_as_null=True), nullable=True))
    with op.batch_alter_table("projects", schema=None) as batch_op:
        batch_op.add_column(sa.Column("edited_version", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("campaign_id", sa.String(40), nullable=True))
        batch_op.create_index(batch_op.f("ix_projects_campaign_id"), ["campaign_id"], unique=False)
    _create_generations()
    _create_ledger()
    _create_providers()
    for name in ("templates", "campaigns"):
        own = [sa.Column("document", sa.JSON(), nullable=False)]
        if name == "campaigns":
            own = [
                sa.Column("template_id", sa.String(length=40), nullable=True),
                sa.Column("outcome", sa.JSON(none_as_null=True), nullable=True),
            ]
        op.create_table(
            name,
            sa.Column("id", sa.String(length=40), nullable=False),
            sa.Column("owner_id", sa.String(), nullable=False),
            sa.Column("title", sa.String(length=500), nullable=False),
            *own,
            sa.Column("version", sa.Integer(), nullable=False),
            sa.Column("created_at", UtcDateTime(), nullable=False),
            sa.Column("updated_at", UtcDateTime(), nullable=False),
            sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=op.f(f"fk_{name}_owner_id_users")),
            sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        )
        op.create_index(f"ix_{name}_owner_id_id", name, ["owner_id", "id"], unique=False)


def _create_generations() -> None:
    op.create_table(
        "generations",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("owner_id", sa.String(), nullable=False),
        sa.Column("project_id", sa.String(length=40), nullable=True),
        sa.Column("clip_id", sa.String(length=40), nullable=True),
        sa.Column("parent_id", sa.String(length=40), nullable=True),
        sa.Column("relation", sa.String(length=16), nullable=True),
        sa.Column("prompt", sa.Text(), nullable=False),
        sa.Column("provider", sa.String(length=64), nullable=False),
        sa.Column("model", sa.String(length=200), nullable=False),
        sa.Column("parameters", sa.JSON(), nullable=False),
        sa.Column("inputs", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("submit_state", sa.String(length=16), nullable=True),
        sa.Column("submission", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.Column("reference", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("external_id", sa.String(length=300), nullable=True),
        sa.Column("provider_words", sa.String(length=200), nullable=True),
        sa.Column("progress", sa.Double(), nullable=True),
        sa.Column("callback_status", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("woken_at", UtcDateTime(), nullable=True),
        sa.Column("deadline_at", UtcDateTime(), nullable=True),
        sa.Column("job_id", sa.String(length=40), nullable=True),
        sa.Column("video_id", sa.String(length=40), nullable=True),
        sa.Column("error_code", sa.String(length=64), nullable=True),
        sa.Column("error_message", sa.Text(), nullable=True),
        sa.Column("error_hint", sa.Text(), nullable=True),
        sa.Column("error_side", sa.String(length=16), nullable=True),
        sa.Column("estimated_micros", sa.BigInteger(), nullable=True),
        sa.Column("reserved_micros", sa.BigInteger(), nullable=True),
        sa.Column("actual_micros", sa.BigInteger(), nullable=True),
        sa.Column("refunded_micros", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=op.f("fk_generations_owner_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_generations")),
    )
    for columns in (["owner_id", "id"], ["project_id", "clip_id"], ["clip_id"], ["state"], ["created_at"]):
        op.create_index("ix_generations_" + "_".join(columns), "generations", columns, unique=False)
    op.create_index(op.f("ix_generations_video_id"), "generations", ["video_id"], unique=False)
    op.create_index("uq_generations_provider_external_id", "generations", ["provider", "external_id"], unique=True)


def _create_ledger() -> None:
    op.create_table(
        "ledger",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("generation_id", sa.String(length=40), nullable=False),
        sa.Column("owner_id", sa.String(length=40), nullable=False),
        sa.Column("project_id", sa.String(length=40), nullable=True),
        sa.Column("provider", sa.String(length=64), nullable=False),
        sa.Column("model", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("amount_micros", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger")),
    )
    for columns in (["generation_id"], ["owner_id", "at"], ["at"]):
        op.create_index("ix_ledger_" + "_".join(columns), "ledger", columns, unique=False)


def _create_providers() -> None:
    op.create_table(
        "providers",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("adapter", sa.String(length=16), nullable=False),
        sa.Column("base_url", sa.String(length=500), nullable=True),
        sa.Column("key_encrypted", sa.Text(), nullable=True),
        sa.Column("key_env", sa.String(length=200), nullable=True),
        sa.Column("webhook_secret_encrypted", sa.Text(), nullable=True),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("tested_at", UtcDateTime(), nullable=True),
        sa.Column("test_works", sa.Boolean(), nullable=True),
        sa.Column("test_detail", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_providers")),
    )


def downgrade() -> None:
    """Take it back. Clips without a video go: there is no place for them."""
    for name in ("campaigns", "templates", "providers", "ledger", "generations"):
        op.drop_table(name)
    # Not as a batch: SQLite would drop the table for a new one, and all clips with it.
    op.drop_index(op.f("ix_projects_campaign_id"), table_name="projects")
    op.drop_column("projects", "campaign_id")
    op.drop_column("projects", "edited_version")
    op.execute("DELETE FROM clips WHERE video_id IS NULL")
    with op.batch_alter_table("clips", schema=None) as batch_op:
        batch_op.drop_column("prompt")
        batch_op.alter_column("video_id", existing_type=sa.String(40), nullable=False)
