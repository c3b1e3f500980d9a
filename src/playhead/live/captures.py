"""Captures of this process: what a source opens, and which capture records it."""

from typing import Any
from urllib.parse import urlsplit

from playhead.kit.urls import UrlRefused, parse_url
from playhead.live.capture.capture import Capture, Opened
from playhead.live.capture.command import SCHEMES, CaptureOptions
from playhead.live.capture.ffmpeg import FfmpegCapture
from playhead.live.errors import SourceRefused
from playhead.media.tools import MediaTools


class Captures:
    """Opens sources and makes captures of them.

    Args:
        allow_private: Whether sources may be on this computer or in private networks.
    """

    def __init__(self, tools: MediaTools, options: CaptureOptions, *, allow_private: bool) -> None:
        self._tools, self._options, self._allow_private = tools, options, allow_private

    async def open(self, source: dict[str, Any], quality: str) -> Opened:  # noqa: ARG002
        """Find what a capture connects to.

        Raises:
            SourceRefused: it cannot be opened, however often it is tried.
        """
        url = str(source["url"])
        try:
            parse_url(url, SCHEMES)
        except UrlRefused as error:
            raise SourceRefused(str(error)) from error
        return Opened(kind="hls" if urlsplit(url).path.endswith(".m3u8") else "push", url=url)

    def connect(self, opened: Opened) -> Capture:
        """Make the capture for what was opened."""
        return FfmpegCapture(opened, self._tools.ffmpeg(), self._options, allow_private=self._allow_private)
