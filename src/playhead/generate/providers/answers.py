"""Responses of providers, read to their end."""

import json as json_text
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from playhead.kit.text import one_line, shorten


@dataclass(frozen=True)
class Answer:
    """A response that was read to its end.

    Attributes:
        headers: By lower-case name.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes

    @cached_property
    def json(self) -> Any:
        """The body as JSON; None where it is not JSON."""
        try:
            return json_text.loads(self.body)
        except (ValueError, RecursionError):
            return None

    @property
    def members(self) -> dict[str, Any]:
        """The body as a JSON object; empty where it is none."""
        return self.json if isinstance(self.json, dict) else {}


def clean(text: str, secret: str | None) -> str:
    """What a provider says, fit for people: one line of at most 300 characters, without the key."""
    return shorten(one_line(text.replace(secret, "(key)") if secret else text), 300)
