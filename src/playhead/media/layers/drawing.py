"""Runner of the program that draws: what a piece needs besides its videos, as files in a folder."""

import asyncio
import json
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from playhead.kit.units import GIB, MIB
from playhead.media.children import Limits, child, log_tail
from playhead.media.edit.facts import facts_of
from playhead.media.edit.segments import VideoEffects
from playhead.media.errors import UnreadableVideo
from playhead.media.reader import av_command, opened

_LIMITS = Limits(memory_bytes=4 * GIB, data_bytes=2 * GIB, cpu_s=600, file_bytes=256 * MIB)
_TIMEOUT_S = 900.0
_PROGRAM = Path(__file__).with_name("child") / "__main__.py"


class StillUnreadable(UnreadableVideo):
    """An image of an edit cannot be decoded, or is too large."""

    code = "still_unreadable"
    title = "This image cannot be read"


@dataclass(frozen=True, slots=True)
class Overlay:
    """A picture, or a list of pictures, and its upper left corner in the frame."""

    path: Path
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Drawn:
    """Files of a piece; None for what it does not need.

    Attributes:
        shown, before: Whole frames, where the clip or the one before it is an image or a card.
        words: List for ffmpeg's ``concat`` demuxer.
    """

    shown: Path | None = None
    before: Path | None = None
    words: Overlay | None = None
    mark: Overlay | None = None


def needs_drawing(effects: VideoEffects) -> bool:
    """Whether there is anything to draw."""
    stills = effects.shown.still or (effects.before is not None and effects.before.still)
    return stills or bool(effects.layers)


async def draw(
    effects: VideoEffects,
    *,
    frames: int,
    fps: Fraction,
    size: tuple[int, int],
    background: str,
    images: Mapping[str, Path],
    folder: Path,
    fonts: Path | None = None,
) -> Drawn:
    """Draw everything of a piece into a folder.

    Args:
        images: Paths by id.
        fonts: Folder of more fonts.

    Raises:
        StillUnreadable: an image cannot be decoded.
    """
    if not needs_drawing(effects):
        return Drawn()
    with ExitStack() as stack:
        descriptors = {name: stack.enter_context(opened(path)) for name, path in images.items()}
        request = {
            "folder": str(folder),
            "width": size[0],
            "height": size[1],
            "frames": frames,
            "fps": str(fps),
            "background": background,
            "effects": facts_of(effects),
            "images": descriptors,
            "fonts": None if fonts is None else str(fonts),
        }
        found = await _run(json.dumps(request).encode(), list(descriptors.values()))
    if "broken" in found:
        raise StillUnreadable(
            f"Image {found['broken']} cannot be decoded.", hint="Use a PNG, JPEG or WebP of at most 89 megapixels."
        )
    return Drawn(
        shown=folder / found["shown"] if "shown" in found else None,
        before=folder / found["before"] if "before" in found else None,
        words=_overlay(found.get("words"), folder),
        mark=_overlay(found.get("mark"), folder),
    )


def _overlay(facts: dict[str, Any] | None, folder: Path) -> Overlay | None:
    return None if facts is None else Overlay(folder / facts["file"], facts["x"], facts["y"])


async def _run(request: bytes, descriptors: list[int]) -> dict[str, Any]:
    command = av_command(_PROGRAM)
    async with child(command, limits=_LIMITS, stdin=asyncio.subprocess.PIPE, pass_fds=descriptors) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdin.write(request)
        process.stdin.close()
        async with asyncio.timeout(_TIMEOUT_S):
            output, lines = await asyncio.gather(process.stdout.read(), log_tail(process.stderr))
            code = await process.wait()
    if code != 0:
        raise RuntimeError(f"drawing ended with {code}: {' | '.join(lines[-3:])}")
    found: dict[str, Any] = json.loads(output)
    return found
