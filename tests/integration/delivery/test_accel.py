"""``X-Accel-Redirect`` through a real nginx, by the configuration that the guide shows."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from tests.fixtures.media_site import Site, serving, wait_for
from tests.fixtures.ports import free_port, listens
from tests.fixtures.remote_site import catalogued, serving_remote
from tests.fixtures.s3 import Restartable, restartable_server

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
GUIDE = Path(__file__).parents[3] / "docs" / "guides" / "nginx.md"
CONTENT = bytes(n * 29 % 241 for n in range(1_000_000))

pytestmark = pytest.mark.skipif(NGINX is None, reason="nginx is not installed (apt-get install nginx-light)")


@pytest.fixture(scope="module")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Restartable]:
    with restartable_server(tmp_path_factory.mktemp("s3")) as s3:
        yield s3


class Front:
    """nginx, and Playhead behind it."""

    def __init__(self, site: Site, url: str, s3: Restartable, bucket: str | None) -> None:
        self.site = site
        self.client = httpx2.Client(base_url=url, trust_env=False, timeout=120)
        self._s3, self._bucket = s3, bucket

    def add(self, content: bytes = CONTENT) -> str:
        """Store a video; a good link to it."""
        if self._bucket is None:
            return self.site.link(self.site.add(content))
        video_id = catalogued(self.site, content)
        key = self.site.catalog.rows[video_id, "file"].key
        self._s3.server.client().put_object(
            Bucket=self._bucket, Key=f"some/prefix/{key}", Body=content, ContentType="text/html"
        )
        return self.site.link(video_id)


@pytest.fixture(params=["local", "remote"])
def front(
    request: pytest.FixtureRequest, s3: Restartable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Front]:
    for name, value in s3.server.environment.items():
        monkeypatch.setenv(name, value)
    if request.param == "local":
        with serving(tmp_path, mode="accel") as site, nginx(tmp_path, site, s3) as url:
            yield Front(site, url, s3, None)
        return
    bucket = s3.server.new_bucket()
    store_url = s3.server.store_url(bucket, "some/prefix")
    with serving_remote(tmp_path, store_url, mode="accel") as site, nginx(tmp_path, site, s3) as url:
        yield Front(site, url, s3, bucket)


@contextmanager
def nginx(folder: Path, site: Site, s3: Restartable) -> Iterator[str]:
    """Run nginx in front of a site; gives its URL."""
    assert NGINX is not None
    port = free_port()
    found = re.search(r"```nginx\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    assert found is not None
    server = _replaced(
        found[1],
        {
            "listen 80;": f"listen 127.0.0.1:{port};",
            "server 127.0.0.1:8000;": f"server 127.0.0.1:{site.port};",
            "/var/lib/playhead/store/": f"{site.store.root}/",
            "https://videos.s3.eu-central-1.amazonaws.com/": f"{s3.server.endpoint}/",
        },
    )
    (folder / "logs").mkdir()
    config = folder / "nginx.conf"
    config.write_text(
        f"{'user root;' if os.geteuid() == 0 else ''} daemon off; worker_processes 1; pid {folder}/nginx.pid;"
        f"error_log {folder}/logs/error.log; events {{}}\n"
        f"http {{ access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;\n{server}}}\n"
    )
    command = [NGINX, "-e", f"{folder}/logs/error.log", "-p", str(folder), "-c", str(config)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        wait_for(lambda: process.poll() is not None or listens(port), "nginx listens")
        assert process.poll() is None, process.stderr and process.stderr.read()
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(60)


def _replaced(text: str, values: Mapping[str, str]) -> str:
    for old, new in values.items():
        assert old in text, f"the guide has no {old!r}"
        text = text.replace(old, new)
    return text


def test_nginx_sends_the_file_with_what_playhead_says_of_it(front: Front) -> None:
    link = front.add()
    response = front.client.get(link)

    assert (response.status_code, response.content) == (200, CONTENT)
    assert response.headers["server"].startswith("nginx")
    assert response.headers["content-type"] == "video/mp4"
    assert response.headers["content-disposition"] == 'inline; filename="My film.mp4"'
    assert response.headers["cache-control"].startswith("private, max-age=")
    assert response.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in response.headers["content-security-policy"]
    assert response.headers["etag"] == front.client.head(link).headers["etag"]
    assert response.headers["last-modified"] == "Wed, 01 May 2024 12:00:00 GMT"
    assert response.headers.get_list("accept-ranges") == ["bytes"]
    assert not [name for name in response.headers if name.startswith(("x-accel", "x-amz", "x-playhead"))]
    assert front.site.transfers("complete") == 0


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [("bytes=0-0", 0, 1), ("bytes=5-", 5, 1_000_000), ("bytes=-70000", 930_000, 1_000_000), ("bytes=9-99", 9, 100)],
)
def test_a_player_can_seek(front: Front, asked: str, start: int, end: int) -> None:
    response = front.client.get(front.add(), headers={"Range": asked})

    assert response.status_code == 206
    assert response.headers["content-range"] == f"bytes {start}-{end - 1}/1000000"
    assert response.content == CONTENT[start:end]


def test_several_ranges_are_answered_by_playhead(front: Front) -> None:
    response = front.client.get(front.add(), headers={"Range": "bytes=0-9,500000-500009"})

    assert response.headers["content-type"].startswith("multipart/byteranges")
    assert CONTENT[:10] in response.content
    assert CONTENT[500_000:500_010] in response.content


def test_conditions_are_judged_by_our_tag(front: Front) -> None:
    link = front.add()
    etag = front.client.head(link).headers["etag"]

    def status(**headers: str) -> int:
        return front.client.get(link, headers={k.replace("_", "-"): v for k, v in headers.items()}).status_code

    assert status(If_None_Match=etag) == 304
    assert status(If_None_Match='"other"') == 200
    assert status(If_Match=etag) == 200
    assert status(If_Match='"other"') == 412
    assert status(If_Range=etag, Range="bytes=0-9") == 206
    assert status(If_Range='"other"', Range="bytes=0-9") == 200
    assert status(If_Modified_Since="Wed, 01 May 2024 12:00:00 GMT") == 304
    assert status(If_Unmodified_Since="Wed, 01 May 2024 12:00:00 GMT") == 200
    assert status(Range="bytes=1000000-") == 416


def test_head_tells_the_length(front: Front) -> None:
    response = front.client.head(front.add())

    assert (response.status_code, response.headers["content-length"]) == (200, "1000000")


def test_nobody_gets_in_by_nginx_alone(front: Front) -> None:
    link = front.add()
    key = front.site.catalog.rows[link.split("/")[2], "file"].key

    for path in (f"/_playhead/store/{key}", f"/_playhead/remote/{key}"):
        assert front.client.get(path).status_code == 404
    assert front.client.get(re.sub(r"s=....", "s=AAAA", link)).status_code == 403


@pytest.mark.parametrize("front", ["local"], indirect=True)
def test_a_local_file_that_is_gone_is_a_problem_of_ours(front: Front) -> None:
    video_id = front.site.add(CONTENT)
    front.site.path_of(video_id).unlink()

    response = front.client.get(front.site.link(video_id))
    assert (response.status_code, response.json()["code"]) == (404, "media_not_found")


@pytest.mark.parametrize("front", ["remote"], indirect=True)
def test_a_store_that_is_down_is_a_clear_problem(front: Front, s3: Restartable) -> None:
    link = front.add()
    s3.stop()
    response = front.client.get(link)
    s3.start()

    assert (response.status_code, response.json()["code"]) == (502, "store_unavailable")
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["cache-control"] == "no-store"
    wait_for(lambda: front.client.get(link).content == CONTENT, "it plays again")
