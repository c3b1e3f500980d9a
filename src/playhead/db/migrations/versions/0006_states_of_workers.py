"""Whether a worker takes jobs, and if not, why."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up."""
    op.add_column("workers", sa.Column("state", sa.Text(), server_default="ready", nullable=False))
    op.add_column("workers", sa.Column("version", sa.String(), nullable=True))
    op.add_column("workers", sa.Column("reason", sa.Text(), nullable=True))
    op.add_column("workers", sa.Column("hint", sa.Text(), nullable=True))


def downgrade() -> None:
    """Take it back."""
    for name in ("hint", "reason", "version", "state"):
        op.drop_column("workers", name)
