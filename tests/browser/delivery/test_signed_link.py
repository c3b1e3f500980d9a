"""A signed link in Chromium: opened by itself, and in a video element."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.fixtures.clips import make_clip
from tests.fixtures.media_site import Site, serving


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with serving(tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    with chromium.new_context() as context:
        yield context.new_page()


@pytest.fixture
def link(site: Site, tmp_path: Path) -> str:
    clip = make_clip(tmp_path, seconds=4, gop=30)
    return site.url + site.link(site.add(clip.read_bytes()))


def test_a_link_opened_in_a_tab_plays(page: Page, link: str) -> None:
    """The page that the browser makes around the film must be allowed to fetch it."""
    page.goto(link)

    page.wait_for_function("document.querySelector('video').readyState >= 2", timeout=60_000)


def test_a_video_element_plays_and_seeks(page: Page, site: Site, link: str) -> None:
    page.goto(site.url + "/nothing-here")
    page.set_content(f"<video src='{link}' muted></video>")

    page.wait_for_function("document.querySelector('video').readyState >= 2", timeout=60_000)
    where = page.evaluate(
        "new Promise(done => { const v = document.querySelector('video');"
        " v.onseeked = () => done(v.currentTime); v.currentTime = 3; })"
    )

    assert where == pytest.approx(3)
