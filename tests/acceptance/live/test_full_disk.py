"""A disk that fills up under a recording: room is made once, and where there is none everything recorded is kept."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from playhead.kit.units import MIB
from playhead.live.disk import Disk
from tests.fixtures.live_sources import frames_of, make_film, needs_nginx_rtmp, publishing, rtmp_server
from tests.fixtures.recorder import recording

pytestmark = [
    needs_nginx_rtmp,
    pytest.mark.skipif(os.geteuid() != 0, reason="mounts a small file system, which only root may"),
]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 16 MiB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m", "none", str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(folder: Path) -> None:
    """Leave not a byte."""
    with (folder / "filler").open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(64 * 1024))
        except OSError:
            while True:
                try:
                    file.write(b"\0" * 512)
                except OSError:
                    return


async def test_room_is_made_for_a_recording_and_without_it_nothing_recorded_is_lost(
    small_disk: Path, tmp_path: Path
) -> None:
    film = make_film(tmp_path)
    frames = frames_of(film)
    asked: list[int] = []

    async def ask(wanted_bytes: int) -> bool:
        asked.append(wanted_bytes)
        if len(asked) > 1:
            return False
        (small_disk / "filler").unlink()
        return True

    disk = Disk(small_disk, ask_below=8 * MIB, stop_below=4 * MIB, ask=ask)
    with rtmp_server(tmp_path / "nginx") as server, publishing(film, server.rtmp("show")):
        async with recording(small_disk / "rec", server.rtmp("show"), disk=disk) as recorder:
            await recorder.until_s(2)
            fill(small_disk)
            await recorder.until(lambda _: len(asked) == 1, "a request for room")
            reached_s = recorder.status.duration_s
            await recorder.until(
                lambda each: each.status.duration_s > reached_s + 1 and each.status.health == "receiving", "more of it"
            )
            fill(small_disk)
            outcome = await recorder.outcome

    assert outcome.reason == "disk_full"
    assert outcome.duration_s > reached_s
    assert not frames.account(recorder.parts).unknown
    assert {gap["cause"] for gap in outcome.gaps} <= {"disk"}
