"""A template becomes a campaign by the rows of a CSV file, and the campaign becomes reels."""

from playwright.sync_api import expect

from tests.browser.app.test_accessibility import grave_faults
from tests.fixtures.editor import Editor
from tests.fixtures.ui import Ui

DOCUMENT = {
    "title": "{{product}} ad",
    "clips": [{"prompt": {"text": "A {{product}}", "parameters": {"duration": 1, "resolution": "360p", "fps": 24}}}],
}


def test_rows_become_reels(ui: Ui) -> None:
    """The bad row is named before anything is made; the price is shown before it is paid."""
    with Editor(ui.server) as editor:
        template = editor.post("/templates", {"title": "Ads", "document": DOCUMENT})
    with ui.page("/templates") as page:
        page.locator(f"a[href$='{template['id']}']").click()
        expect(page.get_by_role("region", name="Fields")).to_contain_text("product")
        page.get_by_role("button", name="From CSV").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("Title").fill("Spring")
        dialog.get_by_label("Rows").fill("Product\nKite\n,\n\nToo,many")
        dialog.get_by_role("button", name="Check rows").click()
        expect(dialog.get_by_role("list", name="Rows that can't be used")).to_contain_text("Line 5")
        assert grave_faults(page) == []
        dialog.get_by_role("button", name="Create 1 project").click()

        row = page.locator("[data-project]")
        expect(row).to_contain_text("Kite ad")
        expect(row).to_contain_text("Draft")
        page.get_by_role("button", name="Generate").click()
        expect(page.get_by_role("dialog")).to_contain_text("1 clip of 1 project, free.")
        page.get_by_role("dialog").get_by_role("button", name="Generate").click()
        expect(row).to_contain_text("Ready", timeout=60_000)
        expect(row).to_contain_text("1 of 1")
        page.get_by_role("button", name="Stitch all").click()
        expect(row.get_by_role("link", name="Watch the reel of Kite ad")).to_be_visible(timeout=60_000)
        expect(row).to_contain_text("Complete")
        assert grave_faults(page) == []

        page.goto(f"/templates/{template['id']}")
        page.get_by_role("button", name="New project").click()
        page.get_by_role("dialog").get_by_label("Product").fill("Boat")
        page.get_by_role("button", name="Create project").click()
        expect(page.get_by_label("Project title")).to_have_value("Boat ad")
