"""Effects in the inspector: a whole reel with a card, a lower third, a crossfade and music, by mouse."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.fixtures.clips import make_clip
from tests.fixtures.editor import Editor
from tests.fixtures.ui import Ui, clip_titles, expect_saved

STITCH_S = 90_000


@pytest.fixture(scope="module")
def videos(shared_ui: Ui, clip_folder: Path) -> list[str]:
    """Ids of two short clips that are ready."""
    clips = [
        make_clip(clip_folder, mark=40 + n, seconds=3, size=(160, 90), name=f"{name}.mp4")
        for n, name in enumerate(("Breakwater", "Drawbridge"))
    ]
    return [video["id"] for video in shared_ui.ready_videos(clips)]


def open_section(page: Page, title: str) -> None:
    page.locator("summary", has_text=title).first.click()


def pick(page: Page, label: str, option: str) -> None:
    page.get_by_label(label, exact=True).first.click()
    page.get_by_role("option", name=option, exact=True).click()


def test_a_reel_with_effects_by_mouse(ui: Ui, videos: list[str]) -> None:
    """The reel is as long as its clips and the card, less the crossfade; the edit is saved as it was made."""
    project = ui.project("Effects", videos)
    with ui.page(f"/projects/{project['id']}") as page:
        page.locator("li[data-clip] button[aria-keyshortcuts]", has_text="Drawbridge").click()
        open_section(page, "Transition")
        pick(page, "From the clip before", "Crossfade")
        open_section(page, "Titles")
        page.get_by_role("button", name="Lower third").click()
        page.get_by_role("textbox", name="Words", exact=True).fill("The old drawbridge")
        open_section(page, "Music and loudness")
        page.get_by_role("button", name="Choose music").click()
        page.get_by_role("dialog").get_by_role("button", name="Breakwater", exact=True).click()
        page.get_by_role("button", name="Add an image, a card or prompts").click()
        page.get_by_role("menuitem", name="Add title card").click()
        page.get_by_role("textbox", name="Title", exact=True).fill("The end")
        expect_saved(page)
        assert clip_titles(page)[:2] == ["Breakwater", "Drawbridge"]

        with Editor(ui.server) as editor:
            saved = editor.get(f"/projects/{project['id']}")
        assert [clip["transition_in"] and clip["transition_in"]["kind"] for clip in saved["clips"]] == [
            None,
            "crossfade",
            None,
        ]
        assert saved["clips"][1]["titles"][0]["text"] == "The old drawbridge"
        assert saved["clips"][2]["card"]["text"] == "The end"
        assert saved["music"]["video_id"] == videos[0]

        page.get_by_role("button", name="Stitch").first.click()
        expect(page.get_by_text("Open reel")).to_be_visible(timeout=STITCH_S)
        with Editor(ui.server) as editor:
            reel = editor.get(f"/projects/{project['id']}")["reel"]
            assert editor.get(f"/videos/{reel['video_id']}")["duration_s"] == pytest.approx(3 + 3 - 1 + 4, abs=0.1)
