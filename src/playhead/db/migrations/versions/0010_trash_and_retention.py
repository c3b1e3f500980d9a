"""The trash, videos that are kept, retention policies and their runs."""

import sqlalchemy as sa
from alembic import op

from playhead.db.base import UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up."""
    for column in (
        sa.Column("keep", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("watched_at", UtcDateTime(), nullable=True),
        sa.Column("trashed_at", UtcDateTime(), nullable=True),
        sa.Column("trashed_by", sa.String(254), nullable=True),
        sa.Column("trash_reason", sa.String(500), nullable=True),
    ):
        op.add_column("videos", column)
    in_trash = sa.text("trashed_at IS NOT NULL")
    op.create_index(
        "ix_videos_trashed_at",
        "videos",
        ["trashed_at"],
        unique=False,
        sqlite_where=in_trash,
        postgresql_where=in_trash,
    )

    op.create_table(
        "retention_policies",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("scope", sa.String(length=64), nullable=False),
        sa.Column("origin", sa.String(length=16), nullable=True),
        sa.Column("channel_id", sa.String(length=40), nullable=True),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("max_age_s", sa.BigInteger(), nullable=True),
        sa.Column("max_size_bytes", sa.BigInteger(), nullable=True),
        sa.Column("max_count", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["channel_id"],
            ["channels.id"],
            name=op.f("fk_retention_policies_channel_id_channels"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_policies")),
        sa.UniqueConstraint("scope", name=op.f("uq_retention_policies_scope")),
    )
    op.create_table(
        "retention_runs",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("job_id", sa.String(length=40), nullable=True),
        sa.Column("day", sa.String(length=10), nullable=True),
        sa.Column("cause", sa.String(length=16), nullable=False),
        sa.Column("requested_by", sa.String(length=254), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("detail", sa.String(length=1000), nullable=True),
        sa.Column("planned", sa.Integer(), nullable=False),
        sa.Column("planned_bytes", sa.BigInteger(), nullable=False),
        sa.Column("removed", sa.Integer(), nullable=False),
        sa.Column("removed_bytes", sa.BigInteger(), nullable=False),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_runs")),
        sa.UniqueConstraint("day", name=op.f("uq_retention_runs_day")),
    )
    with op.batch_alter_table("retention_runs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_retention_runs_job_id"), ["job_id"], unique=False)


def downgrade() -> None:
    """Take it back."""
    op.drop_table("retention_runs")
    op.drop_table("retention_policies")
    op.drop_index("ix_videos_trashed_at", table_name="videos")
    with op.batch_alter_table("videos", schema=None) as batch_op:
        for name in ("keep", "watched_at", "trashed_at", "trashed_by", "trash_reason"):
            batch_op.drop_column(name)
