"""Who writes an upload, uploads in parts, and claims of idempotency keys that end with their holder."""

import sqlalchemy as sa
from alembic import op

from playhead.db.base import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up."""
    for column in (
        sa.Column("writer", sa.String(32), nullable=True),
        sa.Column("writer_until", UtcDateTime(), nullable=True),
        sa.Column("wanted_by", sa.String(32), nullable=True),
        sa.Column("concat", sa.String(8), nullable=True),
        sa.Column("parts", sa.JSON(), nullable=True),
        sa.Column("final_id", sa.String(40), nullable=True),
    ):
        op.add_column("uploads", column)
    for column in (
        sa.Column("digest", sa.String(64), nullable=True),
        sa.Column("token", sa.String(32), nullable=True),
        sa.Column("lease_until", UtcDateTime(), nullable=True),
    ):
        op.add_column("idempotency_keys", column)
    with op.batch_alter_table("idempotency_keys", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_idempotency_keys_token"), ["token"], unique=False)


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("idempotency_keys", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_idempotency_keys_token"))
        for name in ("digest", "token", "lease_until"):
            batch_op.drop_column(name)
    with op.batch_alter_table("uploads", schema=None) as batch_op:
        for name in ("writer", "writer_until", "wanted_by", "concat", "parts", "final_id"):
            batch_op.drop_column(name)
