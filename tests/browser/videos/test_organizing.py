"""The library in order: a selection is filed into a collection and found again; the list sorts and is remembered."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.app.test_accessibility import grave_faults
from tests.fixtures.clips import make_clip
from tests.fixtures.editor import Editor
from tests.fixtures.ui import Ui, cards


@pytest.fixture(scope="module")
def titled(shared_ui: Ui, clip_folder: Path) -> list[str]:
    """Titles of two short videos of different length."""
    clips = [make_clip(clip_folder, seconds=seconds, size=(160, 90), mark=120 + seconds) for seconds in (1, 2)]
    return [video["title"] for video in shared_ui.ready_videos(clips)]


def test_a_selection_is_filed_into_a_new_collection_and_found_again(ui: Ui, titled: list[str]) -> None:
    with ui.page() as page:
        for title in titled:
            page.get_by_role("checkbox", name=f"Select {title}").click()
        page.get_by_role("button", name="Organize").click()
        dialog = page.get_by_role("dialog", name="Organize 2 videos")
        dialog.get_by_label("New collection").fill("Harbour trip")
        dialog.get_by_role("button", name="Create").click()
        expect(dialog.get_by_role("checkbox", name="Harbour trip (0)").first).to_be_checked()
        dialog.get_by_label("Add tags").fill("Boat")
        dialog.get_by_label("Add tags").press("Enter")
        dialog.get_by_role("button", name="Apply").click()
        expect(page.get_by_text("Changed 2 videos")).to_be_visible()
        page.keyboard.press("Escape")

        page.get_by_role("button", name="Filters").click()
        page.get_by_label("Collection", exact=True).select_option(label="Harbour trip (2)")
        page.keyboard.press("Escape")
        expect(cards(page)).to_have_count(2)
        assert "collection_id=col_" in page.url

        page.goto("/library?tag=boat")
        expect(cards(page)).to_have_count(2)


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.usefixtures("titled")
def test_the_list_sorts_and_is_remembered(ui: Ui, width: int) -> None:
    with Editor(ui.server) as editor:
        shortest = editor.get("/videos?sort=duration_s&limit=1")["items"][0]["title"]
    with ui.page(size=(width, 800)) as page:
        page.get_by_role("button", name="Show as list").click()
        table = page.get_by_role("table", name="Videos")
        table.get_by_role("button", name="Duration").click()
        expect(table.get_by_role("columnheader", name="Duration")).to_have_attribute("aria-sort", "descending")
        table.get_by_role("button", name="Duration").click()
        rows = table.locator("[data-video]")
        expect(rows.first).to_contain_text(shortest)
        assert "sort=duration_s" in page.url
        assert grave_faults(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

        page.goto("/library")
        expect(table).to_be_visible()
