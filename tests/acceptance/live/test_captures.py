"""Recordings of live sources, with an account of every frame, whatever happens to the source and the capture."""

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path

import pytest

from playhead.kit.clock import utc_now
from tests.fixtures.live_sources import (
    FPS,
    REORDERED,
    Account,
    Frames,
    RtmpServer,
    frames_of,
    listening,
    make_film,
    needs_nginx_rtmp,
    publishing,
    rtmp_server,
)
from tests.fixtures.recorder import Recorder, recording
from tests.fixtures.rtsp_source import camera
from tests.fixtures.tiers import thorough

pytestmark = needs_nginx_rtmp


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RtmpServer]:
    with rtmp_server(tmp_path_factory.mktemp("nginx")) as running:
        yield running


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_film(tmp_path_factory.mktemp("film"))


@pytest.fixture(scope="module")
def frames(film: Path) -> Frames:
    return frames_of(film)


def account(frames: Frames, recorder: Recorder) -> Account:
    found = frames.account(recorder.parts)
    assert not found.unknown, f"{found.unknown} damaged pictures"
    return found


async def test_every_frame_is_recorded_over_every_protocol_and_a_killed_capture_loses_less_than_a_fragment(
    server: RtmpServer, film: Path, frames: Frames, tmp_path: Path
) -> None:
    """Recordings of one publisher side by side: one plain, one with two captures, and one whose capture is killed."""
    with ExitStack() as sources:
        sources.enter_context(publishing(film, server.rtmp("all")))
        urls = {scheme: sources.enter_context(listening(film, scheme)) for scheme in ("srt", "http", "rtmp")}
        urls |= dict.fromkeys(("plain", "double", "killed"), server.rtmp("all"))
        urls["rtsp"] = sources.enter_context(camera(film, tmp_path))
        async with AsyncExitStack() as stack:
            recorders = {
                name: await stack.enter_async_context(
                    recording(tmp_path / name, url, captures=2 if name == "double" else 1)
                )
                for name, url in urls.items()
            }
            await asyncio.gather(*(each.until_s(3) for each in recorders.values()))
            killed = recorders["killed"]
            killed.kill_capture()
            await killed.until(lambda each: len(each.recorded) == 2 and each.status.health == "receiving", "it is back")
            await recorders["plain"].until_s(8)
            ends = await asyncio.gather(*(each.stop() for each in recorders.values()))

    assert {end.reason for end in ends} == {"requested"}
    for name in ("plain", "srt", "http", "rtmp", "rtsp"):
        found = account(frames, recorders[name])
        assert (found.missing, found.repeated, len(recorders[name].parts)) == ([], 0, 1), name
    double = recorders["double"]
    lanes = [frames.account([part]) for part in double.parts]
    assert len(lanes) == 2
    assert all(not lane.missing and not lane.unknown for lane in lanes)
    assert len({manifest.clock for manifest in double.manifests}) == 1
    found, gaps = account(frames, killed), killed.status.gaps
    assert [gap["cause"] for gap in gaps] == ["capture"]
    assert len(found.missing) == pytest.approx(gaps[0]["length_s"] * FPS, abs=REORDERED)


async def test_a_source_that_goes_and_comes_back_is_recorded_into_a_new_part(
    server: RtmpServer, film: Path, frames: Frames, tmp_path: Path
) -> None:
    """Also where its capture hears nothing of it: the clock that begins anew is a new part, not a squeezed one."""
    other = make_film(tmp_path, seconds=12, size=(256, 144), audio_rate=44_100, mark=9)
    async with recording(tmp_path / "rec", server.rtmp("back"), stall_s=4) as recorder:
        with publishing(film, server.rtmp("back")):
            await recorder.until_s(4)
        with publishing(other, server.rtmp("back")):
            await recorder.until(lambda each: len(each.recorded) == 2, "a second part")
            await recorder.until_s(7)
        outcome = await recorder.stop()

    first, second = (frames_of(film, other).account([part]) for part in recorder.parts)
    assert (first.unknown, first.missing, second.unknown, second.missing) == (0, [], 0, [])
    assert min(second.numbers) >= 30 * FPS
    assert [gap["cause"] for gap in outcome.gaps] == ["source"]
    assert len({manifest.clock for manifest in recorder.manifests}) == 2


@thorough
async def test_a_recording_ends_by_the_platforms_word_the_sources_own_end_or_silence(
    server: RtmpServer, film: Path, frames: Frames, tmp_path: Path
) -> None:
    """Not by the end of a connection."""
    short = make_film(tmp_path, seconds=3, mark=17)
    with publishing(film, server.rtmp("ends")), listening(short, "http") as http:
        async with AsyncExitStack() as stack:
            silent, ended, offline = [
                await stack.enter_async_context(
                    recording(tmp_path / name, url, stall_s=8, window_s=5, has_platform=known)
                )
                for name, url, known in (
                    ("silent", server.rtmp("nothing"), False),
                    ("ended", http, False),
                    ("offline", server.rtmp("ends"), True),
                )
            ]
            await offline.until_s(2)
            offline.status.offline_at = utc_now()
            outcomes = [await each.outcome for each in (silent, ended, offline)]

    assert [outcome.reason for outcome in outcomes] == ["lost", "ended", "offline"]
    assert (outcomes[0].size_bytes, list(silent.folder.glob("*"))) == (0, [])
    assert frames_of(short).account(ended.parts).numbers == list(range(3 * FPS))
    assert not account(frames, offline).missing
