"""The stage draws what the reel will show over its clips, before anything is rendered."""

from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.fixtures.clips import make_clip
from tests.fixtures.editor import Editor
from tests.fixtures.ui import Ui


def go_to(page: Page, time: str) -> None:
    page.get_by_label("Time of the playhead").fill(time)
    page.keyboard.press("Enter")


def drawn(page: Page, words: str) -> Locator:
    """Words over the picture; the inspector shows them, too."""
    return page.get_by_test_id("preview-layers").get_by_text(words, exact=True)


def lies_on(page: Page, words: str) -> bool:
    """Whether words lie wholly on the picture, and have a size."""
    picture, found = page.locator("video").bounding_box(), drawn(page, words).bounding_box()
    assert picture is not None
    assert found is not None
    across = picture["x"] <= found["x"] and found["x"] + found["width"] <= picture["x"] + picture["width"]
    down = picture["y"] <= found["y"] and found["y"] + found["height"] <= picture["y"] + picture["height"]
    return across and down and found["height"] > 10


def test_words_and_cards_are_seen_at_their_time(ui: Ui, clip_folder: Path) -> None:
    """A title and a caption come and go with the playhead; a card is shown in the stage and plays."""
    (video,) = ui.ready_videos([make_clip(clip_folder, mark=41, seconds=4, size=(160, 90), name="Words.mp4")])
    clip = {
        "video_id": video["id"],
        "titles": [{"text": "Anna Karlsson", "start_s": 1, "end_s": 2}],
        "captions": {"cues": [{"start_s": 2.5, "end_s": 3.5, "text": "Good morning"}]},
    }
    card = {"card": {"text": "Chapter one"}, "start_s": 0, "end_s": 2}
    captions = {"mode": "soft", "style": {"preset": "standard"}}
    with Editor(ui.server) as editor:
        made = editor.post("/projects", {"title": "Live", "clips": [clip, card], "captions": captions})
    with ui.page(f"/projects/{made['id']}") as page:
        layers = page.get_by_test_id("preview-layers")
        go_to(page, "1.5")
        expect(layers).to_contain_text("Anna Karlsson")
        expect(layers).not_to_contain_text("Good morning")
        assert lies_on(page, "Anna Karlsson")
        go_to(page, "3")
        expect(layers).to_contain_text("Good morning")
        expect(layers).not_to_contain_text("Anna Karlsson")
        go_to(page, "4.5")
        stage = page.get_by_role("region", name="Clip: Chapter one")
        expect(stage).to_contain_text("Chapter one")
        expect(stage.get_by_role("slider", name="Time in the clip")).to_have_value("0.5")
        stage.get_by_role("button", name="Play").click()
        expect(stage.get_by_role("slider", name="Time in the clip")).to_have_value("2")
