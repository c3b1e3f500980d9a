"""Signed links over a real server: what players and curl do."""

import http.client
import os
import re

import httpx2
import pytest

from playhead.access.access import Access
from playhead.delivery.links.target import Target
from playhead.kit.clock import utc_now
from tests.fixtures.media_site import Site, wait_for

CONTENT = os.urandom(300_000)


def problem(response: httpx2.Response) -> tuple[int, str]:
    """Status and code of an error, after checking what all errors share."""
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["cache-control"] == "no-store"
    body = response.json()
    assert body["request_id"] == response.headers["x-request-id"]
    return response.status_code, body["code"]


def test_a_link_plays_the_whole_file(site: Site, client: httpx2.Client) -> None:
    response = client.get(site.link(site.add(CONTENT)))

    assert response.status_code == 200
    assert response.content == CONTENT
    assert response.headers["content-type"] == "video/mp4"
    assert response.headers["accept-ranges"] == "bytes"
    assert response.headers["last-modified"] == "Wed, 01 May 2024 12:00:00 GMT"
    assert re.fullmatch(r'"[0-9a-f]{32}"', response.headers["etag"])


def test_media_can_be_cached_by_the_browser_alone_and_until_the_link_expires(site: Site, client: httpx2.Client) -> None:
    link = site.links.sign(Target("file", site.add(CONTENT)), ttl_s=600).path

    match = re.fullmatch(r"private, max-age=(\d+), immutable", client.get(link).headers["cache-control"])
    assert match is not None
    assert 500 < int(match[1]) <= 600


def test_media_cannot_act_as_a_page(site: Site, client: httpx2.Client) -> None:
    headers = client.get(site.link(site.add(CONTENT))).headers

    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-resource-policy"] == "same-site"
    policy = headers["content-security-policy"].split("; ")
    assert "default-src 'none'" in policy
    assert "sandbox allow-same-origin" in policy
    assert "script" not in headers["content-security-policy"]
    assert headers["content-disposition"] == 'inline; filename="My film.mp4"'


@pytest.mark.parametrize(
    ("asked", "span"),
    [
        ("bytes=0-0", (0, 1)),
        ("bytes=100-299", (100, 300)),
        ("bytes=262100-262200", (262_100, 262_201)),
        ("bytes=299999-", (299_999, 300_000)),
        ("bytes=-300", (299_700, 300_000)),
        ("bytes=-999999", (0, 300_000)),
        ("bytes=0-", (0, 300_000)),
    ],
)
def test_a_player_can_seek(site: Site, client: httpx2.Client, asked: str, span: tuple[int, int]) -> None:
    response = client.get(site.link(site.add(CONTENT)), headers={"Range": asked})

    start, end = span
    assert response.status_code == 206
    assert response.headers["content-range"] == f"bytes {start}-{end - 1}/300000"
    assert response.content == CONTENT[start:end]


def test_several_ranges_come_as_multipart(site: Site, client: httpx2.Client) -> None:
    response = client.get(site.link(site.add(CONTENT)), headers={"Range": "bytes=0-9,200000-200009"})

    assert response.status_code == 206
    assert "content-range" not in response.headers
    boundary = response.headers["content-type"].partition("boundary=")[2].encode()
    _, first, second, end = response.content.split(b"--" + boundary)
    assert first.partition(b"\r\n\r\n")[2] == CONTENT[:10] + b"\r\n"
    assert second.partition(b"\r\n\r\n")[2] == CONTENT[200_000:200_010] + b"\r\n"
    assert end == b"--\r\n"


def test_a_range_outside_the_file_is_416_with_its_length(site: Site, client: httpx2.Client) -> None:
    response = client.get(site.link(site.add(CONTENT)), headers={"Range": "bytes=300000-"})

    assert problem(response) == (416, "range_not_satisfiable")
    assert response.headers["content-range"] == "bytes */300000"


def test_a_client_that_holds_the_file_gets_no_bytes(site: Site, client: httpx2.Client) -> None:
    link = site.link(site.add(CONTENT))
    etag = client.head(link).headers["etag"]

    response = client.get(link, headers={"If-None-Match": f'"other", W/{etag}', "Range": "bytes=0-9"})

    assert (response.status_code, response.content) == (304, b"")
    assert response.headers["etag"] == etag
    assert response.headers["cache-control"].startswith("private, max-age=")
    assert "content-length" not in response.headers


def test_a_precondition_that_does_not_hold_is_412(site: Site, client: httpx2.Client) -> None:
    response = client.get(site.link(site.add(CONTENT)), headers={"If-Match": '"other"'})

    assert problem(response) == (412, "media_changed")


def test_a_resumed_download_starts_anew_when_the_file_is_another(site: Site, client: httpx2.Client) -> None:
    response = client.get(site.link(site.add(CONTENT)), headers={"Range": "bytes=100-", "If-Range": '"older"'})

    assert (response.status_code, response.content) == (200, CONTENT)


def test_repeated_header_lines_are_one_list(site: Site, client: httpx2.Client) -> None:
    link = site.link(site.add(CONTENT))
    etag = client.head(link).headers["etag"]

    response = client.get(link, headers=[("If-None-Match", '"other"'), ("If-None-Match", etag)])

    assert response.status_code == 304


def test_head_tells_what_get_would_send(site: Site, client: httpx2.Client) -> None:
    link = site.link(site.add(CONTENT))

    head, get = client.head(link, headers={"Range": "bytes=0-9"}), client.get(link)

    assert (head.status_code, head.content) == (200, b"")
    drop = {"date", "x-request-id", "cache-control"}
    assert {k: v for k, v in head.headers.items() if k not in drop} == {
        k: v for k, v in get.headers.items() if k not in drop
    }


def test_an_empty_file_is_200_with_nothing(site: Site, client: httpx2.Client) -> None:
    response = client.get(site.link(site.add(b"")), headers={"Range": "bytes=0-"})

    assert (response.status_code, response.headers["content-length"], response.content) == (200, "0", b"")


def test_one_connection_lives_through_every_kind_of_answer(site: Site) -> None:
    link = site.link(site.add(CONTENT))
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=120)
    connection.connect()
    connection.auto_open = 0  # from here on a new connection would be an error
    seen = []
    for method, headers in [
        ("GET", {"Range": "bytes=5-9"}),
        ("HEAD", {}),
        ("HEAD", {"Range": "bytes=5-9"}),
        ("GET", {"Range": "bytes=900000-"}),
        ("GET", {"If-None-Match": "*"}),
        ("GET", {"If-Match": '"x"'}),
        ("GET", {"Range": "bytes=0-1,5-6"}),
        ("HEAD", {"If-Match": '"x"'}),
        ("GET", {}),
    ]:
        connection.request(method, link, headers=headers)
        response = connection.getresponse()
        seen.append((response.status, len(response.read())))
    connection.close()

    assert [status for status, _ in seen] == [206, 200, 200, 416, 304, 412, 206, 412, 200]
    assert (seen[0][1], seen[1][1], seen[2][1], seen[4][1], seen[8][1]) == (5, 0, 0, 0, 300_000)


def test_a_download_keeps_its_own_name(site: Site, client: httpx2.Client) -> None:
    video_id = site.add(CONTENT, filename="Ünïcode – 日本.mp4")

    response = client.get(site.links.sign(Target("file", video_id), download=True).path)

    assert response.headers["content-disposition"] == (
        "attachment; filename=\"Unicode.mp4\"; filename*=UTF-8''%C3%9Cn%C3%AFcode%20%E2%80%93%20%E6%97%A5%E6%9C%AC.mp4"
    )


def test_a_poster_link_shows_the_picture(site: Site, client: httpx2.Client) -> None:
    video_id = site.add(b"\xff\xd8jpeg", kind="poster")

    response = client.get(site.links.sign(Target("poster", video_id)).path)

    assert (response.content, response.headers["content-type"]) == (b"\xff\xd8jpeg", "image/jpeg")
    assert "content-disposition" not in response.headers


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_bytes_that_are_gone_are_404(site: Site, client: httpx2.Client, method: str) -> None:
    video_id = site.add(CONTENT)
    site.path_of(video_id).unlink()

    assert client.request(method, site.link(video_id)).status_code == 404


def test_bytes_that_are_others_are_404(site: Site, client: httpx2.Client) -> None:
    """The catalog promised a length and a hash; a file of another length is not that file."""
    video_id = site.add(CONTENT)
    os.truncate(site.path_of(video_id), 1000)

    assert problem(client.get(site.link(video_id))) == (404, "media_not_found")
    wait_for(lambda: site.open_descriptors() == [], "the file is closed")


def test_a_pipe_in_place_of_a_file_is_404_and_hangs_nobody(site: Site, client: httpx2.Client) -> None:
    video_id = site.add(CONTENT)
    site.path_of(video_id).unlink()
    os.mkfifo(site.path_of(video_id))

    assert problem(client.get(site.link(video_id))) == (404, "media_not_found")


def test_a_video_that_was_deleted_is_404(site: Site, client: httpx2.Client) -> None:
    video_id = site.add(CONTENT)
    site.catalog.rows.clear()

    assert problem(client.get(site.link(video_id))) == (404, "media_not_found")


def test_a_name_that_is_no_file_of_a_video_is_404(site: Site, client: httpx2.Client) -> None:
    link = site.link(site.add(CONTENT)).replace("original.mp4", "..%2fsecrets")

    assert client.get(link).status_code == 404


@pytest.mark.parametrize(
    ("pattern", "replacement"),
    [
        (r"\?.*", ""),
        (r"s=[^&]*", "s="),
        (r"s=....", "s=AAAA"),
        (r"e=\d+", "e=99999999999"),
        (r"e=\d+", "e=soon"),
        (r"e=\d+", "e=-1"),
        (r"e=\d+", "e=" + "9" * 5000),
        (r"k=[^&]*", "k=other"),
        (r"$", "&d=1"),
        (r"original\.mp4", "poster.jpg"),
        (r"vid_[^/]*", "vid_00000000000000000000000000"),
        (r"vid_[^/]*", "x"),
    ],
)
def test_an_altered_link_is_403(site: Site, client: httpx2.Client, pattern: str, replacement: str) -> None:
    link = re.sub(pattern, replacement, site.link(site.add(CONTENT)), count=1)

    assert problem(client.get(link)) == (403, "signature_invalid")


def test_an_expired_link_is_403_with_its_own_code(site: Site, client: httpx2.Client) -> None:
    video_id = site.add(CONTENT)
    expired = int(utc_now().timestamp()) - 1
    signature = site.services.get(Access).signer.sign("file", video_id, expired)

    response = client.get(
        f"/v/{video_id}/original.mp4", params={"e": expired, "k": signature.key_id, "s": signature.text}
    )

    assert problem(response) == (403, "signature_expired")


def test_a_link_is_read_before_the_catalog_is_asked(site: Site, client: httpx2.Client) -> None:
    """A stranger cannot find out which videos exist."""
    there, nowhere = site.add(CONTENT), "vid_01k3q9h2v7e8t9m5x0c4d6f8ga"

    answers = [client.get(f"/v/{video_id}/original.mp4") for video_id in (there, nowhere)]

    assert [problem(answer) for answer in answers] == [(403, "signature_invalid")] * 2


def test_the_ending_of_the_name_is_for_players_only(site: Site, client: httpx2.Client) -> None:
    link = site.link(site.add(CONTENT)).replace("original.mp4", "original.html")

    assert client.get(link).headers["content-type"] == "video/mp4"
