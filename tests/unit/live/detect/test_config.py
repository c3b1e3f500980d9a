"""How Twitch's events come, by the settings."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from playhead.live.detect.config import eventsub_secret, twitch_config
from playhead.settings import Settings

APPLICATION: dict[str, Any] = {"twitch_client_id": "id", "twitch_client_secret": "hidden"}


@pytest.mark.parametrize(
    ("settings", "mode"),
    [
        ({}, "conduit"),
        ({"public_url": "https://video.example.org"}, "webhook"),
        ({"public_url": "https://video.example.org:8443"}, "conduit"),
        ({"public_url": "http://video.example.org"}, "conduit"),
        ({"public_url": "https://video.example.org", "twitch_detection": "poll"}, "poll"),
    ],
)
def test_the_webhook_is_used_where_twitch_can_call_it(settings: dict[str, Any], mode: str) -> None:
    """On https and port 443; else a conduit, which needs no public URL."""
    config = twitch_config(Settings(**APPLICATION, **settings))

    assert config is not None
    assert config.mode == mode
    assert "hidden" not in repr(config)


def test_without_an_application_there_are_no_events() -> None:
    assert twitch_config(Settings(twitch_client_id="id")) is None


def test_the_secret_of_the_webhook_is_the_installations_own(tmp_path: Path) -> None:
    """The same each time, another one in another installation, and of the form that Twitch takes."""
    first, again, other = (eventsub_secret(Settings(data=tmp_path / name)) for name in ("here", "here", "there"))

    assert first == again != other
    assert 10 <= len(first) <= 100
    assert eventsub_secret(Settings(twitch_eventsub_secret=SecretStr("0123456789"))) == "0123456789"


@pytest.mark.parametrize("secret", ["short", "x" * 101, "zehn Zeichen ü"])
def test_a_secret_that_twitch_does_not_take_is_refused(secret: str) -> None:
    with pytest.raises(ValidationError, match="10 to 100"):
        Settings(twitch_eventsub_secret=SecretStr(secret))
