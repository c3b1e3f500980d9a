"""The pages of providers and spending: a key is entered, tested and never shown; what a clip cost is listed."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.app.test_accessibility import grave_faults
from tests.browser.app.test_system import LOW
from tests.fixtures.editor import Editor, wait_for
from tests.fixtures.fake_providers import Fake, running_fake
from tests.fixtures.tiers import thorough
from tests.fixtures.ui import Ui

NAME = "replicate-fake"
OVER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def fake() -> Iterator[Fake]:
    with running_fake() as fake:
        yield fake


@pytest.fixture(autouse=True)
def _no_provider(ui: Ui) -> Iterator[None]:
    yield
    with Editor(ui.server) as editor:
        editor.http.delete(f"/api/v1/providers/{NAME}")


def test_a_key_is_entered_tested_and_never_shown_and_what_it_paid_is_listed(ui: Ui, fake: Fake) -> None:
    with ui.page("/system?tab=providers") as page:
        expect(page.locator("[data-provider='local']")).to_contain_text("Not needed")
        page.get_by_role("button", name="Add provider").click()
        dialog = page.get_by_role("dialog")
        expect(dialog.get_by_label("Service")).to_have_value("Replicate")
        dialog.get_by_label("Name").fill(NAME)
        dialog.get_by_label("Address").fill("http://no-such-host.invalid/v1")
        dialog.get_by_label("Key", exact=True).fill("bad-sesame")
        assert grave_faults(page) == []
        dialog.get_by_role("button", name="Add provider").click()
        expect(dialog.get_by_role("alert")).to_contain_text("has no address")
        dialog.get_by_label("Address").fill(f"{fake.url}/replicate/v1")
        dialog.get_by_role("button", name="Add provider").click()

        row = page.locator(f"[data-provider='{NAME}']")
        expect(row).to_contain_text("Kept encrypted")
        row.get_by_role("button", name="Test").click()
        expect(row).to_contain_text("Failing")
        row.get_by_role("button", name="More actions").click()
        page.get_by_role("menuitem", name="Edit").click()
        expect(dialog.get_by_label("Key", exact=True)).to_have_value("")
        dialog.get_by_label("Key", exact=True).fill("r8_sesame")
        dialog.get_by_role("button", name="Save").click()
        row.get_by_role("button", name="Test").click()
        expect(row).to_contain_text("Ready")
        assert "sesame" not in page.content()
        assert grave_faults(page) == []

    with Editor(ui.server) as editor:
        prompt = {"text": "A harbour at dawn", "provider": NAME, "model": "google/veo-3.1-fast"}
        made = editor.post("/generations", {"prompt": {**prompt, "parameters": {"duration": 4, "audio": False}}})
        assert made["cost"]["estimated"] == 0.4
        path = f"/generations/{made['id']}"
        wait_for("the clip", lambda: editor.get(path)["state"] not in ("queued", "submitting", "running"))
    with ui.page("/library") as page:
        page.get_by_role("button", name="admin").first.click()
        page.get_by_role("menuitem", name="Spending").click()
        expect(page.locator("[data-entry='actual']").first).to_contain_text("$0.40")
        page.get_by_role("combobox", name="Group").click()
        page.get_by_role("option", name="By provider").click()
        expect(page.locator(f"[data-sum='{NAME}']")).to_contain_text("$0.40")
        assert grave_faults(page) == []


@thorough
@pytest.mark.parametrize("path", ["/system?tab=providers", "/spending"])
def test_on_a_phone_nothing_is_cut_off_or_too_low(ui: Ui, path: str) -> None:
    with ui.page(path, size=(390, 844)) as page:
        expect(page.get_by_text("Local titles" if "system" in path else "Entries").first).to_be_visible()

        assert page.evaluate(OVER) <= 0
        assert page.evaluate(LOW) == []
