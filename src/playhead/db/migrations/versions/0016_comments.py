"""Comments, and groups of jobs."""

import sqlalchemy as sa
from alembic import op

from playhead.db.base import UtcDateTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up."""
    op.create_table(
        "comments",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("video_id", sa.String(length=40), nullable=False),
        sa.Column("parent_id", sa.String(length=40), nullable=True),
        sa.Column("at_s", sa.Double(), nullable=True),
        sa.Column("end_s", sa.Double(), nullable=True),
        sa.Column("text", sa.String(length=2000), nullable=False),
        sa.Column("author", sa.String(length=100), nullable=False),
        sa.Column("user_id", sa.String(length=40), nullable=True),
        sa.Column("share_id", sa.String(length=40), nullable=True),
        sa.Column("visitor_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("edited_at", UtcDateTime(), nullable=True),
        sa.Column("resolved_at", UtcDateTime(), nullable=True),
        sa.Column("resolved_by", sa.String(length=100), nullable=True),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["comments.id"], name=op.f("fk_comments_parent_id_comments"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["video_id"], ["videos.id"], name=op.f("fk_comments_video_id_videos"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comments")),
    )
    op.create_index("ix_comments_parent_id", "comments", ["parent_id"], unique=False)
    op.create_index("ix_comments_video_id_at_s", "comments", ["video_id", "at_s", "id"], unique=False)
    op.add_column("jobs", sa.Column("group_id", sa.String(), nullable=True))
    op.execute("UPDATE jobs SET group_id = id")
    op.create_index("ix_jobs_owner_id_group_id", "jobs", ["owner_id", "group_id"], unique=False)
    op.add_column("shares", sa.Column("comments", sa.String(length=8), server_default="off", nullable=False))


def downgrade() -> None:
    """Take it back."""
    op.drop_column("shares", "comments")
    op.drop_index("ix_jobs_owner_id_group_id", table_name="jobs")
    op.drop_column("jobs", "group_id")
    op.drop_index("ix_comments_video_id_at_s", table_name="comments")
    op.drop_index("ix_comments_parent_id", table_name="comments")
    op.drop_table("comments")
