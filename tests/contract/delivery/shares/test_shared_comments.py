"""Comments through share links: read and written only as far as the owner and the settings allow."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import select

from playhead.db.database import Database
from playhead.outbox.tables import EventRow
from tests.contract.delivery.shares.sharing import play, share, token_of
from tests.fixtures.site import Site, open_site

ME = {"Share-Visitor": "0123456789abcdef"}
OTHER = {"Share-Visitor": "fedcba9876543210"}


@pytest.fixture
async def site(tmp_path: Path, sqlite_url: str) -> AsyncIterator[Site]:
    """One kind of database is enough: its queries are those of the owner's comments."""
    async with open_site(tmp_path, sqlite_url) as opened:
        yield opened


def path_of(made: dict[str, Any]) -> str:
    return f"/api/v1/shared/{token_of(made)}/comments"


async def write(site: Site, made: dict[str, Any], text: str = "Too dark", **headers: str) -> httpx2.Response:
    body = {"text": text, "author": " Kim ", "at_s": 0.2}
    return await site.anonymous.post(path_of(made), json=body, headers={**ME, **headers})


async def test_a_visitor_writes_where_the_owner_allows_it(site: Site, video: str) -> None:
    """The owner reads it, answers, resolves and deletes it; webhooks hear of it."""
    made = await share(site.ann, video, comments="write")
    shown = (await site.anonymous.get(f"/api/v1/shared/{token_of(made)}")).json()
    written = (await write(site, made)).json()
    [seen] = (await site.ann.client.get(f"/api/v1/videos/{video}/comments")).json()["items"]
    answer = {"text": "Lighter now", "parent_id": written["id"]}
    await site.ann.client.post(f"/api/v1/videos/{video}/comments", json=answer)
    await site.ann.client.patch(f"/api/v1/comments/{written['id']}", json={"resolved": True})
    [after] = (await site.anonymous.get(path_of(made), headers=ME)).json()["items"]
    async with site.get(Database).read() as session:
        events = list(await session.scalars(select(EventRow).where(EventRow.type == "comment.created")))

    assert shown["comments"] == "write"
    assert (written["author"], written["author_kind"], written["is_mine"]) == ("Kim", "visitor", True)
    assert (seen["id"], seen["is_mine"]) == (written["id"], False)
    assert (after["resolved_by"], after["replies"][0]["author_kind"]) == ("ann", "owner")
    assert [event.data["text"] for event in sorted(events, key=lambda event: event.id)] == ["Too dark", "Lighter now"]
    assert {(event.owner_id, event.subject_id) for event in events} == {(site.ann.user.id, video)}
    assert (await site.ann.client.delete(f"/api/v1/comments/{written['id']}")).status_code == 204


async def test_a_comment_that_is_sent_twice_is_written_once(site: Site, video: str) -> None:
    """By one visitor; the same words of another are another comment."""
    made = await share(site.ann, video, comments="write")
    ids = [(await write(site, made, **each)).json()["id"] for each in (ME, ME, OTHER)]

    assert ids[0] == ids[1] != ids[2]


async def test_a_visitor_changes_and_deletes_only_what_the_same_browser_wrote(site: Site, video: str) -> None:
    made = await share(site.ann, video, comments="write")
    path = f"{path_of(made)}/{(await write(site, made)).json()['id']}"
    nobodys = f"{path_of(made)}/{(await site.anonymous.post(path_of(made), json=BODY)).json()['id']}"
    refused = [
        await site.anonymous.patch(path, json={"text": "Mine"}, headers=OTHER),
        await site.anonymous.delete(path, headers=OTHER),
        await site.anonymous.delete(path),
        await site.anonymous.delete(nobodys),
        await site.anonymous.delete(nobodys, headers=ME),
    ]

    assert {(answer.status_code, answer.json()["code"]) for answer in refused} == {(403, "comment_not_yours")}
    changed = await site.anonymous.patch(path, json={"text": "Still dark"}, headers=ME)
    assert (changed.status_code, changed.json()["text"]) == (200, "Still dark")
    assert (await site.anonymous.delete(path, headers=ME)).status_code == 204


BODY = {"text": "Nobody's", "author": "Kim", "at_s": 0}


async def test_a_link_shows_and_takes_no_more_than_its_option(site: Site, video: str) -> None:
    """Another video's comments are out of its reach, and an ended link shows nothing."""
    off, read = await share(site.ann, video), await share(site.ann, video, comments="read")
    other = await share(site.ann, await site.ready_video(), comments="write")
    theirs = (await write(site, other)).json()["id"]
    rows = [
        (await site.anonymous.get(path_of(off)), 403, "comments_off"),
        (await write(site, off), 403, "comments_off"),
        (await site.anonymous.get(path_of(read)), 200, None),
        (await write(site, read), 403, "comments_read_only"),
        (await site.anonymous.delete(f"{path_of(read)}/{theirs}", headers=ME), 403, "comments_read_only"),
    ]
    for answer, status, code in rows:
        assert (answer.status_code, answer.json().get("code")) == (status, code)
        assert answer.headers["cache-control"] == "no-store"
    changed = await site.ann.client.patch(f"/api/v1/shares/{read['id']}", json={"comments": "write"})
    assert changed.json()["comments"] == "write"
    elsewhere = await site.anonymous.delete(f"{path_of(read)}/{theirs}", headers=ME)
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (404, "comment_not_found")
    await site.ann.client.delete(f"/api/v1/shares/{read['id']}")
    assert (await write(site, read)).json()["code"] == "share_ended"


async def test_a_password_guards_the_comments_too(site: Site, video: str) -> None:
    made = await share(site.ann, video, comments="write", password="open sesame")
    closed = await write(site, made)
    key = (await play(site, made, kind="thumbnail", password="open sesame")).json()["pass_token"]

    assert (closed.status_code, closed.json()["code"]) == (403, "share_password_required")
    assert (await write(site, made, **{"Share-Pass": "made up"})).json()["code"] == "share_password_wrong"
    assert (await write(site, made, **{"Share-Pass": key})).status_code == 201


async def test_comments_that_come_faster_than_people_write_are_refused(site: Site, video: str) -> None:
    made = await share(site.ann, video, comments="write")
    statuses = [(await write(site, made, f"Number {n}")).status_code for n in range(12)]

    assert set(statuses[:10]) == {201}
    assert statuses[-1] == 429


async def test_the_settings_forbid_comments_of_visitors_and_give_links_their_end(
    tmp_path: Path, sqlite_url: str
) -> None:
    """`visitor_comments` and `share_default_days`: null still means until it is revoked."""
    async with open_site(tmp_path, sqlite_url, visitor_comments=False, share_default_days=0) as site:
        video = await site.ready_video()
        made = await share(site.ann, video, comments="write")
        said = (await site.ann.client.get("/api/v1/sharing")).json()

        assert (await write(site, made)).json()["code"] == "comments_off"
        assert made["expires_at"] is None
        assert (said["default_days"], said["visitor_comments"]) == (0, False)
