"""``/videos``: who sees what, lists, renaming, deleting, and uploads in one request."""

import hashlib
from collections.abc import AsyncIterator
from typing import Any

import pytest

from playhead.catalog.deletions import Deletions
from playhead.catalog.videos import Videos
from playhead.kit.ids import new_id
from playhead.storage.store import Store
from tests.fixtures.site import Member, Site


async def upload(member: Member, data: bytes, **params: str) -> Any:
    """Send a raw body."""
    return await member.client.post("/api/v1/videos", params=params, content=data)


async def test_a_stranger_sees_no_video(site: Site) -> None:
    """404 on every route, and not in lists: its existence is no one else's business."""
    video = await site.ready_video(site.ann)
    requests = [
        ("GET", ""),
        ("PATCH", ""),
        ("DELETE", ""),
        ("GET", "/projects"),
        ("POST", "/retry"),
        ("GET", "/stream"),
    ]
    for method, rest in requests:
        answer = await site.bob.client.request(
            method, f"/api/v1/videos/{video}{rest}", json={} if method == "PATCH" else None
        )
        assert answer.status_code == 404, (method, rest)
    assert (await site.bob.client.patch(f"/api/v1/videos/{video}", json={})).status_code == 404
    assert (await site.bob.client.get("/api/v1/videos")).json()["items"] == []


@pytest.mark.parametrize("name", ["nonsense", "vid_", "vid_" + "z" * 26, "..%2F..%2Fetc%2Fpasswd", "vid_%00"])
async def test_what_is_no_id_is_not_found(site: Site, name: str) -> None:
    """No text from a URL nears a query or a file before it has the form of an id."""
    assert (await site.ann.client.get(f"/api/v1/videos/{name}")).status_code == 404


async def test_an_upload_streams_to_the_store_and_waits_for_its_ingest(site: Site) -> None:
    """201 with a video that is preparing, its job recorded with it, its bytes hashed on the way."""
    data = b"not yet known to be a video" * 1000
    answer = await upload(site.ann, data, filename="C:\\clips\\Böse “Welt”\n🎬.mp4")

    assert answer.status_code == 201
    video = answer.json()
    assert answer.headers["location"] == f"/api/v1/videos/{video['id']}"
    assert (video["state"], video["size_bytes"]) == ("preparing", len(data))
    assert video["sha256"] == hashlib.sha256(data).hexdigest()
    assert (video["title"], video["filename"]) == ("Böse “Welt” 🎬", "Böse “Welt” 🎬.mp4")
    job = (await site.ann.client.get(f"/api/v1/jobs/{video['job_id']}")).json()
    assert (job["kind"], job["state"], job["video_id"]) == ("ingest", "queued", video["id"])


async def test_an_empty_upload_is_refused_in_words(site: Site) -> None:
    """400, and nothing is listed."""
    answer = await upload(site.ann, b"")

    assert (answer.status_code, answer.json()["code"]) == (400, "upload_empty")
    assert (await site.ann.client.get("/api/v1/videos")).json()["items"] == []


async def test_an_upload_that_says_it_is_too_large_is_refused_unread(site: Site) -> None:
    """413 by its announced length; the body is never asked for."""
    asked: list[int] = []

    async def body() -> AsyncIterator[bytes]:
        asked.append(1)
        yield b"x"

    answer = await site.ann.client.post(
        "/api/v1/videos", content=body(), headers={"content-length": str(1 << 50), "expect": "100-continue"}
    )

    assert (answer.status_code, answer.json()["code"]) == (413, "upload_too_large")
    assert "1125.9 TB" in answer.json()["detail"]


async def test_an_upload_without_a_length_stops_at_the_limit(site: Site) -> None:
    """It cannot be refused at once, but no more than the limit is ever kept."""
    site.get(Videos).upload_max = 100_000

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b"x" * 10_000

    answer = await site.ann.client.post("/api/v1/videos", content=endless())

    assert answer.status_code == 413
    assert [found async for found in site.get(Store).list("")] == []


async def test_a_title_is_one_line_of_bounded_length(site: Site) -> None:
    """Quotes, emoji and line breaks are fine; 10,000 characters are not, and say so with their number."""
    video = await site.ready_video()
    path = f"/api/v1/videos/{video}"

    good = await site.ann.client.patch(path, json={"title": "  She said \"hi\"\n\tto 'us' \u0000🎉  "})
    long = await site.ann.client.patch(path, json={"title": "x" * 10_000})
    empty = await site.ann.client.patch(path, json={"title": " \n "})
    lone = await site.ann.client.patch(path, content=b'{"title": "a\\ud800b"}')

    assert good.json()["title"] == "She said \"hi\" to 'us' 🎉"
    assert (long.status_code, long.json()["code"]) == (400, "title_invalid")
    assert "10,000" in long.json()["detail"]
    assert empty.status_code == 400
    assert lone.status_code in (200, 422)


async def test_a_rename_can_name_the_version_that_it_changes(site: Site) -> None:
    """If-Match with another version is 412, and the title stays."""
    video = await site.ready_video()
    path = f"/api/v1/videos/{video}"
    first = await site.ann.client.patch(path, json={"title": "Two"}, headers={"if-match": '"1"'})
    late = await site.ann.client.patch(path, json={"title": "Three"}, headers={"if-match": '"1"'})

    assert (first.status_code, first.headers["etag"]) == (200, '"2"')
    assert (late.status_code, late.json()["code"]) == (412, "version_mismatch")
    assert (await site.ann.client.get(path)).json()["title"] == "Two"


async def test_an_unknown_field_is_refused(site: Site) -> None:
    """A field that nobody reads is a mistake that should be heard of."""
    video = await site.ready_video()

    assert (await site.ann.client.patch(f"/api/v1/videos/{video}", json={"name": "x"})).status_code == 422


@pytest.mark.parametrize("sort", ["created_at", "-created_at", "title", "-title", "duration_s", "-size_bytes"])
async def test_pages_hold_every_video_once_in_order(site: Site, sort: str) -> None:
    """Also where videos share a value, and where some have none."""
    for number in range(7):
        await site.ready_video(title=f"Clip {number % 3}", duration_s=float(number % 2 + 1), size_bytes=number % 4)
    await site.ready_video(title="Unknown", state="preparing", probe=None, duration_s=4.0)
    seen: list[dict[str, Any]] = []
    cursor: str | None = None
    while True:
        page = (
            await site.ann.client.get(
                "/api/v1/videos", params={"sort": sort, "limit": "3"} | ({"cursor": cursor} if cursor else {})
            )
        ).json()
        seen += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            break

    assert len({video["id"] for video in seen}) == len(seen) == 8
    values = [video[sort.lstrip("-")] for video in seen]
    assert values == sorted(values, reverse=sort.startswith("-"))


async def test_search_takes_its_words_as_they_are(site: Site) -> None:
    """Percent and underscore are letters; case does not matter."""
    await site.ready_video(title="100% sure_thing")
    await site.ready_video(title="1000 surething")

    found = [
        [
            video["title"]
            for video in (await site.ann.client.get("/api/v1/videos", params={"search": words})).json()["items"]
        ]
        for words in ("100%", "SURE_", "nothing")
    ]

    assert found == [["100% sure_thing"], ["100% sure_thing"], []]


@pytest.mark.parametrize("cursor", ["x", "e30", "WzEsMl0", "W251bGwsbnVsbF0", "WyIyMDI2IiwieCJd"])
async def test_a_cursor_that_this_list_did_not_give_is_400(site: Site, cursor: str) -> None:
    """Never 500, and never somebody else's page."""
    answer = await site.ann.client.get("/api/v1/videos", params={"cursor": cursor})

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_cursor")


async def test_deleting_takes_the_bytes_too(site: Site) -> None:
    """204, then 404; the store is empty and no wish is left over."""
    video = (await upload(site.ann, b"some bytes")).json()

    assert (await site.ann.client.delete(f"/api/v1/videos/{video['id']}")).status_code == 204
    assert (await site.ann.client.get(f"/api/v1/videos/{video['id']}")).status_code == 404
    assert [found async for found in site.get(Store).list("")] == []
    assert await site.get(Deletions).sweep() == 0
    job = (await site.ann.client.get(f"/api/v1/jobs/{video['job_id']}")).json()
    assert job["state"] == "canceled"


async def test_a_video_in_a_project_is_deleted_only_by_force(site: Site) -> None:
    """409 names the projects; with force the clip stays and says what happened."""
    video = await site.ready_video()
    project = (
        await site.ann.client.post("/api/v1/projects", json={"title": "Trip", "clips": [{"video_id": video}]})
    ).json()

    refused = await site.ann.client.delete(f"/api/v1/videos/{video}")
    assert (refused.status_code, refused.json()["code"]) == (409, "video_in_use")
    assert refused.json()["projects"] == [{"id": project["id"], "title": "Trip"}]

    assert (await site.ann.client.delete(f"/api/v1/videos/{video}", params={"force": "true"})).status_code == 204
    after = (await site.ann.client.get(f"/api/v1/projects/{project['id']}")).json()
    assert [clip["problem"]["code"] for clip in after["clips"]] == ["video_deleted"]


async def test_only_an_errored_video_is_prepared_again(site: Site) -> None:
    """409 for a ready one; an errored one is preparing at once, with a job."""
    ready = await site.ready_video()
    errored = await site.ready_video(state="errored", error_code="truncated", error_message="It ends in the middle.")

    refused = await site.ann.client.post(f"/api/v1/videos/{ready}/retry")
    taken = await site.ann.client.post(f"/api/v1/videos/{errored}/retry")

    assert refused.status_code == 409
    assert taken.status_code == 202
    video = (await site.ann.client.get(f"/api/v1/videos/{errored}")).json()
    assert (video["state"], video["error"], video["job_id"]) == ("preparing", None, taken.json()["id"])


async def test_playback_of_what_is_not_ready_is_404(site: Site) -> None:
    """No link is made for bytes that are not verified."""
    video = (await upload(site.ann, b"some bytes")).json()

    answer = await site.ann.client.post(f"/api/v1/videos/{video['id']}/playback", json={"kind": "file"})

    assert answer.status_code == 404
    assert (await site.ann.client.get(f"/api/v1/videos/{new_id('vid')}/thumbnail")).status_code == 404
