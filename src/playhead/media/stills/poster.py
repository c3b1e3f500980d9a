"""Poster of a local file."""

import asyncio
import errno
from pathlib import Path

from playhead.media.errors import DiskFull
from playhead.media.stills.make import POSTER_WIDTH, Shape, poster
from playhead.media.stills.pool import one_process
from playhead.media.stills.source import FileSource


async def make_poster(source: Path, out: Path, shape: Shape, *, width: int = POSTER_WIDTH) -> None:
    """Write a JPEG, at most *width* pixels wide and never enlarged, upright; see `make.poster`.

    Raises:
        UnreadableVideo: no frame could be decoded.
        DiskFull: there is no room for it.
    """
    async with one_process() as pool:
        image = await poster(pool, FileSource(source), shape, width=width)
    await write_image(out, image)


async def write_image(out: Path, image: bytes) -> None:
    """Write an image into a file.

    Raises:
        DiskFull: there is no room for it.
    """
    try:
        await asyncio.to_thread(out.write_bytes, image)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull(f"No space is left on the disk for {out.name}.") from error
        raise
