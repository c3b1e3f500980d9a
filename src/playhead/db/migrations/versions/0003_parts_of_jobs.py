"""How far the parts of running jobs are."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up."""
    op.create_table(
        "job_parts",
        sa.Column("job_id", sa.String(), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("worker", sa.String(), nullable=False),
        sa.Column("progress", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("job_id", "run", "name", name=op.f("pk_job_parts")),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("job_parts")
