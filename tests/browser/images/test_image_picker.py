"""The picker of images: uploaded by button and by drop, picked for a prompt, deleted."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.app.test_accessibility import grave_faults
from tests.fixtures.editor import Editor
from tests.fixtures.images import gradient, stored
from tests.fixtures.ui import Ui

PNG = stored(gradient(size=(320, 180)), "PNG")
PROMPT = {"text": "A beach at dawn", "provider": "local", "model": "titles", "parameters": {}, "inputs": []}

DROP = """data => {
  const transfer = new DataTransfer();
  transfer.items.add(new File([new Uint8Array(data)], "Dropped.png", { type: "image/png" }));
  const dialog = document.querySelector("[role=dialog]");
  for (const name of ["dragenter", "dragover", "drop"])
    dialog.dispatchEvent(new DragEvent(name, { bubbles: true, cancelable: true, dataTransfer: transfer }));
}"""


def pick(page: Page) -> Any:
    """Open the picker of the first clip's background."""
    field = page.get_by_role("group", name="Background")
    field.get_by_role("button", name="Choose").click()
    page.get_by_role("menuitem", name="Image").click()
    return page.get_by_role("dialog", name="Choose an image")


def test_an_image_is_uploaded_picked_and_deleted(ui: Ui) -> None:
    """What is dropped on the picker is no video, and what was refused says why."""
    with Editor(ui.server) as editor:
        project = editor.post("/projects", {"title": "Images", "clips": [{"prompt": PROMPT}]})
    with ui.page(f"/projects/{project['id']}") as page:
        dialog = pick(page)
        files: list[Any] = [
            {"name": "Broken.png", "mimeType": "image/png", "buffer": PNG[: len(PNG) // 2]},
            {"name": "Sunset.png", "mimeType": "image/png", "buffer": PNG},
        ]
        dialog.get_by_label("Image files to upload").set_input_files(files)
        expect(dialog.get_by_role("alert")).to_contain_text("The image is damaged")
        expect(dialog.get_by_role("button", name="Sunset", exact=True)).to_be_visible()
        page.evaluate(DROP, list(PNG))
        expect(dialog.get_by_role("button", name="Dropped", exact=True)).to_be_visible()
        assert grave_faults(page) == []

        dialog.get_by_role("button", name="Delete Dropped").click()
        page.get_by_role("dialog", name="Delete this image?").get_by_role("button", name="Delete", exact=True).click()
        expect(dialog.get_by_role("button", name="Dropped", exact=True)).to_have_count(0)
        dialog.get_by_role("button", name="Sunset", exact=True).click()

        expect(dialog).to_have_count(0)
        expect(page.get_by_role("group", name="Background").locator("img")).to_be_visible()
    with Editor(ui.server) as editor:
        [kept] = editor.get("/images")["items"]
        assert kept["title"] == "Sunset"
        assert editor.get("/uploads")["items"] == []
        editor.http.delete(f"/api/v1/images/{kept['id']}").raise_for_status()
