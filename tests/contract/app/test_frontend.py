"""The built interface: files that last, a page that does not, and no page where a file is missing."""

import gzip

import pytest

from playhead.app.frontend import IMMUTABLE, webui_folder
from tests.fixtures.site import Site


@pytest.fixture
def script() -> str:
    """The address of a script that the build also compressed."""
    packed = next((webui_folder() / "assets").glob("index-*.js.gz"))
    return f"/assets/{packed.name.removesuffix('.gz')}"


async def test_every_address_of_the_interface_is_its_page(site: Site) -> None:
    """Deep links work; the page is asked for again each time, since it names the files."""
    for path in ("/", "/library", "/projects/prj_x?a=b"):
        answer = await site.anonymous.get(path, headers={"accept": "text/html"})

        assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-cache")
        assert "<div id=" in answer.text


async def test_a_hashed_file_is_kept_for_ever_and_sent_compressed(site: Site, script: str) -> None:
    """Its content is the same either way."""
    packed = await site.anonymous.get(script, headers={"accept-encoding": "gzip"})
    plain = await site.anonymous.get(script, headers={"accept-encoding": "identity"})

    assert (packed.status_code, plain.status_code) == (200, 200)
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert int(packed.headers["content-length"]) < int(plain.headers["content-length"]) / 2
    assert packed.content == plain.content
    for answer in (packed, plain):
        assert answer.headers["cache-control"] == IMMUTABLE
        assert answer.headers["vary"] == "Accept-Encoding"
        assert "javascript" in answer.headers["content-type"]


@pytest.mark.parametrize("path", ["/assets/index-gone.js", "/assets/../../__init__.py", "/assets/%2e%2e/%2e%2e/api.py"])
async def test_a_missing_file_is_not_the_page(site: Site, path: str) -> None:
    """404, not to be kept; nothing outside the folder is a file of it."""
    answer = await site.anonymous.get(path, headers={"accept": "text/html"})

    assert answer.status_code == 404 or "<div id=" in answer.text
    assert "def " not in answer.text


async def test_the_api_is_never_the_page(site: Site) -> None:
    """An unknown route is a problem, also for a browser."""
    answer = await site.anonymous.get("/api/v1/nope", headers={"accept": "text/html"})

    assert (answer.status_code, answer.json()["code"]) == (404, "route_not_found")


def test_the_first_load_is_small() -> None:
    """Under 200 kB of compressed script before the route: what the page itself names."""
    folder = webui_folder()
    page = (folder / "index.html").read_text()
    named = [path for path in (folder / "assets").glob("*.js") if path.name in page]

    assert named
    assert sum(len(gzip.compress(path.read_bytes())) for path in named) < 200_000
