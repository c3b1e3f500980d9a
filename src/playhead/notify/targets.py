"""What a webhook may be sent to: the checks of a URL when it is entered. Each attempt checks its address again."""

import importlib.util
import re
from typing import Final

from playhead.api.outgoing import Outgoing
from playhead.kit.urls import HTTP, MAX_LENGTH, UrlRefused
from playhead.notify.apprise_send import REFUSED_SCHEMES
from playhead.notify.errors import WebhookUrlRefused
from playhead.notify.tables import WebhookKind

_APPRISE: Final = re.compile(r"([a-z][a-z0-9+.-]{1,30})://\S+", re.IGNORECASE)
_PASSWORD: Final = re.compile(r"^(https?://[^/?#:@]*:)[^/?#@]*@", re.IGNORECASE)


def kind_of(url: str) -> WebhookKind:
    """The kind that a URL is of: ``https://`` is a webhook, any other scheme is one of Apprise's services."""
    return "webhook" if url.partition("://")[0].lower() in HTTP else "apprise"


async def check_target(outgoing: Outgoing, kind: WebhookKind, url: str) -> None:
    """Check a URL.

    Raises:
        WebhookUrlRefused: it is not sent to; the text says why.
    """
    if kind == "apprise":
        _check_apprise(url)
        return
    try:
        await outgoing.check(url)
    except UrlRefused as refused:
        private = "not a public address" in str(refused)
        hint = "The operator can allow private addresses with PLAYHEAD_ALLOW_PRIVATE_URLS." if private else None
        raise WebhookUrlRefused(str(refused), hint=hint) from None


def _check_apprise(url: str) -> None:
    """Check the form alone: which host a service leads to is known to Apprise, in the worker."""
    form = _APPRISE.fullmatch(url) if len(url) <= MAX_LENGTH and url.isprintable() else None
    if form is None:
        raise WebhookUrlRefused(
            "This is neither an https:// URL nor one of Apprise.",
            hint="Apprise writes them as service://..., such as discord://id/token.",
        )
    if form[1].lower() in REFUSED_SCHEMES:
        raise WebhookUrlRefused(f"{form[1].lower()}:// is a service of the server's own desktop, which is not used.")
    if importlib.util.find_spec("apprise") is None:
        raise WebhookUrlRefused(
            "Apprise is not installed on this server.",
            hint="The operator can add it: pip install 'playhead[apprise]'.",
            code="apprise_not_installed",
            title="Apprise is not installed",
        )


def shown_url(kind: WebhookKind, url: str) -> str:
    """A URL as it may be shown: without a password, and of Apprise only its service, as the rest may be a token."""
    return _PASSWORD.sub(r"\1…@", url) if kind == "webhook" else f"{url.partition('://')[0]}://…"
