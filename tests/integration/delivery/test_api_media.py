"""Media for API clients, and the minting of links."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest

from playhead.kit.clock import utc_now
from tests.fixtures.media_site import Site

CONTENT = b"0123456789" * 100
ANN = {"Test-User": "ann"}
ROUTES = [("GET", "stream"), ("HEAD", "stream"), ("GET", "thumbnail"), ("HEAD", "thumbnail"), ("POST", "playback")]


def ask(client: httpx2.Client, method: str, video_id: str, what: str, **headers: str) -> httpx2.Response:
    body = {"kind": "file"} if method == "POST" else None
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.request(method, f"/api/v1/videos/{video_id}/{what}", headers=headers, json=body)


@pytest.mark.parametrize(("method", "what"), ROUTES)
def test_anonymous(site: Site, client: httpx2.Client, method: str, what: str) -> None:
    assert ask(client, method, site.add(CONTENT), what).status_code == 401


@pytest.mark.parametrize(("method", "what"), ROUTES)
def test_other_user(site: Site, client: httpx2.Client, method: str, what: str) -> None:
    assert ask(client, method, site.add(CONTENT), what, test_user="bob").status_code == 404


@pytest.mark.parametrize(("method", "what"), ROUTES)
def test_a_key_without_the_scope(site: Site, client: httpx2.Client, method: str, what: str) -> None:
    assert ask(client, method, site.add(CONTENT, owner="narrow"), what, test_user="narrow").status_code == 403


@pytest.mark.parametrize("video_id", ["vid_01k3q9h2v7e8t9m5x0c4d6f8ga", "x", "%00", "..%2f..%2fetc"])
@pytest.mark.parametrize(("method", "what"), ROUTES)
def test_a_video_that_is_not_there(client: httpx2.Client, method: str, what: str, video_id: str) -> None:
    assert ask(client, method, video_id, what, test_user="ann").status_code == 404


def test_the_owner_streams_with_ranges_and_revalidates(site: Site, client: httpx2.Client) -> None:
    video_id = site.add(CONTENT)

    part = ask(client, "GET", video_id, "stream", test_user="ann", range="bytes=-5")
    again = ask(client, "GET", video_id, "stream", test_user="ann", if_none_match=part.headers["etag"])

    assert (part.status_code, part.content) == (206, b"56789")
    assert part.headers["cache-control"] == "private, no-cache"
    assert again.status_code == 304


def test_an_admin_may_read_any(site: Site, client: httpx2.Client) -> None:
    assert ask(client, "GET", site.add(CONTENT), "stream", test_user="admin").content == CONTENT


def test_a_stream_can_be_saved(site: Site, client: httpx2.Client) -> None:
    response = client.get(f"/api/v1/videos/{site.add(CONTENT)}/stream?download=true", headers=ANN)

    assert response.headers["content-disposition"] == 'attachment; filename="My film.mp4"'


def test_a_poster_that_is_missing_is_404_and_not_500(site: Site, client: httpx2.Client) -> None:
    lost = site.add(CONTENT, kind="poster")
    site.path_of(lost, "poster").unlink()

    assert ask(client, "GET", site.add(CONTENT), "thumbnail", test_user="ann").status_code == 404
    assert ask(client, "GET", lost, "thumbnail", test_user="ann").status_code == 404


def playback(client: httpx2.Client, video_id: str, **body: Any) -> httpx2.Response:
    return client.post(f"/api/v1/videos/{video_id}/playback", json=body, headers=ANN)


def test_a_minted_link_plays_without_any_credential(site: Site, client: httpx2.Client) -> None:
    video_id = site.add(CONTENT)

    response = playback(client, video_id, kind="file", ttl_s=600)

    made = response.json()
    expires = datetime.fromisoformat(made["expires_at"])
    assert response.headers["cache-control"] == "no-store"
    assert made["url"] == site.url + made["path"]
    assert made["path"].startswith(f"/v/{video_id}/original.mp4?")
    assert timedelta(0) <= utc_now().astimezone(UTC) + timedelta(seconds=600) - expires < timedelta(seconds=60)
    assert client.get(made["url"]).content == CONTENT


def test_a_minted_download_saves_the_file(site: Site, client: httpx2.Client) -> None:
    made = playback(client, site.add(CONTENT), download=True).json()

    assert client.get(made["url"]).headers["content-disposition"].startswith("attachment;")


def test_a_poster_link_needs_a_poster(site: Site, client: httpx2.Client) -> None:
    with_one, without = site.add(b"jpeg", kind="poster"), site.add(CONTENT)

    assert client.get(playback(client, with_one, kind="poster").json()["url"]).content == b"jpeg"
    assert playback(client, without, kind="poster").status_code == 404


def test_what_is_no_mp4_has_no_stream_and_says_so(site: Site, client: httpx2.Client) -> None:
    response = playback(client, site.add(CONTENT), kind="hls")

    assert (response.status_code, response.json()["code"]) == (404, "hls_not_available")
    assert "it is no MP4" in response.json()["detail"]


@pytest.mark.parametrize("body", [{"ttl_s": 59}, {"ttl_s": 604_801}, {"kind": "dvd"}, {"ttl": 600}])
def test_a_malformed_wish_is_422(site: Site, client: httpx2.Client, body: dict[str, Any]) -> None:
    assert playback(client, site.add(CONTENT), **body).status_code == 422


def test_openapi_names_each_operation_once_and_its_errors(client: httpx2.Client) -> None:
    paths = client.get("/openapi.json").json()["paths"]

    ids = [operation["operationId"] for methods in paths.values() for operation in methods.values()]
    assert len(ids) == len(set(ids)) == 8
    assert {"200", "206", "304", "403", "404", "412", "416"} <= paths["/v/{video_id}/{name}"]["get"]["responses"].keys()
