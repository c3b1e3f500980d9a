"""Runner of the programs of `reading`: libav on an untrusted file, in a limited process with nothing but the file."""

import asyncio
import errno
import functools
import importlib.util
import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import playhead
from playhead.kit.units import GIB, MIB
from playhead.media.children import Limits, child, log_tail
from playhead.media.encryption import check_clear
from playhead.media.errors import ProbeFailed
from playhead.media.extents.extent import Extent
from playhead.media.ffmpeg import MAX_PIXELS
from playhead.media.mp4.boxes import Mp4Unreadable
from playhead.media.mp4.source import FileBytes
from playhead.media.sniff import HEAD_BYTES, MP4, Container, sniff
from playhead.media.truncation import check_whole

_MEMORY_BYTES = 3 * GIB
_DATA_BYTES = 480 * MIB
"""Most bytes allocated by one program; with its code and libraries it stays below 512 MiB. Half a day of 30 frames per
second with audio, 3.3 million samples, takes 186 MiB (November 2026)."""

_CPU_S = 25
_SLOWEST_PASS = 20 * MIB
"""Least bytes per second of a pass over all packets, on any machine; a usual one reads some hundred MiB."""

_PACK_S = 60.0
_MAX_PACKED = 512 * MIB

_PROGRAM = Path(__file__).with_name("reading") / "__main__.py"


class ReaderTimeout(Exception):
    """A program that was killed because it took too long."""


class Inspection(NamedTuple):
    """Facts in the headers of a file; *extent* is that of its first recording."""

    container: Container
    size_bytes: int
    extent: Extent


def inspect(path: Path) -> Inspection:
    """Inspection of a file by its first bytes and its headers.

    Raises:
        UnreadableVideo: not a video, cut off, or encrypted.
        OSError: the file cannot be opened.
    """
    with FileBytes(path) as file:
        container = sniff(file.read_at(0, HEAD_BYTES))
        extent = check_whole(file, container)
        check_clear(file, container)
        return Inspection(container, file.size, extent)


async def pack_in_child(source: int, out: int) -> None:
    """Read the index of an MP4 in a process of its own and write it to a file, as `mp4.packed` does.

    Args:
        source: Descriptor of the file.
        out: Descriptor of an empty file.

    Raises:
        Mp4Unreadable: there is no usable index, or reading it takes too much.
        OSError: the file cannot be written.
    """
    limits = replace(reading_limits(os.fstat(source).st_size), file_bytes=_MAX_PACKED)
    command = reading_command("pack", source, MP4, 0, [str(out)])
    async with child(command, limits=limits, pass_fds=[source, out]) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        try:
            async with asyncio.timeout(_PACK_S):
                output, _ = await asyncio.gather(_read(process.stdout, 1 << 16), log_tail(process.stderr))
                code = await process.wait()
        except TimeoutError:
            raise Mp4Unreadable("The index of this file could not be read in time.") from None
    answer = json.loads(output) if code == 0 else {"problem": "memory"}
    if answer.get("problem") == "disk":
        raise OSError(errno.ENOSPC, answer["reason"])
    if "problem" in answer:
        raise Mp4Unreadable(
            answer.get("reason", "Reading the index of this file takes more memory than Playhead allows.")
        )


async def read_in_child(
    program: str,
    path: Path,
    container: Container,
    arguments: Sequence[str] = (),
    *,
    timeout_s: float,
    max_pixels: int = MAX_PIXELS,
    most: int = 1 << 20,
) -> tuple[int, bytes, list[str]]:
    """Run a program of `reading` with an open descriptor of a file.

    Python starts without its site folder and PyAV is found by path: 100 ms in all, and none of it in this process.

    Args:
        timeout_s: Time limit besides that of a pass over the whole file.
        most: Most bytes of standard output that are kept.

    Returns:
        The exit code (negative: the signal), standard output, the last lines of its log.

    Raises:
        ReaderTimeout: it was killed after *timeout_s*.
    """
    with opened(path) as descriptor:
        size_bytes = os.fstat(descriptor).st_size
        limits = reading_limits(size_bytes)
        command = reading_command(program, descriptor, container, max_pixels, arguments)
        async with child(command, limits=limits, pass_fds=[descriptor]) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            try:
                async with asyncio.timeout(timeout_s + size_bytes / _SLOWEST_PASS):
                    output, log = await asyncio.gather(_read(process.stdout, most), log_tail(process.stderr))
                    return await process.wait(), output, log
            except TimeoutError:
                raise ReaderTimeout from None


def reading_limits(size_bytes: int) -> Limits:
    """Limits of a program that reads this many bytes."""
    cpu_s = int(_CPU_S + size_bytes / _SLOWEST_PASS)
    return Limits(memory_bytes=_MEMORY_BYTES, data_bytes=_DATA_BYTES, cpu_s=cpu_s, file_bytes=0)


def reading_command(
    program: str, descriptor: int, container: Container, max_pixels: int, arguments: Sequence[str] = ()
) -> list[str]:
    """Command of a program of `reading`."""
    return av_command(_PROGRAM, program, str(descriptor), container.demuxer, str(max_pixels), *arguments)


def av_command(program: Path, *arguments: str) -> list[str]:
    """Command of a Python program that uses PyAV: without its site folder, and without writing files.

    A child that may write nothing is killed (SIGXFSZ) when Python stores the bytecode of its own library early in
    its start, as on a new host. So this process stores the bytecode of the program, once.
    """
    _store_bytecode(program.parent)
    folders = str(av_folder()), str(Path(playhead.__file__).parents[1])
    return [sys.executable, "-I", "-S", "-B", str(program), *folders, *arguments]


@functools.cache
def _store_bytecode(folder: Path) -> None:
    if not sys.dont_write_bytecode:
        import compileall

        compileall.compile_dir(folder, quiet=2)


@contextmanager
def opened(path: Path) -> Iterator[int]:
    """A descriptor that a child may inherit."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


async def _read(stream: asyncio.StreamReader, most: int) -> bytes:
    output = bytearray()
    while block := await stream.read(65536):
        if len(output) < most:
            output += block
    return bytes(output)


@functools.cache
def av_folder() -> Path:
    """Folder of PyAV and Pillow, found without importing them.

    Raises:
        ProbeFailed: they are not installed.
    """
    spec = importlib.util.find_spec("av")
    if spec is None or not spec.submodule_search_locations:
        raise ProbeFailed("PyAV is not installed.", hint="Install Playhead with its dependencies.")
    return Path(spec.submodule_search_locations[0]).parent
