"""Responses of providers that are errors, and what their words mean."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from playhead.errors import PlayheadError
from playhead.generate.errors import (
    InputRejected,
    ModelRetired,
    OutcomeUnknown,
    OutOfCredit,
    ProviderKeyRefused,
    ProviderNotConfigured,
    ProviderThrottled,
    ProviderUnavailable,
    RequestRefused,
    RequestUnknown,
)
from playhead.generate.providers.answers import Answer, clean
from playhead.kit.retry_after import LONGEST, read_retry_after

SAYING = ("detail", "error", "message", "msg", "failure", "title")
"""Members in which providers say why, the most telling first."""

_GONE = re.compile(
    r"\b(model|version|endpoint|application)\b.{0,80}\b(not found|(does not|doesn't) exist|deprecated|retired|"
    r"no longer|sunset|shut ?down|discontinued)|\b(no such|unknown|unsupported) model\b",
    re.IGNORECASE,
)
_MODERATED = re.compile(
    r"moderat|\bflagged\b|(?<!case[- ])\bsensitive\b|\bnsfw\b|\bsafety\b|content[ _-](polic|filter|violation)|"
    r"\bprohibited\b|\binappropriate\b|copyright|\bE005\b",
    re.IGNORECASE,
)
_OUTPUT = re.compile(r"\b(outputs?|generated|results?)\b", re.IGNORECASE)
_CREDIT = re.compile(r"\b(balance|credits?|billing|payment|spend(ing)? limit)\b", re.IGNORECASE)


def refusal_of(name: str, answer: Answer, *, submit: bool, secret: str | None) -> PlayheadError:
    """The error that a response stands for.

    Args:
        name: Of the provider.
        submit: Whether it responds to a submit: a 4xx made nothing, of a 5xx nobody knows.
    """
    status, words = answer.status, words_of(answer, secret)
    said = f"{name} responded with {status}" + (f": {words}" if words else ".")
    if status == 429:
        return ProviderThrottled(said, retry_after_s=retry_after_of(answer))
    if status == 402 or (status == 403 and _CREDIT.search(words)):
        return OutOfCredit(said, hint=f"Add credit to the account at {name}, then try again.")
    if status == 401 or (status == 403 and not (submit and moderated(words))):
        return ProviderKeyRefused(said, hint=f"Check the key of {name} in the settings of providers.")
    if status < 400:
        return ProviderNotConfigured(f"{said} Redirects are not followed.", hint="Check the address of the provider.")
    return _of_submit(status, said, words) if submit else _of_question(status, said)


def _of_submit(status: int, said: str, words: str) -> PlayheadError:
    if status >= 500 or status == 408:
        return OutcomeUnknown(said)
    if status in (404, 410) or says_gone(words):
        return ModelRetired(said)
    if moderated(words):
        return RequestRefused(said, of_output=False)
    return InputRejected(said)


def _of_question(status: int, said: str) -> PlayheadError:
    return RequestUnknown(said) if status in (404, 410) else ProviderUnavailable(said)


def retry_after_of(answer: Answer) -> float | None:
    """Seconds to wait, by the header or the body; the longer one where both say."""
    header = read_retry_after(answer.headers.get("retry-after"), datetime.now(UTC))
    found = [header.total_seconds()] if header is not None else []
    nested = [value for value in answer.members.values() if isinstance(value, dict)]
    for members in (answer.members, *nested):
        value = next((members[key] for key in ("retry_after", "retryAfter", "retry_after_s") if key in members), None)
        if isinstance(value, int | float) and not isinstance(value, bool) and value >= 0:
            found.append(min(float(value), LONGEST.total_seconds()))
    return max(found, default=None)


def words_of(answer: Answer, secret: str | None = None) -> str:
    """What a provider says, for people; empty where it says nothing readable."""
    if answer.json is None:
        text = answer.body[:2000].decode(errors="replace")
        return "" if "<" in text else clean(text, secret)
    return clean("; ".join(dict.fromkeys(_said(answer.json))), secret)


def says_gone(words: str) -> bool:
    """Whether a provider says that a model does not exist any more."""
    return _GONE.search(words) is not None


def moderated(words: str) -> bool:
    """Whether a provider says that moderation refused."""
    return _MODERATED.search(words) is not None


def refused_output(words: str) -> bool:
    """Whether moderation refused what a model made, or may have."""
    return _OUTPUT.search(words) is not None


def _said(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for each in value[:5]:
            yield from _said(each)
    elif isinstance(value, dict):
        found = next((value[key] for key in SAYING if value.get(key)), None)
        where = value.get("loc")
        before = f"{where[-1]}: " if isinstance(where, list) and where else ""
        yield from (f"{before}{each}" for each in _said(found))
