"""A test of a channel: a second of a real source is received, and nothing is kept or started."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from playhead.db.database import Database
from playhead.live.tables import RecordingRow
from tests.fixtures.hls_origin import Track, film_segments, hls_origin
from tests.fixtures.ports import free_port
from tests.fixtures.site import Site, open_site


@pytest.fixture
async def site(tmp_path: Path, sqlite_url: str) -> AsyncIterator[Site]:
    """An installation that may use addresses of this computer."""
    async with open_site(tmp_path, sqlite_url, allow_private_urls=True) as opened:
        yield opened


async def findings_of(site: Site, url: str, **settings: Any) -> dict[str, Any]:
    """Add a channel and test it."""
    added = await site.ann.client.post("/api/v1/channels", json={"url": url, **settings})
    assert added.status_code == 201, added.text
    answer = await site.ann.client.post(f"/api/v1/channels/{added.json()['id']}/test")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_it_says_what_would_be_recorded(site: Site, tmp_path: Path) -> None:
    """Size, codecs, quality and name of what is received now."""
    with hls_origin(Track(film_segments(tmp_path, seconds=4), ends=False)) as origin:
        found = await findings_of(
            site, origin.url, name="Loop", name_template="{channel} {quality}", qualities=["720p"]
        )

    assert (found["would_record"], found["live"], found["reasons"]) == (True, True, [])
    assert (found["resolved_by"], found["chosen"], found["names"]) == ("hls", {"720p": "source"}, ["Loop 720p"])
    probed = found["probed"]
    assert (probed["width"], probed["height"], probed["video_codec"], probed["audio_codec"]) == (
        160,
        96,
        "avc1",
        "mp4a",
    )
    async with site.get(Database).read() as session:
        assert await session.scalar(select(func.count()).select_from(RecordingRow)) == 0


async def test_it_says_why_nothing_would_be_recorded(site: Site) -> None:
    """Each reason by itself: what the settings rule out, and what the source does not send."""
    url = f"rtmp://127.0.0.1:{free_port()}/live/SECRET"
    found = await findings_of(site, url, enabled=False, auto_record=False)

    assert (found["would_record"], found["live"]) == (False, False)
    assert found["reasons"] == [
        "The channel is disabled.",
        "Auto-record is off: it is recorded by hand alone.",
        "Nothing says when this stream is live: give it a schedule, or record it by hand.",
        "It is not live.",
    ]
    assert found["error"]["code"] == "source_offline"
    assert "SECRET" not in str(found)
