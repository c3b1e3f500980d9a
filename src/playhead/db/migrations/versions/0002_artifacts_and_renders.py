"""Artifacts of videos, rendered pieces kept for the next stitch, and how a project's reel is coded."""

import sqlalchemy as sa
from alembic import op

from playhead.db.base import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up."""
    op.create_table(
        "artifacts",
        sa.Column("video_id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["video_id"], ["videos.id"], name=op.f("fk_artifacts_video_id_videos"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("video_id", "name", name=op.f("pk_artifacts")),
    )
    op.create_table(
        "renders",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_renders")),
    )
    with op.batch_alter_table("renders", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_renders_used_at"), ["used_at"], unique=False)
    with op.batch_alter_table("projects", schema=None) as batch_op:
        batch_op.add_column(sa.Column("codec", sa.String(length=8), nullable=False, server_default="h264"))
        batch_op.add_column(sa.Column("timing", sa.String(length=8), nullable=False, server_default="constant"))
        batch_op.add_column(sa.Column("sound", sa.String(length=8), nullable=False, server_default="copy"))
        batch_op.add_column(sa.Column("loudness_lufs", sa.Double(), nullable=True))
