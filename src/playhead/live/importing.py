"""Import of channels from a list: lines with a URL and perhaps a name, or JSON lines as of ``POST /channels``."""

import asyncio
import json
from dataclasses import dataclass
from typing import Final

from pydantic import ValidationError

from playhead.access.principals import Principal
from playhead.errors import InvalidInput
from playhead.kit.text import one_line, shorten
from playhead.live.channels import Channels
from playhead.live.errors import ChannelExists, ChannelInvalid
from playhead.live.shapes import ChannelInput, ImportLine, ImportReport
from playhead.live.sources import Source, read_source, shown_url

MAX_LINES: Final = 1000
LOOKUPS: Final = 8
"""Hosts that are looked up at the same time."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a list with its number, from 1."""

    number: int
    text: str


async def import_channels(channels: Channels, owner: Principal, text: str) -> ImportReport:
    """Add the channels of a list, each line for itself.

    Raises:
        ChannelInvalid: more lines than are read at once.
    """
    lines = lines_of(text)
    if len(lines) > MAX_LINES:
        raise ChannelInvalid(f"The list has {len(lines)} lines; at most {MAX_LINES} are read.", hint="Split it.")
    looking_up = asyncio.Semaphore(LOOKUPS)
    checked = await asyncio.gather(*(_checked(channels, line, looking_up) for line in lines))
    items = [await _added(channels, owner, each) for each in checked]  # apart: look-ups would hold the database
    counts = {outcome: sum(item.outcome == outcome for item in items) for outcome in ("added", "exists", "refused")}
    return ImportReport(**counts, items=items)


def lines_of(text: str) -> list[Line]:
    """The lines that say something: empty ones and comments (``#``) are left out."""
    numbered = (Line(number, line.strip()) for number, line in enumerate(text.splitlines(), 1))
    return [line for line in numbered if line.text and not line.text.startswith("#")]


def read_line(text: str) -> ChannelInput:
    """Read a line.

    Raises:
        ChannelInvalid: it cannot be read; the message never repeats it, since it may hold a key.
    """
    try:
        if text.startswith("{"):
            return ChannelInput.model_validate(json.loads(text))
        url, _, name = text.partition(" ")
        return ChannelInput.model_validate({"url": url, "name": one_line(name) or None})
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        raise ChannelInvalid(f"{'.'.join(map(str, first['loc']))}: {first['msg']}.") from None
    except ValueError:
        raise ChannelInvalid("This line begins like JSON and is none.") from None


@dataclass(frozen=True, slots=True)
class _Checked:
    """A line that was read, or why it cannot be."""

    line: Line
    shown: str
    wanted: ChannelInput | None = None
    source: Source | None = None
    message: str | None = None


async def _checked(channels: Channels, line: Line, looking_up: asyncio.Semaphore) -> _Checked:
    shown = f"line {line.number}"
    try:
        wanted = read_line(line.text)
        source = read_source(wanted.url, wanted.platform)
        shown = shorten(shown_url({"url": source.url, "platform": source.platform}), 200)
        async with looking_up:
            return _Checked(line, shown, wanted, await channels.check(wanted))
    except InvalidInput as error:
        return _Checked(line, shown, message=_words(error))


async def _added(channels: Channels, owner: Principal, checked: _Checked) -> ImportLine:
    number, shown = checked.line.number, checked.shown
    if checked.wanted is None or checked.source is None:
        return ImportLine(line=number, text=shown, outcome="refused", channel_id=None, message=checked.message)
    try:
        row = await channels.add_checked(owner, checked.wanted, checked.source)
    except ChannelExists as error:
        return ImportLine(line=number, text=shown, outcome="exists", channel_id=None, message=error.detail)
    except InvalidInput as error:
        return ImportLine(line=number, text=shown, outcome="refused", channel_id=None, message=_words(error))
    return ImportLine(line=number, text=shown, outcome="added", channel_id=row.id, message=None)


def _words(error: InvalidInput) -> str:
    return " ".join(filter(None, (error.detail, error.hint)))
