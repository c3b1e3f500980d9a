"""Ends of generations: each one transaction in which the row, the money, the video, the clip and the event agree."""

from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeVar

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.catalog.admission import Admitted
from playhead.catalog.titles import MAX_TITLE
from playhead.catalog.videos import Videos
from playhead.db.database import Database, DatabaseUnavailable
from playhead.errors import PlayheadError
from playhead.generate.downloading import Kept
from playhead.generate.errors import ProviderError, RequestRefused
from playhead.generate.ledger import Ledger
from playhead.generate.provider import Status
from playhead.generate.records import locked
from playhead.generate.tables import GenerationRow, GenerationState
from playhead.jobs.outages import retry_through_outage
from playhead.kit.clock import Clock, utc_now
from playhead.kit.text import one_line, shorten
from playhead.outbox.outbox import record_event
from playhead.reels.prompts import take_arrived

log = structlog.get_logger(__name__)

T = TypeVar("T")

TITLE: Final = 80
"""Characters of a prompt that become the title of its video."""

Charged = Callable[[GenerationRow, Status], int | None]
"""What a request cost, in millionths of a dollar; None is unknown."""


class Endings:
    """Writes ends. Each happens once: a row that has ended otherwise stays as it is."""

    def __init__(
        self,
        database: Database,
        videos: Videos,
        ledger: Ledger,
        charged: Charged,
        clock: Clock = utc_now,
    ) -> None:
        self._database = database
        self._videos = videos
        self._ledger = ledger
        self._charged = charged
        self._clock = clock

    async def succeeded(self, generation_id: str, kept: Kept, status: Status) -> bool:
        """End with a video. Also one that was canceled too late: it is paid, so it is kept."""

        async def end(session: AsyncSession) -> bool:
            row = await locked(session, generation_id)
            if row is None or not (row.is_active or row.state == "canceled"):
                return False
            await self._videos.admit(session, _admitted(row, kept))
            row.video_id, row.progress = kept.video_id, 1.0
            self._close(row, "succeeded", None)
            await self._ledger.settle(session, row, self._cost(row, status))
            if row.clip_id is not None:
                await take_arrived(session, row.clip_id, kept.video_id, self._clock())
            self._tell(session, row)
            return True

        return await self._write(end)

    async def failed(self, generation_id: str, error: PlayheadError, status: Status) -> None:
        """End a request that ran, or may have: as refused or failed, with what it cost."""

        async def end(session: AsyncSession) -> None:
            row = await locked(session, generation_id)
            if row is None or not row.is_active:
                return
            refused = isinstance(error, RequestRefused) or status.state == "refused"
            self._close(row, "refused" if refused else "failed", error)
            await self._ledger.settle(session, row, self._cost(row, status))
            self._tell(session, row)

        await self._write(end)

    async def not_submitted(self, generation_id: str, error: PlayheadError) -> None:
        """End one that came to nothing; as unknown, where it was sent and nobody can tell what became of it."""

        async def end(session: AsyncSession) -> None:
            if (row := await locked(session, generation_id)) is not None and row.is_active:
                await self.end_without_result(session, row, error)

        await self._write(end)

    async def end_without_result(self, session: AsyncSession, row: GenerationRow, error: PlayheadError) -> None:
        """As `not_submitted`, in the caller's transaction that holds the row."""
        if row.submit_state in ("sent", "confirmed"):
            self._close(row, "unknown", error)
        else:
            self._close(row, "refused" if isinstance(error, RequestRefused) else "failed", error)
            await self._ledger.release(session, row, note=error.code)
        self._tell(session, row)

    async def cancel(self, session: AsyncSession, row: GenerationRow) -> bool:
        """End one at a person's request, in the caller's transaction; whether its cost is still open."""
        self._close(row, "canceled", None)
        if row.submit_state in ("sent", "confirmed"):
            return True
        await self._ledger.release(session, row, note="canceled before it was submitted")
        return False

    async def settled(self, generation_id: str, status: Status | None, *, arrived: bool = True) -> None:
        """Close the cost of a canceled one: what the provider said at last, or nothing where it never arrived."""

        async def settle(session: AsyncSession) -> None:
            row = await locked(session, generation_id)
            if row is None or row.state != "canceled" or row.actual_micros is not None:
                return
            if arrived:
                await self._ledger.settle(session, row, self._cost(row, status), note="canceled")
            else:
                await self._ledger.release(session, row, note="it never arrived at the provider")
            row.version += 1

        await self._write(settle)

    def _cost(self, row: GenerationRow, status: Status | None) -> int | None:
        """What it cost; a failure to learn it never costs a result."""
        if status is None or not status.is_final:
            return None
        try:
            return self._charged(row, status)
        except Exception:
            log.exception("cost_not_learned", generation_id=row.id)
            return status.cost_micros

    def _close(self, row: GenerationRow, state: GenerationState, error: PlayheadError | None) -> None:
        row.state, row.finished_at, row.updated_at = state, self._clock(), self._clock()
        row.error_code = error.code if error else None
        row.error_message = shorten(error.detail, 2000) if error else None
        row.error_hint = shorten(error.hint, 500) if error and error.hint else None
        row.error_side = _side_of(error) if error else None
        if state not in ("unknown", "canceled"):  # those may go on from it, and it can hold a whole clip
            row.callback_status = None
        row.version += 1
        log.info("generation_ended", generation_id=row.id, state=state, code=row.error_code)

    def _tell(self, session: AsyncSession, row: GenerationRow) -> None:
        if row.state == "canceled":
            return
        record_event(session, f"generation.{row.state}", owner_id=row.owner_id, subject_id=row.id, data=event_data(row))

    async def _write(self, end: Callable[[AsyncSession], Awaitable[T]]) -> T:
        async def write() -> T:
            async with self._database.write() as session:
                return await end(session)

        return await retry_through_outage(write, on=DatabaseUnavailable)


def event_data(row: GenerationRow) -> dict[str, Any]:
    """The data of a generation's events."""
    error = None
    if row.error_code is not None:
        error = {"code": row.error_code, "message": row.error_message, "hint": row.error_hint, "side": row.error_side}
    return {
        "project_id": row.project_id,
        "clip_id": row.clip_id,
        "provider": row.provider,
        "model": row.model,
        "prompt": shorten(one_line(row.prompt), 200),
        "video_id": row.video_id,
        "cost": None if row.actual_micros is None else row.actual_micros / 1_000_000,
        "error": error,
    }


def _admitted(row: GenerationRow, kept: Kept) -> Admitted:
    return Admitted(
        video_id=kept.video_id,
        owner_id=row.owner_id,
        title=shorten(one_line(row.prompt), min(TITLE, MAX_TITLE)) or "Generated clip",
        origin="generation",
        written=kept.written,
        probe=kept.probe,
        poster=kept.poster,
    )


def _side_of(error: PlayheadError) -> str:
    if isinstance(error, ProviderError):
        return error.side
    return {"caller": "caller", "provider": "provider"}.get(error.fault, "us")
