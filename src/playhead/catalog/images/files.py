"""Files of images: where the store keeps them, and what they are."""

from typing import Final

from playhead.catalog.files import MediaFile, stem_of
from playhead.catalog.images.tables import ImageRow
from playhead.storage import keys

EXTENSIONS: Final = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}
"""File extensions of the types that are stored."""


def image_file(row: ImageRow) -> MediaFile:
    """The image in its full size."""
    return MediaFile(
        key=keys.image(row.id),
        size_bytes=row.size_bytes,
        sha256=row.sha256,
        content_type=row.content_type,
        filename=f"{stem_of(row)}.{EXTENSIONS.get(row.content_type, 'png')}",
        modified_at=row.created_at,
    )


def thumbnail_file(row: ImageRow, width: int) -> MediaFile | None:
    """The smallest thumbnail that has a width, else the largest; None when it has none at all."""
    widths = sorted(map(int, row.thumbnails))
    if not widths:
        return None
    chosen = next((each for each in widths if each >= width), widths[-1])
    kept = row.thumbnails[str(chosen)]
    return MediaFile(
        key=keys.image_thumbnail(row.id, chosen),
        size_bytes=int(kept["size_bytes"]),
        sha256=str(kept["sha256"]),
        content_type="image/webp",
        filename=f"{stem_of(row)} {chosen}.webp",
        modified_at=row.created_at,
    )
