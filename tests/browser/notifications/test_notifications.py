"""The page of webhooks: added with a secret that is shown once, tested, and its log read."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, expect

from playhead.kit.standard_webhooks import sign
from tests.browser.app.test_accessibility import grave_faults
from tests.fixtures.editor import Editor
from tests.fixtures.receiver import Receiver, running_receiver
from tests.fixtures.tiers import thorough
from tests.fixtures.ui import Ui


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with running_receiver() as receiver:
        yield receiver


@pytest.fixture(autouse=True)
def _no_webhooks(ui: Ui) -> None:
    with Editor(ui.server) as editor:
        for each in editor.get("/webhooks")["items"]:
            editor.http.delete(f"/api/v1/webhooks/{each['id']}").raise_for_status()


def _choose(dialog: Locator, event: str) -> None:
    """Have one type of event sent."""
    dialog.get_by_label("All events").uncheck()
    boxes = dialog.get_by_role("group", name="Events").get_by_role("checkbox")
    expect(boxes.first).to_be_visible()
    for box in boxes.all():
        box.set_checked(box.get_attribute("value") == event)


def test_a_webhook_is_added_tested_and_removed(ui: Ui, receiver: Receiver) -> None:
    receiver.answers[:] = [503, 204]
    with ui.page("/notifications") as page:
        page.get_by_role("button", name="Add webhook").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("URL").fill("http://no-such-host.invalid/hooks")
        dialog.get_by_label("Description").fill("Chat bot")
        dialog.get_by_role("button", name="Add webhook").click()
        expect(dialog.get_by_role("alert")).to_contain_text("has no address")
        dialog.get_by_label("URL").fill(receiver.url)
        _choose(dialog, "disk.low")  # which nothing else on this server causes
        dialog.get_by_role("button", name="Add webhook").click()
        secret = dialog.get_by_test_id("webhook-secret").inner_text()
        assert grave_faults(page) == []
        dialog.get_by_role("button", name="Done").click()

        row = page.locator("[data-webhook]")
        expect(row).to_contain_text("Chat bot")
        expect(row).to_contain_text("Enabled")
        expect(page.get_by_text(secret)).to_have_count(0)
        row.get_by_role("button", name="More actions").click()
        page.get_by_role("menuitem", name="Send test").click()
        delivery = page.locator("[data-delivery]")
        expect(delivery).to_contain_text("Errored")
        delivery.get_by_role("button").first.click()
        expect(delivery).to_contain_text("It responded with 503 Service Unavailable.")
        delivery.get_by_role("button", name="Send again").click()
        expect(delivery).to_contain_text("Accepted with 204")
        assert grave_faults(page) == []

        for request in receiver.received:
            timestamp = int(request.headers["webhook-timestamp"])
            signature = sign(secret, request.headers["webhook-id"], timestamp, request.body)
            assert request.headers["webhook-signature"] == signature

        row.get_by_role("button", name="More actions").click()
        page.get_by_role("menuitem", name="Remove").click()
        page.get_by_role("dialog").get_by_role("button", name="Remove").click()
        expect(page.locator("[data-webhook]")).to_have_count(0)


@thorough
@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_does_not_scroll_sideways(ui: Ui, receiver: Receiver, width: int) -> None:
    with Editor(ui.server) as editor:
        made = editor.post("/webhooks", {"url": receiver.url + "/" + "long" * 40, "event_types": ["video.ready"]})
        editor.post(f"/webhooks/{made['id']}/test")
    with ui.page("/system?tab=notifications", size=(width, 800)) as page:
        page.get_by_role("button", name="Deliveries to").click()
        page.locator("[data-delivery]").get_by_role("button").first.click()
        expect(page.get_by_text("Accepted with 204")).to_be_visible()
        over = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(over) <= 0
