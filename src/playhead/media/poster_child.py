"""Decodes a few key pictures of one untrusted file and writes the best one as JPEG to standard output.

Run as a program, never imported; stands alone like `probe_child.py`.

    poster_child.py FOLDER_OF_AV DESCRIPTOR DEMUXER MAX_PIXELS DURATION_S WIDTH
"""

import os
import sys
from typing import Any

_PLACES = ((0.1, False), (0.3, False), (0.5, False), (0.7, False), (0.0, False), (0.3, True), (0.6, True))
"""Parts of the duration in the order of preference; the first good picture ends the search.

Key pictures first, as they are cheap; a short clip has but one, which may be the black before a fade, so the last
resort is to decode onwards to the place itself.
"""

_DARK, _BRIGHT, _SPREAD = 28.0, 228.0, 10.0
"""Mean luma and mean distance from it, of 255: outside these a picture is black, white or a plain card."""

_TRIES = 300


def main(arguments: list[str]) -> int:
    sys.path.append(arguments[0])
    import av

    av.logging.set_level(av.logging.PANIC)
    descriptor, duration_s, width = int(arguments[1]), float(arguments[4]), int(arguments[5])
    with _open(descriptor, arguments[2], arguments[3]) as container:
        video = next(s for s in container.streams.video if not s.disposition & av.stream.Disposition.attached_pic)
        video.codec_context.options = {"max_pixels": arguments[3], "skip_loop_filter": "all"}
        video.codec_context.thread_count = 1
        best = _best(container, video, duration_s)
        if best is None:
            return 3
        _jpeg(best, video, width).save(sys.stdout.buffer, "JPEG", quality=85, optimize=True)
    return 0


def _open(descriptor: int, demuxer: str, max_pixels: str) -> Any:
    import av

    os.lseek(descriptor, 0, os.SEEK_SET)
    options = {"fd": str(descriptor), "protocol_whitelist": "fd"}
    guard: Any = {"max_pixels": max_pixels, "threads": "1"}
    try:
        return av.open("fd:", format=demuxer, options=options, stream_options=[guard] * 64)
    except ValueError:  # MPEG program streams and FLV know their tracks only after a look inside
        os.lseek(descriptor, 0, os.SEEK_SET)
        return av.open("fd:", format=demuxer, options=options)


def _best(container: Any, video: Any, duration_s: float) -> Any:
    start_s = container.start_time / 1_000_000 if container.start_time is not None else 0.0
    best, best_score = None, -1.0
    for place, exact in _PLACES:
        frame = _picture_near(container, video, start_s + duration_s * place, exact=exact)
        if frame is None:
            continue
        mean, spread = _luma(frame)
        if _DARK <= mean <= _BRIGHT and spread >= _SPREAD:
            return frame
        score = spread + min(mean, 255 - mean) / 8
        if score > best_score:
            best, best_score = frame, score
    return best


def _picture_near(container: Any, video: Any, at_s: float, *, exact: bool) -> Any:
    import av

    try:
        container.seek(int(at_s / video.time_base), stream=video, backward=True)
        video.codec_context.flush_buffers()
        return _decode_to(container, video, at_s) if exact else _key_picture(container, video)
    except av.error.FFmpegError:
        return None


def _key_picture(container: Any, video: Any) -> Any:
    # One key packet in, flush, one picture out; a decoder that is fed on holds it back for reordering (3 x slower).
    codec = video.codec_context
    for tries, packet in enumerate(container.demux(video)):
        if packet.is_keyframe and packet.size:
            frames = codec.decode(packet) or codec.decode(None)
            codec.flush_buffers()
            if frames:
                return frames[0]
        if tries > _TRIES:
            break
    return None


def _decode_to(container: Any, video: Any, at_s: float) -> Any:
    frame = None
    for tries, frame in enumerate(container.decode(video)):
        if tries > _TRIES or (frame.time is not None and frame.time >= at_s):
            break
    return frame


def _luma(frame: Any) -> tuple[float, float]:
    plane = frame.reformat(width=48, height=48, format="gray").planes[0]
    rows = bytes(plane)
    pixels = b"".join(rows[at : at + 48] for at in range(0, plane.line_size * 48, plane.line_size))
    mean = sum(pixels) / len(pixels)
    return mean, sum(abs(value - mean) for value in pixels) / len(pixels)


def _jpeg(frame: Any, video: Any, width: int) -> Any:
    stretch = float(video.sample_aspect_ratio or 1) or 1.0
    shown = round(frame.width * stretch), frame.height
    across = shown[1] if frame.rotation % 180 else shown[0]
    shrink = min(1.0, width / across)
    size = max(2, round(shown[0] * shrink)), max(2, round(shown[1] * shrink))
    image = frame.reformat(width=size[0], height=size[1], format="rgb24", interpolation="AREA").to_image()
    return image.rotate(frame.rotation, expand=True) if frame.rotation % 360 else image


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
