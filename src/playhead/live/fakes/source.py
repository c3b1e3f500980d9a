"""A live source of its own: HLS whose segments come from a short clip in a loop, without a break in its timestamps.

Time decides which segments are listed, so nothing runs while nobody asks.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from playhead.live.fakes.loop import count_packets, shifted
from playhead.media.ffmpeg import Ffmpeg, encode_limits, find_ffmpeg, run_ffmpeg

SEGMENT_S: Final = 2
WINDOW: Final = 6
"""Segments in the playlist."""


async def make_clip(folder: Path, *, seconds: int = 16, size: str = "640x360", ffmpeg: Ffmpeg | None = None) -> Path:
    """Encode the clip as segments of two seconds that show a moving test card and play a tone; made once per folder.

    Args:
        seconds: A multiple of 8, so that audio and video end together: 16 s are 750 packets of AAC, one of
            them before the first frame.

    Returns:
        The folder.
    """
    if await asyncio.to_thread(_is_made, folder):
        return folder
    video = f"testsrc2=s={size}:r=30,format=yuv420p"
    gop = 30 * SEGMENT_S
    await run_ffmpeg(
        ffmpeg or find_ffmpeg(),
        purpose="Making the clip of the live source",
        sources=[],
        arguments=[
            *("-f", "lavfi", "-i", video, "-f", "lavfi", "-i", "sine=f=440:r=48000:b=2", "-t", str(seconds)),
            *("-c:v", "libx264", "-preset", "ultrafast", "-crf", "28", "-bf", "0"),
            *("-g", str(gop), "-keyint_min", str(gop), "-sc_threshold", "0"),
            *("-c:a", "aac", "-b:a", "96k", "-ac", "2", "-frames:a", str(seconds * 48_000 // 1024 - 1)),
            *("-muxdelay", "0", "-muxpreload", "0"),
            *("-f", "segment", "-segment_time", str(SEGMENT_S), "-segment_format", "mpegts"),
            f"file:{folder / '%03d.ts'}",
        ],
        limits=encode_limits(span_s=seconds, pixels=1280 * 720, threads=0),
    )
    return folder


def _is_made(folder: Path) -> bool:
    folder.mkdir(parents=True, exist_ok=True)
    return any(folder.glob("*.ts"))


class LiveSource:
    """The source, live from its creation until `end`.

    Args:
        clip: Folder of `make_clip`.
    """

    def __init__(self, clip: Path, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._segments = [path.read_bytes() for path in sorted(clip.glob("*.ts"))]
        counts = [count_packets(segment) for segment in self._segments]
        self._before = [sum(counts[:place], Counter[int]()) for place in range(len(counts) + 1)]
        self._clock = clock
        self._began = clock() - WINDOW * SEGMENT_S
        self._ended_at: float | None = None

    @property
    def complete(self) -> int:
        """Segments so far."""
        return int(((self._ended_at or self._clock()) - self._began) / SEGMENT_S)

    def end(self) -> None:
        """End the broadcast: the playlist gets its last line."""
        self._ended_at = self._clock()

    def playlist(self) -> str:
        """The media playlist now."""
        last = self.complete
        first = max(0, last - WINDOW)
        lines = ["#EXTM3U", "#EXT-X-VERSION:3", f"#EXT-X-TARGETDURATION:{SEGMENT_S}", f"#EXT-X-MEDIA-SEQUENCE:{first}"]
        for number in range(first, last):
            lines += [f"#EXTINF:{SEGMENT_S:.3f},", f"{number}.ts"]
        return "\n".join([*lines, *(["#EXT-X-ENDLIST"] if self._ended_at else []), ""])

    def segment(self, number: int) -> bytes | None:
        """One segment; None when it is not there yet, or not any more."""
        if not max(0, self.complete - 3 * WINDOW) <= number < self.complete:
            return None
        loop, place = divmod(number, len(self._segments))
        offset_s = loop * len(self._segments) * SEGMENT_S
        before, all_of_them = self._before[place], self._before[-1]
        packets = {pid: loop * count + before[pid] for pid, count in all_of_them.items()}
        return shifted(self._segments[place], offset_s, packets)

    def mount(self, path: str) -> Mount:
        """Routes of ``<path>/live.m3u8`` and the segments, for an app."""
        return Mount(path, routes=[Route("/live.m3u8", self._playlist), Route("/{number:int}.ts", self._segment)])

    async def _playlist(self, request: Request) -> Response:  # noqa: ARG002
        return Response(
            self.playlist(), media_type="application/vnd.apple.mpegurl", headers={"Cache-Control": "no-cache"}
        )

    async def _segment(self, request: Request) -> Response:
        body = await asyncio.to_thread(self.segment, request.path_params["number"])
        return Response(status_code=404) if body is None else Response(body, media_type="video/mp2t")
