"""The first seconds of a source: received by a capture into a folder of its own."""

import asyncio
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

from playhead.kit.ids import new_id
from playhead.live.capture.capture import Capture, Ended
from playhead.live.errors import Offline
from playhead.live.parts import PartManifest
from playhead.live.shapes import Probed
from playhead.media.mp4.growing import GrowingFile

ENOUGH_S: Final = 1.0
PATIENCE_S: Final = 20.0
LOOK_S: Final = 0.2
FLUSH_S: Final = 10.0


async def glimpse(capture: Capture, *, patience_s: float = PATIENCE_S) -> Probed:
    """Receive a second of a source.

    Raises:
        Offline: nothing came.
    """
    with tempfile.TemporaryDirectory(prefix="playhead-glimpse-", ignore_cleanup_errors=True) as folder:
        growing = await _receive(capture, Path(folder), patience_s)
    entries = {track.kind: track.entry for track in growing.tracks}
    video, audio = entries.get("video"), entries.get("audio")
    return Probed(
        width=video.width if video else None,
        height=video.height if video else None,
        video_codec=video.fourcc if video else None,
        audio_codec=audio.fourcc if audio else None,
    )


async def _receive(capture: Capture, folder: Path, patience_s: float) -> GrowingFile:
    manifest = PartManifest(capture_id=new_id("cap"))
    growing = GrowingFile(folder / f"{manifest.capture_id}.mp4")
    running = asyncio.create_task(capture.run(folder, manifest))
    try:
        with suppress(TimeoutError):
            async with asyncio.timeout(patience_s):
                while not running.done() and growing.end_s - growing.start_s < ENOUGH_S:
                    await asyncio.wait({running}, timeout=LOOK_S)
                    growing.scan()
        await capture.stop()
        await asyncio.wait({running}, timeout=FLUSH_S)
    finally:
        running.cancel()
        ended = (await asyncio.gather(running, return_exceptions=True))[0]
    growing.scan()
    if not growing.tracks or not growing.fragments:
        detail = f": {ended.detail}" if isinstance(ended, Ended) and ended.detail else "."
        raise Offline(f"Nothing comes from the source{detail}")
    return growing
