"""Import of channels from a list: lines with a URL and perhaps a name, or JSON lines as of ``POST /channels``."""

import json
from dataclasses import dataclass
from typing import Final

from pydantic import ValidationError

from playhead.access.principals import Principal
from playhead.errors import PlayheadError
from playhead.kit.text import one_line, shorten
from playhead.live.channels import Channels
from playhead.live.errors import ChannelExists, ChannelInvalid
from playhead.live.shapes import ChannelInput, ImportLine, ImportReport
from playhead.live.sources import read_source, shown_url

MAX_LINES: Final = 1000


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
    items = [await _added(channels, owner, line) for line in lines]
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


async def _added(channels: Channels, owner: Principal, line: Line) -> ImportLine:
    shown = f"line {line.number}"
    try:
        wanted = read_line(line.text)
        source = read_source(wanted.url, wanted.platform)
        shown = shorten(shown_url({"url": source.url, "platform": source.platform}), 200)
        row = await channels.add(owner, wanted)
    except ChannelExists as error:
        return ImportLine(line=line.number, text=shown, outcome="exists", channel_id=None, message=error.detail)
    except PlayheadError as error:
        if error.status >= 500:
            raise
        message = " ".join(filter(None, (error.detail, error.hint)))
        return ImportLine(line=line.number, text=shown, outcome="refused", channel_id=None, message=message)
    return ImportLine(line=line.number, text=shown, outcome="added", channel_id=row.id, message=None)
