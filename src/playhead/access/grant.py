"""Grants: what can end a signed link before it expires."""

import re
from dataclasses import dataclass
from typing import Self

from playhead.kit.ids import is_id

_GENERATION = re.compile(r"[1-9][0-9]{0,8}|0", re.ASCII)


@dataclass(frozen=True, slots=True)
class Grant:
    """The generation of a video's links, and the share that a link was made for, if any.

    Both are in the URL's ``k``, behind the id of the signing key, and so a part of what is signed: ``k1`` is a plain
    link of generation 0, ``k1.2`` one of generation 2, ``k1.0.shr_...`` one of a share.

    Attributes:
        generation: As the video counts; for a project's preview, the sum over its videos.
    """

    generation: int = 0
    share_id: str = ""

    @property
    def text(self) -> str:
        """What follows the key id and a dot; empty for a plain link of generation 0."""
        if self.share_id:
            return f"{self.generation}.{self.share_id}"
        return str(self.generation) if self.generation else ""

    @classmethod
    def of(cls, k: str) -> Self | None:
        """Read the ``k`` of a link whose signature was checked; None when it is not written as we write it."""
        parts = k.split(".")
        if len(parts) == 1:
            return cls()
        if len(parts) > 3 or not _GENERATION.fullmatch(parts[1]):
            return None
        share_id = parts[2] if len(parts) == 3 else ""
        if share_id and not is_id("shr", share_id):
            return None
        return cls(int(parts[1]), share_id)


PLAIN = Grant()
