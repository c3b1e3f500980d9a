"""The overview of the system, as an admin sees it on a screen and on a phone."""

import re

from playwright.sync_api import expect

from tests.browser.app.test_accessibility import grave_faults
from tests.fixtures.ui import Ui

LOW = """[...document.querySelectorAll("main button, main a, main [role=tab], main input:not([type=checkbox])")]
  .filter((one) => one.offsetParent && !one.closest("header, .mantine-Input-section"))
  .filter((one) => !["radio", "password"].includes(one.type) && one.getBoundingClientRect().height < 44)
  .map((one) => one.outerHTML)"""
"""What is too low for a finger."""


def test_an_admin_sees_how_the_system_is(ui: Ui) -> None:
    """Health, room, workers and settings with where each came from; defaults when they are asked for."""
    with ui.page("/system") as page:
        for name in ("database", "store", "worker", "disk"):
            expect(page.locator(f"[data-check='{name}']")).to_have_attribute("data-ok", "true")
        expect(page.get_by_text("Uploads are refused below")).to_be_visible()
        expect(page.locator("[data-worker]")).to_contain_text("Up for")
        expect(page.locator("[data-setting='data']")).to_contain_text("environment PLAYHEAD_DATA")
        expect(page.locator("[data-setting='port']")).to_contain_text("command line")
        expect(page.locator("[data-setting='upload_max']")).to_have_count(0)
        page.get_by_label(re.compile(r"Show \d+ defaults")).check()
        expect(page.locator("[data-setting='upload_max']")).to_contain_text("21.5 GB")
        assert grave_faults(page) == []


def test_on_a_phone_buttons_are_whole_and_large(ui: Ui) -> None:
    """None is cut off, and none is lower than a finger."""
    with ui.page("/account", size=(390, 844)) as page:
        for path in (
            "/system",
            "/system?tab=users",
            "/system?tab=keys",
            "/system?tab=transfers&state=ended",
            "/account",
        ):
            page.goto(path)
            page.wait_for_load_state("networkidle")
            assert page.evaluate(LOW) == [], path
        box = page.get_by_role("button", name="New key").bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= 390
