"""Channels, broadcasts, recordings, the notes of detection, and the outbox of events."""

import sqlalchemy as sa
from alembic import op

from playhead.db.base import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up."""
    op.create_table(
        "events",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("type", sa.String(length=64), nullable=False),
        sa.Column("owner_id", sa.String(length=40), nullable=True),
        sa.Column("subject_id", sa.String(length=40), nullable=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
    )
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_events_sent_at"), ["sent_at"], unique=False)

    op.create_table(
        "channels",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("owner_id", sa.String(length=30), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("platform", sa.String(length=16), nullable=False),
        sa.Column("platform_id", sa.String(length=64), nullable=True),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("auto_record", sa.Boolean(), nullable=False),
        sa.Column("qualities", sa.JSON(), nullable=False),
        sa.Column("captures", sa.Integer(), nullable=False),
        sa.Column("filters", sa.JSON(), nullable=False),
        sa.Column("name_template", sa.String(length=500), nullable=True),
        sa.Column("schedule", sa.JSON(), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("live_state", sa.String(length=16), nullable=False),
        sa.Column("checked_at", UtcDateTime(), nullable=True),
        sa.Column("error_code", sa.String(length=64), nullable=True),
        sa.Column("error_message", sa.String(length=1000), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=op.f("fk_channels_owner_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channels")),
        sa.UniqueConstraint("owner_id", "url", name=op.f("uq_channels_owner_id_url")),
    )
    with op.batch_alter_table("channels", schema=None) as batch_op:
        batch_op.create_index("ix_channels_owner_name", ["owner_id", "name", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_channels_platform_id"), ["platform_id"], unique=False)

    op.create_table(
        "broadcasts",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("channel_id", sa.String(length=40), nullable=False),
        sa.Column("platform_stream_id", sa.String(length=128), nullable=True),
        sa.Column("stream_started_at", UtcDateTime(), nullable=True),
        sa.Column("earlier_stream_ids", sa.JSON(), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=True),
        sa.Column("category", sa.String(length=200), nullable=True),
        sa.Column("history", sa.JSON(), nullable=False),
        sa.Column("detected_by", sa.String(length=16), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("offline_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channels.id"], name=op.f("fk_broadcasts_channel_id_channels"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_broadcasts")),
        sa.UniqueConstraint(
            "channel_id", "platform_stream_id", name=op.f("uq_broadcasts_channel_id_platform_stream_id")
        ),
    )
    with op.batch_alter_table("broadcasts", schema=None) as batch_op:
        batch_op.create_index("ix_broadcasts_channel_started", ["channel_id", "started_at", "id"], unique=False)
        batch_op.create_index("ix_broadcasts_open", ["ended_at", "offline_at"], unique=False)

    op.create_table(
        "recordings",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("owner_id", sa.String(length=30), nullable=False),
        sa.Column("channel_id", sa.String(length=40), nullable=True),
        sa.Column("broadcast_id", sa.String(length=40), nullable=True),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("source", sa.JSON(), nullable=False),
        sa.Column("quality", sa.String(length=32), nullable=False),
        sa.Column("captures", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("health", sa.String(length=16), nullable=False),
        sa.Column("job_id", sa.String(length=40), nullable=True),
        sa.Column("worker", sa.String(length=200), nullable=True),
        sa.Column("video_id", sa.String(length=40), nullable=True),
        sa.Column("stop_requested_at", UtcDateTime(), nullable=True),
        sa.Column("stop_reason", sa.String(length=32), nullable=True),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("duration_s", sa.Double(), nullable=False),
        sa.Column("bytes_per_s", sa.Double(), nullable=False),
        sa.Column("gaps", sa.JSON(), nullable=False),
        sa.Column("error_code", sa.String(length=64), nullable=True),
        sa.Column("error_message", sa.String(length=1000), nullable=True),
        sa.Column("error_hint", sa.String(length=500), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("began_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["broadcast_id"], ["broadcasts.id"], name=op.f("fk_recordings_broadcast_id_broadcasts"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channels.id"], name=op.f("fk_recordings_channel_id_channels"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=op.f("fk_recordings_owner_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recordings")),
        sa.UniqueConstraint("broadcast_id", "quality", name=op.f("uq_recordings_broadcast_id_quality")),
    )
    with op.batch_alter_table("recordings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recordings_channel_id"), ["channel_id"], unique=False)
        batch_op.create_index("ix_recordings_owner_started", ["owner_id", "started_at", "id"], unique=False)
        batch_op.create_index("ix_recordings_state", ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_recordings_video_id"), ["video_id"], unique=False)

    op.create_table(
        "eventsub_messages",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_eventsub_messages")),
    )
    with op.batch_alter_table("eventsub_messages", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_eventsub_messages_received_at"), ["received_at"], unique=False)

    op.create_table(
        "detection_notes",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_detection_notes")),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("detection_notes")
    with op.batch_alter_table("eventsub_messages", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_eventsub_messages_received_at"))

    op.drop_table("eventsub_messages")
    with op.batch_alter_table("recordings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recordings_video_id"))
        batch_op.drop_index("ix_recordings_state")
        batch_op.drop_index("ix_recordings_owner_started")
        batch_op.drop_index(batch_op.f("ix_recordings_channel_id"))

    op.drop_table("recordings")
    with op.batch_alter_table("broadcasts", schema=None) as batch_op:
        batch_op.drop_index("ix_broadcasts_open")
        batch_op.drop_index("ix_broadcasts_channel_started")

    op.drop_table("broadcasts")
    with op.batch_alter_table("channels", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_channels_platform_id"))
        batch_op.drop_index("ix_channels_owner_name")

    op.drop_table("channels")
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_events_sent_at"))

    op.drop_table("events")
