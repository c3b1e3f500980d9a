"""Rows of users and of everything that lets one in. No row holds a secret: only hashes."""

from datetime import datetime

from sqlalchemy import JSON, BigInteger, ForeignKey, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from playhead.db.base import Base

_SERIAL = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts up by itself for INTEGER alone


class UserRow(Base):
    """A person, or a program that has keys. The email is kept in lower case."""

    __tablename__ = "users"

    id: Mapped[str] = mapped_column(String(30), primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    role: Mapped[str] = mapped_column(String(10))
    password_hash: Mapped[str] = mapped_column(String(255))
    disabled: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    last_sign_in_at: Mapped[datetime | None]

    def __repr__(self) -> str:
        return f"UserRow({self.id!r}, role={self.role!r})"


class SessionRow(Base):
    """One signed-in browser; ``last_seen_at`` is written at most once a minute."""

    __tablename__ = "sessions"

    id: Mapped[str] = mapped_column(String(30), primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    user_agent: Mapped[str] = mapped_column(String(200))

    def __repr__(self) -> str:
        return f"SessionRow({self.id!r}, user_id={self.user_id!r})"


class ApiKeyRow(Base):
    """One API key; ``public`` is the part that may be shown, ``last_used_at`` is written at most once a minute."""

    __tablename__ = "api_keys"

    id: Mapped[str] = mapped_column(String(30), primary_key=True)
    public: Mapped[str] = mapped_column(String(20), unique=True)
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    name: Mapped[str] = mapped_column(String(100))
    scopes: Mapped[list[str]] = mapped_column(JSON)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    def __repr__(self) -> str:
        return f"ApiKeyRow({self.id!r}, user_id={self.user_id!r})"

    @property
    def prefix(self) -> str:
        """How people tell keys apart: ``ph_`` and the public part."""
        return f"ph_{self.public}"


class SetupTokenRow(Base):
    """An offer to make the first user; every process that starts before there is one makes its own."""

    __tablename__ = "setup_tokens"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    expires_at: Mapped[datetime]


class AuditRow(Base):
    """Who granted or deleted what; kept when the actor is gone, so it refers to no other row."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(_SERIAL, primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(index=True)
    actor_id: Mapped[str | None] = mapped_column(String(30))
    actor: Mapped[str] = mapped_column(String(254))
    action: Mapped[str] = mapped_column(String(50))
    subject_id: Mapped[str] = mapped_column(String(30), index=True)
    facts: Mapped[dict[str, object]] = mapped_column(JSON)
