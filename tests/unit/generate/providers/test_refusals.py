"""What responses of providers mean, and what their words become."""

import json
from typing import Any

import pytest

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
from playhead.generate.providers.answers import Answer
from playhead.generate.providers.refusals import refusal_of, retry_after_of, words_of


def answer(status: int, body: Any = None, **headers: str) -> Answer:
    """A response with JSON, or with text."""
    raw = body if isinstance(body, str) else json.dumps(body)
    return Answer(status, {name.replace("_", "-"): value for name, value in headers.items()}, raw.encode())


@pytest.mark.parametrize(
    ("status", "words", "of_submit", "of_question"),
    [
        (301, "", ProviderNotConfigured, ProviderNotConfigured),
        (400, "The prompt was flagged", RequestRefused, ProviderUnavailable),
        (400, "safety_tolerance must be at most 6", InputRejected, ProviderUnavailable),
        (401, "No token", ProviderKeyRefused, ProviderKeyRefused),
        (402, "", OutOfCredit, OutOfCredit),
        (403, "Forbidden", ProviderKeyRefused, ProviderKeyRefused),
        (403, "User is locked. Reason: Exhausted balance.", OutOfCredit, OutOfCredit),
        (403, "Blocked by content policy", RequestRefused, ProviderKeyRefused),
        (404, "", ModelRetired, RequestUnknown),
        (408, "", OutcomeUnknown, ProviderUnavailable),
        (422, "The specified version does not exist", ModelRetired, ProviderUnavailable),
        (422, "field required", InputRejected, ProviderUnavailable),
        (429, "", ProviderThrottled, ProviderThrottled),
        (500, "", OutcomeUnknown, ProviderUnavailable),
        (503, "", OutcomeUnknown, ProviderUnavailable),
    ],
)
def test_a_status_and_its_words_are_an_error(
    status: int, words: str, of_submit: type[PlayheadError], of_question: type[PlayheadError]
) -> None:
    for expected, submit in ((of_submit, True), (of_question, False)):
        error = refusal_of("fake", answer(status, {"detail": words}), submit=submit, secret=None)
        assert (type(error), words in error.detail) == (expected, True)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"title": "Invalid", "detail": "Too long", "status": 422}, "Too long"),
        ({"detail": [{"loc": ["body", "prompt"], "msg": "field required"}]}, "prompt: field required"),
        ([{"error": {"code": 400, "message": "Bad\nargument"}}], "Bad argument"),
        ({"error": "key r8_secret is not valid"}, "key (key) is not valid"),
        ("plain words", "plain words"),
        ("<html>502 Bad Gateway</html>", ""),
        ({"nothing": 1}, ""),
        ("x" * 500, "x" * 299 + "…"),
    ],
)
def test_words_are_for_people(body: Any, expected: str) -> None:
    """The most telling ones, on one line, and never the key."""
    assert words_of(answer(400, body), "r8_secret") == expected


@pytest.mark.parametrize(
    ("body", "headers", "expected"),
    [
        ({}, {}, None),
        ({}, {"retry_after": "5"}, 5),
        ({"retry_after": 7.5}, {}, 7.5),
        ({"retry_after": 7}, {"retry_after": "5"}, 7),
        ({"error": {"retryAfter": 3}}, {}, 3),
        ({"retry_after": 1e9}, {}, 86400),
        ({"retry_after": "soon"}, {"retry_after": "later"}, None),
        ({"retry_after": True}, {}, None),
    ],
)
def test_the_longer_wait_counts(body: Any, headers: dict[str, str], expected: float | None) -> None:
    assert retry_after_of(answer(429, body, **headers)) == expected
