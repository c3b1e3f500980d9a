"""Bytes of files, of memory, and of several files in a row."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from playhead.media.mp4.source import FileBytes, JoinedBytes, MemoryBytes, ReadAt


@pytest.fixture(params=["path", "descriptor", "memory", "joined"])
def source(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ReadAt]:
    """The ten digits."""
    if request.param == "memory":
        yield MemoryBytes(b"0123456789")
        return
    if request.param == "joined":
        yield JoinedBytes([MemoryBytes(b"012"), MemoryBytes(b""), MemoryBytes(b"34567"), MemoryBytes(b"89")])
        return
    path = tmp_path / "digits"
    path.write_bytes(b"0123456789")
    with FileBytes(path) as opened:
        yield opened if request.param == "path" else FileBytes(opened.fd)


def test_a_descriptor_stays_open_and_a_path_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "digits"
    path.write_bytes(b"0123456789")

    with FileBytes(path) as owner:
        FileBytes(owner.fd).close()
        assert owner.read_at(0, 1) == b"0"
        closed = owner.fd

    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(closed)


@pytest.mark.parametrize(
    ("offset", "size", "wanted"),
    [(0, 10, b"0123456789"), (2, 3, b"234"), (3, 5, b"34567"), (7, 9, b"789"), (10, 1, b""), (4, 0, b""), (99, 1, b"")],
)
def test_any_span_can_be_read(source: ReadAt, offset: int, size: int, wanted: bytes) -> None:
    assert source.size == 10
    assert source.read_at(offset, size) == wanted


def test_a_span_of_joined_files_names_its_pieces() -> None:
    joined = JoinedBytes([MemoryBytes(bytes(3)), MemoryBytes(bytes(5)), MemoryBytes(bytes(2))])

    assert list(joined.pieces(2, 7)) == [(0, 2, 1), (1, 0, 5), (2, 0, 1)]
    assert joined.spans == [(0, 3), (3, 8), (8, 10)]
