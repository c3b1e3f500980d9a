"""How detection of Twitch is set up: credentials, and the way in which events come."""

import hashlib
import hmac
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

from playhead.access.secrets_file import load_secrets
from playhead.live.detect.subscriptions import WEBHOOK
from playhead.settings import Settings

Mode = Literal["webhook", "conduit", "websocket", "poll"]


@dataclass(frozen=True, slots=True)
class TwitchConfig:
    """An application at Twitch.

    Attributes:
        callback: URL of our webhook; None without ``public_url``.
    """

    client_id: str
    client_secret: str = field(repr=False)
    mode: Mode
    callback: str | None
    user_token: str | None = field(default=None, repr=False)
    api_url: str = ""
    id_url: str = ""
    eventsub_url: str = ""


def twitch_config(settings: Settings) -> TwitchConfig | None:
    """The application of the settings; None without one."""
    if not settings.twitch_client_id or not settings.twitch_client_secret:
        return None
    token = settings.twitch_websocket_token
    return TwitchConfig(
        client_id=settings.twitch_client_id,
        client_secret=settings.twitch_client_secret.get_secret_value(),
        mode=_mode(settings),
        callback=settings.public_url + WEBHOOK if settings.public_url else None,
        user_token=token.get_secret_value() if token else None,
        api_url=settings.twitch_api_url,
        id_url=settings.twitch_id_url,
        eventsub_url=settings.twitch_eventsub_url,
    )


def eventsub_secret(settings: Settings) -> str:
    """The secret of webhooks: the setting, or one derived from this installation's own secrets.

    Raises:
        SecretsUnreadable: they are damaged, or everybody can read them.
    """
    if settings.twitch_eventsub_secret is not None:
        return settings.twitch_eventsub_secret.get_secret_value()
    key = load_secrets(settings.secrets_folder / "secrets.json").fingerprint_key
    return hmac.new(key, b"twitch eventsub", hashlib.sha256).hexdigest()


def _mode(settings: Settings) -> Mode:
    if settings.twitch_detection != "auto":
        return settings.twitch_detection
    return "webhook" if settings.public_url and fits_twitch(settings.public_url) else "conduit"


def fits_twitch(public_url: str) -> bool:
    """Whether Twitch can call an address: https on port 443."""
    parts = urlsplit(public_url)
    return parts.scheme == "https" and parts.port in (None, 443)
