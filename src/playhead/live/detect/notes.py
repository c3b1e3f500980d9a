"""Notes of detection: what the job and the webhook saw last, for the doctor and for one another, in the database."""

from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select

from playhead.db.database import Database
from playhead.kit.clock import Clock, rfc3339, utc_now
from playhead.live.detect.tables import DetectionNoteRow


class Notes:
    """Facts by name, each a small JSON object."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database, self._clock = database, clock

    async def write(self, name: str, value: dict[str, Any]) -> None:
        """Keep a fact, with the time."""
        async with self._database.write() as session:
            row = await session.get(DetectionNoteRow, name)
            if row is None:
                row = DetectionNoteRow(name=name)
                session.add(row)
            row.value, row.updated_at = value, self._clock()

    async def write_seldom(self, name: str, value: dict[str, Any], *, every: timedelta) -> None:
        """As `write`, unless the same was written a short time ago: what repeats must not keep the database busy."""
        async with self._database.read() as session:
            row = await session.get(DetectionNoteRow, name)
        if row is None or row.value != value or self._clock() - row.updated_at >= every:
            await self.write(name, value)

    async def read(self) -> dict[str, dict[str, Any]]:
        """All facts by name, each with the time it was written under ``at``."""
        async with self._database.read() as session:
            rows = (await session.scalars(select(DetectionNoteRow))).all()
        return {row.name: {**row.value, "at": rfc3339(row.updated_at)} for row in rows}

    async def forget(self, name: str) -> None:
        """Delete a fact."""
        async with self._database.write() as session:
            await session.execute(delete(DetectionNoteRow).where(DetectionNoteRow.name == name))
