"""Prompts that become clips, with the provider that renders on this machine."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.app.test_accessibility import grave_faults
from tests.fixtures.editor import Editor
from tests.fixtures.tiers import thorough
from tests.fixtures.ui import Ui, clip_titles, expect_saved

PROMPTS = ["A lighthouse at dawn", "Waves on the rocks", "The keeper climbs the stairs"]
SMALL = {"duration": 1, "resolution": "360p", "fps": 24, "audio": False}
"""Parameters that render in a moment."""


def takes(page: Page, state: str) -> Any:
    return page.locator(f"[data-take][data-state={state}]")


def use_small(page: Page) -> None:
    """Choose, in a form, parameters that render in a moment."""
    page.get_by_label("Duration").fill("1")
    page.get_by_role("combobox", name="Resolution").click()
    page.get_by_role("option", name="360p").click()
    page.get_by_role("combobox", name="Frame rate").click()
    page.get_by_role("option", name="24 fps").click()


def test_pasted_prompts_become_clips_and_a_reel(ui: Ui) -> None:
    """With the price before, a second take that offers itself, and the choice between the two."""
    project = ui.project("Prompts", [])
    with ui.page(f"/projects/{project['id']}") as page:
        page.get_by_role("button", name="Paste prompts").click()
        page.get_by_label("Prompts, one a line").fill("\n".join(f"{n}. {text}" for n, text in enumerate(PROMPTS, 1)))
        use_small(page)
        page.get_by_role("button", name="Add 3 clips").click()
        expect(page.locator("li[data-prompt=not_generated]")).to_have_count(3)
        expect(page.get_by_text("3 of 3 clips have no video yet")).to_be_visible()
        expect_saved(page)
        assert clip_titles(page) == PROMPTS
        assert grave_faults(page) == []

        page.get_by_role("button", name="Generate 3", exact=True).click()
        dialog = page.get_by_role("dialog", name="Generate")
        expect(dialog.get_by_text("3 clips, free")).to_be_visible()
        dialog.get_by_role("button", name="Generate 3 clips").click()
        expect(page.locator("li[data-prompt]")).to_have_count(0)

        field = page.get_by_label("Prompt", exact=True)
        page.get_by_role("button", name="Generate again", exact=True).click()
        field.fill("A lighthouse at noon")
        expect(takes(page, "succeeded")).to_have_count(2)
        expect(field).to_be_focused()
        expect(field).to_have_value("A lighthouse at noon")
        expect(page.locator("video")).to_have_attribute("aria-label", "Clip: A lighthouse at dawn")
        expect(page.locator("[data-take][data-used]").get_by_text("Take 1")).to_be_visible()
        assert grave_faults(page) == []

        page.get_by_role("button", name="Watch take 2").click()
        expect(page.locator("video")).to_have_attribute("aria-label", "Take 2")
        page.get_by_role("button", name="Use take 2").click()
        expect(page.locator("[data-take][data-used]").get_by_text("Take 2")).to_be_visible()
        expect_saved(page)
        page.get_by_role("button", name="Stitch").click()
        expect(page.get_by_text("Reel ready.")).to_be_visible()

    with Editor(ui.server) as editor:
        made = editor.get(f"/projects/{project['id']}")
    assert made["status"] == "complete"
    first = made["clips"][0]
    assert first["prompt"]["text"] == "A lighthouse at noon"
    assert first["video_id"] == first["takes"][0]["video_id"]


@thorough
def test_what_arrives_meanwhile_is_there_on_return(ui: Ui) -> None:
    """A clip of one prompt on a phone; the page is left before its take is there."""
    with Editor(ui.server) as editor:
        clip = {"prompt": {"text": "A quiet bay", "parameters": SMALL}}
        project = editor.post("/projects", {"title": "Left", "clips": [clip]})
    with ui.page(f"/projects/{project['id']}", size=(390, 844)) as page:
        page.get_by_role("button", name="Generate", exact=True).click()
        expect(page.get_by_role("group", name="Generating")).to_be_visible()
        page.get_by_role("link", name="Library", exact=True).click()
        expect(page.get_by_role("heading", name="Library")).to_be_visible()
        page.go_back()
        expect(page.locator("li[data-prompt]")).to_have_count(0)
        expect(page.get_by_role("button", name="Stitch")).to_be_enabled()
        assert grave_faults(page) == []
