"""Captures of this process: what a source opens, and which capture records it."""

from typing import Any

from playhead.api.outgoing import Outgoing
from playhead.live.capture.capture import Capture, Opened
from playhead.live.capture.command import CaptureOptions
from playhead.live.sites import resolve
from playhead.live.tools import SiteTools
from playhead.media.tools import MediaTools


class Captures:
    """Opens sources and makes captures of them."""

    def __init__(self, sites: SiteTools, outgoing: Outgoing, tools: MediaTools, options: CaptureOptions) -> None:
        self._sites, self._outgoing, self._tools, self._options = sites, outgoing, tools, options

    async def open(self, source: dict[str, Any], quality: str) -> Opened:
        """Find what a capture connects to; raises as `sites.resolve`."""
        return await resolve(source, quality, self._sites)

    def connect(self, opened: Opened) -> Capture:
        """Make the capture for what was opened."""
        from playhead.live.capture.ffmpeg import FfmpegCapture
        from playhead.live.capture.hls import HlsCapture
        from playhead.live.capture.tool import ToolCapture

        fragment_ms = round(self._options.fragment_s * 1000)
        if opened.by_tool:
            return ToolCapture(opened.argv, self._tools, fragment_ms=fragment_ms)
        if opened.kind == "hls":
            return HlsCapture(
                opened,
                self._outgoing,
                self._tools,
                fragment_ms=fragment_ms,
                streamlink=self._sites.streamlink_command() if self._sites.found_streamlink() else None,
            )
        return FfmpegCapture(opened, self._tools.ffmpeg(), self._options, allow_private=self._sites.allow_private)
