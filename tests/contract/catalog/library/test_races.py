"""Two who organize the same videos at once, on databases that let both begin."""

import asyncio

from tests.fixtures.site import Site


async def test_the_same_tag_and_collection_from_several_at_once(site: Site) -> None:
    videos = [await site.ready_video() for _ in range(3)]
    client = site.ann.client
    collection = (await client.post("/api/v1/collections", json={"name": "Trip"})).json()["id"]
    change = {"add_tags": ["beach"], "add_to_collection": collection}

    answers = await asyncio.gather(
        *(client.post("/api/v1/videos/bulk", json=change | {"ids": ids}) for ids in (videos, videos[::-1]) * 3),
        *(client.put(f"/api/v1/collections/{collection}/videos", json={"ids": videos}) for _ in range(3)),
    )

    assert [answer.status_code for answer in answers] == [200] * 9
    assert (await client.get(f"/api/v1/collections/{collection}")).json()["videos"] == 3
