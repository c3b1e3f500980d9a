"""Asset tokens: one file of one video for a program that knows a URL and nothing else."""

import httpx2
import pytest

from playhead.kit.ids import new_id
from tests.contract.delivery.shares.conftest import CONTENT
from tests.contract.delivery.shares.sharing import own_link
from tests.fixtures.site import Site


async def token(site: Site, video: str, **wish: object) -> dict[str, str]:
    """Make one."""
    answer = await site.ann.client.post(f"/api/v1/videos/{video}/asset-token", json=wish)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_a_token_is_enough(site: Site, video: str) -> None:
    """For GET with ranges and for HEAD, whatever else is shown: another's key or a bad one does not matter."""
    made = await token(site, video)
    rows: list[tuple[httpx2.AsyncClient, dict[str, str]]] = [
        (site.anonymous, {}),
        (site.bob.client, {}),
        (site.anonymous, {"Authorization": "Bearer ph_bad_key"}),
    ]
    for client, headers in rows:
        whole = await client.get(made["url"], headers=headers)
        part = await client.get(made["url"], headers={**headers, "Range": "bytes=3-5"})
        head = await client.head(made["url"], headers=headers)

        assert (whole.status_code, whole.content) == (200, CONTENT)
        assert (part.status_code, part.content) == (206, CONTENT[3:6])
        assert (head.status_code, head.headers["content-length"]) == (200, str(len(CONTENT)))


@pytest.mark.parametrize("bad", ["", "x", "..", "9999999999.k.s", "9" * 400, "é"])
async def test_a_bad_token_is_401_even_beside_a_good_session(site: Site, video: str, bad: str) -> None:
    for client in (site.anonymous, site.ann.client):
        answer = await client.get(f"/api/v1/assets/{video}", params={"token": bad})

        assert (answer.status_code, answer.json()["code"]) == (401, "asset_token_invalid")
        assert answer.headers["www-authenticate"].startswith("Bearer")
        assert answer.headers["cache-control"] == "no-store"


async def test_a_token_is_for_one_file_of_one_video(site: Site, video: str) -> None:
    """Another's, another kind's, one that was changed or ended, and the signature of a link are bad tokens."""
    made, other = await token(site, video), await site.ready_video()
    e, k, s = (part.partition("=")[2] for part in (await own_link(site.ann, video)).split("?")[1].split("&"))
    urls = [
        made["url"].replace(video, other),
        made["url"] + "&kind=poster",
        made["url"] + "&rendition=720p",
        made["url"].replace("token=", "token=1"),
        f"/api/v1/assets/{video}?token={e}.{k}.{s}",
    ]
    for url in urls:
        assert (await site.ann.client.get(url)).status_code == 401, url
    await site.ann.client.post(f"/api/v1/videos/{video}/playback/revoke")
    assert (await site.anonymous.get(made["url"])).status_code == 401
    assert (await site.anonymous.get((await token(site, video))["url"])).status_code == 200


async def test_without_a_token_it_is_the_owners(site: Site, video: str) -> None:
    path = f"/api/v1/assets/{video}"
    answers = [await client.get(path) for client in (site.anonymous, site.bob.client, site.ann.client)]

    assert [answer.status_code for answer in answers] == [401, 404, 200]


async def test_a_token_is_made_for_what_is_there(site: Site, video: str) -> None:
    rows: list[tuple[str, dict[str, object], int]] = [
        (video, {"kind": "poster"}, 404),
        (video, {"rendition": "720p"}, 404),
        (video, {"rendition": "720p", "kind": "poster"}, 400),
        (video, {"ttl_s": 59}, 422),
        (video, {"ttl_s": 259_201}, 422),
        (new_id("vid"), {}, 404),
        ("nonsense", {}, 404),
    ]
    for video_id, wish, status in rows:
        answer = await site.ann.client.post(f"/api/v1/videos/{video_id}/asset-token", json=wish)
        assert answer.status_code == status, wish
