"""The trash, kept videos, and the page of retention."""

import re

from playwright.sync_api import expect

from tests.browser.app.test_accessibility import grave_faults
from tests.browser.app.test_system import LOW
from tests.fixtures.stored_videos import put_bytes
from tests.fixtures.tiers import thorough
from tests.fixtures.ui import Ui


def test_a_deleted_video_comes_back_from_the_trash(ui: Ui) -> None:
    video = put_bytes(ui.server, b"x" * 5000, title="Sunset")
    with ui.page(f"/videos/{video}") as page:
        page.get_by_role("button", name="More").click()
        page.get_by_role("menuitem", name="Delete video").click()
        dialog = page.get_by_role("dialog", name="Delete this video?")
        expect(dialog).to_contain_text("The trash keeps it for 7 days")
        dialog.get_by_role("button", name="Delete", exact=True).click()
        page.wait_for_url("**/library")

        page.get_by_role("link", name="Trash").click()
        row = page.locator(f"[data-trashed='{video}']")
        expect(row).to_contain_text("Sunset")
        assert grave_faults(page) == []
        row.get_by_role("button", name="Restore Sunset").click()
        expect(row).to_have_count(0)

        page.goto(f"/videos/{video}")
        expect(page.get_by_role("heading", name="Sunset")).to_be_visible()


def test_a_kept_video_is_marked(ui: Ui) -> None:
    video = put_bytes(ui.server, b"x" * 5000, title="Wedding")
    with ui.page(f"/videos/{video}") as page:
        page.get_by_role("button", name="More").click()
        page.get_by_role("menuitem", name="Keep from retention").click()
        expect(page.locator("[data-kept]")).to_be_visible()

        page.goto("/library?search=Wedding")
        expect(page.locator(f"[data-video='{video}'] [data-kept]")).to_be_visible()


def test_a_policy_is_added_planned_and_run(ui: Ui) -> None:
    """What goes and why, what is held and why, then the run and its history."""
    kept = put_bytes(ui.server, b"x" * 5000, title="Old and kept", origin="generation")
    gone = put_bytes(ui.server, b"x" * 5000, title="Old", origin="generation")
    for _ in range(3):
        put_bytes(ui.server, b"x" * 9000, title="Another")
    ui.server.cli("videos", "keep", kept)
    with ui.page("/system?tab=retention") as page:
        page.get_by_role("button", name="Add policy").click()
        dialog = page.get_by_role("dialog", name="Add policy")
        dialog.get_by_role("combobox", name="For").click()
        page.get_by_role("option", name="Generated videos").click()
        dialog.get_by_label("Days").fill("30")
        dialog.get_by_role("button", name="Save").click()
        expect(page.locator("[data-policy]")).to_contain_text("At most 30 days")

        page.get_by_role("button", name="Show plan").click()
        expect(page.locator(f"[data-planned='{gone}']")).to_contain_text("older than 30 days")
        expect(page.locator(f"[data-planned='{kept}'][data-held]")).to_contain_text("marked to be kept")
        assert grave_faults(page) == []
        page.get_by_role("button", name="Run", exact=True).click()
        page.get_by_role("dialog").get_by_role("button", name=re.compile("Run retention|Delete more")).click()

        expect(page.locator("[data-removal=trashed]").filter(has_text="Old")).to_contain_text("Retention")
        expect(page.locator("[data-run=done]").first).to_be_visible()
        page.get_by_role("button", name=re.compile("More actions for the policy")).click()
        page.get_by_role("menuitem", name="Delete").click()
        expect(page.locator("[data-policy]")).to_have_count(0)


@thorough
def test_on_a_phone_its_buttons_are_large(ui: Ui) -> None:
    with ui.page("/system?tab=retention", size=(390, 844)) as page:
        page.wait_for_load_state("networkidle")
        assert page.evaluate(LOW) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
