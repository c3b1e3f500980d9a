"""The still of a video: a picture that shows something, made in a limited process of its own."""

import asyncio
import errno
from pathlib import Path

from playhead.media.errors import DiskFull, UnreadableVideo
from playhead.media.reader import ReaderTimeout, look, read_in_child

MAX_JPEG_BYTES = 16 << 20


async def make_poster(source: Path, out: Path, *, duration_s: float, width: int = 960) -> None:
    """Write a JPEG, at most *width* pixels wide and never enlarged, upright.

    Key pictures at 10, 30, 50, 70 and 0 % are looked at in this order, and the first that is neither black, white
    nor plain is taken; if none is, the liveliest.

    Raises:
        UnreadableVideo: no picture could be decoded.
    """
    container, _ = await asyncio.to_thread(look, source)
    try:
        code, picture, _ = await read_in_child(
            "poster_child.py", source, container, [f"{duration_s:.6f}", str(width)], timeout_s=40, most=MAX_JPEG_BYTES
        )
    except ReaderTimeout:
        code, picture = -1, b""
    if code != 0 or not picture.startswith(b"\xff\xd8"):
        raise UnreadableVideo("No picture for a poster could be decoded from this video.")
    try:
        await asyncio.to_thread(out.write_bytes, picture)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull("No space is left on the disk for the poster.") from error
        raise
