"""Reports of detectors become broadcasts and recordings, each of them once."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from playhead.live.errors import ChannelNotFound
from tests.fixtures.detecting import Detecting, at
from tests.fixtures.patience import PATIENCE_S

ROOT = Path(__file__).parents[4]


async def test_many_reports_of_a_stream_are_one_broadcast_with_one_recording(detecting: Detecting) -> None:
    channel = await detecting.channel(qualities=["best", "480p"])
    for by in ("webhook", "conduit", "poll", "webhook"):
        await detecting.live(channel, "s1", 0, detected_by=by)
    recorded = await detecting.recorded()

    assert [(row.platform_stream_id, row.detected_by) for row in await detecting.rows()] == [("s1", "webhook")]
    assert sorted(row.quality for row in recorded) == ["480p", "best"]
    assert sorted(detecting.recordings.submitted) == sorted(row.id for row in recorded)
    assert await detecting.reports() == ["channel.live"]
    assert (await detecting.one_channel()).live_state == "live"


ONE_PROCESS = """
import asyncio, json, sys
from pathlib import Path
from playhead.db.database import Database
from tests.fixtures.detecting import open_detecting

async def main(url, folder, channel):
    database = Database(url)
    detecting = open_detecting(database, Path(folder))
    print("ready", flush=True)
    sys.stdin.readline()
    rows = await asyncio.gather(*(detecting.live(channel, "s1", 0, detected_by="poll") for _ in range(4)))
    print(json.dumps([[row.id for row in rows], detecting.recordings.submitted]), flush=True)
    await detecting.close()
    await database.close()

asyncio.run(main(*sys.argv[1:]))
"""


async def test_two_processes_that_report_at_the_same_time_start_one_recording(
    detecting: Detecting, migrated_url: str, tmp_path: Path
) -> None:
    """Four reports at once in each of two processes: one broadcast, one recording, handed over once."""
    channel = await detecting.channel()
    arguments = [sys.executable, "-c", ONE_PROCESS, migrated_url, str(tmp_path), channel]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "cwd": ROOT}
    processes = [subprocess.Popen(arguments, **pipes) for _ in range(2)]  # type: ignore[call-overload]
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    outputs = [asyncio.to_thread(process.communicate, "go\n", timeout=PATIENCE_S) for process in processes]
    results: list[Any] = [json.loads(output.splitlines()[-1]) for output, _ in await asyncio.gather(*outputs)]
    recorded = await detecting.recorded()

    assert {row_id for ids, _ in results for row_id in ids} == {row.id for row in await detecting.rows()}
    assert len(recorded) == 1
    assert [row_id for _, submitted in results for row_id in submitted] == [recorded[0].id]
    assert await detecting.reports() == ["channel.live"]


async def test_an_unknown_stream_id_is_filled_in_by_a_later_report(detecting: Detecting) -> None:
    channel = await detecting.channel()
    await detecting.live(channel, None, 0)
    await detecting.live(channel, "s1", 0)
    await detecting.live(channel, None, 0)

    assert [row.platform_stream_id for row in await detecting.rows()] == ["s1"]


async def test_a_new_stream_within_the_grace_window_continues_the_recording(detecting: Detecting) -> None:
    channel = await detecting.channel()
    await detecting.live(channel, "s1", 0)
    detecting.clock.minute = 10
    await detecting.broadcasts.went_offline(channel, at=at(10))
    assert (await detecting.one_channel()).live_state == "offline"
    detecting.clock.minute = 12
    assert await detecting.broadcasts.settle() == 0
    await detecting.live(channel, "s2", 11.5)
    row = (await detecting.rows())[0]

    assert (row.platform_stream_id, row.earlier_stream_ids, row.offline_at) == ("s2", ["s1"], None)
    assert len(await detecting.recorded()) == len(await detecting.rows()) == 1
    assert await detecting.reports() == ["channel.live"]


async def test_a_stream_after_the_grace_window_is_another_broadcast(detecting: Detecting) -> None:
    channel = await detecting.channel()
    await detecting.live(channel, "s1", 0)
    await detecting.broadcasts.went_offline(channel, at=at(0.5))
    detecting.clock.minute = 20
    assert await detecting.broadcasts.settle() == 1
    first = (await detecting.recorded())[0]
    assert (first.stop_reason, first.stop_requested_at) == ("offline", at(20))
    await detecting.live(channel, "s2", 20)

    assert [row.platform_stream_id for row in await detecting.rows()] == ["s1", "s2"]
    assert (await detecting.rows())[0].ended_at is not None
    assert len(await detecting.recorded()) == 2
    assert await detecting.reports() == ["channel.live", "channel.offline", "channel.live"]


async def test_a_stream_that_was_missed_in_between_is_not_joined(detecting: Detecting) -> None:
    """After an outage of hours the next stream is another broadcast, though nobody saw the end of the first."""
    channel = await detecting.channel()
    await detecting.live(channel, "s1", 0)
    detecting.clock.minute = 300
    await detecting.live(channel, "s2", 290)

    assert [(row.platform_stream_id, row.ended_at is None) for row in await detecting.rows()] == [
        ("s1", False),
        ("s2", True),
    ]


async def test_a_reconnect_after_the_recording_ended_is_recorded_anew(detecting: Detecting) -> None:
    channel = await detecting.channel()
    await detecting.live(channel, "s1", 0)
    await detecting.set_recordings(state="finalising")
    await detecting.live(channel, "s2", 1)

    assert len(await detecting.recorded()) == len(await detecting.rows()) == 2


async def test_what_a_person_stopped_is_not_started_again(detecting: Detecting) -> None:
    channel = await detecting.channel()
    await detecting.live(channel, "s1", 0)
    await detecting.set_recordings(state="ready", stop_reason="requested", stop_requested_at=at(1))
    detecting.clock.minute = 2
    await detecting.broadcasts.went_offline(channel, at=at(2))
    await detecting.live(channel, "s1", 0)
    await detecting.live(channel, "s2", 2.5)

    assert len(await detecting.recorded()) == len(await detecting.rows()) == 1


@pytest.mark.parametrize(
    ("stream_id", "minute"),
    [(None, 10), ("s1", 40), ("unknown", 40)],
    ids=["before the newest began", "of the one before", "of none"],
)
async def test_a_late_offline_does_not_end_the_newest_stream(
    here: Detecting, stream_id: str | None, minute: float
) -> None:
    """Twitch's `stream.offline` has no stream id: its time says which one it is about."""
    channel = await here.channel()
    await here.live(channel, "s1", 0)
    here.clock.minute = 12
    await here.live(channel, "s2", 11)
    here.clock.minute = 41
    await here.broadcasts.went_offline(channel, stream_id=stream_id, at=at(minute))
    row = (await here.rows())[-1]

    assert (row.offline_at, (await here.one_channel()).live_state) == (None, "live")


async def test_late_reports_of_earlier_streams_change_nothing(here: Detecting) -> None:
    channel = await here.channel()
    await here.live(channel, "s1", 0)
    await here.broadcasts.went_offline(channel, at=at(1))
    here.clock.minute = 6
    await here.broadcasts.settle()
    await here.live(channel, "s1", 0, detected_by="poll")  # Helix lists it for a while
    assert (await here.one_channel()).live_state == "offline"
    await here.live(channel, "s3", 6)
    await here.live(channel, "s1", 0)
    await here.live(channel, "s2", 5)

    assert [row.platform_stream_id for row in await here.rows()] == ["s1", "s3"]
    assert len(await here.recorded()) == 2


async def test_a_stream_that_is_live_long_after_its_end_is_recorded_again(here: Detecting) -> None:
    """Its end was reported by mistake; the newest broadcast has the stream's id."""
    channel = await here.channel()
    await here.live(channel, "s1", 0)
    await here.broadcasts.went_offline(channel, at=at(1))
    here.clock.minute = 30
    await here.broadcasts.settle()
    await here.live(channel, "s1", 0)

    assert sorted(str(row.platform_stream_id) for row in await here.rows()) == ["None", "s1"]
    assert len(await here.recorded()) == 2


async def test_titles_and_categories_become_the_history(detecting: Detecting) -> None:
    """Also those that come out of order; a poll that still lists the old title is not believed."""
    channel = await detecting.channel()
    detecting.clock.minute = 1
    await detecting.live(channel, "s1", 0)
    await detecting.live(channel, "s1", 0, title="One", category="Chess", detected_by="poll")
    detecting.clock.minute = 20
    await detecting.broadcasts.changed(channel, title="Three", category="Go", at=at(20))
    await detecting.broadcasts.changed(channel, title="Two", category="Go", at=at(19))
    detecting.clock.minute = 20.5
    await detecting.live(channel, "s1", 0, title="One", category="Chess", detected_by="poll")
    row = (await detecting.rows())[0]

    assert [(entry["at"], entry["title"], entry["category"]) for entry in row.history] == [
        ("2026-03-01T20:00:00.000Z", "One", "Chess"),
        ("2026-03-01T20:19:00.000Z", "Two", "Go"),
        ("2026-03-01T20:20:00.000Z", "Three", "Go"),
    ]
    assert (row.title, row.category) == ("Three", "Go")


async def test_a_recording_that_began_before_its_title_was_known_is_named_after_it(here: Detecting) -> None:
    """Twitch's event has no title; later titles do not rename what is recorded."""
    channel = await here.channel()
    await here.live(channel, "s1", 0)
    assert [row.title for row in await here.recorded()] == ["Alice"]
    await here.live(channel, "s1", 0, title="Hello", detected_by="poll")
    here.clock.minute = 9
    await here.broadcasts.changed(channel, title="Later", category=None, at=at(9))

    assert [row.title for row in await here.recorded()] == ["Hello"]


async def test_a_title_that_the_filters_want_starts_the_recording(here: Detecting) -> None:
    channel = await here.channel(filters={"exclude": ["rerun"]})
    await here.live(channel, "s1", 0, title="rerun of yesterday")
    assert await here.recorded() == []
    here.clock.minute = 5
    await here.broadcasts.changed(channel, title="Live at last", category=None, at=at(5))

    assert [row.title for row in await here.recorded()] == ["Live at last"]


async def test_a_channel_that_is_not_recorded_by_itself_has_its_history_all_the_same(here: Detecting) -> None:
    channel = await here.channel(auto_record=False)
    await here.live(channel, "s1", 0)

    assert (len(await here.rows()), await here.recorded()) == (1, [])


async def test_a_removed_channel_is_an_error(here: Detecting) -> None:
    with pytest.raises(ChannelNotFound):
        await here.live("chn_gone", "s1", 0)
