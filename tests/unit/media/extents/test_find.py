"""The extent of a file is found once, with bounded work, from any thread."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from playhead.media.extents import find
from playhead.media.extents.extent import Extent
from playhead.media.extents.find import find_extent, libav_url
from playhead.media.mp4.source import FileBytes

PACKETS = (b"G" + bytes(187)) * 700


class CountedBytes(FileBytes):
    """A file that counts how many bytes are read of it."""

    def __init__(self, file: Path) -> None:
        super().__init__(file)
        self.count = 0

    def read_at(self, offset: int, size: int) -> bytes:
        self.count += size
        return super().read_at(offset, size)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A transport stream with a long tail."""
    path = tmp_path / "a.ts"
    path.write_bytes(PACKETS + bytes(300_000))
    return path


def test_a_file_is_read_once_for_all_who_ask(path: Path) -> None:
    expected = Extent(len(PACKETS), len(PACKETS))
    with CountedBytes(path) as first, CountedBytes(path) as second:
        assert find_extent(first, "mpegts") == find_extent(second, "mpegts") == expected
        assert first.count > 0
        assert second.count == 0
        assert libav_url(second.fd, "mpegts")[0] == f"subfile,,start,0,end,{len(PACKETS)},,:fd:"


def test_a_file_that_changed_is_read_again(path: Path) -> None:
    with FileBytes(path) as file:
        find_extent(file, "mpegts")
    path.write_bytes(PACKETS)
    with FileBytes(path) as file:
        assert find_extent(file, "mpegts") is None
        assert libav_url(file.fd, "mpegts") == ("fd:", "fd")

    os.truncate(path, len(PACKETS) + 400_000)
    with FileBytes(path) as file:
        assert find_extent(file, "mpegts") == Extent(len(PACKETS), len(PACKETS))


def test_what_is_known_may_be_dropped_while_others_ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Threads share the answers; with room for one of them each question drops the others."""
    monkeypatch.setattr(find, "_MOST_KNOWN", 1)
    paths = [tmp_path / f"{number}.ts" for number in range(8)]
    for path in paths:
        path.write_bytes(PACKETS + bytes(300_000))

    def ask(path: Path) -> str:
        with FileBytes(path) as file:
            return libav_url(file.fd, "mpegts")[0]

    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(ask, paths * 50)) == {f"subfile,,start,0,end,{len(PACKETS)},,:fd:"}


def test_a_preallocated_file_is_not_read_to_its_start(tmp_path: Path) -> None:
    """Of a tail of gigabytes 64 MiB are looked at."""
    path = tmp_path / "preallocated.ts"
    path.write_bytes(PACKETS)
    os.truncate(path, 8 << 30)

    with CountedBytes(path) as file:
        assert find_extent(file, "mpegts") is None
        assert file.count < 70 << 20
