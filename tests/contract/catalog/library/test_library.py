"""Collections, tags, saved searches, watch marks and changes of many videos, over HTTP."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures.site import Member, Site, open_site


@pytest.fixture
async def site(tmp_path: Path, sqlite_url: str) -> AsyncIterator[Site]:
    """Any database does."""
    async with open_site(tmp_path, sqlite_url) as opened:
        yield opened


async def call(member: Member, method: str, path: str, status: int = 200, **options: Any) -> Any:
    answer = await member.client.request(method, f"/api/v1{path}", **options)
    assert answer.status_code == status, answer.text
    return answer.json() if answer.content else None


async def titles(member: Member, **filters: Any) -> list[str]:
    page = await call(member, "GET", "/videos", params={"sort": "title", **filters})
    return [video["title"] for video in page["items"]]


async def test_a_video_is_in_several_collections_and_outlives_them(site: Site) -> None:
    one, two = [await site.ready_video(title=title) for title in ("One", "Two")]
    theirs = await site.ready_video(site.bob, title="Theirs")
    trip = await call(site.ann, "POST", "/collections", 201, json={"name": "  Harbour\n trip "})
    best = await call(site.ann, "POST", "/collections", 201, json={"name": "best"})

    added = await call(site.ann, "PUT", f"/collections/{trip['id']}/videos", json={"ids": [one, two, theirs, "no id"]})
    again = await call(site.ann, "PUT", f"/collections/{trip['id']}/videos", json={"ids": [one]})
    await call(site.ann, "PUT", f"/collections/{best['id']}/videos", json={"ids": [one]})

    assert (trip["name"], added["changed"], again["changed"]) == ("Harbour trip", [one, two], [])
    assert await titles(site.ann, collection_id=trip["id"]) == ["One", "Two"]
    listed = await call(site.ann, "GET", "/collections")
    assert [(each["name"], each["videos"]) for each in listed["items"]] == [("best", 1), ("Harbour trip", 2)]

    taken = await call(site.ann, "DELETE", f"/collections/{trip['id']}/videos", json={"ids": [two, theirs]})
    assert (taken["changed"], taken["collection"]["videos"]) == ([two], 1)
    await call(site.ann, "DELETE", f"/collections/{trip['id']}", 204)
    assert await titles(site.ann) == ["One", "Two"]
    assert await titles(site.ann, collection_id=best["id"]) == ["One"]


async def test_names_of_collections_are_an_owners_own(site: Site) -> None:
    made = await call(site.ann, "POST", "/collections", 201, json={"name": "Trip"})

    same = await call(site.ann, "POST", "/collections", 409, json={"name": "TRIP"})
    await call(site.bob, "POST", "/collections", 201, json={"name": "Trip"})
    await call(site.bob, "PATCH", f"/collections/{made['id']}", 404, json={"name": "Mine"})
    await call(site.ann, "POST", "/collections", 400, json={"name": " \n "})
    renamed = await call(site.ann, "PATCH", f"/collections/{made['id']}", json={"name": "trip"})

    assert (same["code"], renamed["name"]) == ("collection_exists", "trip")


async def test_tags_are_folded_counted_and_found(site: Site) -> None:
    one, two = [await site.ready_video(title=title) for title in ("One", "Two")]
    video = await call(site.ann, "PATCH", f"/videos/{one}", json={"tags": ["Beach", "#beach", " Summer\n2026 "]})
    await call(site.ann, "PATCH", f"/videos/{two}", json={"tags": ["beach", "boat"]})

    assert (video["tags"], video["version"]) == (["beach", "summer 2026"], 2)
    assert await titles(site.ann, tag="BEACH") == ["One", "Two"]
    assert await titles(site.ann, tag=["beach", "boat"]) == ["Two"]
    found = await call(site.ann, "GET", "/tags", params={"search": "B"})
    assert found["items"] == [{"tag": "beach", "videos": 2}, {"tag": "boat", "videos": 1}]
    assert (await call(site.bob, "GET", "/tags"))["items"] == []

    many = [f"tag {number}" for number in range(51)]
    assert (await call(site.ann, "PATCH", f"/videos/{one}", 400, json={"tags": many}))["code"] == "too_many_tags"
    assert (await call(site.ann, "PATCH", f"/videos/{one}", 400, json={"tags": ["x" * 51]}))["code"] == "tag_invalid"
    assert (await call(site.ann, "GET", f"/videos/{one}"))["tags"] == ["beach", "summer 2026"]


async def test_many_videos_change_in_one_request_and_back(site: Site) -> None:
    """What was so already is in neither list, so that the opposite change undoes this one exactly."""
    one, two = [await site.ready_video(title=title) for title in ("One", "Two")]
    await call(site.ann, "PATCH", f"/videos/{one}", json={"tags": ["beach"]})
    theirs = await site.ready_video(site.bob)
    trip = await call(site.ann, "POST", "/collections", 201, json={"name": "Trip"})

    async def bulk(ids: list[str], status: int = 200, **change: Any) -> Any:
        return await call(site.ann, "POST", "/videos/bulk", status, json={"ids": ids, **change})

    tagged = await bulk([one, two, theirs], add_tags=["Beach"])
    filed = await bulk([one, two], add_to_collection=trip["id"])

    assert (tagged["changed"], [each["id"] for each in tagged["failed"]]) == ([two], [theirs])
    assert tagged["failed"][0]["code"] == "video_not_found"
    assert filed["changed"] == [one, two]
    await bulk(tagged["changed"], remove_tags=["beach"])
    assert await titles(site.ann, tag="beach") == ["One"]

    project = {"title": "Harbour", "clips": [{"video_id": two}]}
    await call(site.ann, "POST", "/projects", 201, json=project)
    gone = await bulk([one, two], trash=True)
    assert (gone["changed"], [each["code"] for each in gone["failed"]]) == ([one], ["video_in_use"])
    assert await titles(site.ann, collection_id=trip["id"]) == ["Two"]
    assert (await bulk([one], restore=True))["changed"] == [one]
    assert await titles(site.ann, collection_id=trip["id"]) == ["One", "Two"]

    await bulk([one], 400)
    await bulk([one], 400, trash=True, add_tags=["x"])
    await bulk([one], 404, add_to_collection="col_gone")
    await bulk([f"vid_{number}" for number in range(1001)], 422, add_tags=["x"])


async def test_a_position_is_kept_for_each_viewer_and_ends_as_watched(site: Site) -> None:
    film = await site.ready_video(title="Film", duration_s=100.0)
    await site.ready_video(title="Other")

    begun = await call(site.ann, "PUT", f"/videos/{film}/watch", json={"position_s": 42.04})
    listed = await call(site.ann, "GET", "/videos/continue")

    assert (begun["position_s"], begun["watched"]) == (42.0, False)
    assert [video["watch"]["position_s"] for video in listed["items"]] == [42.0]
    assert await titles(site.ann, watched="begun") == ["Film"]
    await call(site.bob, "PUT", f"/videos/{film}/watch", 404, json={"position_s": 3})

    soon = await call(site.ann, "PUT", f"/videos/{film}/watch", json={"position_s": 95})
    assert soon["position_s"] == 42.0, "a report within a second of the last is not written"
    await call(site.ann, "PUT", f"/videos/{film}/watch", json={"watched": True})
    assert await titles(site.ann, watched="watched") == ["Film"]
    assert await titles(site.ann, watched="unwatched") == ["Other"]
    assert (await call(site.ann, "GET", "/videos/continue"))["items"] == []
    await call(site.ann, "PUT", f"/videos/{film}/watch", json={"watched": False})
    assert await titles(site.ann, watched="watched") == []


async def test_an_admin_lists_the_videos_of_all(site: Site) -> None:
    await site.ready_video(title="Mine")
    await site.ready_video(site.bob, title="Theirs")
    await call(site.ann, "GET", "/videos", 403, params={"owner": "all"})
    await site.make_admin(site.ann)

    assert await titles(site.ann) == ["Mine"]
    assert await titles(site.ann, owner="all") == ["Mine", "Theirs"]
    assert await titles(site.ann, owner=site.bob.user.id) == ["Theirs"]


async def test_every_order_goes_on_page_by_page(site: Site) -> None:
    """Also by columns that hold words, and where a value is missing."""
    made = [
        await site.ready_video(title=f"Clip {number}", video_codec=codec, height=height)
        for number, (codec, height) in enumerate([("h264", 720), ("av1", None), (None, 1080), ("h264", 360)])
    ]
    for sort in ("video_codec", "-video_codec", "-height", "origin", "-state", "-watched_at"):
        seen, cursor = [], None
        for _ in made:
            page = await call(
                site.ann, "GET", "/videos", params={"sort": sort, "limit": 1, **({"cursor": cursor} if cursor else {})}
            )
            seen += [video["id"] for video in page["items"]]
            cursor = page["next_cursor"]
        assert (sorted(seen), cursor) == (sorted(made), None), sort


async def test_searches_are_saved_renamed_and_forgotten(site: Site) -> None:
    query = {"search": "beach", "tag": "boat", "sort": "-size_bytes"}
    made = await call(site.ann, "POST", "/searches", 201, json={"name": "Big boats", "query": query})

    await call(site.ann, "POST", "/searches", 409, json={"name": "big boats", "query": {}})
    await call(site.ann, "POST", "/searches", 400, json={"name": "Long", "query": {"search": "x" * 5000}})
    renamed = await call(site.ann, "PATCH", f"/searches/{made['id']}", json={"name": "Boats"})
    await call(site.bob, "DELETE", f"/searches/{made['id']}", 404)

    assert (renamed["name"], renamed["query"]) == ("Boats", query)
    await call(site.ann, "DELETE", f"/searches/{made['id']}", 204)
    assert (await call(site.ann, "GET", "/searches"))["items"] == []
