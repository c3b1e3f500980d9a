"""The timeline: one whole edit by keyboard alone, one by mouse, and hundreds of clips."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.fixtures.clips import make_clip
from tests.fixtures.editor import Editor
from tests.fixtures.tiers import thorough
from tests.fixtures.ui import Ui, clip_titles, expect_saved, wait_until

STITCH_S = 60_000


@pytest.fixture(scope="module")
def videos(shared_ui: Ui, clip_folder: Path) -> list[str]:
    """Ids of three short clips that are ready."""
    clips = [
        make_clip(clip_folder, mark=30 + n, seconds=2, size=(160, 90), name=f"{name}.mp4")
        for n, name in enumerate(("Red", "Green", "Blue"))
    ]
    return [video["id"] for video in shared_ui.ready_videos(clips)]


def block(page: Page, title: str) -> Any:
    return page.locator("li[data-clip] button[aria-keyshortcuts]", has_text=title).first


def test_a_whole_edit_by_keyboard_alone(ui: Ui, videos: list[str]) -> None:
    """Split, trim, reorder, duplicate, a marker, copy and paste, undo; then the reel has the length that was edited."""
    project = ui.project("By keyboard", videos)
    with ui.page(f"/projects/{project['id']}") as page:
        expect(page.locator("li[data-clip]")).to_have_count(3)
        block(page, "Red").focus()
        page.keyboard.press("Alt+ArrowRight")
        assert clip_titles(page) == ["Green", "Red", "Blue"]

        page.get_by_label("Time of the playhead").focus()
        page.keyboard.type("3")
        page.keyboard.press("Enter")
        page.keyboard.press("Escape")
        wait_until(page, "document.querySelector('[data-chosen] button').ariaLabel.includes('Red')")
        page.keyboard.press("m")
        page.keyboard.press("s")
        assert clip_titles(page) == ["Green", "Red", "Red", "Blue"]

        edge = page.get_by_role("slider", name="End edge of Red").nth(1)
        edge.focus()
        page.keyboard.press("Shift+ArrowLeft")
        block(page, "Blue").focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Control+d")
        page.keyboard.press("Control+c")
        page.keyboard.press("Control+v")
        assert clip_titles(page) == ["Green", "Red", "Red", "Blue", "Blue", "Blue"]
        page.keyboard.press("Control+z")
        page.keyboard.press("Control+z")
        expect_saved(page)

        with Editor(ui.server) as editor:
            saved = editor.get(f"/projects/{project['id']}")
        spans = [(clip["start_s"], clip["end_s"] or 2.0) for clip in saved["clips"]]
        assert spans[1:3] == [
            (0.0, pytest.approx(1.0, abs=0.05)),
            (pytest.approx(1.0, abs=0.05), pytest.approx(5 / 3, abs=0.05)),
        ]
        assert [marker["at_s"] for marker in saved["markers"]] == [pytest.approx(3, abs=0.05)]

        page.get_by_role("button", name="Stitch").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_text("Open reel")).to_be_visible(timeout=STITCH_S)
        with Editor(ui.server) as editor:
            reel = editor.get(f"/projects/{project['id']}")["reel"]
            assert editor.get(f"/videos/{reel['video_id']}")["duration_s"] == pytest.approx(17 / 3, abs=0.1)


def test_a_whole_edit_by_mouse(ui: Ui, videos: list[str]) -> None:
    """The ruler moves the playhead, an edge trims with the frame shown, a drag reorders; Esc takes a drag back."""
    project = ui.project("By mouse", videos)
    with ui.page(f"/projects/{project['id']}") as page:
        expect(page.locator("li[data-clip]")).to_have_count(3)
        ruler = page.get_by_role("slider", name="Playhead").bounding_box()
        assert ruler
        page.mouse.click(ruler["x"] + ruler["width"] * 0.5, ruler["y"] + 12)
        wait_until(page, "document.querySelector('[data-chosen] button').ariaLabel.includes('Green')")
        page.get_by_role("button", name="Split").click()
        assert clip_titles(page) == ["Red", "Green", "Green", "Blue"]

        drag_edge(page, "Red", -80)
        expect_saved(page)
        with Editor(ui.server) as editor:
            first = editor.get(f"/projects/{project['id']}")["clips"][0]
        assert 0.5 < first["end_s"] < 1.9

        start, end = block(page, "Red").bounding_box(), block(page, "Blue").bounding_box()
        assert start
        assert end
        page.mouse.move(start["x"] + 30, start["y"] + 30)
        page.mouse.down()
        page.mouse.move(end["x"] + end["width"] - 10, end["y"] + 30, steps=8)
        page.mouse.up()
        assert clip_titles(page) == ["Green", "Green", "Blue", "Red"]
        expect_saved(page)


def drag_edge(page: Page, title: str, dx: float) -> None:
    """Drag the end of a clip; a picture of the edge is shown meanwhile."""
    edge = page.get_by_role("slider", name=f"End edge of {title}").bounding_box()
    assert edge
    page.mouse.move(edge["x"] + 4, edge["y"] + 30)
    page.mouse.down()
    page.mouse.move(edge["x"] + 4 + dx, edge["y"] + 30, steps=6)
    expect(page.get_by_test_id("trim-tip")).to_be_visible()
    page.mouse.up()
    expect(page.get_by_test_id("trim-tip")).to_have_count(0)


@thorough
def test_five_hundred_clips_draw_only_what_is_in_view(ui: Ui, videos: list[str]) -> None:
    with Editor(ui.server) as editor:
        made = editor.post("/projects", {"title": "Many", "clips": [{"video_id": videos[0]}] * 500})
    with ui.page(f"/projects/{made['id']}") as page:
        block(page, "Red").focus()
        assert page.locator("li[data-clip]").count() < 120
        page.keyboard.press("End")
        expect(page.locator("[data-chosen]")).to_have_attribute("aria-posinset", "500")
