"""The only place that spells keys; every function checks its ids before they near a file or a URL."""

import re

from playhead.kit.ids import Prefix, is_id

_SEGMENT = r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}"
_KEY = re.compile(rf"{_SEGMENT}(?:/{_SEGMENT}){{0,7}}", re.ASCII)
_PREFIX = re.compile(rf"(?:{_SEGMENT}/){{0,8}}", re.ASCII)
_NAME = re.compile(_SEGMENT, re.ASCII)
_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)
UPLOADS = "uploads/"
RENDERS = "renders/"
PREVIEWS = "previews/"


def original(video_id: str) -> str:
    """The bytes of a video as received."""
    return f"{video_prefix(video_id)}original"


def song(video_id: str) -> str:
    """The video that a song becomes, until the store holds it as the original."""
    return f"{video_prefix(video_id)}song.mp4"


def poster(video_id: str) -> str:
    """The still of a video, JPEG."""
    return f"{video_prefix(video_id)}poster.jpg"


def artifact(video_id: str, name: str) -> str:
    """A file made from a video.

    Args:
        name: As for `job_part`.
    """
    if _NAME.fullmatch(name) is None:
        raise ValueError(f"not a name of an artifact: {name!r}")
    return f"{video_prefix(video_id)}made/{name}"


def render(digest: str) -> str:
    """A rendered piece, by the hash of its content and profile.

    Args:
        digest: Lower-case hex, 64 characters.
    """
    if _DIGEST.fullmatch(digest) is None:
        raise ValueError(f"not a digest: {digest!r}")
    return f"{RENDERS}{digest}"


def preview(job_id: str) -> str:
    """The rendered span of a project, by the job that made it."""
    return f"{PREVIEWS}{_checked('job', job_id)}.mp4"


def video_prefix(video_id: str) -> str:
    """All that belongs to one video; ends with ``/`` so that no other id can share it."""
    return f"videos/{_checked('vid', video_id)}/"


def image(image_id: str) -> str:
    """The bytes of an image."""
    return f"{image_prefix(image_id)}file"


def image_thumbnail(image_id: str, width: int) -> str:
    """A thumbnail of an image, WebP; its width in pixels."""
    return f"{image_prefix(image_id)}thumbnail-{width}.webp"


def image_prefix(image_id: str) -> str:
    """All that belongs to one image."""
    return f"images/{_checked('img', image_id)}/"


def recording_prefix(recording_id: str) -> str:
    """All that was shipped of one recording before it became a video."""
    return f"recordings/{_checked('rec', recording_id)}/"


def recording_span(recording_id: str, capture_id: str, number: int) -> str:
    """A span of a growing part; the spans of a part follow each other from number 0."""
    return f"{recording_prefix(recording_id)}{_checked('cap', capture_id)}.{number:08d}"


def recording_manifest(recording_id: str, capture_id: str) -> str:
    """The manifest of a part."""
    return f"{recording_prefix(recording_id)}{_checked('cap', capture_id)}.json"


def job_part(job_id: str, name: str) -> str:
    """A piece that a job made and a later step of it needs, perhaps on another host.

    Args:
        name: Letters, digits, ``_ . -``; starts with a letter, digit or ``_``; at most 128 characters.
    """
    if _NAME.fullmatch(name) is None:
        raise ValueError(f"not a name of a part: {name!r}")
    return f"{job_prefix(job_id)}{name}"


def job_prefix(job_id: str) -> str:
    """All pieces of one job."""
    return f"jobs/{_checked('job', job_id)}/"


def upload(upload_id: str) -> str:
    """Everything staged for one upload: the local file, or the folder of its pieces."""
    return f"{UPLOADS}{_checked('upl', upload_id)}"


def check_key(key: str) -> str:
    """Give the key back if it is one: relative, no empty, dot or hidden segment, ASCII, at most 8 segments.

    Raises:
        ValueError: anything else; a programmer's mistake, since only this module makes keys.
    """
    if _KEY.fullmatch(key) is None:
        raise ValueError(f"not a key: {key!r}")
    return key


def check_prefix(prefix: str) -> str:
    """Give the prefix back if it is empty or a row of whole segments that ends with ``/``.

    Raises:
        ValueError: anything else, such as ``videos/vid_1``, which would match its longer neighbours too.
    """
    if _PREFIX.fullmatch(prefix) is None:
        raise ValueError(f"not a prefix: {prefix!r}")
    return prefix


def check_span(start: int, end: int | None) -> None:
    """Refuse a span that is not one.

    Raises:
        ValueError: it begins before 0 or after its end.
    """
    if start < 0 or (end is not None and end < start):
        raise ValueError(f"not a span: [{start}, {end})")


def check_delete_prefix(prefix: str) -> None:
    """Refuse to delete everything.

    Raises:
        ValueError: the prefix is empty or not one.
    """
    if not check_prefix(prefix):
        raise ValueError("an empty prefix would delete the whole store")


def _checked(kind: Prefix, text: str) -> str:
    if not is_id(kind, text):
        raise ValueError(f"not a {kind} id: {text!r}")
    return text
