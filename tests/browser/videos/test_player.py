"""The player: where it begins, what its keys do, and that a link which ends is replaced without anyone seeing it."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from playhead.media.ffmpeg import find_ffmpeg
from tests.fixtures.clips import make_clip
from tests.fixtures.editor import Editor, wait_for
from tests.fixtures.tiers import thorough
from tests.fixtures.ui import Ui, wait_until

READY = "document.querySelector('video')?.readyState >= 2"
VIDEO = "document.querySelector('video')"


@pytest.fixture(scope="module")
def long_video(shared_ui: Ui, clip_folder: Path) -> str:
    clip = make_clip(clip_folder, seconds=90, size=(160, 90), fps=10, gop=10, mark=60, name="Ninety seconds.mp4")
    [video] = shared_ui.ready_videos([clip])
    return str(video["id"])


@contextmanager
def player(ui: Ui, path: str) -> Iterator[Page]:
    with ui.page(path) as page:
        wait_until(page, READY)
        yield page


def place(page: Page) -> float:
    wait_until(page, f"!{VIDEO}.seeking")
    return float(page.evaluate(f"{VIDEO}.currentTime"))


def play_from(page: Page, seconds: float) -> None:
    """Seek, play a little, pause."""
    page.evaluate(f"{VIDEO}.currentTime = {seconds}")
    page.evaluate(f"{VIDEO}.play()")
    wait_until(page, f"{VIDEO}.currentTime > {seconds}")
    page.evaluate(f"{VIDEO}.pause()")


@pytest.mark.parametrize(("link", "at"), [("?t=1m10s", 70), ("?t=4711", 0)])
def test_a_link_begins_at_the_time_that_it_names(ui: Ui, long_video: str, link: str, at: float) -> None:
    """A time behind the end is the start."""
    with player(ui, f"/videos/{long_video}{link}") as page:
        assert place(page) == pytest.approx(at, abs=0.1)
        assert page.evaluate(f"{VIDEO}.paused")


def test_the_link_at_the_current_time_is_copied(ui: Ui, long_video: str) -> None:
    with player(ui, f"/videos/{long_video}?tab=technical") as page:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.evaluate(f"{VIDEO}.currentTime = 83.6")
        page.get_by_role("button", name="More").click()
        page.get_by_role("menuitem", name="Copy link at 1:23").click()

        expect(page.get_by_text("Copied the link at 1:23")).to_be_visible()
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied == f"{ui.server.url}/videos/{long_video}?t=83"


def test_a_video_goes_on_where_it_was_left(ui: Ui, long_video: str) -> None:
    """In this browser, and after a word about it: the start is one click away."""
    with ui.context() as context:
        page = context.new_page()
        page.goto(f"/videos/{long_video}")
        wait_until(page, READY)
        play_from(page, 40)
        page.goto("/library")
        page.goto(f"/videos/{long_video}")
        wait_until(page, READY)

        assert place(page) == pytest.approx(40, abs=2)
        expect(page.get_by_text("Resumed at 0:4")).to_be_visible()
        page.get_by_role("button", name="Start over").click()
        assert place(page) == 0
        expect(page.get_by_text("Resumed at")).to_be_hidden()


@thorough
def test_a_link_with_a_time_goes_before_the_place_that_was_left(ui: Ui, long_video: str) -> None:
    with ui.context() as context:
        page = context.new_page()
        page.goto(f"/videos/{long_video}")
        wait_until(page, READY)
        play_from(page, 40)
        page.goto(f"/videos/{long_video}?t=20")
        wait_until(page, READY)

        assert place(page) == pytest.approx(20, abs=0.1)
        expect(page.get_by_text("Resumed at")).to_have_count(0)


@thorough
def test_a_video_left_in_its_last_seconds_begins_at_its_start(ui: Ui, long_video: str) -> None:
    with ui.context() as context:
        page = context.new_page()
        page.goto(f"/videos/{long_video}")
        wait_until(page, READY)
        play_from(page, 80)
        page.reload()
        wait_until(page, READY)

        assert place(page) == 0


def test_the_seek_bar_shows_a_picture_of_where_it_points(ui: Ui, long_video: str) -> None:
    with Editor(ui.server) as editor:
        wait_for("the storyboard", lambda: editor.get(f"/videos/{long_video}")["storyboard_url"])
    with player(ui, f"/videos/{long_video}") as page:
        wait_until(page, f"[...{VIDEO}.textTracks].some(({{cues}}) => cues?.length)")
        page.locator("media-time-range").hover(position={"x": 300, "y": 8})

        picture = page.locator("media-preview-thumbnail img")
        expect(picture).to_be_visible()
        assert "/storyboard" in (picture.get_attribute("src") or "")


def test_keys(ui: Ui, long_video: str) -> None:
    """Every key in the list behind `?`."""
    with player(ui, f"/videos/{long_video}?t=30") as page:
        for key, at in (("ArrowRight", 35), ("l", 45), ("j", 35), ("ArrowLeft", 30), (".", 30.1), (",", 30), ("6", 54)):
            page.keyboard.press(key)
            assert place(page) == pytest.approx(at, abs=0.06), key
        page.keyboard.press(">")
        assert page.evaluate(f"{VIDEO}.playbackRate") == 1.25
        page.keyboard.press("<")
        page.keyboard.press("<")
        assert page.evaluate(f"{VIDEO}.playbackRate") == 0.75
        page.get_by_role("button", name="Speed: 0.75×").click()
        speeds = ["0.25×", "0.5×", "0.75×", "1×", "1.25×", "1.5×", "1.75×", "2×"]
        expect(page.get_by_role("menuitem")).to_have_text(speeds)
        page.get_by_role("menuitem", name="1×", exact=True).click()
        assert page.evaluate(f"{VIDEO}.playbackRate") == 1
        page.keyboard.press("m")
        assert page.evaluate(f"{VIDEO}.muted")
        page.keyboard.press("f")
        wait_until(page, "document.fullscreenElement !== null")
        page.keyboard.press("f")
        wait_until(page, "document.fullscreenElement === null")
        page.keyboard.press("?")
        keys = page.get_by_role("dialog", name="Keyboard")
        for text in ("Play / pause", "Back / forward 10 s", "Slower / faster", "Captions"):
            expect(keys).to_contain_text(text)


@pytest.fixture(scope="module")
def heavy_video(shared_ui: Ui, clip_folder: Path) -> str:
    """Minutes that a browser never loads at once, in pictures that cannot be compressed; with a rendition."""
    clip = clip_folder / "Heavy.mp4"
    noise = "color=gray:size=240x136:rate=10:duration=150,noise=alls=100:allf=t"
    encode = ["-c:v", "libx264", "-preset", "ultrafast", "-crf", "12", "-g", "10", "-pix_fmt", "yuv420p"]
    ffmpeg = str(find_ffmpeg().binary)
    subprocess.run([ffmpeg, "-v", "error", "-y", "-f", "lavfi", "-i", noise, *encode, str(clip)], check=True)
    [video] = shared_ui.ready_videos([clip])
    with Editor(shared_ui.server) as editor:
        job = editor.post(f"/videos/{video['id']}/renditions", {"heights": [90]})["id"]
        assert editor.ended(job)["state"] == "succeeded"
    return str(video["id"])


@dataclass
class Links:
    """The links that a page asked for, each made for one minute; and their sudden end."""

    ui: Ui
    page: Page
    video: str
    made: int = 0

    def __post_init__(self) -> None:
        self.page.route("**/playback", self._make)

    def _make(self, route: Route) -> None:
        self.made += 1
        route.fallback(post_data={**(route.request.post_data_json or {}), "ttl_s": 60})

    def revoke(self) -> None:
        """End all that were made until now, as their time would."""
        with self.ui.server.client() as client:
            client.post(f"/api/v1/videos/{self.video}/playback/revoke").raise_for_status()


@contextmanager
def renewing(ui: Ui, video: str, *, quality: str) -> Iterator[Links]:
    """A page with a clock of its own, at 1.5 times the speed, paused at 20 s."""
    with ui.page("/jobs") as page:
        page.clock.install()
        links = Links(ui, page, video)
        page.goto(f"/videos/{video}")
        wait_until(page, READY)
        page.get_by_role("button", name="Quality: Auto").click()
        page.get_by_role("menuitem", name=quality).click()
        wait_until(page, f"{VIDEO}.videoHeight === {quality.replace('Original', '136').rstrip('p')} && {READY}")
        page.evaluate(f"{VIDEO}.playbackRate = 1.5")
        play_from(page, 20)
        yield links


def expect_to_play_on(page: Page, at: float, quality: str) -> None:
    """Without a jump, at the same speed and quality."""
    # In one look: it is paused for the moment in which its source is changed.
    wait_until(page, f"(({{currentTime, paused}}) => currentTime > {at} + 0.5 && !paused)({VIDEO}) && {READY}")
    assert place(page) < at + 15
    assert page.evaluate(f"{VIDEO}.playbackRate") == 1.5
    expect(page.get_by_role("button", name=f"Quality: {quality}")).to_be_attached()
    expect(page.get_by_role("alert")).to_have_count(0)


def test_a_seek_before_anything_is_loaded_is_where_a_stream_begins(ui: Ui, heavy_video: str) -> None:
    held: list[Route] = []
    seen = False

    def hold(route: Route) -> None:
        if seen:
            route.continue_()
        else:
            held.append(route)

    with ui.page("/jobs") as page:
        page.route("**/playback", hold)
        page.goto(f"/videos/{heavy_video}")
        wait_until(page, f"{VIDEO} !== null")
        page.evaluate(f"{VIDEO}.currentTime = 100")
        seen = True
        for route in held:
            route.continue_()
        wait_until(page, READY)

        assert place(page) == pytest.approx(100, abs=0.2)


@thorough
def test_who_pauses_for_an_hour_goes_on_where_it_was(ui: Ui, heavy_video: str) -> None:
    """Nothing is asked for while nobody watches."""
    quality = "Original"
    with renewing(ui, heavy_video, quality=quality) as links:
        page = links.page
        at, before = place(page), links.made
        page.clock.fast_forward("01:00:00")
        links.revoke()
        assert links.made == before

        page.keyboard.press("k")
        expect_to_play_on(page, at, quality)
        assert links.made > before


@pytest.mark.parametrize("quality", ["Original", "90p"])
def test_a_link_is_replaced_before_it_ends_while_it_plays(ui: Ui, heavy_video: str, quality: str) -> None:
    with renewing(ui, heavy_video, quality=quality) as links:
        page = links.page
        at = place(page)
        page.keyboard.press("k")
        with page.expect_response("**/playback") as renewal:
            page.clock.fast_forward("59:50")  # a link to a stream is good until the end of an hour
        assert renewal.value.ok

        expect_to_play_on(page, at, quality)


@pytest.mark.parametrize(("quality", "playing"), [("Original", True), ("90p", True), ("Original", False)])
def test_a_refused_link_is_replaced_at_a_seek(ui: Ui, heavy_video: str, quality: str, playing: bool) -> None:
    """Ended before its time: the player learns it from the refusal, and stays paused if it was."""
    with renewing(ui, heavy_video, quality=quality) as links:
        page = links.page
        if playing:
            page.keyboard.press("k")
        links.revoke()
        page.evaluate(f"{VIDEO}.currentTime = 130")

        if playing:
            expect_to_play_on(page, 130, quality)
        else:
            wait_until(page, f"{READY} && !{VIDEO}.seeking")
            assert place(page) == pytest.approx(130, abs=0.2)
            assert page.evaluate(f"[{VIDEO}.paused, {VIDEO}.playbackRate]") == [True, 1.5]
