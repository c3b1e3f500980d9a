"""The HLS capture against an origin whose window moves with its requests: every frame once, whatever dies."""

import asyncio
import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from playhead.kit.ids import new_id
from playhead.live.capture.capture import Ended
from playhead.live.finalise import part_files, without_ads
from playhead.live.lanes import Recorded, gaps_between
from playhead.live.parts import PartManifest, manifests_in, parts_in
from playhead.live.tools import SiteTools
from playhead.media.first_time import WRAP_S
from playhead.media.recording.make import read_assembly
from tests.fixtures.hls_origin import Film, Origin, Track, film_segments, frames, hls_origin, joined
from tests.fixtures.hls_recorder import capture_of, record
from tests.fixtures.patience import PATIENCE_S
from tests.fixtures.tiers import thorough


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Film:
    return film_segments(tmp_path_factory.mktemp("film"))


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Film:
    return film_segments(tmp_path_factory.mktemp("other"), seconds=5, mark=2)


@pytest.fixture(scope="module")
def apart(tmp_path_factory: pytest.TempPathFactory) -> tuple[Film, Film]:
    """Fragmented MP4, video and audio in playlists of their own."""
    folder = tmp_path_factory.mktemp("apart")
    return film_segments(folder, kind="fmp4", only="v"), film_segments(folder, kind="fmp4", only="a")


def paths(folder: Path) -> list[Path]:
    return [part.path for part in parts_in(folder)]


def hashes(path: Path, kind: str = "v") -> list[str]:
    return [digest for _, digest in frames(path, kind)]


RECORDER = [sys.executable, "-m", "tests.fixtures.hls_recorder"]


def kill_at_random(url: str, folder: Path, times: int) -> None:
    """Start a recorder, kill it somewhere, and so on; let the last one record to the end."""
    chance = random.Random(times)
    for _ in range(times):
        process = subprocess.Popen([*RECORDER, url, str(folder)], stdout=subprocess.DEVNULL)
        before = len(paths(folder))
        while process.poll() is None and len(paths(folder)) == before:
            time.sleep(0.02)
        time.sleep(chance.uniform(0, 0.4))
        process.kill()
        process.wait(PATIENCE_S)
    subprocess.run([*RECORDER, url, str(folder)], check=True, capture_output=True, timeout=PATIENCE_S)


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_capture_that_is_killed_six_times_has_every_frame_once(film: Film, tmp_path: Path) -> None:
    """The next one goes on after the last segment that is whole in the part; the join cuts what both have."""
    with hls_origin(Track(film, step=1)) as origin:
        kill_at_random(origin.url, tmp_path, 6)

    parts = parts_in(tmp_path)
    assert joined(paths(tmp_path)) == hashes(film.source)
    assert joined(paths(tmp_path), "a") == hashes(film.source, "a")
    assert len({part.manifest.clock for part in parts}) == 1
    assert [part.manifest.cause for part in parts] == [None] * len(parts)
    assert parts[-1].manifest.sequence == len(film.segments) - 1


async def test_one_that_is_killed_before_any_segment_is_whole_is_followed_too(film: Film, tmp_path: Path) -> None:
    track = Track(film, limit=2)
    with hls_origin(track) as origin:
        running = asyncio.create_task(record(origin.url, tmp_path))
        while not any(tmp_path.glob("cap_*.json")):
            await asyncio.sleep(0.02)
        running.cancel()
        await asyncio.wait({running})
        track.limit = len(film.segments)
        await record(origin.url, tmp_path)

    manifests = manifests_in(tmp_path, 0)
    assert [manifest.sequence for manifest in manifests] == [None, len(film.segments) - 1]
    assert len({manifest.clock for manifest in manifests}) == 1
    assert hashes(paths(tmp_path)[-1]) == hashes(film.source)


@thorough
def test_what_left_the_window_while_it_was_dead_comes_from_the_spool(film: Film, tmp_path: Path) -> None:
    """The muxer holds the end of what it was fed; it is on disk, too."""
    track = Track(film, window=2, step=1, limit=6)
    with hls_origin(track) as origin:
        process = subprocess.Popen([*RECORDER, origin.url, str(tmp_path)], stdout=subprocess.DEVNULL)
        until(lambda: any(tmp_path.glob("spool/*/*05.seg")) and any(path.stat().st_size for path in paths(tmp_path)))
        process.kill()
        process.wait(PATIENCE_S)
        track.limit, track.shown = len(film.segments), 8
        subprocess.run([*RECORDER, origin.url, str(tmp_path)], check=True, capture_output=True)

    assert (parts_in(tmp_path)[0].manifest.sequence or 0) < 5
    assert joined(paths(tmp_path)) == hashes(film.source)


@thorough
async def test_a_clock_that_begins_again_at_0_is_counted_on(tmp_path: Path) -> None:
    """MPEG-TS counts to 26.5 hours; here it does so in the second second, and a capture is killed after that."""
    film = film_segments(tmp_path, seconds=10, begins_s=WRAP_S - 3)
    track = Track(film, limit=8)
    with hls_origin(track) as origin:
        running = asyncio.create_task(record(origin.url, tmp_path / "rec"))
        while not any((part.manifest.sequence or 0) >= 2 for part in parts_in(tmp_path / "rec")):
            await asyncio.sleep(0.02)
        running.cancel()
        await asyncio.wait({running})
        track.limit = len(film.segments)
        await record(origin.url, tmp_path / "rec")

    assert joined(paths(tmp_path / "rec")) == hashes(film.source)
    assert len({manifest.clock for manifest in manifests_in(tmp_path / "rec", 0)}) == 1


async def test_fragmented_mp4_with_separate_audio_becomes_one_part(apart: tuple[Film, Film], tmp_path: Path) -> None:
    video, audio = (Track(each) for each in apart)
    with hls_origin(video, audio) as origin:
        origin.multivariant = (
            '#EXTM3U\n#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="en",DEFAULT=YES,URI="audio.m3u8"\n'
            '#EXT-X-STREAM-INF:BANDWIDTH=1,AUDIO="a",RESOLUTION=160x96\nmain.m3u8\n'
        )
        ends = await record(f"{origin.address}/master.m3u8", tmp_path)

    assert [ended.why for ended in ends] == ["end"]
    assert joined(paths(tmp_path)) == hashes(apart[0].source)
    assert joined(paths(tmp_path), "a") == hashes(apart[0].source, "a")


@thorough
async def test_a_source_that_counts_anew_begins_a_new_part_on_a_new_clock(
    film: Film, other: Film, tmp_path: Path
) -> None:
    track = Track(film, first=500, ends=False)
    with hls_origin(track) as origin:

        def restarted() -> None:
            if origin.tracks["main"] is track and len(track.fetched) >= len(film.segments):
                origin.tracks["main"] = Track(other)

        ends = await recorded_while(origin, tmp_path, restarted)

    parts = parts_in(tmp_path)
    assert [ended.why for ended in ends][-1] == "end"
    assert [hashes(path) for path in paths(tmp_path)] == [hashes(film.source), hashes(other.source)]
    assert len({part.manifest.clock for part in parts}) == 2


async def test_segments_that_cannot_be_had_are_a_gap_from_the_source(film: Film, tmp_path: Path) -> None:
    """Two of one second: the parts are on one clock, so the length of the hole is known."""
    with hls_origin(Track(film, lost={4, 5})) as origin:
        ends = await record(origin.url, tmp_path)

    first, second = parts_in(tmp_path)
    assert [ended.why for ended in ends] == ["changed", "end"]
    assert (first.manifest.clock, second.manifest.cause) == (second.manifest.clock, "source")
    before, after = frames(first.path), frames(second.path)
    assert after[0][0] - before[-1][0] == pytest.approx(2 + 1 / 25, abs=0.001)
    assert [*hashes(first.path), *hashes(second.path)] == hashes(film.source)[:100] + hashes(film.source)[150:]


async def test_an_advertisement_is_a_part_that_says_so(film: Film, other: Film, tmp_path: Path) -> None:
    """Nothing is left out; the platform's discontinuities put it on a clock of its own."""
    began, *breaks = [f"#EXT-X-PROGRAM-DATE-TIME:2026-11-30T12:00:0{second}Z" for second in (0, 3, 5)]
    to_ad, back = [["#EXT-X-DISCONTINUITY", date] for date in breaks]
    spliced = Film(film.source, (*film.segments[:3], *other.segments[:2], *film.segments[3:6]))
    track = Track(spliced, tags={0: [began], 3: to_ad, 5: back}, titles={3: "Amazon|1", 4: "Amazon|1", 5: "live"})
    with hls_origin(track) as origin:
        ends = await record(origin.url, tmp_path)

    parts = parts_in(tmp_path)
    assert [ended.why for ended in ends] == ["changed", "changed", "end"]
    assert [part.manifest.ad for part in parts] == [False, True, False]
    assert [part.manifest.cause for part in parts] == [None] * 3
    wanted = hashes(film.source)
    assert [hashes(path) for path in paths(tmp_path)] == [wanted[:75], hashes(other.source)[:50], wanted[75:150]]
    recorded = [Recorded.read(part) for part in parts]
    [running] = gaps_between([each for each in recorded if each])
    [shown] = read_assembly(part_files(parts)).gaps()
    [cut] = read_assembly(part_files(without_ads(parts))).gaps()
    assert (shown.cause, shown.shown) == ("ad", True)
    assert (shown.start_s, shown.length_s) == pytest.approx((3, 2), abs=0.1)
    assert running == pytest.approx(shown.to_dict(), abs=0.1)
    assert (cut.cause, cut.shown) == ("ad", False)
    assert (cut.start_s, cut.length_s) == pytest.approx((3, 2), abs=0.1)


async def test_a_capture_that_is_stopped_keeps_what_it_received(film: Film, tmp_path: Path) -> None:
    track = Track(film, ends=False)
    with hls_origin(track) as origin:
        capture = capture_of(origin.url)
        running = asyncio.create_task(capture.run(tmp_path, PartManifest(capture_id=new_id("cap"))))
        while len(track.fetched) < len(film.segments):
            await asyncio.sleep(0.02)
        await capture.stop()
        ended = await running

    got = joined(paths(tmp_path))
    assert ended.why == "stopped"
    assert got == hashes(film.source)[: len(got)]
    assert len(got) >= 200


@thorough
async def test_an_encrypted_stream_is_recorded_by_streamlink_or_refused_with_words(tmp_path: Path) -> None:
    """Its URL and headers are in a file for its owner alone, which goes with the capture."""
    film = film_segments(tmp_path / "film", seconds=4, key=b"sixteen bytes...")
    streamlink = SiteTools(allow_private=True).streamlink_command()
    (tmp_path / "b").mkdir()
    with hls_origin(Track(film, shown=4, window=4)) as origin:
        refused = await capture_of(origin.url).run(tmp_path / "a", PartManifest(capture_id=new_id("cap")))
        capture = capture_of(origin.url, streamlink=streamlink)
        ended = await capture.run(tmp_path / "b", PartManifest(capture_id=new_id("cap")))

    assert (refused.why, refused.cause) == ("failed", "source")
    assert "encrypted (AES-128)" in refused.detail
    assert "streamlink" in refused.detail
    assert ended.detail == "The tool ended: the source sends no more."
    assert hashes(paths(tmp_path / "b")[0]) == hashes(film.source)
    assert list((tmp_path / "b").glob("*.config")) == []


async def recorded_while(origin: Origin, folder: Path, change: Callable[[], None]) -> list[Ended]:
    """Record to the end, and let the test change the origin meanwhile."""
    running = asyncio.create_task(record(origin.url, folder))
    while not running.done():
        change()
        await asyncio.wait({running}, timeout=0.05)
    return list(await running)
