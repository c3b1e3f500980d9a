"""What the API says of an image."""

from typing import Annotated, Literal

from pydantic import Field

from playhead.api.shapes import PageShape, Shape, Timestamp
from playhead.catalog.images.tables import FramePlace, ImageOrigin, ImageRow


class Image(Shape):
    """A still image, such as an input of a generation."""

    id: str
    title: str
    origin: Annotated[ImageOrigin, Field(description="`frame`: taken out of a video.")]
    content_type: Literal["image/png", "image/jpeg", "image/webp"]
    width: Annotated[int, Field(description="As displayed: orientation applied. Pixels.")]
    height: int
    size_bytes: int
    sha256: Annotated[str, Field(description="Of the stored file, hexadecimal.")]
    video_id: Annotated[str | None, Field(description="The video that it is a frame of.")]
    frame: FramePlace | None
    url: Annotated[str, Field(description="Of the file, relative to this server; with a session or a key.")]
    thumbnail_url: Annotated[str, Field(description="Of a small WebP, relative; add `?w=` for another width.")]
    created_at: Timestamp


class ImagePage(PageShape[Image]):
    """A page of images."""


def image_resource(row: ImageRow) -> Image:
    """Put a row into the words of the API."""
    path = f"/api/v1/images/{row.id}"
    names = ("id", "title", "origin", "content_type", "width", "height", "size_bytes", "sha256")
    facts = {name: getattr(row, name) for name in (*names, "video_id", "frame", "created_at")}
    return Image(**facts, url=f"{path}/file", thumbnail_url=f"{path}/thumbnail")
