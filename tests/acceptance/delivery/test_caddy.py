"""Playhead behind a real Caddy, by the configuration that the guide shows: TLS and HTTP/2."""

import json
import random
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fixtures.media_site import wait_for
from tests.fixtures.ports import free_port, listens
from tests.fixtures.server import Server
from tests.fixtures.stored_videos import link_to, put_bytes

CADDY, CURL = shutil.which("caddy"), shutil.which("curl")
GUIDE = Path(__file__).parents[3] / "docs" / "guides" / "caddy.md"
CONTENT = random.Random(2).randbytes(8_000_000)

pytestmark = pytest.mark.skipif(CADDY is None or CURL is None, reason="caddy or curl is not installed")


@pytest.fixture(scope="module")
def front(media_server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Caddy before the server, with a certificate that it made itself."""
    folder = tmp_path_factory.mktemp("caddy")
    port, process = _start(folder, media_server.url.removeprefix("http://"))
    assert process.poll() is None, (folder / "log").read_text()
    try:
        yield f"https://localhost:{port}"
    finally:
        process.terminate()
        process.wait(60)


def _start(folder: Path, behind: str) -> "tuple[int, subprocess.Popen[bytes]]":
    """Run Caddy by the guide's configuration; it listens, or has ended."""
    found = re.search(r"```caddy\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    assert found is not None
    port = free_port()
    here = f"https://localhost:{port} {{\n    bind 127.0.0.1\n    tls internal"
    site = found[1].replace("video.example.com {", here).replace("127.0.0.1:8000", behind)
    options = "admin off\n auto_https disable_redirects\n skip_install_trust"
    (folder / "Caddyfile").write_text(f"{{\n {options}\n}}\n{site}")
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "XDG_DATA_HOME": str(folder)}
    with (folder / "log").open("wb") as log:
        command = [str(CADDY), "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    wait_for(lambda: process.poll() is not None or listens(port), "Caddy listens")
    return port, process


def curl(*words: object) -> bytes:
    done = subprocess.run(
        [str(CURL), "-q", "-sSk", "--http2", "--noproxy", "*", *map(str, words)],
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_video_and_its_ranges_come_by_http_2(front: str, media_server: Server, tmp_path: Path) -> None:
    """Whole, from the middle, and three ranges side by side on one connection."""
    url = front + link_to(media_server, put_bytes(media_server, CONTENT))
    facts = "%{http_version} %{response_code} %{size_download}\n"

    whole = curl("-o", tmp_path / "whole", "-w", facts, url)
    parts = [
        ("-r", f"{start}-{start + 999_999}", "-o", tmp_path / str(start), url) for start in (0, 5_000_000, 7_000_000)
    ]
    ranges = curl(
        "-Z",
        "-w",
        facts,
        *parts[0],
        *("--next", "-sSk", "-w", facts, *parts[1]),
        "--next",
        "-sSk",
        "-w",
        facts,
        *parts[2],
    )

    assert whole.decode() == f"2 200 {len(CONTENT)}\n"
    assert (tmp_path / "whole").read_bytes() == CONTENT
    assert ranges.decode() == "2 206 1000000\n" * 3
    assert (tmp_path / "5000000").read_bytes() == CONTENT[5_000_000:6_000_000]


def test_an_upload_and_its_live_feed_come_by_http_2(front: str, media_server: Server, tmp_path: Path) -> None:
    """The body is stored byte for byte; the feed of its job says at once what is known, and ends with the job."""
    key = ("-H", f"Authorization: Bearer {media_server.admin_key}")
    (tmp_path / "body").write_bytes(CONTENT)

    video = json.loads(
        curl(*key, "-H", "Content-Type: video/mp4", "-X", "POST", "-T", tmp_path / "body", f"{front}/api/v1/videos")
    )
    job = media_server.get("/api/v1/jobs?kind=ingest&limit=1")["items"][0]
    feed = curl("-N", *key, f"{front}/api/v1/jobs/{job['id']}/events")

    assert video["size_bytes"] == len(CONTENT)
    assert job["video_id"] == video["id"]
    assert feed.decode().count("event: job") >= 1
    assert '"code": "not_a_video"' in feed.decode()
