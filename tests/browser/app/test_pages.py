from playwright.sync_api import expect

from tests.fixtures.ui import Ui


def test_an_unknown_page_keeps_the_navigation(ui: Ui) -> None:
    with ui.page("/nope") as page:
        expect(page.get_by_text("This page doesn't exist")).to_be_visible()
        page.get_by_role("navigation", name="Main").get_by_role("link", name="Projects").click()
        page.wait_for_url("**/projects")
