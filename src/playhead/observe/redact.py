"""Redaction of secrets in log lines."""

import re
from collections.abc import Mapping
from typing import Any

from structlog.typing import EventDict, WrappedLogger

REDACTED = "[redacted]"
MAX_DEPTH = 5

_NAMES = re.compile(r"passw(?:or)?d|secret|token|authorization|cookie|api[_-]?key", re.IGNORECASE)
_TEXTS = (
    (re.compile(r"ph_[A-Za-z0-9]{4,}_[A-Za-z0-9_-]{8,}"), f"ph_{REDACTED}"),
    (re.compile(r"\$(argon2\w*)\$[\w$=,+/.-]+"), rf"$\1${REDACTED}"),
    (re.compile(r"([?&]s=)[^&\s\"'<>]+"), rf"\1{REDACTED}"),
    (re.compile(r"([?&](?:token|X-Amz-(?:Signature|Credential|Security-Token))=)[^&\s\"'<>]+", re.IGNORECASE),
     rf"\1{REDACTED}"),
    (re.compile(r"(/(?:s|embed|shared)/[0-9a-hjkmnp-tv-z]{6})[0-9a-hjkmnp-tv-z]{20}"), rf"\1{REDACTED}"),
    (re.compile(r"\b((?:Bearer|Basic)\s+)[A-Za-z0-9._~+/=-]{8,}", re.IGNORECASE), rf"\1{REDACTED}"),
    (re.compile(r"(\w+://[^\s:/@]*:)[^\s/@]+@"), rf"\1{REDACTED}@"),
)  # fmt: skip


def redact_event(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """A structlog processor: the last before the renderer, so that tracebacks are text already."""
    return {key: redact(value, name=str(key)) for key, value in event.items()}


def redact(value: Any, *, name: str = "", depth: int = 0) -> Any:
    """Copy a value without secrets: by the name it stands under, and by their form within any text.

    Numbers, booleans and None are shown under any name: ``token_count`` is not a secret.
    """
    if value is None or isinstance(value, bool | int | float):
        return value
    if _NAMES.search(name):
        return REDACTED
    if depth < MAX_DEPTH and isinstance(value, Mapping):
        return {key: redact(each, name=str(key), depth=depth + 1) for key, each in value.items()}
    if depth < MAX_DEPTH and isinstance(value, list | tuple | set | frozenset):
        return [redact(each, depth=depth + 1) for each in value]
    return redact_text(value.decode(errors="replace") if isinstance(value, bytes) else str(value))


def redact_text(text: str) -> str:
    """Blank API keys, signatures of URLs, share links, bearer tokens and passwords in URLs."""
    for pattern, replacement in _TEXTS:
        text = pattern.sub(replacement, text)
    return text
