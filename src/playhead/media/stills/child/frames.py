"""Single frames of one untrusted video: seek, decode as little as will do, stop."""

import gc
from collections.abc import Iterator
from fractions import Fraction
from itertools import chain
from typing import Any, Literal

import av
from av.codec import CodecContext
from av.container import InputContainer
from av.packet import Packet
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from playhead.media.reading.one_clock import OneClock
from playhead.media.reading.opening import open_file, video_of
from playhead.media.stills.times import StillTime
from playhead.media.transparency import alpha_decoder

KEY_TRIES = 300
"""Most packets that are read for the first keyframe after a seek."""

GO_ON_S = 2.0
"""Distance to a next frame up to which decoding on is cheaper than a seek to the keyframe before it."""

LoopFilter = Literal["none", "references", "all"]
_SKIPPED: dict[LoopFilter, str] = {"none": "all", "references": "noref", "all": "default"}

_STEPS_BACK_S = (0.0, 0.5, 2.0, 8.0, 32.0)

_CLOSE_S = 0.0005
"""Tolerance of equal times: half a tick of the coarsest time base, milliseconds."""


class NoFrame(Exception):
    """Not one frame could be decoded."""


class Frames:
    """The frames of an open video. Times count from the start of the file.

    Args:
        zero_s: Time of the file's clock there; None: what libav takes for it.
        jumps: Whether that clock jumps: the file is then read in order, without seeking.
        budget: Most frames that are decoded besides keyframes. After that, the nearest one reached is returned, then
            keyframes alone.
        loop_filter: Of the decoder. ``none`` is fine for keyframes and tiles, and visible in the frames between;
            ``references`` leaves it out of frames that no other refers to; ``all`` gives the very frame.
    """

    def __init__(
        self,
        descriptor: int,
        demuxer: str,
        *,
        max_pixels: int,
        zero_s: float | None,
        jumps: bool,
        budget: int,
        loop_filter: LoopFilter,
    ) -> None:
        self._container = open_file(descriptor, demuxer, max_pixels, glance=True)
        self.stream = _video(self._container)
        self._codec = _codec(self.stream)
        self._codec.options = {"max_pixels": str(max_pixels), "skip_loop_filter": _SKIPPED[loop_filter]}
        self._codec.thread_count = 1
        self._running = OneClock(descriptor, demuxer, max_pixels, self.stream.index) if jumps else None
        self._start_s = (self._container.start_time or 0) / 1_000_000 if zero_s is None else zero_s
        if jumps:
            self._start_s = 0.0
        self._time_base = self.stream.time_base or Fraction(1, 90_000)
        self._budget = budget
        self._onwards: Iterator[VideoFrame] | None = None
        self._shown: VideoFrame | None = None
        self._next: VideoFrame | None = None

    def at(self, time: StillTime) -> VideoFrame | None:
        """The frame shown at a time, or as near before it as the budget reaches; None if nothing decodes."""
        _drop_frames()
        try:
            if not self._is_near(time):
                key = self._seek(time.at_s)
                if key is None:
                    return None
                if not key.is_discard and (self._budget <= 0 or self._time(key) >= time.since_s - _CLOSE_S):
                    return self._alone(key)
                self._go_on_from(key)
            return self._advance(time.at_s)
        except (av.error.FFmpegError, ValueError):
            return None

    def sequence(self, time: StillTime, apart_s: float) -> Iterator[VideoFrame]:
        """Frames in sequence, about *apart_s* from each other, from a time on."""
        key = self._seek(time.at_s)
        if key is None:
            return
        begin = self._time(key)
        if begin < time.since_s - _CLOSE_S:
            begin = time.at_s
        self._go_on_from(key)
        wanted = begin
        while wanted < begin + time.for_s - _CLOSE_S and self._budget > 0:
            _drop_frames()
            try:
                frame = self._advance(wanted)
            except (av.error.FFmpegError, ValueError):
                return
            if frame is None:
                return
            yield frame
            if self._next is None:  # that was the last
                return
            wanted += apart_s

    def shown_at(self, frame: VideoFrame) -> float | None:
        """Time at which a frame is shown; None where the file does not say."""
        return None if frame.pts is None else float(frame.pts * self._time_base) - self._start_s

    @property
    def pixel_aspect(self) -> float:
        """Width of a stored pixel over its height, by the container, else by the codec once a frame was decoded."""
        return float(self.stream.sample_aspect_ratio or self._codec.sample_aspect_ratio or 1) or 1.0

    def close(self) -> None:
        """Let go of the file."""
        self._onwards = None
        if self._running is not None:
            self._running.close()
        self._container.close()

    def _is_near(self, time: StillTime) -> bool:
        if self._shown is None or self._onwards is None:
            return False
        at = self.shown_at(self._shown)
        return at is not None and at - _CLOSE_S <= time.at_s <= at + GO_ON_S

    def _seek(self, at_s: float) -> "Packet[Any] | None":
        """The keyframe to begin with; libav seeks by decode times, so its first find may be shown too late.

        In MPEG-TS a seek lands anywhere, also behind the only keyframe: then it goes back, at last to the beginning.
        """
        key = None
        for back_s in (*_STEPS_BACK_S, at_s + 1):
            key = self._key_before(at_s - back_s)
            if key is not None and (self._time(key) <= at_s + _CLOSE_S or at_s <= back_s):
                break
        return key

    def _key_before(self, at_s: float) -> "Packet[Any] | None":
        self._onwards = self._shown = self._next = None
        self._codec.flush_buffers()
        self._packets = self._packets_before(at_s + _CLOSE_S)
        for tries, packet in enumerate(self._packets):
            if packet.is_keyframe and packet.size:
                return packet
            if tries >= KEY_TRIES:
                break
        return None

    def _packets_before(self, at_s: float) -> "Iterator[Packet[Any]]":
        if self._running is not None:
            return chain(self._running.packets(at_s), [Packet()])  # an empty one flushes the decoder
        self._container.seek(int((at_s + self._start_s) / self._time_base), stream=self.stream, backward=True)
        return iter(self._container.demux(self.stream))

    def _time(self, packet: "Packet[Any]") -> float:
        time = packet.pts if packet.pts is not None else packet.dts
        return float("-inf") if time is None else float(time * self._time_base) - self._start_s

    def _alone(self, key: "Packet[Any]") -> VideoFrame | None:
        # A decoder that is fed on holds a keyframe back for reordering; flushed, it gives it at once (3 x faster).
        frames = self._codec.decode(key) or self._codec.decode(None)
        self._codec.flush_buffers()
        return frames[0] if frames else None

    def _go_on_from(self, key: "Packet[Any]") -> None:
        self._onwards = self._decode(key)

    def _decode(self, first: "Packet[Any]") -> Iterator[VideoFrame]:
        yield from self._codec.decode(first)
        for packet in self._packets:
            try:
                yield from self._codec.decode(packet if packet.size else None)
            except av.error.InvalidDataError:
                continue  # one damaged frame; the next keyframe is intact
            except av.error.EOFError:
                return

    def _advance(self, at_s: float) -> VideoFrame | None:
        assert self._onwards is not None
        while True:
            if self._next is None:
                self._next = next(self._onwards, None)
                self._budget -= 1
            time = None if self._next is None else self.shown_at(self._next)
            if time is None or time > at_s + _CLOSE_S:
                return self._shown or self._next
            self._shown, self._next = self._next, None
            if self._budget <= 0:
                return self._shown


def _drop_frames() -> None:
    """Free earlier frames: a frame and the list of its side data refer to each other, so that only the collector frees
    them; it counted a few small objects, which were 40 frames of 33 MB in 4K."""
    gc.collect()


def _codec(stream: VideoStream) -> VideoCodecContext:
    name = alpha_decoder(stream)
    if name is None:
        return stream.codec_context
    context = CodecContext.create(name, "r")
    assert isinstance(context, VideoCodecContext)
    return context


def _video(container: InputContainer) -> VideoStream:
    stream: VideoStream | None = video_of(container)
    if stream is None or stream.codec_context is None:
        raise NoFrame("it holds no video")
    return stream
