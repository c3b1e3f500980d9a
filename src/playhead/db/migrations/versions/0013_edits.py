"""Effects of clips and of reels; images and cards as clips; reels of other shapes."""

import sqlalchemy as sa
from alembic import op

from playhead.db.base import UtcDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up."""
    with op.batch_alter_table("clips") as batch:
        batch.add_column(sa.Column("image_id", sa.String(length=40), nullable=True))
        batch.add_column(sa.Column("card", sa.JSON(none_as_null=True), nullable=True))
        batch.add_column(sa.Column("effects", sa.JSON(none_as_null=True), nullable=True))
    op.create_index(op.f("ix_clips_image_id"), "clips", ["image_id"], unique=False)
    with op.batch_alter_table("projects") as batch:
        batch.add_column(sa.Column("edit", sa.JSON(none_as_null=True), nullable=True))
    op.create_table(
        "reel_variants",
        sa.Column("project_id", sa.String(length=40), nullable=False),
        sa.Column("aspect", sa.String(length=8), nullable=False),
        sa.Column("video_id", sa.String(length=40), nullable=True),
        sa.Column("job_id", sa.String(length=40), nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("fingerprint", sa.String(length=64), nullable=True),
        sa.Column("made_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_reel_variants_project_id_projects"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("project_id", "aspect", name=op.f("pk_reel_variants")),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("reel_variants")
    op.drop_index(op.f("ix_clips_image_id"), table_name="clips")
    op.drop_column("projects", "edit")
    op.drop_column("clips", "effects")
    op.drop_column("clips", "card")
    op.drop_column("clips", "image_id")
