"""Reads one untrusted file with libav and prints what it is as one line of JSON. Run as a program, never imported.

Stands alone: started with ``-I -S`` it sees the standard library and the folder of PyAV, nothing of Playhead. The
file arrives as an open descriptor and no other protocol is allowed, so that nothing in it can name a second file.

    probe_child.py FOLDER_OF_AV DESCRIPTOR DEMUXER MAX_PIXELS
"""

import json
import os
import sys
from fractions import Fraction
from typing import Any

_DECODE_TRIES = 120
"""Packets that may fail or yield nothing before the first picture: open GOPs and late keyframes."""

_SLOWEST = Fraction(1, 100_000)
"""Frames a second; one that lasts for more than a day is refused for its length."""

_HDR_TRANSFERS = (16, 18)  # SMPTE 2084 (PQ), ARIB STD-B67 (HLG): ITU-T H.273 table 3


class Refused(Exception):
    """Ends the child with a problem that the parent puts into words."""

    def __init__(self, problem: str, **facts: object) -> None:
        super().__init__(problem)
        self.answer = {"problem": problem, **facts}


def main(arguments: list[str]) -> int:
    sys.path.append(arguments[0])
    try:
        answer = _examine(int(arguments[1]), arguments[2], int(arguments[3]))
    except Refused as refused:
        answer = refused.answer
    except MemoryError:
        answer = {"problem": "memory"}
    sys.stdout.write(json.dumps(answer))
    return 0


def _examine(descriptor: int, demuxer: str, max_pixels: int) -> dict[str, Any]:
    import av

    av.logging.set_level(av.logging.PANIC)
    try:
        with _open(descriptor, demuxer, max_pixels) as container:
            video = _video_stream(container)
            if not video.codec_context.width:
                _explain_size(descriptor, demuxer, max_pixels)
            _check_size(video.codec_context, max_pixels)
            return _facts(container, video, max_pixels)
    except av.error.FFmpegError as error:
        if error.errno == 12:
            raise Refused("memory") from error
        raise Refused("unreadable", reason=error.strerror or type(error).__name__) from error


def _open(descriptor: int, demuxer: str, max_pixels: int) -> Any:
    import av

    os.lseek(descriptor, 0, os.SEEK_SET)
    options = {"fd": str(descriptor), "protocol_whitelist": "fd"}
    guard: Any = {"max_pixels": str(max_pixels), "threads": "1"}
    try:
        return av.open("fd:", format=demuxer, options=options, stream_options=[guard] * 64, metadata_errors="replace")
    except ValueError:  # MPEG program streams and FLV know their tracks only after a look inside
        os.lseek(descriptor, 0, os.SEEK_SET)
        return av.open("fd:", format=demuxer, options=options, metadata_errors="replace")


def _video_stream(container: Any) -> Any:
    import av

    for stream in container.streams.video:
        if not stream.disposition & av.stream.Disposition.attached_pic:
            if stream.codec_context is None:
                raise Refused("codec")
            return stream
    raise Refused("no_video", cover=bool(container.streams.video), audio=bool(container.streams.audio))


def _explain_size(descriptor: int, demuxer: str, max_pixels: int) -> None:
    # The guard leaves 0x0 behind; without it libav only reads the figures, as nothing is decoded.
    with _open(descriptor, demuxer, 2**31 - 1) as container:
        _check_size(_video_stream(container).codec_context, max_pixels)
    # Beyond about 16k x 16k libav does not even keep the figures; an MP4 has them in its track headers as well.
    width, height = _track_header_size(descriptor) if demuxer == "mov" else (0, 0)
    raise Refused("dimensions" if width * height > max_pixels else "no_size", width=width, height=height)


def _track_header_size(descriptor: int) -> tuple[int, int]:
    # ISO/IEC 14496-12 section 8.3.2: a track header ends with width and height as 16.16 fixed point.
    at, end, largest = 0, os.fstat(descriptor).st_size, (0, 0)
    while at < end:
        header = os.pread(descriptor, 16, at)
        length = int.from_bytes(header[:4], "big")
        length = int.from_bytes(header[8:16], "big") if length == 1 else length
        if header[4:8] == b"moov":
            for track in os.pread(descriptor, min(length, 1 << 24), at).split(b"tkhd")[1:]:
                body = 92 if track[:1] == b"\x01" else 80
                size = (
                    int.from_bytes(track[body - 4 : body - 2], "big"),
                    int.from_bytes(track[body : body + 2], "big"),
                )
                largest = max(largest, size)
        if length < 8:
            break
        at += length
    return largest


def _check_size(codec: Any, max_pixels: int) -> None:
    if codec.width * codec.height > max_pixels:
        raise Refused("dimensions", width=codec.width, height=codec.height)


def _facts(container: Any, video: Any, max_pixels: int) -> dict[str, Any]:
    codec = video.codec_context
    codec.options = {"max_pixels": str(max_pixels), "skip_loop_filter": "all"}
    codec.thread_count = 1
    first = _first_picture(container, video)
    start_s = container.start_time / 1_000_000 if container.start_time is not None else 0.0
    end_s, rate = _end(container, video, start_s)
    _check_middle(container, video, start_s + (end_s - start_s) / 2)
    turned = round(first.rotation / 90) % 4 * 90
    stretch = video.sample_aspect_ratio or Fraction(1)  # anamorphic: a DVD's 720x576 is shown as 1024x576
    width, height = round(first.width * stretch), first.height
    if turned % 180:
        width, height = height, width
    transfer = int(first.color_trc or 0) or int(codec.color_trc or 0)
    return {
        "duration_s": round(end_s - start_s, 6),
        "video": {
            "codec": codec.codec.canonical_name,
            "width": width,
            "height": height,
            "rotation": -turned % 360,
            "fps": str(rate),
            "frames": video.frames or None,
            "pix_fmt": first.format.name,
            "hdr": transfer in _HDR_TRANSFERS,
        },
        "audio": _audio(container),
    }


def _audio(container: Any) -> dict[str, Any] | None:
    for stream in container.streams.audio:
        codec = stream.codec_context
        if codec is not None and codec.sample_rate and codec.layout.nb_channels:
            return {
                "codec": codec.codec.canonical_name,
                "sample_rate": codec.sample_rate,
                "channels": codec.layout.nb_channels,
            }
    return None


def _first_picture(container: Any, video: Any) -> Any:
    import av

    reason = "no picture could be decoded"
    for tries, packet in enumerate(container.demux(video)):
        try:
            for frame in video.codec_context.decode(packet):
                return frame
        except av.error.InvalidDataError as error:
            reason = error.strerror or reason
        if tries >= _DECODE_TRIES:
            break
    raise Refused("undecodable", reason=reason)


def _check_middle(container: Any, video: Any, at_s: float) -> None:
    # One key packet in, flush, one picture out: 17-19 ms in an hour of 1080p.
    import av

    codec = video.codec_context
    try:
        container.seek(int(at_s / video.time_base), stream=video, backward=True)
        for tries, packet in enumerate(container.demux(video)):
            if packet.is_keyframe and packet.size:
                codec.flush_buffers()
                if codec.decode(packet) or codec.decode(None):
                    return
            if tries >= _DECODE_TRIES:
                return  # long GOPs are not a fault
    except av.error.InvalidDataError as error:
        raise Refused("damaged", at_s=at_s, reason=error.strerror) from error
    except av.error.FFmpegError:
        return  # not seekable: ffmpeg will read it from the start


def _end(container: Any, video: Any, start_s: float) -> tuple[float, Fraction]:
    """Where the last picture really ends: headers lie (8 s in the header, 388 days in the tables, seen)."""
    rate = _rate(video)
    claimed = max(
        (container.duration or 0) / 1_000_000,
        float((video.duration or 0) * video.time_base) if video.duration else 0.0,
    )
    seeks = claimed > 10 and _seek(container, video, start_s + claimed - 0.5)
    if not seeks:
        _seek(container, video, start_s)
    picture, sound, count = _last_packets(container, video, rate)
    if picture is None and seeks:
        _seek(container, video, start_s)
        seeks = False
        picture, sound, count = _last_packets(container, video, rate)
    if picture is None:
        raise Refused("undecodable", reason="no packet has a time")
    end_s = picture
    if sound is not None and sound > picture + 0.5:
        end_s = sound
    if not seeks and not video.average_rate and picture > start_s:
        rate = Fraction(count / (picture - start_s)).limit_denominator(1001)
    return end_s, rate


def _rate(video: Any) -> Fraction:
    rate = video.average_rate or video.guessed_rate or video.base_rate
    return Fraction(rate).limit_denominator(100_000) or _SLOWEST if rate else Fraction(25)


def _seek(container: Any, video: Any, at_s: float) -> bool:
    import av

    try:
        container.seek(int(at_s / video.time_base), stream=video, backward=True)
    except av.error.FFmpegError:
        return False
    return True


def _last_packets(container: Any, video: Any, rate: Fraction) -> tuple[float | None, float | None, int]:
    import av

    picture: float | None = None
    sound: float | None = None
    count = 0
    frame_s = float(1 / rate)
    last_s, length_s = 0.0, frame_s
    streams = [video, *container.streams.audio[:1]]
    try:
        for packet in container.demux(streams):
            if packet.pts is None or not packet.size:
                continue
            length = float(packet.duration * packet.time_base) if packet.duration else 0.0
            at_s = float(packet.pts * packet.time_base)
            if packet.stream is video or packet.stream.index == video.index:
                count += 1
                last_s, length_s = max(last_s, at_s), length or frame_s
                picture = max(picture or 0.0, at_s + length_s)
            else:
                sound = max(sound or 0.0, at_s + length)
    except av.error.EOFError:
        pass
    if picture is not None and container.format.name.startswith("mov"):
        # In an MP4 a picture's length is the time to the next one in decode order; only the last one's is its own.
        picture = last_s + length_s
    return picture, sound, count


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
