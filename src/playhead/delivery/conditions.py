"""Conditional requests (RFC 9110 section 13): who holds which version, and what follows."""

import re
from collections.abc import Mapping
from typing import Literal

from playhead.delivery.dates import parse_http_date

SETTLED_S = 2
"""A modification date is sent, and trusted in If-Range, only once its second has passed for certain:
then no two versions share it, which makes it a strong validator (section 8.8.2.2)."""

_CONDITIONS = frozenset({b"if-match", b"if-none-match", b"if-modified-since", b"if-unmodified-since"})

_TAG = re.compile(rb'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"')

Fields = Mapping[bytes, bytes]
"""Request headers: names in lower case, repeated ones joined by a comma."""


def evaluate(headers: Fields, etag: bytes, modified: int) -> Literal[304, 412] | None:
    """Answer the preconditions of a GET or HEAD in the order of section 13.2.2; None means: go on."""
    if _CONDITIONS.isdisjoint(headers):
        return None
    if _changed_since_wanted(headers, etag, modified):
        return 412
    return 304 if _client_is_current(headers, etag, modified) else None


def range_applies(headers: Fields, etag: bytes, modified: int, now: float) -> bool:
    """Tell whether If-Range lets the Range header count (section 13.1.5: strong, exact); none lets it."""
    condition = headers.get(b"if-range")
    if condition is None:
        return True
    condition = condition.strip(b" \t")
    if condition.endswith(b'"'):
        return condition == etag
    return parse_http_date(condition) == modified and is_settled(modified, now)


def is_settled(modified: int, now: float) -> bool:
    """Tell whether a modification date can no longer be shared by a newer version."""
    return modified + SETTLED_S <= now


def _changed_since_wanted(headers: Fields, etag: bytes, modified: int) -> bool:
    wanted = headers.get(b"if-match")
    if wanted is not None:
        return not _names(wanted, etag, weak=False)
    limit = parse_http_date(headers.get(b"if-unmodified-since", b""))
    return limit is not None and modified > limit


def _client_is_current(headers: Fields, etag: bytes, modified: int) -> bool:
    held = headers.get(b"if-none-match")
    if held is not None:
        return _names(held, etag, weak=True)
    since = parse_http_date(headers.get(b"if-modified-since", b""))
    return since is not None and modified <= since


def _names(value: bytes, etag: bytes, *, weak: bool) -> bool:
    if value.strip(b" \t") == b"*":
        return True
    tags = _TAG.findall(value)
    return any((tag.removeprefix(b"W/") if weak else tag) == etag for tag in tags)
