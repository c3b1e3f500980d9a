"""What may be asked of the child: the best of some pictures, one picture, a sheet of many, a few seconds in motion."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from PIL import Image

from playhead.media.stills.child.look import animated_webp, jpeg, liveliness, upright
from playhead.media.stills.child.pictures import NoPicture, Pictures
from playhead.media.stills.moment import Moment

MAX_PREVIEW_BYTES = 400_000
_PREVIEW_QUALITIES = (60, 40, 20)


def best(video: int, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """The first moment whose picture shows something; else the liveliest, marked as not good."""
    found, score, good = None, -1.0, False
    with _opened(video, request) as pictures:
        for moment in _moments(request):
            frame = pictures.at(moment)
            if frame is None:
                continue
            good, lively = liveliness(frame)
            if good or lively > score:
                found, score = frame, lively
            if good:
                break
        if found is None:
            raise NoPicture("no picture could be decoded")
        image = upright(found, pictures.stretch, request["width"])
    return {"good": good, "score": score, "size": image.size}, jpeg(image)


def picture(video: int, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """The picture at one moment."""
    with _opened(video, request) as pictures:
        frame = pictures.at(_moments(request)[0])
        if frame is None:
            raise NoPicture("no picture could be decoded there")
        image = upright(frame, pictures.stretch, request["width"])
        shown_s = pictures.shown_at(frame)
    return {"size": image.size, "shown_s": shown_s}, jpeg(image, 80)


def sheet(video: int, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Small pictures side by side, in the order of the moments; one that does not decode repeats the one before."""
    tiles: list[Image.Image | None] = []
    with _opened(video, request, drafts=True) as pictures:
        for moment in _moments(request):
            frame = pictures.at(moment)
            if frame is not None:
                tiles.append(upright(frame, pictures.stretch, request["width"], request["height"]))
            else:
                tiles.append(tiles[-1] if tiles else None)
    first = next((tile for tile in tiles if tile is not None), None)
    if first is None:
        raise NoPicture("no picture could be decoded")
    columns = min(request["columns"], len(tiles))
    across, down = first.size
    whole = Image.new("RGB", (columns * across, -(-len(tiles) // columns) * down))
    for index, tile in enumerate(tiles):
        fitting = tile if tile is not None and tile.size == first.size else first
        whole.paste(fitting, (index % columns * across, index // columns * down))
    return {"tile": first.size}, jpeg(whole, 70)


def preview(video: int, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Some seconds in motion, from each moment a part; compressed until it fits."""
    apart_s = 1 / request["fps"]
    images: list[Image.Image] = []
    with _opened(video, request, drafts=True) as pictures:
        for moment in _moments(request):
            images += [
                upright(frame, pictures.stretch, request["width"], request["width"])
                for frame in pictures.row(moment, apart_s)
            ]
    if not images:
        raise NoPicture("no picture could be decoded")
    same = [image for image in images if image.size == images[0].size]
    for quality in _PREVIEW_QUALITIES:
        data = animated_webp(same, round(apart_s * 1000), quality)
        if len(data) <= MAX_PREVIEW_BYTES:
            break
    else:
        data = animated_webp(same[::3], round(apart_s * 3000), _PREVIEW_QUALITIES[-1])
    return {"frames": len(same), "size": same[0].size}, data


OPERATIONS: dict[str, Callable[[int, dict[str, Any]], tuple[dict[str, Any], bytes]]] = {
    "best": best,
    "picture": picture,
    "sheet": sheet,
    "preview": preview,
}


@contextmanager
def _opened(video: int, request: dict[str, Any], *, drafts: bool | None = None) -> Iterator[Pictures]:
    pictures = Pictures(
        video,
        request["demuxer"],
        max_pixels=request["max_pixels"],
        zero_s=request["zero_s"],
        jumps=request["jumps"],
        budget=request["budget"],
        drafts=bool(request.get("drafts")) if drafts is None else drafts,
    )
    try:
        yield pictures
    finally:
        pictures.close()


def _moments(request: dict[str, Any]) -> list[Moment]:
    return [Moment(*moment) for moment in request["moments"]]
