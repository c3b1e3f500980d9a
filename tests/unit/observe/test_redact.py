"""Secrets leave no trace in the log."""

from typing import Any

import pytest

from playhead.observe.redact import redact, redact_event, redact_text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("key ph_abcd1234_S3cretS3cretS3cret was used", "key ph_[redacted] was used"),
        ("/v/vid_1/a.mp4?e=1&k=k1&s=AbC-_123 HTTP/1.1", "/v/vid_1/a.mp4?e=1&k=k1&s=[redacted] HTTP/1.1"),
        ("/v/x?s=abc&e=1", "/v/x?s=[redacted]&e=1"),
        ("/o?X-Amz-Signature=abc&X-Amz-Credential=A/x", "/o?X-Amz-Signature=[redacted]&X-Amz-Credential=[redacted]"),
        ("('$argon2id$v=19$m=65536,t=3,p=4$SMZPvAEI8BACB1O/IRNcmg$pq+J48', 1)", "('$argon2id$[redacted]', 1)"),
        ("/setup?token=abc", "/setup?token=[redacted]"),
        ("/embed/0123456789abcdefghjkmnpqrs", "/embed/012345[redacted]"),
        ("GET /api/v1/shared/0123456789abcdefghjkmnpqrs/playback", "GET /api/v1/shared/012345[redacted]/playback"),
        ("https://host/s/0123456789abcdefghjkmnpqrs?t=1", "https://host/s/012345[redacted]?t=1"),
        ("Authorization: Bearer abcdefgh.ijkl", "Authorization: Bearer [redacted]"),
        ("postgresql://me:hunter2@db/playhead", "postgresql://me:[redacted]@db/playhead"),
        ("https://host:8443/path", "https://host:8443/path"),
        ("ph_ is a prefix, vid_01k3q9h2v7e8t9m5x0c4 stays", "ph_ is a prefix, vid_01k3q9h2v7e8t9m5x0c4 stays"),
        ("plays=3&items=4", "plays=3&items=4"),
    ],
)
def test_secrets_in_any_text_are_blanked(text: str, left: str) -> None:
    assert redact_text(text) == left


@pytest.mark.parametrize(
    "name",
    [
        "password",
        "current_password",
        "secret",
        "token",
        "setup_token",
        "Authorization",
        "cookie",
        "Set-Cookie",
        "api_key",
        "X-API-Key",
    ],
)
def test_a_value_under_a_telling_name_is_blanked(name: str) -> None:
    assert redact_event(None, "info", {"event": "x", name: "hunter2"})[name] == "[redacted]"


def test_what_is_nested_is_found() -> None:
    value: dict[str, Any] = {"headers": [("a", "b"), {"cookie": "x"}], "deep": {"er": {"password": b"x"}}}

    assert redact(value) == {
        "headers": [["a", "b"], {"cookie": "[redacted]"}],
        "deep": {"er": {"password": "[redacted]"}},
    }


def test_numbers_are_no_secrets() -> None:
    assert redact({"token_count": 5, "password": None, "secret": False}) == {
        "token_count": 5,
        "password": None,
        "secret": False,
    }


def test_a_thing_without_end_is_cut() -> None:
    loop: dict[str, Any] = {}
    loop["again"] = loop

    assert "again" in redact(loop)
