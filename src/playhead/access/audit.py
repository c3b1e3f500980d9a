"""The audit trail: who granted or deleted what, written in the same transaction."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from playhead.access.principals import Principal
from playhead.access.tables import AuditRow

LOCAL_OPERATOR = "command line"
"""Actor of changes on the host's own command line."""


def record(
    session: AsyncSession, by: Principal | str | None, action: str, subject_id: str, *, at: datetime, **facts: object
) -> None:
    """Add a row to the caller's transaction.

    Args:
        by: The acting principal; the name of a part of Playhead that acts by itself, such as ``retention``; None on the
            host's command line.
        action: Dotted, past tense not needed: ``user.create``, ``key.revoke``, ``video.delete``.
        facts: JSON-safe, never a secret.
    """
    principal = by if isinstance(by, Principal) else None
    session.add(
        AuditRow(
            at=at,
            actor_id=principal.user_id if principal else None,
            actor=name_of(by),
            action=action,
            subject_id=subject_id,
            facts={**facts, "via": principal.credential_id} if principal else facts,
        )
    )


def name_of(by: Principal | str | None) -> str:
    """The name of who acts, for people."""
    return by.email if isinstance(by, Principal) else by or LOCAL_OPERATOR
