"""``playhead media probe``: the tracks of video files, read from their indexes."""

from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any

import typer

from playhead.cli.terminal import Terminal
from playhead.errors import PlayheadError
from playhead.kit.names import channels_name, language_name, rate_name, size_name
from playhead.kit.units import format_bytes


def probe(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Video files of any format.")],
    decode: Annotated[
        bool, typer.Option("--decode", help="Inspect with libav as after an upload, decoding two frames.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON: a list with one object per file.")] = False,
) -> None:
    """Show the tracks of video files.

    The index of an MP4 is read in place and nothing is decoded; libav reads other formats.

    \b
    Examples:
      playhead media probe holiday.mp4
      playhead media probe *.mp4 --json | jq '.[].duration_s'
      playhead media probe holiday.mp4 --decode        decode two frames and check the end of the file
    """
    import asyncio

    terminal: Terminal = context.obj
    found, failed = [], False
    for path in files:
        try:
            found.append(asyncio.run(_inspect(path, decode=decode)))
        except PlayheadError as error:
            terminal.fail(error)
            failed = True
    if as_json:
        terminal.json(found)
    else:
        for number, facts in enumerate(found):
            if number:
                terminal.data("")
            terminal.fields(_lines(facts))
    if failed:
        raise typer.Exit(1)


async def _inspect(path: Path, *, decode: bool) -> dict[str, Any]:
    from playhead.media.render.describe import describe
    from playhead.media.render.files import open_clip

    file = await open_clip(path, examine=decode)
    return {"file": str(path), **describe(file)}


def _lines(facts: dict[str, Any]) -> list[tuple[str, object]]:
    fast = {True: "index first", False: "index last", None: None}[facts["faststart"]]
    container = ", ".join(filter(None, (facts["container"], "in fragments" if facts["fragmented"] else fast)))
    lines: list[tuple[str, object]] = [
        ("file", facts["file"]),
        ("container", container),
        ("size", format_bytes(facts["size_bytes"])),
        ("duration", f"{facts['duration_s']:.3f} s{_claimed(facts)}"),
    ]
    tracks = facts["tracks"]
    lines += [(one["kind"], _video(one) if one["kind"] == "video" else _audio(one)) for one in tracks]
    return lines + [("remark", remark) for remark in facts["remarks"]]


def _claimed(facts: dict[str, Any]) -> str:
    claimed = facts["header_duration_s"]
    differs = claimed is not None and abs(claimed - facts["duration_s"]) > _ROUNDING_S
    return f"; the header claims {claimed:.3f} s" if differs else ""


_ROUNDING_S = 0.1
"""Difference that a header may have: it is rounded, and counts the longest track."""


def _video(track: dict[str, Any]) -> str:
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


def _audio(track: dict[str, Any]) -> str:
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
    return "".join(f", {word}" for word in words) + _claimed(track)


_LATE_S = 0.001
_LISTED = 3


def _colour(colour: dict[str, Any] | None) -> str | None:
    if colour is None or colour["matrix"] == 2:
        return None
    names = {1: "BT.709", 5: "BT.601", 6: "BT.601", 9: "BT.2020"}
    curve = {16: " PQ", 18: " HLG"}.get(colour["transfer"], "")
    return names.get(colour["matrix"], f"matrix {colour['matrix']}") + curve
