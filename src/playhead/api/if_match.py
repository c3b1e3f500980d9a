"""``If-Match`` on resources whose ETag is their version number."""

import re
from typing import Annotated

from fastapi import Header

from playhead.errors import InvalidInput

IfMatch = Annotated[str | None, Header(alias="If-Match", description='The version being changed, such as "3".')]

_TAG = re.compile(r'\s*(?:W/)?"?(\d{1,9})"?\s*')


def read_if_match(header: str | None) -> int | None:
    """Read the version that a change is meant for; None when the header is absent or ``*``.

    Raises:
        InvalidInput: anything but one version, such as ``"7"``.
    """
    if header is None or header.strip() == "*":
        return None
    match = _TAG.fullmatch(header)
    if match is None:
        raise InvalidInput(
            f"If-Match is {header[:40]!r}.",
            hint='Send the ETag that you were given, such as "7".',
            code="if_match_invalid",
            title="Invalid If-Match header",
        )
    return int(match.group(1))
