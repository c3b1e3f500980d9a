"""Videos that Chromium has no decoder for: it would play their sound over the poster, and say nothing."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.app.test_accessibility import grave_faults
from tests.fixtures.clips import make_clip
from tests.fixtures.editor import Editor
from tests.fixtures.tiers import thorough
from tests.fixtures.ui import Ui, wait_until

VIDEO = "document.querySelector('video')"
PLAYS = f"{VIDEO}?.currentTime > 0.3 && {VIDEO}.videoWidth > 0"
MADE_S = 60_000


@pytest.fixture(scope="module", autouse=True)
def _without_hevc(chromium: Browser) -> None:
    page = chromium.new_page()
    knows = page.evaluate("""document.createElement('video').canPlayType('video/mp4; codecs="hvc1.1.6.L93.B0"')""")
    page.close()
    if knows:
        pytest.skip("this browser shows HEVC")


def hevc(ui: Ui, folder: Path, mark: int, *, audio: bool = True, seconds: float = 4) -> str:
    clip = make_clip(folder, seconds=seconds, size=(640, 360), codec="hevc", audio=audio, mark=mark)
    [video] = ui.ready_videos([clip])
    return str(video["id"])


def make_renditions(ui: Ui, video: str, wanted: dict[str, Any]) -> None:
    with Editor(ui.server) as editor:
        job = editor.post(f"/videos/{video}/renditions", wanted)["id"]
        assert editor.ended(job)["state"] == "succeeded"


def expect_rendition(page: Page, *, height: int, said: bool = False) -> None:
    """It plays by itself; said where it stands in for the original, which a ladder makes one of several."""
    wait_until(page, f"{VIDEO}?.videoHeight === {height} && {VIDEO}.readyState >= 2")
    notice = page.get_by_text("This browser can't play HEVC, so the H.264 rendition plays.")
    expect(notice).to_have_count(1 if said else 0)
    expect(page.get_by_role("alert")).to_have_count(0)
    page.keyboard.press("k")
    wait_until(page, PLAYS)


@pytest.mark.parametrize("audio", [True, False])
def test_it_is_said_which_codec_the_browser_cannot_show(ui: Ui, clip_folder: Path, audio: bool) -> None:
    """And nothing is heard of it, whatever is pressed."""
    with ui.page(f"/videos/{hevc(ui, clip_folder, 100 + audio, audio=audio)}") as page:
        alert = page.get_by_role("alert")
        expect(alert).to_contain_text("This browser can't play HEVC video.")
        expect(alert).to_contain_text("Use another browser, or create an H.264 rendition.")
        assert grave_faults(page) == []

        page.keyboard.press("k")
        page.wait_for_timeout(300)
        assert page.evaluate(f"[{VIDEO}.currentTime, {VIDEO}.getAttribute('src')]") == [0, None]


def test_a_ready_rendition_plays_in_its_place(ui: Ui, clip_folder: Path) -> None:
    """From the place that the link names."""
    video = hevc(ui, clip_folder, 102)
    make_renditions(ui, video, {"heights": [180]})
    with ui.page(f"/videos/{video}?t=2") as page:
        expect_rendition(page, height=180)
        assert page.evaluate(f"{VIDEO}.currentTime") >= 2

        page.get_by_role("button", name="Quality: Auto").click()
        expect(page.get_by_role("menuitem", name="Original")).to_be_disabled()
        expect(page.get_by_role("menuitem", name="Original")).to_contain_text("HEVC: not supported by this browser")
        expect(page.get_by_role("menuitem", name="180p")).to_be_enabled()


@thorough
def test_a_file_to_download_is_played_where_there_is_no_ladder(ui: Ui, clip_folder: Path) -> None:
    video = hevc(ui, clip_folder, 104)
    make_renditions(ui, video, {"download": 180})
    with ui.page(f"/videos/{video}") as page:
        expect_rendition(page, height=180, said=True)
        page.get_by_role("button", name="Dismiss").click()
        expect(page.get_by_text("so the H.264 rendition plays")).to_have_count(0)


def test_a_container_that_the_browser_cannot_read(ui: Ui, clip_folder: Path) -> None:
    """Of an AVI not even the sound would play."""
    [video] = ui.ready_videos([make_clip(clip_folder, seconds=4, size=(640, 360), codec="mpeg4", mark=105)])
    make_renditions(ui, video["id"], {"heights": [180]})
    with ui.page(f"/videos/{video['id']}") as page:
        expect_rendition(page, height=180)


def test_renditions_are_made_where_they_are_missed(ui: Ui, clip_folder: Path) -> None:
    """One click; the first that is ready plays without another."""
    with ui.page(f"/videos/{hevc(ui, clip_folder, 106)}") as page:
        page.get_by_role("alert").get_by_role("button", name="Create renditions").click()
        playing = page.get_by_role("button", name="Quality: Auto")
        expect(page.get_by_text("An H.264 rendition is being created").or_(playing)).to_be_visible()

        expect(playing).to_be_visible(timeout=MADE_S)
        expect_rendition(page, height=360)


@thorough
def test_a_clip_of_a_project_plays_its_rendition_too(ui: Ui, clip_folder: Path) -> None:
    video = hevc(ui, clip_folder, 107)
    project = ui.project("Not for every browser", [video])
    with ui.page(f"/projects/{project['id']}") as page:
        expect(page.get_by_role("alert")).to_contain_text("This browser can't play HEVC video.")

    make_renditions(ui, video, {"heights": [180]})
    with ui.page(f"/projects/{project['id']}") as page:
        expect_rendition(page, height=180, said=True)


@thorough
@pytest.mark.parametrize("made", [False, True])
def test_a_viewer_of_a_share_link_gets_the_same_note(ui: Ui, clip_folder: Path, made: bool) -> None:
    """Without what only the owner can do about it; a rendition plays here as well."""
    video = hevc(ui, clip_folder, 108 + made)
    if made:
        make_renditions(ui, video, {"heights": [180]})
    with Editor(ui.server) as editor:
        token = editor.post(f"/videos/{video}/shares", {})["url"].rpartition("/")[2]
    with ui.page(f"/s/{token}", signed_in=False) as page:
        page.get_by_role("button", name="Play clip").click()
        if made:
            wait_until(page, PLAYS)
        else:
            alert = page.get_by_role("alert")
            expect(alert).to_contain_text("This browser can't play this video.")
            expect(alert).not_to_contain_text("create")
