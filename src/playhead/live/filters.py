"""Filters: words of a broadcast's title and category that decide whether it is recorded.

``{"title": {"include": [...], "exclude": [...]}, "category": {...}}``. With words to include at least one must occur,
of those to exclude none may; letters match in either case, also within a word.
"""

from collections.abc import Mapping
from typing import Any

from playhead.live.tables import ChannelRow


def wants(channel: ChannelRow, title: str | None, category: str | None) -> bool:
    """Whether a channel's filters let a broadcast through."""
    return why_not(channel.filters, title, category) is None


def why_not(filters: Mapping[str, Any], title: str | None, category: str | None) -> str | None:
    """The reason why a broadcast is not recorded, in words; None for one that is."""
    for name, text in (("title", title or ""), ("category", category or "")):
        words = filters.get(name) or {}
        if reason := _missed(name, text, words.get("include") or [], words.get("exclude") or []):
            return reason
    return None


def _missed(name: str, text: str, include: list[str], exclude: list[str]) -> str | None:
    folded = text.casefold()
    shown = f"“{text}”" if text else "which is not known"
    if include and not any(word.casefold() in folded for word in include):
        return f"The {name}, {shown}, has none of: {', '.join(include)}."
    found = [word for word in exclude if word.casefold() in folded]
    return f"The {name}, {shown}, has: {', '.join(found)}." if found else None
