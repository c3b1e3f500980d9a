"""The place of a job in its queue."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up. Jobs that wait already, or come from an older process, have the first place."""
    op.add_column("jobs", sa.Column("place", sa.Integer(), server_default="0", nullable=False))
    op.create_index("ix_jobs_kind_state_place", "jobs", ["kind", "state", "place", "owner_id"])


def downgrade() -> None:
    """Take it back."""
    op.drop_index("ix_jobs_kind_state_place", "jobs")
    op.drop_column("jobs", "place")
