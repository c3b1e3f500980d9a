"""``/channels``: added, changed under a version, listed, imported, removed."""

from pathlib import Path
from typing import Any

import pytest

from playhead.db.database import Database
from playhead.kit.clock import utc_now
from playhead.kit.ids import new_id
from playhead.live.tables import BroadcastRow, ChannelRow
from tests.fixtures.site import Member, Site, open_site

CAMERA = "rtsp://ann:SECRET@127.0.0.1:8554/door"


async def add(site: Site, url: str = "https://www.twitch.tv/ann", **more: Any) -> dict[str, Any]:
    """A channel of Ann's."""
    answer = await site.ann.client.post("/api/v1/channels", json={"url": url, **more})
    assert answer.status_code == 201, answer.text
    channel: dict[str, Any] = answer.json()
    return channel


async def change(site: Site, channel: dict[str, Any], **changes: Any) -> Any:
    """Change a channel as it was given."""
    headers = {"if-match": f'"{channel["version"]}"'}
    return await site.ann.client.patch(f"/api/v1/channels/{channel['id']}", json=changes, headers=headers)


async def go_live(site: Site, channel: dict[str, Any], **facts: Any) -> str:
    """Make a channel live, as a detector does."""
    row = BroadcastRow(
        id=new_id("brc"),
        channel_id=channel["id"],
        platform_stream_id="s1",
        history=[{"at": "2026-07-03T20:00:00.000Z", "title": "Talk", "category": "Science"}],
        earlier_stream_ids=[],
        detected_by="poll",
        started_at=utc_now(),
        **{"title": "Talk", "category": "Science", **facts},
    )
    async with site.get(Database).write() as session:
        session.add(row)
        (await session.get_one(ChannelRow, channel["id"])).live_state = "live"
    return row.id


async def test_a_stranger_sees_no_channel(site: Site) -> None:
    """404 on every route, and not in lists; without a key 401."""
    channel = await add(site)
    start = await site.ann.client.post(f"/api/v1/channels/{channel['id']}/recording/start")
    broadcast_id = await go_live(site, channel)
    recording = start.json()["items"][0]["id"]
    requests = [
        ("GET", f"channels/{channel['id']}"),
        ("PATCH", f"channels/{channel['id']}"),
        ("DELETE", f"channels/{channel['id']}"),
        ("POST", f"channels/{channel['id']}/recording/start"),
        ("POST", f"channels/{channel['id']}/recording/stop"),
        ("POST", f"channels/{channel['id']}/test"),
        ("GET", f"channels/{channel['id']}/broadcasts"),
        ("GET", f"broadcasts/{broadcast_id}"),
        ("GET", f"recordings/{recording}"),
        ("POST", f"recordings/{recording}/stop"),
        ("POST", f"recordings/{recording}/finalise"),
        ("DELETE", f"recordings/{recording}"),
    ]
    for method, path in requests:
        body = {"name": "x"} if method == "PATCH" else None
        answer = await site.bob.client.request(method, f"/api/v1/{path}", json=body, headers={"if-match": '"1"'})
        assert answer.status_code == 404, (method, path, answer.text)
        assert (await site.anonymous.request(method, f"/api/v1/{path}", json=body)).status_code == 401
    for path in ("channels", "recordings"):
        assert (await site.bob.client.get(f"/api/v1/{path}")).json()["items"] == []


async def test_a_channel_has_what_it_was_given_and_shows_no_secret(one_site: Site) -> None:
    """Password, stream key and tokens are replaced in every answer."""
    schedule = [{"weekdays": ["fri"], "start": "22:00", "end": "02:00"}]
    words = {"title": {"include": ["talk"], "exclude": []}, "category": {"include": [], "exclude": []}}
    made = await add(
        one_site,
        CAMERA,
        name="Door",
        schedule=schedule,
        time_zone="Europe/Oslo",
        qualities=["best", "480p"],
        filters=words,
    )
    found = (await one_site.ann.client.get(f"/api/v1/channels/{made['id']}")).json()
    once = await one_site.ann.client.post("/api/v1/recordings", json={"url": "rtmp://127.0.0.1/live/SECRET"})

    assert found == made
    assert (made["url"], made["platform"]) == ("rtsp://…@127.0.0.1:8554/door", "url")
    assert (made["schedule"], made["filters"], made["qualities"]) == (schedule, words, ["best", "480p"])
    assert once.json()["url"] == "rtmp://127.0.0.1/live/…"
    assert "SECRET" not in once.text


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"url": "file:///etc/passwd"}, "source_url_invalid"),
        ({"url": "https://www.twitch.tv/videos/1"}, "source_url_invalid"),
        ({"url": "rtsp://no-such-host.invalid/x"}, "source_url_invalid"),
        ({"time_zone": "../../etc"}, "channel_invalid"),
        ({"name": " \n "}, "channel_invalid"),
        ({"name_template": "{titel}"}, "name_template_invalid"),
    ],
)
async def test_what_cannot_be_meant_is_refused_in_words(one_site: Site, changes: dict[str, Any], code: str) -> None:
    """When a channel is added, and when it is changed, which then changes nothing."""
    channel = await add(one_site)
    added = await one_site.ann.client.post("/api/v1/channels", json={"url": "https://www.twitch.tv/bob", **changes})
    changed = await change(one_site, channel, **changes)

    assert (added.status_code, added.json()["code"]) == (400, code)
    assert (changed.status_code, changed.json()["code"]) == (400, code)
    assert (await one_site.ann.client.get(f"/api/v1/channels/{channel['id']}")).json() == channel


async def test_private_addresses_need_the_operators_leave(tmp_path: Path, sqlite_url: str) -> None:
    async with open_site(tmp_path, sqlite_url) as guarded:
        for path in ("channels", "recordings"):
            answer = await guarded.ann.client.post(f"/api/v1/{path}", json={"url": CAMERA})
            assert (answer.status_code, answer.json()["code"]) == (400, "source_url_invalid")
            assert "allow_private_urls" in answer.json()["hint"]
            assert "SECRET" not in answer.text


async def test_two_tabs_cannot_overwrite_each_other(one_site: Site) -> None:
    """412 carries the channel as it stands; without If-Match it is 428; the same again is no new version."""
    channel = await add(one_site)
    first = await change(one_site, channel, name="One", enabled=False)
    second = await change(one_site, channel, name="Two")
    again = await change(one_site, first.json(), name="One")
    blind = await one_site.ann.client.patch(f"/api/v1/channels/{channel['id']}", json={"name": "x"})

    assert (first.status_code, first.json()["name"], first.headers["etag"]) == (200, "One", '"2"')
    assert (second.status_code, second.json()["current"]["name"]) == (412, "One")
    assert again.json()["version"] == 2
    assert (blind.status_code, blind.json()["code"]) == (428, "if_match_required")


async def test_the_url_that_is_shown_changes_nothing(one_site: Site) -> None:
    """A form sends back what it was given; the password stays. Another URL makes what is known unknown."""
    channel = await add(one_site, CAMERA)
    await go_live(one_site, channel)
    same = await change(one_site, channel, url=channel["url"], name="Door")
    async with one_site.get(Database).read() as session:
        kept = (await session.get_one(ChannelRow, channel["id"])).url
    other = await change(one_site, same.json(), url="https://www.twitch.tv/ann")

    assert (same.status_code, same.json()["live_state"], kept) == (200, "live", CAMERA)
    assert (other.json()["platform"], other.json()["live_state"]) == ("twitch", "unknown")


async def test_a_url_is_one_channel_of_a_user(site: Site) -> None:
    """409 for the second; another user may have the same."""
    await add(site)
    second = await site.ann.client.post("/api/v1/channels", json={"url": "twitch.tv/ANN"})
    bobs = await site.bob.client.post("/api/v1/channels", json={"url": "twitch.tv/ann"})

    assert (second.status_code, second.json()["code"]) == (409, "channel_exists")
    assert bobs.status_code == 201


async def test_live_channels_come_first_in_every_page(site: Site) -> None:
    """Then by name; and the search finds names and pages, but no keys of streams."""
    names = ["delta", "alpha", "charlie", "bravo"]
    channels = {name: await add(site, f"https://www.twitch.tv/{name}", name=name) for name in names}
    await add(site, "rtmp://127.0.0.1/live/SECRET", name="echo")
    await go_live(site, channels["charlie"])
    await site.ann.client.post(f"/api/v1/channels/{channels['delta']['id']}/recording/start")

    assert await listed(site.ann, limit=2) == ["charlie", "delta", "alpha", "bravo", "echo"]
    assert await listed(site.ann, search="ALPH") == ["alpha"]
    assert await listed(site.ann, search="secret") == []


async def listed(member: Member, **params: Any) -> list[str]:
    """Names of all channels, page by page."""
    found: list[str] = []
    cursor = None
    while True:
        query = {**params, **({"cursor": cursor} if cursor else {})}
        page = (await member.client.get("/api/v1/channels", params=query)).json()
        found += [item["name"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            return found


async def test_each_line_of_a_list_stands_for_itself(one_site: Site) -> None:
    """A URL with a name, or JSON; comments and empty lines are passed over; no line is repeated with its secrets."""
    await add(one_site)
    text = """
    # my channels
    https://www.twitch.tv/bob  Bob's evenings
    twitch.tv/ann
    {"url": "rtmp://127.0.0.1/live/SECRET", "name": "Studio", "qualities": ["best"]}
    ftp://SECRET@example.com/
    {"url": "https://www.twitch.tv/x", "colour": "red"}
    {not json SECRET
    """
    answer = await one_site.ann.client.post("/api/v1/channels/import", json={"text": text})
    report = answer.json()

    assert [item["outcome"] for item in report["items"]] == [
        "added",
        "exists",
        "added",
        "refused",
        "refused",
        "refused",
    ]
    assert (report["added"], report["exists"], report["refused"]) == (2, 1, 3)
    assert [item["line"] for item in report["items"]] == [3, 4, 5, 6, 7, 8]
    assert await listed(one_site.ann) == ["Bob's evenings", "Studio", "ann"]
    assert "SECRET" not in answer.text


async def test_a_channel_that_records_is_removed_by_force_alone(site: Site) -> None:
    """Its recording is stopped and stays, without a channel; its history goes."""
    channel = await add(site)
    broadcast_id = await go_live(site, channel)
    recording = (await site.ann.client.post(f"/api/v1/channels/{channel['id']}/recording/start")).json()["items"][0]

    refused = await site.ann.client.delete(f"/api/v1/channels/{channel['id']}")
    forced = await site.ann.client.delete(f"/api/v1/channels/{channel['id']}", params={"force": True})
    left = (await site.ann.client.get(f"/api/v1/recordings/{recording['id']}")).json()

    assert (refused.status_code, refused.json()["code"]) == (409, "channel_records")
    assert forced.status_code == 204
    assert (left["state"], left["stop_reason"], left["channel_id"]) == ("recording", "channel_deleted", None)
    assert (await site.ann.client.get(f"/api/v1/channels/{channel['id']}")).status_code == 404
    assert (await site.ann.client.get(f"/api/v1/broadcasts/{broadcast_id}")).status_code == 404


async def test_a_broadcast_tells_its_titles_and_its_recordings(site: Site) -> None:
    channel = await add(site)
    broadcast_id = await go_live(site, channel)
    await site.ann.client.post(f"/api/v1/channels/{channel['id']}/recording/start")

    page = (await site.ann.client.get(f"/api/v1/channels/{channel['id']}/broadcasts")).json()
    found = (await site.ann.client.get(f"/api/v1/broadcasts/{broadcast_id}")).json()
    shown = (await site.ann.client.get(f"/api/v1/channels/{channel['id']}")).json()

    assert page["items"] == [found]
    assert [(each["title"], each["category"]) for each in found["history"]] == [("Talk", "Science")]
    assert [each["title"] for each in found["recordings"]] == ["ann - Talk"]
    assert shown["broadcast"]["id"] == broadcast_id
    assert [each["id"] for each in shown["recordings"]] == [found["recordings"][0]["id"]]
