"""A cache in front: nginx, configured as the guide says, over a server that lets it keep media."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest

from tests.fixtures.media_site import Site, serving, wait_for
from tests.fixtures.ports import free_port, listens

GUIDE = Path(__file__).parents[3] / "docs/guides/cdn.md"
CONTENT = bytes(range(256)) * 20_000
PATHS = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def configuration(folder: Path, origin_port: int, port: int) -> str:
    """The guide's configuration on these ports, and what nginx needs around it to run here as anybody."""
    found = re.search(r"```nginx\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    assert found is not None
    site = (
        found[1].replace("/var/cache/playhead", f"{folder}/cache").replace("127.0.0.1:8000", f"127.0.0.1:{origin_port}")
    )
    temporary = "".join(f"{name}_temp_path {folder}/{name}; " for name in PATHS)
    head = f"daemon off; pid {folder}/pid; error_log {folder}/error.log;\nevents {{}}\n"
    user = "user root;\n" if os.geteuid() == 0 else ""
    site = site.replace("listen 80;", f"listen 127.0.0.1:{port};")
    return f"{user}{head}http {{ access_log off; {temporary}\n{site}}}\n"


@dataclass(frozen=True)
class Cached:
    """A server, and a cache before it."""

    site: Site
    client: httpx2.Client

    def get(self, path: str, **headers: str) -> httpx2.Response:
        return self.client.get(path, headers={name.replace("_", "-"): text for name, text in headers.items()})


@pytest.fixture(scope="module")
def cached(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cached]:
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if nginx is None:
        pytest.skip("nginx is not installed; scripts/system_packages.py installs it where it may")
    folder, port = tmp_path_factory.mktemp("cdn"), free_port()
    with serving(folder) as site:
        site.let_share(timedelta(hours=1))
        config = folder / "nginx.conf"
        config.write_text(configuration(folder, site.port, port))
        process = subprocess.Popen([nginx, "-c", str(config), "-p", str(folder)], stderr=subprocess.DEVNULL)
        try:
            wait_for(lambda: listens(port), "nginx listens")
            with httpx2.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=120) as client:
                yield Cached(site, client)
        finally:
            process.terminate()
            process.wait(60)


def test_the_second_viewer_is_served_by_the_cache(cached: Cached) -> None:
    link = cached.site.link(cached.site.add(CONTENT))

    first, second = cached.get(link), cached.get(link)

    assert first.content == second.content == CONTENT
    assert (first.headers["x-cache"], second.headers["x-cache"]) == ("MISS", "HIT")
    assert re.fullmatch(r"public, max-age=\d+, s-maxage=3600, immutable", second.headers["cache-control"])


def test_a_seek_fetches_the_slice_that_it_needs(cached: Cached) -> None:
    """And the cache puts slices together to the same file."""
    link = cached.site.link(cached.site.add(CONTENT + b"sliced"))

    far = cached.get(link, Range="bytes=5000000-5000099")
    near = cached.get(link, Range="bytes=5000100-5000199")
    whole = cached.get(link)

    assert (far.status_code, far.content) == (206, CONTENT[5_000_000:5_000_100])
    assert near.headers["x-cache"] == "HIT"
    assert whole.content == CONTENT + b"sliced"


def test_a_parameter_that_means_nothing_makes_no_second_copy(cached: Cached) -> None:
    link = cached.site.link(cached.site.add(CONTENT[:1000]))
    cached.get(link)

    assert cached.get(f"{link}&x=1").headers["x-cache"] == "HIT"


def test_another_signature_gets_nothing_from_the_cache(cached: Cached) -> None:
    link = cached.site.link(cached.site.add(CONTENT[:2000]))
    cached.get(link)

    refused = cached.get(link.replace("&s=", "&s=x"))

    assert refused.status_code == 403
    assert cached.get(link.replace("&s=", "&s=x")).headers["x-cache"] == "MISS"  # and it is not kept


def test_a_client_that_holds_a_file_is_told_so_by_the_cache(cached: Cached) -> None:
    link = cached.site.link(cached.site.add(CONTENT[:3000]))
    etag = cached.get(link).headers["etag"]

    response = cached.get(link, If_None_Match=etag)

    assert (response.status_code, response.headers["x-cache"]) == (304, "HIT")


def test_what_the_api_gives_to_one_caller_is_not_kept(cached: Cached) -> None:
    video = cached.site.add(CONTENT[:4000])

    mine = cached.get(f"/api/v1/videos/{video}/stream", Test_User="ann")

    assert mine.content == CONTENT[:4000]
    assert mine.headers["cache-control"] == "private, no-cache"
    assert cached.get(f"/api/v1/videos/{video}/stream", Test_User="bob").status_code == 404


def test_without_the_setting_nothing_is_kept(cached: Cached) -> None:
    link = cached.site.link(cached.site.add(CONTENT[:5000]))
    cached.site.let_share(timedelta(0))
    try:
        answers = [cached.get(link) for _ in range(2)]
    finally:
        cached.site.let_share(timedelta(hours=1))

    assert [answer.headers["x-cache"] for answer in answers] == ["MISS", "MISS"]
