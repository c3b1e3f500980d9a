"""The Live page: channels added, imported, changed and removed in dialogs."""

from playwright.sync_api import Page, expect

from tests.browser.app.test_accessibility import grave_faults
from tests.fixtures.ui import Ui


def add_channel(page: Page, url: str, name: str) -> None:
    """Fill in the dialog; the channel is disabled, so that nothing looks for it on the network."""
    page.get_by_role("button", name="Add channel").first.click()
    dialog = page.get_by_role("dialog", name="Add channel")
    dialog.get_by_label("URL").fill(url)
    dialog.get_by_label("Name", exact=True).fill(name)
    dialog.get_by_role("button", name="Quality, schedule, filters and name").click()
    dialog.get_by_label("Enabled").uncheck()
    dialog.get_by_role("button", name="Add channel").click()


def test_a_channel_is_added_changed_and_removed(ui: Ui) -> None:
    """What the server refuses is said in the dialog, which keeps what was typed."""
    with ui.page("/live") as page:
        add_channel(page, "https://www.twitch.tv/videos/1", "Ann")
        dialog = page.get_by_role("dialog", name="Add channel")
        expect(dialog.get_by_role("alert")).to_contain_text("is not a Twitch channel")
        dialog.get_by_label("URL").fill("twitch.tv/ann")
        dialog.get_by_role("button", name="Add channel").click()

        page.get_by_role("link", name="Ann", exact=True).click()
        expect(page.get_by_text("No broadcasts yet.")).to_be_visible()
        page.get_by_role("tab", name="Settings").click()
        page.get_by_role("tabpanel").get_by_role("button", name="Edit").click()
        dialog = page.get_by_role("dialog", name="Edit Ann")
        dialog.get_by_role("button", name="Add hours").click()
        dialog.get_by_text("Fri", exact=True).click()
        dialog.get_by_label("Title has one of").fill("talk, podcast")
        assert grave_faults(page) == []
        dialog.get_by_role("button", name="Save").click()
        expect(page.get_by_text("Fri 18:00–23:00")).to_be_visible()
        expect(page.get_by_text("with talk, podcast")).to_be_visible()

        page.get_by_role("button", name="More actions", exact=True).click()
        page.get_by_role("menuitem", name="Remove").click()
        page.get_by_role("dialog", name="Remove this channel?").get_by_role("button", name="Remove").click()
        page.wait_for_url("**/live")
        expect(page.get_by_role("link", name="Ann", exact=True)).to_have_count(0)


def test_a_list_is_imported_line_by_line(ui: Ui) -> None:
    """On a phone; refused lines say why, and the page has no faults of accessibility in either scheme."""
    lines = '{"url": "twitch.tv/bob", "name": "Bob", "enabled": false}\nftp://example.com/\n'
    with ui.page("/live", size=(390, 844), scheme="light") as page:
        page.get_by_role("button", name="More actions", exact=True).click()
        page.get_by_role("menuitem", name="Import a list").click()
        dialog = page.get_by_role("dialog", name="Import channels")
        dialog.get_by_label("One channel in each line").fill(lines)
        dialog.get_by_role("button", name="Import").click()
        expect(dialog.get_by_role("status")).to_have_text("1 channel added, 1 refused.")
        expect(dialog.get_by_text("A URL begins with")).to_be_visible()
        dialog.get_by_role("button", name="Done").click()

        expect(page.get_by_role("link", name="Bob", exact=True)).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert grave_faults(page) == []
