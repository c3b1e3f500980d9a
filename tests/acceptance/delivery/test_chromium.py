"""A browser: a far place in a movie of 1 GiB, and a player on another site."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Request, sync_playwright

from scripts.system_packages import find_chromium
from tests.acceptance.delivery.conftest import Film, Pages
from tests.fixtures.clips import make_clip
from tests.fixtures.server import Server
from tests.fixtures.sparse_movie import FarMovie, write_far_movie
from tests.fixtures.stored_videos import link_to, put_bytes, put_file

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--autoplay-policy=no-user-gesture-required",
]


@dataclass(frozen=True)
class Movie:
    """A movie of 1 GiB behind a signed link."""

    far: FarMovie
    url: str


@pytest.fixture(scope="module")
def movie(media_server: Server, tmp_path_factory: pytest.TempPathFactory) -> Movie:
    clip = make_clip(tmp_path_factory.mktemp("clip"), seconds=20, size=(320, 180), gop=30)
    made: list[FarMovie] = []
    video = put_file(media_server, lambda path: made.append(write_far_movie(clip, path)), duration_s=20.0)
    return Movie(made[0], media_server.url + link_to(media_server, video))


@pytest.fixture(scope="module")
def titled(media_server: Server) -> tuple[str, str]:
    """A title that is not ASCII, and where its video is downloaded."""
    title = "Příliš žluťoučký 映画 100%"
    video = put_bytes(media_server, b"bytes", title=title)
    return title, media_server.url + link_to(media_server, video, download=True)


@pytest.fixture(scope="module")
def chromium(movie: Movie, film: Film) -> Iterator[Browser]:
    """Once there is something to see."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    page = chromium.new_page()
    yield page
    page.close()


SEEK = """
async ([url, places]) => {
  const video = document.createElement('video')
  video.muted = true
  video.src = url
  document.body.append(video)
  const event = (name) => new Promise((done, failed) => {
    video.addEventListener(name, done, { once: true })
    video.addEventListener('error', () => failed(new Error(video.error.message)), { once: true })
  })
  await event('loadeddata')
  const shown = []
  for (const place of places) {
    const frame = new Promise((done) => video.requestVideoFrameCallback((_, about) => done(about.mediaTime)))
    video.currentTime = place
    await event('seeked')
    shown.push(await frame)
  }
  return shown
}
"""
"""Shows the frame of each place in turn; gives the times of the frames that were shown."""


def test_chromium_seeks_in_a_gibibyte(page: Page, pages: Pages, movie: Movie) -> None:
    """Far ahead, back, and far ahead again; it asks for what it needs, and for nothing in the hole between."""
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request) if "/v/" in request.url else None)
    page.goto(pages.listed)

    places = [18.5, 2.5, 15.5]
    shown = page.evaluate(SEEK, [movie.url, places])

    assert shown == pytest.approx(places, abs=1 / 30)
    starts = [int(request.headers["range"].removeprefix("bytes=").partition("-")[0]) for request in asked]
    assert max(starts) >= movie.far.hole[1]


ELEMENTS = """
async ([kind, url, crossOrigin]) => {
  const element = document.createElement(kind === 'track' ? 'video' : kind)
  if (crossOrigin) element.crossOrigin = crossOrigin
  const settled = (target, good) => new Promise((done) => {
    target.addEventListener(good, () => done(true), { once: true })
    target.addEventListener('error', () => done(false), { once: true })
  })
  document.body.append(element)
  if (kind === 'track') {
    const track = document.createElement('track')
    track.kind = 'metadata'
    track.src = url
    track.default = true
    const loaded = settled(track, 'load')
    element.append(track)
    track.track.mode = 'hidden'
    return (await loaded) && track.track.cues.length > 0
  }
  const loaded = settled(element, kind === 'video' ? 'loadeddata' : 'load')
  element.src = url
  if (!(await loaded)) return false
  if (!crossOrigin) return true
  const canvas = document.createElement('canvas')
  canvas.getContext('2d').drawImage(element, 0, 0, 8, 8)
  canvas.toDataURL()  // throws when the picture is not ours to read
  return true
}
"""

FETCH = """
async ([url, headers]) => {
  try {
    const answer = await fetch(url, { headers })
    const names = ['content-range', 'accept-ranges', 'etag']
    const read = Object.fromEntries(names.map((name) => [name, answer.headers.get(name)]))
    return { status: answer.status, length: (await answer.arrayBuffer()).byteLength, ...read }
  } catch (error) {
    return null
  }
}
"""


def shows(page: Page, server: Server, kind: str, path: str, cross_origin: str | None) -> bool:
    """Whether an element of a page shows what is at a path."""
    return bool(page.evaluate(ELEMENTS, [kind, server.url + path, cross_origin]))


def fetched(page: Page, url: str, headers: dict[str, str]) -> dict[str, Any] | None:
    """What a script of a page can read of an answer; None when its browser lets it read nothing."""
    result: dict[str, Any] | None = page.evaluate(FETCH, [url, headers])
    return result


WAYS = [("video", "file"), ("img", "poster"), ("img", "preview"), ("track", "storyboard")]


@pytest.mark.parametrize(("kind", "link"), WAYS)
def test_a_listed_site_shows_and_reads(
    page: Page, pages: Pages, media_server: Server, film: Film, kind: str, link: str
) -> None:
    """With ``crossorigin``, which a track needs and which lets a script read pictures."""
    page.goto(pages.listed)

    assert shows(page, media_server, kind, film.links[link], "anonymous")


@pytest.mark.parametrize(("kind", "link"), WAYS[:3])
def test_a_listed_site_shows_without_crossorigin(
    page: Page, pages: Pages, media_server: Server, film: Film, kind: str, link: str
) -> None:
    page.goto(pages.listed)

    assert shows(page, media_server, kind, film.links[link], None)


@pytest.mark.parametrize(("kind", "link"), WAYS)
def test_a_stranger_reads_nothing(
    page: Page, pages: Pages, media_server: Server, film: Film, kind: str, link: str
) -> None:
    page.goto(pages.stranger)

    assert not shows(page, media_server, kind, film.links[link], "anonymous")


def test_a_script_of_a_listed_site_reads_ranges_and_their_headers(
    page: Page, pages: Pages, media_server: Server, film: Film
) -> None:
    """Through a preflight: a condition is no header that any site may send."""
    page.goto(pages.listed)
    url = media_server.url + film.links["file"]

    first = fetched(page, url, {"Range": "bytes=0-9"})
    assert first is not None
    again = fetched(page, url, {"Range": "bytes=10-19", "If-Range": first["etag"]})

    assert (first["status"], first["length"], first["accept-ranges"]) == (206, 10, "bytes")
    assert again is not None
    assert (again["status"], again["length"]) == (206, 10)
    assert again["content-range"].startswith("bytes 10-19/")


def test_a_script_of_a_listed_site_sees_why_a_link_does_not_play(
    page: Page, pages: Pages, media_server: Server, film: Film
) -> None:
    page.goto(pages.listed)

    refused = fetched(page, media_server.url + film.links["file"].replace("&s=", "&s=x"), {})

    assert refused is not None
    assert refused["status"] == 403


def test_a_script_of_a_stranger_reads_nothing(page: Page, pages: Pages, media_server: Server, film: Film) -> None:
    page.goto(pages.stranger)
    url = media_server.url + film.links["file"]

    assert fetched(page, url, {"Range": "bytes=0-9"}) is None
    assert fetched(page, url, {"If-None-Match": '"x"'}) is None


def test_a_download_is_saved_under_its_title(page: Page, pages: Pages, titled: tuple[str, str]) -> None:
    title, url = titled
    page.goto(pages.listed)

    with page.expect_download() as saved:
        page.evaluate("(url) => { location.href = url }", url)

    assert saved.value.suggested_filename == f"{title}.mp4"
