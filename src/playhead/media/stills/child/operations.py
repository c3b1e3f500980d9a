"""Operations of the decoder process: the best of some frames, one still, a sheet of many, an animation, an image."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from PIL import Image

from playhead.media.stills.child.frames import Frames, LoopFilter, NoFrame
from playhead.media.stills.child.image_files import read_cover, read_image
from playhead.media.stills.child.images import animated_webp, jpeg, liveliness, png, upright
from playhead.media.stills.times import StillTime

MAX_ANIMATION_BYTES = 400_000
_ANIMATION_QUALITIES = (60, 40, 20)


def best(video: int, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """JPEG of the first frame that shows something; else of the liveliest, marked as not good."""
    found, score, good = None, -1.0, False
    with _opened(video, request) as frames:
        for time in _times(request):
            frame = frames.at(time)
            if frame is None:
                continue
            good, lively = liveliness(frame)
            if good or lively > score:
                found, score = frame, lively
            if good:
                break
        if found is None:
            raise NoFrame("no frame could be decoded")
        image = upright(found, frames.pixel_aspect, request["width"])
    return {"good": good, "score": score, "size": image.size}, jpeg(image)


def still(video: int, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """JPEG of the frame at one time."""
    with _opened(video, request) as frames:
        frame = frames.at(_times(request)[0])
        if frame is None:
            raise NoFrame("no frame could be decoded there")
        image = upright(frame, frames.pixel_aspect, request["width"])
        shown_s = frames.shown_at(frame)
    return {"size": image.size, "shown_s": shown_s}, jpeg(image, 80)


def exact(video: int, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """PNG of the very frame at one time, in its full size."""
    with _opened(video, request, "all") as frames:
        frame = frames.at(_times(request)[0])
        if frame is None:
            raise NoFrame("no frame could be decoded there")
        image = upright(frame, frames.pixel_aspect, request["max_pixels"])
    return {"size": image.size}, png(image)


def image(file: int, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Facts of an image file, and its thumbnails; of what moves also its first frame as PNG."""
    return read_image(file, max_pixels=request["max_pixels"], widths=request["widths"])


def cover(file: int, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """JPEG of an image file."""
    return read_cover(file, max_pixels=request["max_pixels"], width=request["width"])


def sheet(video: int, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """JPEG of small frames side by side, in the order of the times; one that does not decode repeats the one before."""
    tiles: list[Image.Image | None] = []
    with _opened(video, request, "none") as frames:
        for time in _times(request):
            frame = frames.at(time)
            if frame is not None:
                tiles.append(upright(frame, frames.pixel_aspect, request["width"], request["height"]))
            else:
                tiles.append(tiles[-1] if tiles else None)
    first = next((tile for tile in tiles if tile is not None), None)
    if first is None:
        raise NoFrame("no frame could be decoded")
    columns = min(request["columns"], len(tiles))
    across, down = first.size
    whole = Image.new("RGB", (columns * across, -(-len(tiles) // columns) * down))
    for index, tile in enumerate(tiles):
        fitting = tile if tile is not None and tile.size == first.size else first
        whole.paste(fitting, (index % columns * across, index // columns * down))
    return {"tile": first.size}, jpeg(whole, 70)


def animation(video: int, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Animated WebP with a part from each time; compressed until it fits."""
    apart_s = 1 / request["fps"]
    images: list[Image.Image] = []
    with _opened(video, request, "none") as frames:
        for time in _times(request):
            images += [
                upright(frame, frames.pixel_aspect, request["width"], request["width"])
                for frame in frames.sequence(time, apart_s)
            ]
    if not images:
        raise NoFrame("no frame could be decoded")
    same = [image for image in images if image.size == images[0].size]
    for quality in _ANIMATION_QUALITIES:
        data = animated_webp(same, round(apart_s * 1000), quality)
        if len(data) <= MAX_ANIMATION_BYTES:
            break
    else:
        data = animated_webp(same[::3], round(apart_s * 3000), _ANIMATION_QUALITIES[-1])
    return {"frames": len(same), "size": same[0].size}, data


OPERATIONS: dict[str, Callable[[int, dict[str, Any]], tuple[dict[str, Any], bytes]]] = {
    "best": best,
    "still": still,
    "exact": exact,
    "image": image,
    "cover": cover,
    "sheet": sheet,
    "animation": animation,
}


@contextmanager
def _opened(video: int, request: dict[str, Any], loop_filter: LoopFilter = "references") -> Iterator[Frames]:
    frames = Frames(
        video,
        request["demuxer"],
        max_pixels=request["max_pixels"],
        zero_s=request["zero_s"],
        jumps=request["jumps"],
        budget=request["budget"],
        loop_filter=loop_filter,
    )
    try:
        yield frames
    finally:
        frames.close()


def _times(request: dict[str, Any]) -> list[StillTime]:
    return [StillTime(*time) for time in request["times"]]
