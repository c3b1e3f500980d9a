"""The routes of detection: Twitch's webhook, and the doctor."""

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from playhead.live.detect.config import eventsub_secret
from playhead.live.detect.doctor import Doctor
from playhead.live.fakes.messages import now, signed_headers
from playhead.settings import Settings
from tests.fixtures.fake_twitch import fake_twitch
from tests.fixtures.site import Site, open_site

PATH = "/api/v1/webhooks/twitch"


def signed(site: Site, document: dict[str, Any], type_: str) -> tuple[bytes, dict[str, str]]:
    """Body and headers of a message that is signed with the site's own secret."""
    body, subscription = json.dumps(document).encode(), {"type": "stream.online", "version": "1"}
    secret = eventsub_secret(site.get(Settings))
    return body, signed_headers(secret, str(uuid4()), now(), body, type_, subscription, 0)


@pytest.mark.parametrize(
    ("type_", "status", "text"),
    [("webhook_callback_verification", 200, "pogchamp"), ("notification", 204, ""), ("revocation", 204, "")],
)
async def test_twitch_is_answered_as_it_expects(
    tmp_path: Path, sqlite_url: str, type_: str, status: int, text: str
) -> None:
    """The challenge as plain text, anything else without a body."""
    async with open_site(tmp_path, sqlite_url, twitch_client_id="id", twitch_client_secret="secret") as site:
        document: dict[str, Any] = {"challenge": "pogchamp", "subscription": {"type": "stream.online"}, "event": {}}
        body, headers = signed(site, document, type_)
        answer = await site.anonymous.post(PATH, content=body, headers=headers)
        altered = await site.anonymous.post(PATH, content=body + b" ", headers=headers)

    assert (answer.status_code, answer.text) == (status, text)
    assert answer.headers.get("content-type", "text/plain").startswith("text/plain")
    assert (altered.status_code, altered.json()["code"]) == (403, "eventsub_message_refused")


async def test_the_doctor_says_what_is_missing(tmp_path: Path, sqlite_url: str) -> None:
    """Wrong credentials, a webhook without a public URL: each with what to do."""
    async with fake_twitch("alice") as twitch:
        settings = {
            "twitch_client_id": twitch.client_id,
            "twitch_client_secret": "mistyped",
            "twitch_api_url": f"{twitch.url}/helix",
            "twitch_id_url": twitch.url,
            "twitch_detection": "webhook",
        }
        async with open_site(tmp_path, sqlite_url, **settings) as site:
            refused = await site.ann.client.get("/api/v1/live/doctor")
            await site.ann.client.post("/api/v1/channels", json={"url": "https://www.twitch.tv/alice"})
            found = {one.name: one for one in await site.get(Doctor).examine()}

    assert (refused.status_code, refused.json()["code"]) == (403, "scope_missing")
    assert {name: one.verdict for name, one in found.items() if one.verdict == "failed"} == {
        "detection": "failed",
        "application": "failed",
        "callback": "failed",
    }
    assert "PLAYHEAD_TWITCH_CLIENT_SECRET" in str(found["application"].hint)
    assert "PLAYHEAD_PUBLIC_URL" in str(found["callback"].hint)
    assert "mistyped" not in str(found)
