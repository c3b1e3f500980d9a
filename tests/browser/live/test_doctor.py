"""The doctor of detection on the Live page."""

from playwright.sync_api import expect

from tests.fixtures.ui import Ui


def test_an_admin_sees_what_detection_depends_on_and_what_to_do(ui: Ui) -> None:
    """It is asked when the section is opened, not with the page."""
    with ui.page("/live") as page:
        findings = page.get_by_role("list", name="Findings")
        expect(page.get_by_role("button", name="Detection")).to_be_visible()
        expect(findings).to_have_count(0)

        page.get_by_role("button", name="Detection").click()

        application = findings.get_by_role("listitem").filter(has_text="Twitch application")
        expect(application).to_contain_text("register one at https://dev.twitch.tv/console/apps")
        expect(application.get_by_role("img", name="Not used")).to_be_visible()
        expect(findings.get_by_role("listitem").filter(has_text="streamlink").first).to_be_visible()
