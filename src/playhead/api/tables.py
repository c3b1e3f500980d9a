"""Rows of what every route shares."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from playhead.db.base import Base


class IdempotencyRow(Base):
    """A creating request that came with ``Idempotency-Key``; without a status it runs, as long as its lease does."""

    __tablename__ = "idempotency_keys"

    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    route: Mapped[str] = mapped_column(String(200), primary_key=True)
    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary(32))
    started_at: Mapped[datetime] = mapped_column(index=True)
    status: Mapped[int | None]
    body: Mapped[bytes | None]
    headers: Mapped[dict[str, str] | None] = mapped_column(JSON)
    digest: Mapped[str | None] = mapped_column(String(64))
    token: Mapped[str | None] = mapped_column(String(32), index=True)
    lease_until: Mapped[datetime | None]

    def __repr__(self) -> str:
        return f"IdempotencyRow(route={self.route!r}, status={self.status!r})"
