"""State of a share: what decides whether its links are good."""

import math
from dataclasses import dataclass
from datetime import datetime

from playhead.db.database import Database
from playhead.delivery.shares.tables import ShareRow


@dataclass(frozen=True, slots=True)
class ShareState:
    """The video, expiry and revocation of a share."""

    video_id: str
    expires_at: datetime | None
    revoked: bool

    def left_s(self, now: float) -> float:
        """Seconds from a Unix time until the share expires; infinite without an expiry."""
        return math.inf if self.expires_at is None else self.expires_at.timestamp() - now


async def read_share(database: Database, share_id: str) -> ShareState | None:
    """Read a share; None when there is none."""
    async with database.read() as session:
        row = await session.get(ShareRow, share_id)
    return ShareState(row.video_id, row.expires_at, row.revoked_at is not None) if row else None
