"""Names of recordings: made from a template, for titles, and safe as the name of a file on any system.

``{title}`` and its like are variables, ``%Y`` and its like parts of the start's date and time; ``{{``, ``}}`` and
``%%`` stand for the characters themselves.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from playhead.errors import InvalidInput
from playhead.kit.text import one_line, shorten

VARIABLES: Final = ("channel", "title", "category", "date", "time", "id", "quality")
DATE_PARTS: Final = "YymdHIMSpjUWaAbBZz"
"""Letters of ``strftime`` that a template may have."""

WITH_TITLE: Final = "{channel} - {title}"
WITHOUT_TITLE: Final = "{channel} {date} {time}"
"""Templates of channels that have none, for broadcasts with and without a title."""

MAX_LENGTH = 200
MAX_BYTES = 240
"""Most bytes of a file's name without its ending: file systems take 255."""

_TOKEN = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|%(.?)|[{}]", re.DOTALL)
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?", re.IGNORECASE)
_REPLACED = str.maketrans({"/": "-", "\\": "-", "|": "-", ":": "-", "<": "(", ">": ")", '"': "'", "?": None, "*": None})


class NameTemplateInvalid(InvalidInput):
    """A template with an unknown variable, or one that is not closed."""

    code = "name_template_invalid"
    title = "That name template cannot be used"


def check_template(template: str) -> None:
    """Check a template without making a name.

    Raises:
        NameTemplateInvalid: see `name_of`.
    """
    name_of(template, {})


def name_of(template: str | None, facts: Mapping[str, Any]) -> str:
    """Make the name of a recording.

    Args:
        template: None for one that fits the facts.
        facts: ``channel``, ``title``, ``category``, ``id``, ``quality``; ``at`` is the start, by default not known, and
            ``time_zone`` the zone of its date and time.

    Raises:
        NameTemplateInvalid: an unknown variable, a part of dates that is not known, or a lone brace.
    """
    values = {name: one_line(str(facts.get(name) or "")) for name in VARIABLES}
    at = facts.get("at")
    local: datetime | None = at.astimezone(ZoneInfo(facts.get("time_zone") or "UTC")) if at else None
    if local is not None:
        values |= {"date": f"{local:%Y-%m-%d}", "time": f"{local:%H-%M}"}
    wanted = template or (WITH_TITLE if values["title"] else WITHOUT_TITLE)
    return safe_name(_TOKEN.sub(lambda found: _filled(found, values, local), wanted))


def safe_name(text: str) -> str:
    """Make a text safe as the name of a file, without an ending, on Linux, macOS and Windows."""
    name = one_line(re.sub(r"\s*:\s+", " - ", one_line(text)).translate(_REPLACED))
    name = shorten(name, MAX_LENGTH).strip(" .-")
    while len(name.encode()) > MAX_BYTES:
        name = name[:-1].rstrip(" .-")
    return f"_{name}" if _RESERVED.fullmatch(name) else name or "Untitled"


def _filled(found: re.Match[str], values: Mapping[str, str], at: datetime | None) -> str:
    whole, variable, part = found[0], found[1], found[2]
    if whole in ("{{", "}}", "%%"):
        return whole[0]
    if variable is not None and variable in values:
        return values[variable]
    if part and part in DATE_PARTS:
        return f"{at:%{part}}" if at else ""
    raise _invalid(whole, variable, part)


def _invalid(whole: str, variable: str | None, part: str | None) -> NameTemplateInvalid:
    if variable is not None:
        detail = f"There is no variable {shorten(whole, 60)}."
    elif part is not None:
        detail = f"{whole} is not a part of dates that names can have; write %% for a per cent sign."
    else:
        detail = f"The template has a single {whole}; write it twice for the character itself."
    known = " ".join(f"{{{name}}}" for name in VARIABLES)
    dates = " ".join(f"%{letter}" for letter in DATE_PARTS)
    return NameTemplateInvalid(detail, hint=f"The variables are {known}; the parts of dates are {dates}.")
