"""Rows of webhooks, their deliveries, and the attempts at each."""

from datetime import datetime
from typing import Literal, get_args

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from playhead.db.base import Base

WebhookKind = Literal["webhook", "apprise"]
DeliveryState = Literal["pending", "delivered", "failed", "canceled"]
Disabled = Literal["person", "gone", "failing"]
"""Why a webhook is disabled: by a person, by a 410 of its endpoint, or after days of failures."""

_STATES = ", ".join(f"'{state}'" for state in get_args(DeliveryState))


class WebhookRow(Base):
    """An endpoint that events are sent to.

    ``url`` of kind ``apprise`` is a secret as a whole. The secret is kept as it is, since it signs: whoever reads the
    database can sign. ``previous_secret`` signs beside it until ``previous_until``. ``event_types`` is null for all.
    Events from before ``enabled_at`` are not sent. ``failing_since`` is the first failure after the last success.
    """

    __tablename__ = "webhooks"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    kind: Mapped[WebhookKind] = mapped_column(String(16))
    url: Mapped[str] = mapped_column(String(2000))
    description: Mapped[str] = mapped_column(String(200))
    event_types: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    secret: Mapped[str | None] = mapped_column(String(100))
    previous_secret: Mapped[str | None] = mapped_column(String(100))
    previous_until: Mapped[datetime | None]
    enabled_at: Mapped[datetime | None]
    disabled_by: Mapped[Disabled | None] = mapped_column(String(16))
    failing_since: Mapped[datetime | None]
    version: Mapped[int]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    def __repr__(self) -> str:
        return f"WebhookRow({self.id!r}, kind={self.kind!r})"


class DeliveryRow(Base):
    """One event on its way to one webhook. ``body`` is what is sent, the same each time.

    ``attempts`` counts all attempts, ``tries`` those since the delivery was made or replayed. ``due_at`` is the time
    of the next one; null once it has ended.
    """

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        CheckConstraint(f"state IN ({_STATES})", name="state"),
        UniqueConstraint("webhook_id", "event_id"),
        Index("ix_webhook_deliveries_webhook_id_id", "webhook_id", "id"),
    )

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    webhook_id: Mapped[str] = mapped_column(ForeignKey("webhooks.id", ondelete="CASCADE"))
    event_id: Mapped[str] = mapped_column(String(40))
    event_type: Mapped[str] = mapped_column(String(64))
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[DeliveryState] = mapped_column(String(16))
    attempts: Mapped[int]
    tries: Mapped[int]
    due_at: Mapped[datetime | None] = mapped_column(index=True)
    created_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]


class AttemptRow(Base):
    """One attempt at a delivery, with the head and the first bytes of the response."""

    __tablename__ = "webhook_attempts"

    delivery_id: Mapped[str] = mapped_column(ForeignKey("webhook_deliveries.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    duration_s: Mapped[float]
    status: Mapped[int | None]
    error: Mapped[str | None] = mapped_column(String(500))
    response_headers: Mapped[dict[str, str] | None] = mapped_column(JSON(none_as_null=True))
    response_body: Mapped[str | None] = mapped_column(Text)
