"""Ids: a type prefix and a UUIDv7 (RFC 9562 section 5.7) in Crockford base32, 26 characters.

They sort by the time they were made, say what they name, and survive a double click.
"""

import os
import re
import threading
import time
from datetime import UTC, datetime
from typing import Literal

Prefix = Literal[
    "vid",
    "prj",
    "clp",
    "job",
    "upl",
    "usr",
    "key",
    "ses",
    "req",
    "trf",
    "shr",
    "chn",
    "brc",
    "rec",
    "cap",
    "evt",
    "whk",
    "dlv",
    "pol",
    "run",
    "gen",
    "tpl",
    "cmp",
    "led",
    "img",
    "cpt",
    "col",
    "sav",
    "cmt",
]

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_PAIRS = [first + second for first in _ALPHABET for second in _ALPHABET]
_SHIFTS = range(120, -1, -10)
_BODY = re.compile(r"[0-7][0-9a-hjkmnp-tv-z]{25}")
_lock = threading.Lock()
_last = 0


def new_id(prefix: Prefix) -> str:
    """Make an id such as ``vid_01k3q9h2v7e8t9m5x0c4d6f8ga``; within a process each is greater than the one before."""
    return f"{prefix}_{_base32(_uuid7())}"


def is_id(prefix: Prefix, text: str) -> bool:
    """Tell whether a text has the form of an id of this type: the check before it nears a file or a query."""
    head, _, body = text.partition("_")
    return head == prefix and _BODY.fullmatch(body) is not None


def made_at(identity: str) -> datetime:
    """When an id was made, as it says itself, to the millisecond.

    Raises:
        ValueError: not an id.
    """
    body = identity.partition("_")[2]
    if not _BODY.fullmatch(body):
        raise ValueError(f"{identity!r} is not an id")
    value = 0
    for char in body:
        value = value << 5 | _ALPHABET.index(char)
    return datetime.fromtimestamp((value >> 80) / 1000, UTC)


def _uuid7() -> int:
    # 48 bits of milliseconds, then 12 bits of the fraction of one (method 3 of section 6.2), then 62 random bits.
    global _last  # noqa: PLW0603
    with _lock:
        stamp = max((time.time_ns() << 12) // 1_000_000, _last + 1)
        _last = stamp
    chance = int.from_bytes(os.urandom(8), "big") >> 2
    return (stamp >> 12) << 80 | 0x7 << 76 | (stamp & 0xFFF) << 64 | 0b10 << 62 | chance


def _base32(value: int) -> str:
    return "".join([_PAIRS[value >> shift & 1023] for shift in _SHIFTS])
