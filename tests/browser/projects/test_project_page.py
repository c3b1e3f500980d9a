from collections.abc import Iterator
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
    """Ids of three unlike clips that are ready."""
    clips = [
        make_clip(clip_folder, mark=1, seconds=2, name="One.mp4"),
        make_clip(clip_folder, mark=2, seconds=3, fps=25, size=(180, 320), name="Two.mp4"),
        make_clip(clip_folder, mark=3, seconds=2, audio=False, name="Three.mp4"),
    ]
    return [video["id"] for video in shared_ui.ready_videos(clips)]


@pytest.fixture
def project(ui: Ui, videos: list[str]) -> dict[str, Any]:
    return ui.project("Three clips", videos)


@pytest.fixture
def page(ui: Ui, project: dict[str, Any]) -> Iterator[Page]:
    with ui.page(f"/projects/{project['id']}") as page:
        expect(page.locator("li[data-clip]")).to_have_count(3)
        yield page


def saved_titles(ui: Ui, project: dict[str, Any]) -> list[str]:
    with Editor(ui.server) as editor:
        return [clip["video"]["title"] for clip in editor.get(f"/projects/{project['id']}")["clips"]]


def clip(page: Page, title: str) -> Any:
    return page.locator("li[data-clip] button[aria-keyshortcuts]", has_text=title)


def test_a_stitched_reel_plays_over_its_cuts(page: Page) -> None:
    page.get_by_role("button", name="Stitch").click()
    expect(page.get_by_role("group", name="Stitching")).to_be_visible()
    page.get_by_role("button", name="Watch").click(timeout=STITCH_S)

    wait_until(page, "document.querySelector('video')?.duration > 6.5")
    wait_until(page, "document.querySelector('video').currentTime > 2.5")
    assert page.evaluate("document.querySelector('video').error") is None
    expect(page.locator("[data-state=complete]")).to_be_visible()


def test_a_stitch_that_ends_moves_nothing_under_an_edit(page: Page) -> None:
    """Not the stage, not the chosen clip, not the caret; and while it ran it spoke of its own version."""
    clip(page, "Two").click()
    page.get_by_role("button", name="Stitch").click()
    expect(page.get_by_role("group", name="Stitching")).to_be_visible()
    end = page.get_by_label("Out", exact=True)
    end.fill("2.5")
    end.press("Enter")
    end.fill("2.")
    expect(page.get_by_text("Stitching version 1; the project has changed since.")).to_be_visible()
    place = end.bounding_box()

    expect(page.get_by_text("Reel ready.")).to_be_visible(timeout=STITCH_S)
    expect(end).to_be_focused()
    expect(end).to_have_value("2.")
    assert end.bounding_box() == place
    expect(page.locator("video")).to_have_attribute("aria-label", "Clip: Two")
    expect(page.get_by_text("(version 1): 1 clip trimmed")).to_be_visible()
    page.get_by_role("button", name="Watch").click()
    expect(page.locator("video")).to_have_attribute("aria-label", "Reel: Three clips")
    expect(page.get_by_text("Reel ready.")).to_have_count(0)


@thorough
def test_the_size_that_is_shown_is_that_of_the_reel(ui: Ui, clip_folder: Path) -> None:
    """Most of the time is small, but the one clip that can be copied is large."""
    clips = [
        make_clip(clip_folder, mark=4, seconds=2, size=(640, 360), name="Copied.mp4"),
        make_clip(clip_folder, mark=5, seconds=1.5, codec="vp9", name="Small.webm"),
        make_clip(clip_folder, mark=6, seconds=1.5, codec="vp9", name="Smaller.webm"),
    ]
    made = ui.project("Sizes", [video["id"] for video in ui.ready_videos(clips)])

    with ui.page(f"/projects/{made['id']}") as page:
        head = page.get_by_test_id("plan").get_by_role("button")
        expect(head).to_contain_text("2 of 3 re-encoded, ")
        expect(page.get_by_text("against 640×360").first).to_be_hidden()
        head.click()
        lines = page.get_by_role("list", name="Plan per clip").get_by_role("listitem")
        expect(lines).to_contain_text(["1. Copied", "re-encoded: 320×180 against 640×360", "3. Smaller"])
        marks = page.locator("li[data-clip] [data-plan]").evaluate_all("all => all.map(each => each.dataset.plan)")
        assert marks == ["copy", "encode", "encode"]
        expect(page.get_by_role("button", name="360p 30 fps")).to_be_visible()
        page.get_by_role("button", name="Stitch").click()
        expect(page.get_by_text("Open reel")).to_be_visible(timeout=STITCH_S)
        expect(page.get_by_role("button", name="360p 30 fps")).to_be_visible()
        expect(page.get_by_test_id("plan")).to_have_count(0)

    with Editor(ui.server) as editor:
        project = editor.get(f"/projects/{made['id']}")
        reel = editor.get(f"/videos/{project['reel']['video_id']}")
    assert (reel["width"], reel["height"]) == (640, 360)
    assert project["format"]["height"] == 180  # or this test proves nothing


def test_coming_back_in_another_browser_shows_the_truth(ui: Ui, page: Page, project: dict[str, Any]) -> None:
    page.get_by_role("button", name="Stitch").click()
    expect(page.get_by_role("group", name="Stitching")).to_be_visible()
    page.get_by_role("link", name="Library", exact=True).click()

    with ui.page(f"/projects/{project['id']}") as other:
        stitching = other.get_by_role("group", name="Stitching")
        expect(stitching.or_(other.get_by_text("Open reel"))).to_be_visible()
        expect(other.get_by_text("Open reel")).to_be_visible(timeout=STITCH_S)
    expect(page).to_have_url(f"{ui.server.url}/library")
    page.go_back()
    expect(page.get_by_text("Open reel")).to_be_visible()


def test_progress_belongs_to_the_viewed_project_alone(ui: Ui, page: Page, videos: list[str]) -> None:
    other = ui.project("Another", videos[:1])
    page.get_by_role("button", name="Stitch").click()
    expect(page.get_by_role("group", name="Stitching")).to_be_visible()
    page.get_by_role("link", name="Projects", exact=True).click()
    page.get_by_role("link", name="Another").click()

    page.wait_for_url(f"**/projects/{other['id']}")
    expect(page.get_by_label("Project title")).to_have_value("Another")
    expect(page.get_by_role("group", name="Stitching")).to_be_hidden()
    expect(page.get_by_role("button", name="Stitch")).to_be_enabled()


@thorough
def test_a_canceled_stitch_leaves_the_project_as_it_was(page: Page) -> None:
    page.get_by_role("button", name="Stitch").click()
    page.get_by_role("button", name="Cancel").click()

    expect(page.get_by_text("Stitch canceled")).to_be_visible()
    expect(page.get_by_role("button", name="Stitch")).to_be_visible(timeout=STITCH_S)
    expect(page.get_by_text("No reel yet")).to_be_visible()


def test_clips_are_reordered_by_keyboard_announced_and_saved(ui: Ui, page: Page, project: dict[str, Any]) -> None:
    clip(page, "One").focus()
    page.keyboard.press("Alt+ArrowRight")

    assert clip_titles(page) == ["Two", "One", "Three"]
    expect(page.get_by_text("One moved to position 2 of 3")).to_be_attached()
    expect(clip(page, "One")).to_be_focused()
    expect_saved(page)
    assert saved_titles(ui, project) == ["Two", "One", "Three"]


@thorough
def test_clips_are_reordered_by_dragging(ui: Ui, page: Page, project: dict[str, Any]) -> None:
    start, end = clip(page, "One").bounding_box(), clip(page, "Three").bounding_box()
    assert start
    assert end
    page.mouse.move(start["x"] + 30, start["y"] + 40)
    page.mouse.down()
    page.mouse.move(start["x"] + 60, start["y"] + 42, steps=4)
    page.mouse.move(end["x"] + end["width"] - 20, end["y"] + 40, steps=12)
    page.mouse.up()

    wait_until(page, "document.querySelector('[data-saving]').dataset.saving !== 'saved'")
    expect_saved(page)
    assert saved_titles(ui, project) == ["Two", "Three", "One"]
    assert clip_titles(page) == ["Two", "Three", "One"]
    expect(page.locator("[data-chosen] button")).to_have_attribute("aria-label", "Clip 3 of 3: One, 0:02")
    inside = """(() => {
        const line = document.querySelector('[class*=playhead]').getBoundingClientRect();
        const item = document.querySelector('[data-chosen]').getBoundingClientRect();
        return line.right >= item.left && line.left <= item.right;
    })()"""
    wait_until(page, inside)


def test_edits_are_undone_and_redone(ui: Ui, page: Page, project: dict[str, Any]) -> None:
    clip(page, "Two").focus()
    page.keyboard.press("Delete")
    assert clip_titles(page) == ["One", "Three"]
    page.keyboard.press("Control+z")
    assert clip_titles(page) == ["One", "Two", "Three"]
    page.keyboard.press("Control+Shift+z")
    assert clip_titles(page) == ["One", "Three"]

    expect_saved(page)
    assert saved_titles(ui, project) == ["One", "Three"]


def test_a_clip_is_trimmed_by_typing_and_by_the_playhead(ui: Ui, page: Page, project: dict[str, Any]) -> None:
    clip(page, "Two").click()
    page.get_by_label("In", exact=True).fill("0.5")
    page.get_by_label("In", exact=True).press("Enter")
    wait_until(page, "document.querySelector('video')?.readyState >= 2")
    page.evaluate("document.querySelector('video').currentTime = 2")
    wait_until(page, "!document.querySelector('video').seeking")
    page.locator("h1").first.click(position={"x": 1, "y": 1})
    page.keyboard.press("Escape")
    page.keyboard.press("o")

    expect(page.get_by_label("Out", exact=True)).to_have_value("00:02.00")
    expect_saved(page)
    saved = ui.server.get(f"/api/v1/projects/{project['id']}")["clips"][1]
    assert (saved["start_s"], saved["end_s"]) == pytest.approx((0.5, 2.0), abs=0.01)


@thorough
def test_a_time_that_cannot_be_stays_with_its_reason(ui: Ui, page: Page, project: dict[str, Any]) -> None:
    clip(page, "Two").click()
    start = page.get_by_label("In", exact=True)
    start.fill("9")
    start.press("Enter")
    expect(page.get_by_text("After the out point (00:03.00)")).to_be_visible()
    expect(start).to_have_value("9")
    start.fill("half")
    start.blur()
    expect(page.get_by_text("Use mm:ss.cc")).to_be_visible()
    expect(start).to_have_value("half")
    start.press("Escape")

    expect(start).to_have_value("00:00.00")
    expect_saved(page)
    assert ui.server.get(f"/api/v1/projects/{project['id']}")["version"] == project["version"]


def test_an_edit_after_the_reel_makes_it_stale(page: Page) -> None:
    page.get_by_role("button", name="Stitch").click()
    expect(page.get_by_text("Open reel")).to_be_visible(timeout=STITCH_S)
    clip(page, "Three").focus()
    page.keyboard.press("Delete")

    expect(page.get_by_text("Changed since the reel was created")).to_be_visible()
    expect(page.get_by_role("button", name="Stitch")).to_be_enabled()


def test_two_tabs_that_edit_at_once_are_shown_both_versions(ui: Ui, page: Page, project: dict[str, Any]) -> None:
    with Editor(ui.server) as editor:
        kept = [{"video_id": each["video_id"]} for each in project["clips"][:2]]  # by a program: without their ids
        kept[1]["end_s"] = 2.5
        editor.http.put(
            f"/api/v1/projects/{project['id']}/clips", json=kept, headers={"If-Match": f'"{project["version"]}"'}
        ).raise_for_status()
    clip(page, "Three").focus()
    page.keyboard.press("Alt+ArrowLeft")
    page.keyboard.press("Alt+ArrowLeft")

    dialog = page.get_by_role("dialog", name="This project was changed elsewhere")
    expect(dialog).to_contain_text("Clip order changed")
    expect(dialog).to_contain_text("Removed “Three”“Two” ends at 2.5 s, yours at 3 s")
    expect(dialog).not_to_contain_text("Added")
    dialog.get_by_role("button", name="Keep mine").click()
    expect_saved(page)
    assert saved_titles(ui, project) == clip_titles(page) == ["Three", "One", "Two"]


def test_clips_are_added_from_the_library_in_the_order_of_choosing(page: Page) -> None:
    page.get_by_role("button", name="Add clips").click()
    picker = page.get_by_role("dialog", name="Add from the library")
    picker.get_by_label("Search videos").fill("T")
    picker.get_by_role("button", name="Three", exact=True).first.click()
    picker.get_by_role("button", name="Two", exact=True).first.click()
    picker.get_by_role("button", name="Add 2 clips").click()

    expect(page.locator("li[data-clip]")).to_have_count(5)
    assert clip_titles(page) == ["One", "Two", "Three", "Three", "Two"]
    expect_saved(page)


@thorough
def test_an_edit_made_just_before_leaving_is_saved(ui: Ui, page: Page, project: dict[str, Any]) -> None:
    clip(page, "One").focus()
    page.keyboard.press("Delete")
    page.get_by_role("link", name="Projects", exact=True).click()
    expect(page.get_by_role("link", name="Three clips").first).to_contain_text("2 clips")

    assert saved_titles(ui, project) == ["Two", "Three"]


def test_a_phone_shows_the_same_clips_as_rows_with_a_menu(ui: Ui, project: dict[str, Any]) -> None:
    with ui.page(f"/projects/{project['id']}", size=(390, 844)) as page:
        page.get_by_role("list", name="Clips").get_by_role("button", name="More actions for clip 1, One").click()
        page.get_by_role("menuitem", name="Move down").click()

        assert clip_titles(page) == ["Two", "One", "Three"]
        expect_saved(page)
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        page.get_by_role("button", name="Preview").click()
        expect(page.locator("video[aria-label='Preview: Three clips'], video[aria-label='Clip: Two']")).to_be_visible()


@thorough
def test_two_hundred_clips_open_and_reorder(ui: Ui, clip_folder: Path) -> None:
    [video] = ui.ready_videos([make_clip(clip_folder, mark=8, name="Many.mp4")])
    with Editor(ui.server) as editor:
        made = editor.post("/projects", {"title": "Two hundred", "clips": [{"video_id": video["id"]}] * 200})
    with ui.page(f"/projects/{made['id']}") as page:
        expect(page.locator("li[data-clip]").first).to_have_attribute("aria-setsize", "200")
        page.locator("li[data-clip] button[aria-keyshortcuts]").first.focus()
        page.keyboard.press("Alt+ArrowRight")

        expect(page.get_by_text("Many moved to position 2 of 200")).to_be_attached()
        expect_saved(page)
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
