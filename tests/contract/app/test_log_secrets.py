"""What the log holds at its chattiest."""

import io
import logging
import re
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text

from playhead.access.access import Access
from playhead.access.users import insert_user
from playhead.db.database import Database
from playhead.kit.clock import utc_now
from playhead.observe.log import configure_logging
from tests.fixtures.site import Site

PASSWORD = "correct horse battery"
HASHES = (
    "select password_hash from users",
    "select secret_hash from api_keys",
    "select token_hash from sessions",
    "select token_hash from shares",
    "select password_hash from shares",
)


@pytest.fixture
async def log(site: Site) -> AsyncIterator[io.StringIO]:
    """All that is logged at level debug; ``site`` was opened before."""
    _ = site
    root, stream = logging.getLogger(), io.StringIO()
    handlers, level = root.handlers, root.level
    configure_logging(level="DEBUG", style="json", stream=stream)
    yield stream
    root.handlers = handlers
    root.setLevel(level)


async def test_no_secret_is_in_the_log_at_level_debug(site: Site, log: io.StringIO) -> None:
    """Neither passwords, keys, tokens and signatures nor what the database keeps of them."""
    async with site.get(Database).write() as session:
        hashed = await site.get(Access).passwords.hash(PASSWORD)
        await insert_user(session, email="cy@example.org", name=None, role="admin", password_hash=hashed, now=utc_now())
    browser, video = site.anonymous, await site.ready_video()

    signed_in = await browser.post("/api/v1/session", json={"email": "cy@example.org", "password": PASSWORD})
    key = await site.ann.client.post("/api/v1/keys", json={"name": "k", "scopes": ["videos:read"]})
    share = await site.ann.client.post(f"/api/v1/videos/{video}/shares", json={"password": "shared horse"})
    played = await site.ann.client.post(f"/api/v1/videos/{video}/playback", json={})
    await browser.get(played.json()["path"])
    await browser.get(f"/api/v1/shared/{share.json()['url'].rpartition('/')[2]}")

    assert [signed_in.status_code, share.status_code, played.status_code] == [200, 201, 200]
    secrets = [PASSWORD, "shared horse", *signed_in.cookies.values()]
    secrets += re.findall(r"ph_[0-9a-z]+_[0-9a-z]{52}", key.text)
    secrets += [share.json()["url"].rpartition("/")[2], played.json()["path"].rpartition("s=")[2]]
    async with site.get(Database).read() as session:
        for query in HASHES:
            secrets += [
                value if isinstance(value, str) else repr(value)[2:-1] for value in await session.scalars(text(query))
            ]
    said = log.getvalue()
    assert '"event": "request"' in said
    assert [secret for secret in secrets if secret and secret in said] == []
    assert len(secrets) > 10
