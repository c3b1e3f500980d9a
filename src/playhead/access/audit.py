"""The audit trail: who granted or deleted what, written in the same transaction."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from playhead.access.principals import Principal
from playhead.access.tables import AuditRow

LOCAL_OPERATOR = "command line"
"""Actor of changes on the host's own command line."""


def record(
    session: AsyncSession, by: Principal | None, action: str, subject_id: str, *, at: datetime, **facts: object
) -> None:
    """Add a row to the caller's transaction.

    Args:
        by: The acting principal; None on the host's command line.
        action: Dotted, past tense not needed: ``user.create``, ``key.revoke``, ``video.delete``.
        facts: JSON-safe, never a secret.
    """
    session.add(
        AuditRow(
            at=at,
            actor_id=by.user_id if by else None,
            actor=by.email if by else LOCAL_OPERATOR,
            action=action,
            subject_id=subject_id,
            facts={**facts, "via": by.credential_id} if by else facts,
        )
    )
