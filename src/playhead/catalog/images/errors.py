"""What can go wrong with images, besides their decoding (``media.stills.image``)."""

from playhead.errors import NotFound, PlayheadError
from playhead.kit.units import format_bytes


class ImageNotFound(NotFound):
    """No such image, or another owner's."""

    code = "image_not_found"
    title = "Image not found"

    def __init__(self, image_id: str) -> None:
        super().__init__(f"There is no image {image_id[:64]}.", hint="It may have been deleted.")


class ImageTooLarge(PlayheadError):
    """More bytes than an image may have (RFC 9110 section 15.5.14)."""

    code = "image_too_large"
    title = "The image is too large"
    status = 413
    fault = "caller"

    def __init__(self, size: int, limit: int) -> None:
        super().__init__(
            f"The image has {format_bytes(size)} or more; at most {format_bytes(limit)} are taken.",
            hint="Save it as JPEG, or smaller, then upload it again.",
        )
