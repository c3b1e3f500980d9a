"""What is made of a video beside its original: listed, named as in the player's menu, downloaded."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.app.test_accessibility import grave_faults
from tests.fixtures.clips import make_clip
from tests.fixtures.editor import Editor
from tests.fixtures.tiers import thorough
from tests.fixtures.ui import Ui, wait_until


@pytest.fixture(scope="module")
def upright(shared_ui: Ui, clip_folder: Path) -> str:
    """A video that is taller than wide, with two rungs and a file to keep."""
    clip = make_clip(clip_folder, seconds=3, size=(360, 640), mark=110, name="Upright.mp4")
    [video] = shared_ui.ready_videos([clip])
    with Editor(shared_ui.server) as editor:
        job = editor.post(f"/videos/{video['id']}/renditions", {"heights": [240, 180], "download": 240})["id"]
        assert editor.ended(job)["state"] == "succeeded"
    return str(video["id"])


def rows(page: Page) -> list[list[str]]:
    """The texts of the list, row by row, without its last column."""
    found: list[list[str]] = page.locator("tr[data-rendition]").evaluate_all(
        "rows => rows.map(row => [...row.cells].slice(0, -1).map(cell => cell.innerText))"
    )
    return found


def test_the_menu_and_the_list_name_a_quality_after_its_short_side(ui: Ui, upright: str) -> None:
    with ui.page(f"/videos/{upright}?tab=technical") as page:
        expect(page.locator("tr[data-rendition]")).to_have_count(3)
        assert [row[:2] for row in rows(page)] == [
            ["240p", "240×426, 30 fps, H.264, no audio of its own"],
            ["180p", "180×320, 30 fps, H.264, no audio of its own"],
            ["240p download", "240×426, 30 fps, H.264"],
        ]
        assert all(row[2].endswith("kB") and row[3] == "Ready" for row in rows(page))
        expect(page.get_by_text("byte ranges, or a stream (HLS) with 240p, 180p")).to_be_visible()

        wait_until(page, "document.querySelector('video')?.readyState >= 2")
        page.get_by_role("button", name="Quality: Auto").click()
        expect(page.get_by_role("menuitem")).to_have_text(["Auto", "360p", "240p", "180p", "Original"])
        assert grave_faults(page) == []
        page.get_by_role("menuitem", name="Original").click()
        wait_until(page, "document.querySelector('video').videoWidth === 360")
        page.get_by_role("button", name="Quality: Original").click()
        expect(page.get_by_role("menuitem")).to_have_text(["Auto", "360p", "240p", "180p", "Original"])
        page.get_by_role("menuitem", name="240p").click()
        wait_until(page, "document.querySelector('video').videoWidth === 240")
        expect(page.get_by_role("button", name="Quality: 240p")).to_be_visible()


@thorough
def test_a_rendition_is_downloaded(ui: Ui, upright: str) -> None:
    """One without sound says so first."""
    with ui.page(f"/videos/{upright}?tab=technical") as page:
        expect(page.get_by_role("button", name="Download 180p, no audio")).to_be_visible()
        with page.expect_download() as started:
            page.get_by_role("button", name="Download 240p download").click()

        kept = Path(started.value.path())
        listed = ui.server.get(f"/api/v1/videos/{upright}/renditions")["items"]
        assert started.value.suggested_filename.endswith(".mp4")
        assert kept.stat().st_size == next(item["size_bytes"] for item in listed if item["kind"] == "download")


def test_a_video_without_renditions_offers_to_make_them(ui: Ui, clip_folder: Path) -> None:
    [video] = ui.ready_videos([make_clip(clip_folder, seconds=2, size=(854, 480), mark=111, name="Bare.mp4")])
    with ui.page(f"/videos/{video['id']}?tab=technical") as page:
        expect(page.get_by_text("No renditions; players use the original.")).to_be_visible()
        expect(page.get_by_text("Signed URLs: the original file with byte ranges", exact=True)).to_be_visible()
        wait_until(page, "document.querySelector('video')?.readyState >= 2")
        page.keyboard.press("k")
        page.get_by_role("button", name="Create renditions").click()

        expect(page.locator("tr[data-rendition='360p']")).to_contain_text("640×360")
        expect(page.locator("tr[data-rendition='360p'] [data-state=ready]")).to_be_visible(timeout=60_000)
        page.get_by_role("button", name="Quality: Original").click()  # what is watched goes on, the new one is offered
        page.get_by_role("menuitem", name="360p").click()
        wait_until(page, "document.querySelector('video').videoHeight === 360")


@thorough
@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_the_list_fits_a_phone(ui: Ui, upright: str, scheme: str) -> None:
    with ui.page(f"/videos/{upright}?tab=technical", size=(390, 844), scheme=scheme) as page:
        expect(page.locator("tr[data-rendition]")).to_have_count(3)
        over = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(over) <= 0
        assert rows(page)[0][:2] == ["240p", "240×426"]
        assert grave_faults(page) == []
