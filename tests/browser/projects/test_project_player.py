"""The project's player, beside what the page says of the same reel."""

from pathlib import Path

from playwright.sync_api import expect

from tests.fixtures.clips import make_clip
from tests.fixtures.editor import Editor
from tests.fixtures.tiers import thorough
from tests.fixtures.ui import Ui, wait_until
from tests.fixtures.watching import watch_pages

STITCH_S = 60_000


@thorough
def test_the_player_and_the_line_round_a_length_alike(ui: Ui, clip_folder: Path) -> None:
    """Two clips of 1.8 s are 3.6 s: four, to the nearest second."""
    clips = [make_clip(clip_folder, seconds=1.8, mark=120 + n, name=f"Odd {n}.mp4") for n in (0, 1)]
    project = ui.project("Not whole seconds", [video["id"] for video in ui.ready_videos(clips)])
    with ui.page(f"/projects/{project['id']}") as page:
        expect(page.get_by_text("2 clips, 0:04")).to_be_visible()
        page.get_by_role("button", name="Stitch").click()
        expect(page.get_by_text("Reel created just now, 0:04.")).to_be_visible(timeout=STITCH_S)
        page.locator("label", has_text="Reel").click()

        time = page.get_by_role("button", name="Time: ")
        expect(time).to_have_text("0:00 / 0:04")
        page.keyboard.press("k")
        wait_until(page, "document.querySelector('video').ended")
        expect(time).to_have_text("0:04 / 0:04")
        time.click()
        expect(page.get_by_role("button", name="Time left: ")).to_have_text("-0:00 / 0:04")


def test_a_preview_that_plays_clip_by_clip_is_no_success(ui: Ui, clip_folder: Path) -> None:
    """It works, but not as it should: neither a green check nor a red sign."""
    clips = [
        make_clip(clip_folder, seconds=2, mark=122, name="Streamed.mp4"),
        make_clip(clip_folder, seconds=2, mark=123, codec="vp9", name="Not streamed.webm"),
    ]
    project = ui.project("Clip by clip", [video["id"] for video in ui.ready_videos(clips)])
    with ui.page(f"/projects/{project['id']}") as page:
        page.get_by_role("button", name="Preview").click()

        told = page.locator("[data-kind]", has_text="Playing clip by clip: Clip 2")
        expect(told).to_have_attribute("data-kind", "warning")
        wait_until(page, "document.querySelector('video')?.currentTime > 0.3")


def test_a_preview_shows_nothing_of_what_its_first_trim_cut_off(ui: Ui, clip_folder: Path) -> None:
    """The pictures from the keyframe to the trim are in the stream: it begins behind them, and a return ends there."""
    [video] = ui.ready_videos([make_clip(clip_folder, seconds=4, size=(160, 90), gop=120, mark=124, name="Late.mp4")])
    with Editor(ui.server) as editor:
        project = editor.post("/projects", {"title": "Late", "clips": [{"video_id": video["id"], "start_s": 1.37}]})
    with ui.context() as context:
        watch_pages(context)
        page = context.new_page()
        page.goto(f"/projects/{project['id']}")
        page.get_by_role("button", name="Preview").click()
        player = "document.querySelector('video[aria-label^=Preview]')"
        wait_until(page, f"{player}?.currentTime > 0.3")
        page.keyboard.press("k")
        told = page.evaluate("watching.tell('Preview')")

        page.keyboard.press("0")
        wait_until(page, f"{player}.currentTime < 0.1 && !{player}.seeking")
        [shown] = page.evaluate(f"watching.pictures('Preview', [{player}.currentTime])")

    first = int(1.37 * 30)
    assert (shown["mark"], shown["number"] - first) in ((124, 0), (124, 1))  # Chromium may go on to the next
    assert min(frame["number"] for frame in told["frames"]) >= first
