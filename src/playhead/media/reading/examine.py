"""Examination of one untrusted file, printed as one line of JSON.

    examine DESCRIPTOR DEMUXER MAX_PIXELS

Of a file whose index says its times two frames are decoded, and no packets are counted.
"""

import json
import math
import os
import sys
from fractions import Fraction
from itertools import pairwise
from typing import Any

import av

from playhead.media.colours import HDR_TRANSFERS
from playhead.media.interlacing import MAYBE_INTERLACED
from playhead.media.mp4.boxes import Mp4Unreadable
from playhead.media.mp4.index import read_movie
from playhead.media.mp4.source import FileBytes
from playhead.media.orientation import UPRIGHT, orientation
from playhead.media.reading.audio import audio_tracks, chosen, decode_first, listen, text_tracks, unknown_audio
from playhead.media.reading.clock import ClockBroken
from playhead.media.reading.formats import INTERLACED, pixel_aspect
from playhead.media.reading.memory import ran_out
from playhead.media.reading.opening import open_file, video_of
from playhead.media.reading.scan import Scan, Seen, scan
from playhead.media.render.files import probe_of
from playhead.media.sniff import MP4
from playhead.media.transparency import alpha_decoder, is_transparent

_DECODE_TRIES = 120
"""Packets that may fail or yield nothing before the first frame: open GOPs and late keyframes."""

_SLOWEST = Fraction(1, 100_000)
"""Frames a second; one that lasts for more than a day is refused for its length."""

_NEAR = 0.1

_FULL_RANGE = 2  # AVCOL_RANGE_JPEG


class Refused(Exception):
    """Ends the program with a problem that the parent puts into words."""

    def __init__(self, problem: str, **facts: object) -> None:
        super().__init__(problem)
        self.answer = {"problem": problem, **facts}


def main(arguments: list[str]) -> int:
    """Print the facts, or the problem."""
    descriptor, demuxer, max_pixels = int(arguments[0]), arguments[1], int(arguments[2])
    av.logging.set_level(av.logging.PANIC)
    try:
        indexed = _indexed(descriptor) if demuxer == "mov" else None
        answer = _examine(descriptor, demuxer, max_pixels, brief=indexed is not None) | {"indexed": indexed}
    except Refused as refused:
        answer = refused.answer
    except ClockBroken:
        answer = {"problem": "clock"}
    except MemoryError:
        answer = {"problem": "memory"}
    except av.error.FFmpegError as error:
        reason = error.strerror or type(error).__name__
        answer = {"problem": "memory"} if error.errno == 12 else {"problem": "unreadable", "reason": reason}
    if "problem" in answer and ran_out():  # whatever that led to
        answer = {"problem": "memory"}
    sys.stdout.write(json.dumps(answer))
    return 0


def _indexed(descriptor: int) -> dict[str, Any] | None:
    """What the index of an MP4 says; None where ours cannot be read, or takes libav to understand."""
    try:
        found = probe_of(read_movie(FileBytes(descriptor)), MP4)
    except Mp4Unreadable:
        return None
    return None if found is None else found.to_dict()


def _examine(descriptor: int, demuxer: str, max_pixels: int, *, brief: bool) -> dict[str, Any]:
    with open_file(descriptor, demuxer, max_pixels) as container:
        video = _video_stream(container)
        if not video.codec_context.width:
            _explain_size(descriptor, demuxer, max_pixels)
        _check_size(video.codec_context, max_pixels)
        tracks, unknown = audio_tracks(container), unknown_audio(container)
        answer: dict[str, Any] = {
            "video": _video_facts(container, video, max_pixels),
            "text_tracks": text_tracks(container),
        }
        start_s = container.start_time / 1_000_000 if container.start_time is not None else 0.0
        length_s = (container.duration or 0) / 1_000_000
        if brief:
            _check_middle(container, video, start_s + length_s / 2)
    if unknown:
        with open_file(descriptor, demuxer, max_pixels) as container:
            decode_first(container)
            tracks = audio_tracks(container)
    if len(tracks) > 1:
        with open_file(descriptor, demuxer, max_pixels) as container:
            listen(container, tracks)
    if not brief:
        answer |= _times(descriptor, demuxer, max_pixels, answer["video"], tracks)
    return answer | {"audio_tracks": tracks, "audio": chosen(tracks)}


def _video_stream(container: Any) -> Any:
    stream = video_of(container)
    if stream is None:
        raise Refused("no_video", cover=bool(container.streams.video), audio=bool(container.streams.audio))
    if stream.codec_context is None:
        raise Refused("codec")
    return stream


def _explain_size(descriptor: int, demuxer: str, max_pixels: int) -> None:
    # The guard leaves 0x0 behind; without it libav only reads the figures, as nothing is decoded.
    with open_file(descriptor, demuxer, 2**31 - 1) as container:
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


def _video_facts(container: Any, video: Any, max_pixels: int) -> dict[str, Any]:
    codec = video.codec_context
    _prepare(video, max_pixels)
    first = _first_frame(container, video)
    matrix = first.side_data.get("DISPLAYMATRIX")
    way = UPRIGHT if matrix is None else orientation(bytes(matrix), byte_order="=")
    stretch = video.sample_aspect_ratio or Fraction(1)  # anamorphic: a DVD's 720x576 is shown as 1024x576
    width, height = round(first.width * stretch), first.height
    if way.swaps_sides:
        width, height = height, width
    colour = _colour(first)
    return {
        "codec": codec.codec.canonical_name,
        "width": width,
        "height": height,
        "rotation": way.rotation,
        "mirrored": way.mirrored,
        "fps": str(_rate(video)),
        "frames": video.frames or None,
        "pix_fmt": first.format.name,
        "hdr": colour["transfer"] in HDR_TRANSFERS,
        "alpha": alpha_decoder(video) is not None or is_transparent(first),
        "colour": colour,
        "track": video.index,
        "interlaced": bool(first.interlaced_frame) or codec.codec.canonical_name in MAYBE_INTERLACED,
        "profile": codec.profile or "",
        "level": max(0, codec.level or 0),
    }


def _colour(frame: Any) -> dict[str, int | bool]:
    return {
        "primaries": int(frame.color_primaries),
        "transfer": int(frame.color_trc),
        "matrix": int(frame.colorspace),
        "full_range": frame.color_range == _FULL_RANGE,
    }


def _times(
    descriptor: int, demuxer: str, max_pixels: int, video_facts: dict[str, Any], tracks: list[dict[str, Any]]
) -> dict[str, Any]:
    """Everything that takes a pass over all packets; what is of a track is put to its facts."""
    with open_file(descriptor, demuxer, max_pixels) as container:
        video = container.streams[video_facts["track"]]
        found = scan(container)
        seen = found.tracks[video.index]
        if not seen.count:
            raise Refused("undecodable", reason="no packet has a time")
        for facts in (video_facts, *tracks):
            facts.update(_track_times(found, found.tracks[facts["track"]]))
        jumps = found.clock.jumps()
        video_facts["interlaced"] = video_facts["interlaced"] or any(INTERLACED in form for _, _, form in seen.formats)
        video_facts["frames"] = seen.count
        video_facts |= {"keyframes": seen.keyframes, "gop_s": found.gop_s(seen), "constant": seen.constant}
        length_s = video_facts["end_s"] - video_facts["start_s"]
        if length_s > 0:
            video_facts["fps"] = str(_counted_rate(video, Fraction(seen.count / length_s), jumps=bool(jumps)))
        if not jumps:
            _prepare(video, max_pixels)
            _check_middle(container, video, found.zero_s + video_facts["start_s"] + length_s / 2)
    heard = chosen(tracks)
    heard_s = heard["end_s"] if heard is not None else 0.0
    return {
        "duration_s": heard_s if heard_s > video_facts["end_s"] + 0.5 else video_facts["end_s"],
        "zero_s": found.zero_s,
        "jumps": [{"at_s": round(at_s, 3), "by_s": round(_unwrapped(by_s, demuxer), 3)} for at_s, by_s in jumps],
        "gaps": found.gaps,
    }


def _unwrapped(by_s: float, demuxer: str) -> float:
    """A step back of an MPEG clock of 33 bits looks to libav like a long way round."""
    return math.remainder(by_s, (1 << 33) / 90_000) if demuxer == "mpegts" else by_s


def _track_times(found: Scan, seen: Seen) -> dict[str, Any]:
    if not seen.count:
        return {"start_s": 0.0, "end_s": 0.0}
    changes = [
        {"at_s": round(found.time((epoch, at)), 3), "to": _differs(before[2], form)}
        for before, (epoch, at, form) in zip(seen.formats, seen.formats[1:], strict=False)
    ]
    start_s, end_s = found.time(seen.first), found.time(seen.end)
    return {
        "start_s": round(start_s, 6),
        "end_s": round(end_s, 6),
        "bitrate": round(seen.size_bytes * 8 / (end_s - start_s)) if end_s > start_s else 0,
        "hold_s": round(max(seen.hold_s, seen.end[1] - seen.last[1]), 6),
        "changes": changes,
        **({"aspects": _aspects(found, seen)} if seen.kind == "video" else {}),
    }


def _aspects(found: Scan, seen: Seen) -> list[tuple[float, float]]:
    """The pixel aspect from each place on at which it changes, with the first; nothing where it never does."""
    aspects = [(round(found.time((epoch, at)), 6), float(pixel_aspect(form))) for epoch, at, form in seen.formats]
    changed = [one for before, one in pairwise([(0.0, 0.0), *aspects]) if one[1] != before[1]]
    return changed if len(changed) > 1 else []


def _differs(before: tuple[str, ...], after: tuple[str, ...]) -> str:
    """What is new in a format, in words."""
    return ", ".join(word for word in after if word and word not in before) or ", ".join(filter(None, after))


def _prepare(video: Any, max_pixels: int) -> None:
    video.codec_context.options = {"max_pixels": str(max_pixels), "skip_loop_filter": "all"}
    video.codec_context.thread_count = 1


def _first_frame(container: Any, video: Any) -> Any:
    reason = "no frame could be decoded"
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
    # One key packet in, flush, one frame out: 17-19 ms in an hour of 1080p.
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


def _counted_rate(video: Any, counted: Fraction, *, jumps: bool) -> Fraction:
    """libav's rate, unless it has none or a jump of the clock falsifies it."""
    for stated in (None if jumps else video.average_rate, video.guessed_rate):
        if stated and (not jumps or abs(stated / counted - 1) < _NEAR):
            return Fraction(stated).limit_denominator(100_000) or _SLOWEST
    return counted.limit_denominator(1001) or _SLOWEST


def _rate(video: Any) -> Fraction:
    rate = video.average_rate or video.guessed_rate or video.base_rate
    return Fraction(rate).limit_denominator(100_000) or _SLOWEST if rate else Fraction(25)
