"""What the rows of running recordings show, and what is requested of them."""

import asyncio
from typing import Any

import pytest
import structlog
from sqlalchemy import select

from playhead.access.users import insert_user
from playhead.db.database import Database
from playhead.kit.clock import utc_now
from playhead.kit.ids import new_id
from playhead.live.status import StatusBoard
from playhead.live.tables import BroadcastRow, ChannelRow, RecordingRow
from playhead.outbox.tables import EventRow


async def make_recording(database: Database, **facts: Any) -> str:
    """Insert a recording of a broadcast that runs; its id."""
    now = utc_now()
    async with database.write() as session:
        user = await insert_user(session, email="a@example.org", name=None, role="member", password_hash="!", now=now)
        channel = ChannelRow(
            id=new_id("chn"), owner_id=user.id, name="C", url="rtmp://a.example/x", platform="url", qualities=["best"],
            captures=1, filters={}, schedule=[], created_at=now, updated_at=now, time_zone="UTC", live_state="live",
            enabled=True, auto_record=True, version=1,
        )  # fmt: skip
        session.add(channel)
        await session.flush()
        broadcast = BroadcastRow(
            id=new_id("brc"), channel_id=channel.id, history=[], detected_by="poll", started_at=now
        )
        session.add(broadcast)
        await session.flush()
        row = RecordingRow(
            **{
                "id": new_id("rec"), "owner_id": user.id, "title": "R", "source": {"url": "rtmp://a.example/x"},
                "quality": "best", "captures": 1, "state": "recording", "health": "starting", "gaps": [], "version": 1,
                "started_at": now, "updated_at": now, "broadcast_id": broadcast.id, "size_bytes": 0, "duration_s": 0.0,
                "bytes_per_s": 0.0,
            }
            | facts
        )  # fmt: skip
        session.add(row)
    return row.id


async def row_of(database: Database, recording_id: str) -> RecordingRow:
    async with database.read() as session:
        row = await session.get(RecordingRow, recording_id)
    assert row is not None
    return row


async def test_lines_of_the_log_about_one_recording_do_not_name_the_job_of_another(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    board, recording_id = StatusBoard(database), await make_recording(database)
    seen = asyncio.Queue[dict[str, Any]]()

    async def read() -> None:
        seen.put_nowait(structlog.contextvars.get_contextvars())

    monkeypatch.setattr(board, "read", read)
    with structlog.contextvars.bound_contextvars(job_id="job_of_the_first"), board.showing(recording_id):
        assert await seen.get() == {}
    await board.close()


async def test_a_row_shows_what_its_recording_received(database: Database) -> None:
    board, recording_id = StatusBoard(database), await make_recording(database)
    with board.showing(recording_id) as status:
        status.health, status.size_bytes, status.duration_s = "receiving", 5_000, 2.5
        await board.write()
        row = await row_of(database, recording_id)
    await board.close()

    assert (row.health, row.size_bytes, row.duration_s, row.version) == ("receiving", 5_000, 2.5, 1)


@pytest.mark.parametrize("column", ["stop_reason", "offline_at"])
async def test_a_stop_and_the_platforms_word_are_read(database: Database, column: str) -> None:
    board, recording_id = StatusBoard(database), await make_recording(database)
    with board.showing(recording_id) as status:
        await board.read()
        assert getattr(status, column) is None
        async with database.write() as session:
            row = await session.get_one(RecordingRow, recording_id)
            if column == "stop_reason":
                row.stop_reason = "requested"
            else:
                (await session.get_one(BroadcastRow, row.broadcast_id)).offline_at = utc_now()
        await board.read()
    await board.close()

    assert getattr(status, column) is not None
    assert not status.gone


async def test_a_recording_that_was_taken_away_is_seen(database: Database) -> None:
    board, recording_id = StatusBoard(database), await make_recording(database, state="errored")
    with board.showing(recording_id) as status:
        await board.read()
        status.size_bytes = 9
        await board.write()
    await board.close()

    assert status.gone
    assert (await row_of(database, recording_id)).size_bytes == 0


async def test_an_interruption_is_one_event_until_bytes_come_again(database: Database) -> None:
    board, recording_id = StatusBoard(database), await make_recording(database)
    with board.showing(recording_id) as status:
        for interrupted in (True, True, False, True):
            status.interrupted = interrupted
            status.size_bytes += 1
            await board.write()
    await board.close()
    async with database.read() as session:
        types = list(await session.scalars(select(EventRow.type)))

    assert types == ["recording.interrupted"] * 2
