"""Captions on the page of a video and on a share page."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.fixtures.clips import make_clip
from tests.fixtures.ui import Ui

SRT = "1\n00:00:00,000 --> 00:00:01,500\nHelo there friend\n\n2\n00:00:02,000 --> 00:00:03,000\nSecond\n"
SHOWN = """
(texts) => JSON.stringify(
  [...(document.querySelector('video')?.textTracks ?? [])]
    .filter((track) => track.mode === 'showing' && track.kind === 'captions')
    .flatMap((track) => [...(track.cues ?? [])].map((cue) => cue.text))
) === JSON.stringify(texts)
"""


def test_captions_are_added_edited_and_seen(ui: Ui, clip_folder: Path) -> None:
    """Where they are edited, at once; and on a share page, where they can be turned off."""
    (video,) = ui.ready_videos([make_clip(clip_folder, seconds=3, mark=61)])
    with ui.page(f"/videos/{video['id']}?tab=captions") as page:
        page.get_by_role("button", name="Add captions").click()
        page.get_by_role("menuitem", name="File or text").click()
        text = page.get_by_role("textbox", name="Text")
        text.fill(SRT.replace("01,500", "xx"))
        page.get_by_role("button", name="Add", exact=True).click()
        expect(page.get_by_role("alert")).to_contain_text("Line 2")
        expect(text).to_have_value(SRT.replace("01,500", "xx"))
        text.fill(SRT)
        page.get_by_role("button", name="Add", exact=True).click()

        first = page.get_by_label("Caption 1", exact=True)
        expect(first).to_have_value("Helo there friend")
        shows(page, ["Helo there friend", "Second"])
        first.fill("Hello there friend")
        shows(page, ["Hello there friend", "Second"])
        first.evaluate("(field) => field.setSelectionRange(5, 5)")
        first.press("Control+Enter")
        expect(page.get_by_label("Caption 2", exact=True)).to_have_value("there friend")
        shows(page, ["Hello", "there friend", "Second"])
        page.get_by_role("button", name="Go to caption 3").click()
        expect(page.locator("li[data-current]")).to_contain_text("3")

    share = ui.server.post(f"/api/v1/videos/{video['id']}/shares", {})
    with ui.page(share["url"], signed_in=False) as page:
        page.get_by_role("button", name=f"Play {video['title']}").click()
        shows(page, ["Hello", "there friend", "Second"])
        page.keyboard.press("c")
        shows(page, [])
        page.locator("media-controller").hover()
        page.get_by_role("button", name="Captions: Off").click()
        page.get_by_role("menuitem", name="Captions").click()
        shows(page, ["Hello", "there friend", "Second"])


def shows(page: Page, texts: list[str]) -> None:
    """Wait until the player has exactly these captions to show."""
    page.wait_for_function(SHOWN, arg=texts)
