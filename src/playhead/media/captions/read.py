"""Reading of captions in any format, and writing in the one that is wanted."""

from collections.abc import Sequence
from typing import Final, Literal

from playhead.media.captions.errors import CaptionsUnreadable
from playhead.media.captions.limits import MAX_BYTES, checked
from playhead.media.captions.srt import read_srt, write_srt
from playhead.media.captions.web_vtt import read_web_vtt, write_web_vtt
from playhead.media.captions.word_json import read_json, write_json
from playhead.media.captions.words import timed_by_length
from playhead.media.edit.model import Cue

CaptionFormat = Literal["srt", "vtt", "json", "txt"]
CONTENT_TYPES: Final[dict[CaptionFormat, str]] = {
    "srt": "application/x-subrip; charset=utf-8",
    "vtt": "text/vtt; charset=utf-8",
    "json": "application/json",
    "txt": "text/plain; charset=utf-8",
}


def read_captions(data: bytes, *, duration_s: float, form: CaptionFormat | None = None) -> tuple[Cue, ...]:
    """Read captions.

    Args:
        duration_s: Of the video: plain text is spread over it.
        form: None: by what the text begins with.

    Raises:
        CaptionsUnreadable: with the number of the line.
    """
    text = decoded(data)
    match form or format_of(text):
        case "vtt":
            cues = read_web_vtt(text)
        case "json":
            cues = read_json(text)
        case "srt":
            cues = read_srt(text)
        case _:
            cues = checked(timed_by_length(text, 0.0, duration_s))
    if not cues:
        raise CaptionsUnreadable("There are no captions in this text.")
    return cues


def write_captions(cues: Sequence[Cue], form: CaptionFormat) -> str:
    """Write captions; as ``txt`` their words alone."""
    match form:
        case "vtt":
            return write_web_vtt(cues)
        case "json":
            return write_json(cues)
        case "srt":
            return write_srt(cues)
    return "".join(f"{cue.text}\n" for cue in cues)


def format_of(text: str) -> CaptionFormat:
    """The format that a text seems to have."""
    head = text.lstrip()[:4000]
    if head.startswith("WEBVTT"):
        return "vtt"
    if head.startswith(("{", "[")) and ('"' in head or head.startswith("[]")):
        return "json"
    return "srt" if "-->" in head else "txt"


def decoded(data: bytes) -> str:
    """Text of a file in UTF-8, or UTF-16 with its mark; line ends are line feeds.

    Raises:
        CaptionsUnreadable
    """
    if len(data) > MAX_BYTES:
        raise CaptionsUnreadable(f"This file has {len(data):,} bytes; captions have at most {MAX_BYTES:,}.")
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise CaptionsUnreadable("this is not UTF-8.", line=line, hint="Save the file as UTF-8.") from error
    if "\0" in text:
        raise CaptionsUnreadable("This is not a text file.")
    return text.replace("\r\n", "\n").replace("\r", "\n")
