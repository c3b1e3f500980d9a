"""The built interface: files that last, a page that does not, and no page where a file is missing."""

import base64
import hashlib
import re
from pathlib import Path

import pytest

from playhead.app.frontend import IMMUTABLE, accepts, webui_folder
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


@pytest.mark.parametrize("encoding", ["br", "gzip"])
async def test_a_hashed_file_is_kept_for_ever_and_sent_compressed(site: Site, script: str, encoding: str) -> None:
    """Its content is the same either way."""
    packed = await site.anonymous.get(script, headers={"accept-encoding": encoding})
    plain = await site.anonymous.get(script, headers={"accept-encoding": "identity"})

    assert (packed.status_code, plain.status_code) == (200, 200)
    assert packed.headers["content-encoding"] == encoding
    assert "content-encoding" not in plain.headers
    assert int(packed.headers["content-length"]) < int(plain.headers["content-length"]) / 2
    if encoding == "gzip":  # the test's client knows no brotli
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


def scripts_of(assets: Path, *starts: str) -> set[Path]:
    """Scripts with all that they import before they run, however deep."""
    found: set[Path] = set()
    waiting = [assets / start for start in starts]
    while waiting:
        script = waiting.pop()
        if script not in found:
            found.add(script)
            waiting += [assets / name for name in re.findall(r'(?:from|import)"\./([^"]+\.js)"', script.read_text())]
    return found


@pytest.mark.parametrize("suffix", [".br", ".gz"])
def test_the_library_shows_after_200_kb_of_script(suffix: str) -> None:
    """Compressed, as the build leaves them: those that the page names, those of the library, and what they import."""
    assets = webui_folder() / "assets"
    named = re.findall(r'src="/assets/([^"]+\.js)"', (webui_folder() / "index.html").read_text())
    library = [path.name for path in assets.glob("LibraryPage-*.js")]

    scripts = scripts_of(assets, *named, *library)

    assert (len(named), len(library)) == (1, 1)
    assert len(scripts) > 5
    packed = [path.with_name(path.name + suffix) for path in scripts]
    sizes = [(copy if copy.exists() else path).stat().st_size for copy, path in zip(packed, scripts, strict=True)]
    assert sum(sizes) < 200_000


async def test_the_frame_of_the_page_waits_for_no_file(site: Site) -> None:
    """It stands before the style sheet, and its script runs by its hash: the policy lets no other inline script in."""
    answer = await site.anonymous.get("/library", headers={"accept": "text/html"})
    policy = dict(part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; "))
    [script] = re.findall(r"<script>(.*?)</script>", answer.text, re.DOTALL)

    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert policy["script-src"] == f"'self' 'sha256-{digest}'"
    assert answer.text.index('id="splash"') < answer.text.index('rel="stylesheet"') < answer.text.index('id="root"')


def test_an_encoding_is_used_when_the_client_takes_it() -> None:
    assert accepts("gzip, deflate, br", "br")
    assert accepts("br;q=0.5", "br")
    assert not accepts("gzip;q=1, br;q=0", "br")
    assert not accepts("brotli, x-br", "br")
    assert not accepts("", "gzip")
