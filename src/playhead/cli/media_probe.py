"""``playhead media probe``: what video files are, from their own indexes."""

import asyncio
from argparse import ArgumentParser, Namespace
from fractions import Fraction
from pathlib import Path
from typing import Any

from playhead.cli.media import Command
from playhead.cli.terminal import Terminal
from playhead.errors import PlayheadError
from playhead.kit.names import channels_name, language_name, rate_name, size_name
from playhead.kit.units import format_bytes

_ABOUT = """Show what video files are: tracks, codecs, sizes, rates, times, keyframes.

The index of an MP4 is read in place and nothing is decoded. Other files are given to libav.

Examples:
  playhead media probe holiday.mp4
  playhead media probe *.mp4 --json | jq '.[].duration_s'
  playhead media probe holiday.mp4 --decode        also decode two pictures and look at the end
"""


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="Any video.")
    parser.add_argument("--decode", action="store_true", help="Examine with libav as an upload is, decoding pictures.")
    parser.add_argument("--json", action="store_true", help="Print JSON: a list, one object for each file.")


def _run(given: Namespace, terminal: Terminal) -> None:
    found, failed = [], False
    for path in given.files:
        try:
            found.append(asyncio.run(_examine(path, decode=given.decode)))
        except PlayheadError as error:
            terminal.fail(error)
            failed = True
    if given.json:
        terminal.json(found)
    else:
        for number, facts in enumerate(found):
            if number:
                terminal.data("")
            terminal.fields(_lines(facts))
    if failed:
        raise SystemExit(1)


async def _examine(path: Path, *, decode: bool) -> dict[str, Any]:
    from playhead.media.stitch.describe import describe
    from playhead.media.stitch.files import open_clip

    file = await open_clip(path, examine=decode)
    return {"file": str(path), **describe(file)}


def _lines(facts: dict[str, Any]) -> list[tuple[str, object]]:
    fast = {True: "index first", False: "index last", None: None}[facts["faststart"]]
    container = ", ".join(filter(None, (facts["container"], "in fragments" if facts["fragmented"] else fast)))
    lines: list[tuple[str, object]] = [
        ("file", facts["file"]),
        ("container", container),
        ("size", format_bytes(facts["size_bytes"])),
        ("duration", f"{facts['duration_s']:.3f} s{_lie(facts)}"),
    ]
    tracks = facts["tracks"]
    lines += [(one["kind"], _picture(one) if one["kind"] == "video" else _sound(one)) for one in tracks]
    return lines + [("remark", remark) for remark in facts["remarks"]]


def _lie(facts: dict[str, Any]) -> str:
    told = facts["header_duration_s"]
    return f"; the header claims {told:.3f} s" if told is not None and abs(told - facts["duration_s"]) > _LIE_S else ""


_LIE_S = 0.1
"""Headers round, and count the longest track; more than this is worth a word."""


def _picture(track: dict[str, Any]) -> str:
    words = [track["codec_string"] or track["codec"], size_name(track["width"], track["height"])]
    words.append(f"{rate_name(Fraction(track['fps']))} fps" + (", varying" if track["constant_rate"] is False else ""))
    words += [track["pix_fmt"], _colour(track["colour"])]
    if track["alpha"]:
        words.append("transparent")
    if track["mirrored"]:
        words.append("mirrored")
    if track["rotation"]:
        words.append(f"turned by {track['rotation']} degrees")
    if track["interlaced"]:
        words.append("interlaced")
    if track["keyframe_interval_s"] is not None:
        words.append(f"a keyframe every {track['keyframe_interval_s']:.2f} s at most")
    return ", ".join(word for word in words if word) + _track_time(track)


def _sound(track: dict[str, Any]) -> str:
    words = [track["codec_string"] or track["codec"], f"{track['sample_rate']} Hz", channels_name(track["channels"])]
    words += [track["title"], language_name(track["language"] or ""), "silent" if track["silent"] else ""]
    return ", ".join(word for word in words if word) + _track_time(track)


def _track_time(track: dict[str, Any]) -> str:
    words = [] if track["duration_s"] is None else [f"{track['duration_s']:.3f} s"]
    if track["start_s"] > _LATE_S:
        words.append(f"from {track['start_s']:.3f} s on")
    words += [f"{change['to']} from {change['at_s']:.3f} s on" for change in track["changes"][:_LISTED]]
    more = len(track["changes"]) - _LISTED
    words += [f"{more} more changes"] if more > 0 else []
    return "".join(f", {word}" for word in words) + _lie(track)


_LATE_S = 0.001
_LISTED = 3


def _colour(colour: dict[str, Any] | None) -> str | None:
    if colour is None or colour["matrix"] == 2:
        return None
    names = {1: "BT.709", 5: "BT.601", 6: "BT.601", 9: "BT.2020"}
    curve = {16: " PQ", 18: " HLG"}.get(colour["transfer"], "")
    return names.get(colour["matrix"], f"matrix {colour['matrix']}") + curve


PROBE = Command(_ABOUT, _arguments, _run)
