"""Delivery from a real S3 server that goes away and comes back."""

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import pytest

from playhead.delivery.links.target import Target
from playhead.storage.breaker import Breaker
from playhead.storage.guard import Guard
from tests.fixtures.clips import make_clip
from tests.fixtures.media_site import Site, wait_for
from tests.fixtures.remote_site import catalogued, serving_remote
from tests.fixtures.s3 import Restartable, restartable_server

Stored = Callable[[bytes], str]

CONTENT = bytes(n * 37 % 253 for n in range(5_000_000))


@pytest.fixture(scope="module")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Restartable]:
    with restartable_server(tmp_path_factory.mktemp("s3")) as s3:
        yield s3


@pytest.fixture
def bucket(s3: Restartable) -> str:
    return s3.server.new_bucket()


@pytest.fixture(params=["proxy"])
def site(
    s3: Restartable, bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[Site]:
    for name, value in s3.server.environment.items():
        monkeypatch.setenv(name, value)
    guard = Guard("the store", breaker=Breaker(rest_s=0.1, rest_max_s=0.2))
    with serving_remote(tmp_path, s3.server.store_url(bucket), mode=request.param, guard=guard) as site:
        yield site


@pytest.fixture
def client(site: Site) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=site.url, trust_env=False, timeout=120) as client:
        yield client


@pytest.fixture
def stored(s3: Restartable, site: Site, bucket: str) -> Stored:
    """Puts a video into the bucket, past our own code; gives its id."""

    def put(content: bytes) -> str:
        video_id = catalogued(site, content)
        key = site.catalog.rows[video_id, "file"].key
        s3.server.client().put_object(Bucket=bucket, Key=key, Body=content)
        return video_id

    return put


def test_a_whole_file_and_its_ranges_come_through(site: Site, client: httpx2.Client, stored: Stored) -> None:
    link = site.link(stored(CONTENT))

    whole, tail = client.get(link), client.get(link, headers={"Range": "bytes=-70000"})
    several = client.get(link, headers={"Range": "bytes=0-9,2000000-2000009"})

    assert (whole.status_code, whole.content) == (200, CONTENT)
    assert (tail.status_code, tail.content) == (206, CONTENT[-70_000:])
    assert tail.headers["content-range"] == "bytes 4930000-4999999/5000000"
    assert several.headers["content-type"].startswith("multipart/byteranges")
    assert CONTENT[2_000_000:2_000_010] in several.content
    wait_for(lambda: site.transfers("complete") == 3, "each is counted")


def test_while_the_store_is_down_a_viewer_is_told_and_then_it_plays_by_itself(
    s3: Restartable, site: Site, client: httpx2.Client, stored: Stored
) -> None:
    link = site.link(stored(CONTENT))
    assert client.get(link, headers={"Range": "bytes=0-9"}).content == CONTENT[:10]

    s3.stop()
    for _ in range(3):
        response = client.get(link)
        assert response.status_code == 503
        assert response.json()["code"] == "store_unavailable"
        assert int(response.headers["retry-after"]) >= 1
        assert "127.0.0.1" not in response.text
    assert client.head(link).status_code == 200

    s3.start()
    wait_for(lambda: client.get(link).content == CONTENT, "it plays again")


def test_a_read_that_the_store_breaks_off_is_finished_once_it_is_back(
    s3: Restartable, site: Site, client: httpx2.Client, stored: Stored
) -> None:
    """What lies in buffers on the way is played; the store is back before they are empty."""
    content = CONTENT * 12
    with client.stream("GET", site.link(stored(content))) as response:
        chunks = response.iter_bytes(100_000)
        got = bytearray(next(chunks))
        s3.stop()
        s3.start()
        for chunk in chunks:
            got += chunk

    assert got == content


def test_what_is_known_here_plays_on_while_the_store_is_down(
    s3: Restartable, site: Site, client: httpx2.Client, stored: Stored, tmp_path: Path
) -> None:
    clip = make_clip(tmp_path, seconds=4, size=(160, 90), gop=60, name="four.mp4").read_bytes()
    path, query = site.links.sign(Target.opening("hls", stored(clip))).path.split("?")
    folder = path.rpartition("/")[0]

    def piece(name: str) -> httpx2.Response:
        return client.get(f"{folder}/{name}?{query}")

    assert piece("video-0.m4s").status_code == 200
    s3.stop()
    assert [piece(name).status_code for name in ("index.m3u8", "video.m3u8", "video-init.mp4")] == [200] * 3
    assert piece("video-0.m4s").status_code == 503

    s3.start()
    wait_for(lambda: piece("video-0.m4s").status_code == 200, "it plays again")


@pytest.mark.parametrize("site", ["redirect"], indirect=True)
def test_a_redirect_asks_the_store_nothing(s3: Restartable, site: Site, client: httpx2.Client, stored: Stored) -> None:
    link = site.link(stored(CONTENT))

    s3.stop()
    response = client.get(link, headers={"Range": "bytes=5-9"})
    s3.start()

    assert response.status_code == 307
    assert httpx2.get(response.headers["location"], headers={"Range": "bytes=5-9"}).content == CONTENT[5:10]


@pytest.mark.parametrize("site", ["redirect"], indirect=True)
def test_the_next_redirect_of_a_link_is_given_without_the_application(
    site: Site, client: httpx2.Client, stored: Stored, direct: list[bool]
) -> None:
    link = site.link(stored(CONTENT))

    answers = [client.get(link, headers={"Range": "bytes=5-9"}) for _ in range(2)]

    assert direct == [False, True]
    first, second = ({**answer.headers, "date": "", "x-request-id": ""} for answer in answers)
    assert (first, [answer.status_code for answer in answers]) == (second, [307, 307])
    assert [client.head(link).status_code, client.get(link, headers={"If-None-Match": "*"}).status_code] == [200, 304]
    assert direct[2:] == [False, False]
