"""Comments in Chromium: a visitor of a share link writes one, and the owner sees it at its time."""

from pathlib import Path

from playwright.sync_api import expect

from tests.browser.app.test_accessibility import grave_faults
from tests.fixtures.clips import make_clip
from tests.fixtures.editor import Editor
from tests.fixtures.ui import Ui, wait_until

VIDEO = "document.querySelector('video')"


def test_a_visitors_comment_stands_at_its_time_in_the_owners_page(ui: Ui, clip_folder: Path) -> None:
    """It is answered and resolved there, and the visitor reads the answer."""
    [video] = ui.ready_videos([make_clip(clip_folder, seconds=4, mark=72, name="Commented.mp4")])
    with Editor(ui.server) as editor:
        link = editor.post(f"/videos/{video['id']}/shares", {"comments": "write"})["url"]
    with ui.context(signed_in=False) as away, ui.page(f"/videos/{video['id']}") as page:
        visitor = away.new_page()
        visitor.goto(f"{link}?t=2")
        expect(visitor.get_by_role("textbox", name="New comment")).to_be_visible()
        visitor.keyboard.press("n")
        expect(visitor.get_by_role("textbox", name="New comment")).to_be_focused()
        visitor.keyboard.type("Brighter here, please")
        visitor.get_by_role("textbox", name="Your name").fill("Kim")
        visitor.get_by_role("button", name="Comment", exact=True).click()
        expect(visitor.locator("[data-comment]")).to_contain_text("Brighter here, please")
        expect(visitor.get_by_role("textbox", name="New comment")).to_have_value("")
        assert grave_faults(visitor) == []

        mark = page.get_by_title("0:02 Kim: Brighter here, please")
        expect(mark).to_be_visible()
        page.get_by_role("tab", name="Comments (1)").click()
        thread = page.locator("[data-comment]")
        expect(thread).to_contain_text("Visitor")
        thread.get_by_role("button", name="00:02.00").click()
        wait_until(page, f"Math.abs({VIDEO}.currentTime - 2) < 0.01")
        thread.get_by_role("button", name="Reply").click()
        thread.get_by_role("textbox", name="Reply to Kim").fill("Done")
        page.keyboard.press("Control+Enter")
        expect(thread.get_by_role("list", name="Replies")).to_contain_text("Done")
        assert grave_faults(page) == []
        thread.get_by_role("button", name="Resolve").click()
        expect(page.get_by_role("button", name="Show 1 resolved comment")).to_be_visible()
        expect(mark).to_have_count(0)

        visitor.reload()
        visitor.get_by_role("button", name="Show 1 resolved comment").click()
        expect(visitor.locator("[data-comment]")).to_contain_text("Done")
        visitor.get_by_role("button", name="More about the comment by Kim").click()
        visitor.get_by_role("menuitem", name="Delete with replies").click()
        expect(visitor.locator("[data-comment]")).to_have_count(0)
