"""Image files from outside: whatever was decoded whole can be shown, and nothing else is let in."""

import io
import struct
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from playhead.media.stills.image import MAX_IMAGE_PIXELS, ExaminedImage, UnreadableImage, examine_image
from playhead.media.stills.make import Shape, exact_frame
from playhead.media.stills.pool import StillsPool, one_process
from playhead.media.stills.source import FileSource
from tests.fixtures import clips
from tests.fixtures.images import gradient, moving, stored
from tests.fixtures.still_sources import by_samples
from tests.fixtures.sync import read_number
from tests.fixtures.tiers import thorough

Examine = Callable[[bytes], Awaitable[ExaminedImage]]


@pytest.fixture
async def pool() -> AsyncIterator[StillsPool]:
    async with one_process() as opened:
        yield opened


@pytest.fixture
def examined(pool: StillsPool, tmp_path: Path) -> Examine:
    async def examine(data: bytes) -> ExaminedImage:
        path = tmp_path / "image"
        path.write_bytes(data)
        with path.open("rb") as file:
            return await examine_image(pool, file.fileno())

    return examine


KINDS: list[tuple[str, str, dict[str, Any], str]] = [
    # format, mode, options, what is stored
    ("PNG", "RGBA", {}, "image/png"),
    ("PNG", "P", {}, "image/png"),
    ("PNG", "I;16", {}, "image/png"),
    ("JPEG", "RGB", {"quality": 90}, "image/jpeg"),
    ("JPEG", "CMYK", {}, "image/jpeg"),
    ("JPEG", "L", {"progressive": True}, "image/jpeg"),
    ("WEBP", "RGB", {"lossless": True}, "image/webp"),
]


async def test_the_type_is_that_of_the_bytes(examined: Examine) -> None:
    """With thumbnails that are never enlarged, whatever its colours are stored as."""
    for kind, mode, options, content_type in KINDS:
        found = await examined(stored(gradient(mode, (700, 300)), kind, **options))

        assert (found.content_type, found.width, found.height, found.frame) == (content_type, 700, 300, None), kind
        sizes = [Image.open(io.BytesIO(data)).size for data in found.thumbnails.values()]
        assert sizes == [(320, 137), (700, 300)], (kind, mode)


async def test_orientation_is_applied(examined: Examine) -> None:
    """A photo that was taken upright has the size and the thumbnail that people see."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turned a quarter to the right
    image = gradient("RGB", (600, 400))

    found = await examined(stored(image, "JPEG", exif=exif))

    assert (found.width, found.height) == (400, 600)
    shown = Image.open(io.BytesIO(found.thumbnails[960])).convert("RGB")
    corner = image.transpose(Image.Transpose.ROTATE_270).getpixel((395, 5))
    assert isinstance(corner, tuple)
    assert shown.size == (400, 600)
    assert max(abs(a - b) for a, b in zip(shown.getpixel((395, 5)), corner, strict=True)) < 16  # type: ignore[arg-type]


async def test_of_what_moves_the_first_frame_is_stored(examined: Examine) -> None:
    for kind in ("GIF", "WEBP", "PNG"):
        found = await examined(moving(kind))

        assert (found.content_type, found.frame is None) == ("image/png", False), kind
        frame = Image.open(io.BytesIO(found.frame or b""))
        assert (frame.format, frame.size, frame.convert("RGB").getpixel((5, 5))) == ("PNG", (64, 48), (255, 0, 0))


def bomb(side: int) -> bytes:
    """A tiny PNG that claims and holds side x side black pixels."""
    rows = zlib.compress(bytes(side // 8 + 1) * side, 9)
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)), (b"IDAT", rows), (b"IEND", b"")]
    body = b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body


PHOTO, PNG = (stored(gradient("RGB", (640, 480)), kind) for kind in ("JPEG", "PNG"))
REFUSED = [
    ("text", b"hello", "not_an_image"),
    ("svg", b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>", "not_an_image"),
    ("tiff", stored(gradient("RGB", (9, 9)), "TIFF"), "not_an_image"),
    ("cut off", PHOTO[: len(PHOTO) // 2], "image_damaged"),
    ("cut off PNG", PNG[: len(PNG) // 2], "image_damaged"),
    ("bomb", bomb(20_000), "image_dimensions_too_large"),
]


async def test_anything_else_is_refused_in_words(examined: Examine) -> None:
    for name, data, code in REFUSED:
        with pytest.raises(UnreadableImage) as refused:
            await examined(data)

        assert refused.value.code == code, name
        assert len(data) < MAX_IMAGE_PIXELS // 100, name


@pytest.mark.parametrize("source_of", [FileSource, pytest.param(by_samples, marks=thorough)], ids=["file", "samples"])
async def test_the_very_first_and_last_frame(tmp_path: Path, pool: StillsPool, source_of: Any) -> None:
    """In full size, from one keyframe three seconds before, under a sound that goes on longer."""
    path = clips.make_clip(tmp_path, seconds=3, gop=200, mark=9)
    source, shape = source_of(path), Shape(duration_s=3.4, fps=29.0, pixels=320 * 180)

    frames = [Image.open(io.BytesIO(await exact_frame(pool, source, shape, at))) for at in ("first", "last")]

    assert [(frame.format, frame.size, read_number(frame, 9)) for frame in frames] == [
        ("PNG", (320, 180), 0),
        ("PNG", (320, 180), 89),
    ]
