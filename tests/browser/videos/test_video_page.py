from pathlib import Path

from playwright.sync_api import Route, expect

from tests.browser.app.test_accessibility import grave_faults
from tests.fixtures.audio import Tone, make_tracks
from tests.fixtures.clips import make_clip
from tests.fixtures.editor import Editor
from tests.fixtures.tiers import thorough
from tests.fixtures.ui import Ui, wait_until

RELOAD = "document.querySelector('video').load()"
PLAYS = "document.querySelector('video')?.currentTime > 0.3"


def test_a_video_plays_with_the_keyboard(ui: Ui, clip_folder: Path) -> None:
    [video] = ui.ready_videos([make_clip(clip_folder, seconds=4, name="Playable.mp4")])
    with ui.page(f"/videos/{video['id']}") as page:
        wait_until(page, "document.querySelector('video')?.readyState >= 2")
        page.keyboard.press("k")
        wait_until(page, PLAYS)
        page.keyboard.press("k")
        assert page.evaluate("document.querySelector('video').paused")
        page.keyboard.press("5")
        wait_until(page, "Math.abs(document.querySelector('video').currentTime - 2) < 0.05")
        page.keyboard.press("m")
        assert page.evaluate("document.querySelector('video').muted")


@thorough
def test_a_video_with_renditions_offers_their_qualities(ui: Ui, clip_folder: Path) -> None:
    """One without has nothing to choose; a change of the quality keeps the position."""
    [video] = ui.ready_videos([make_clip(clip_folder, seconds=4, size=(640, 360), mark=8, name="Rungs.mp4")])
    with ui.page(f"/videos/{video['id']}") as page:
        wait_until(page, "document.querySelector('video')?.readyState >= 2")
        expect(page.get_by_role("button", name="Quality:")).to_have_count(0)
    with Editor(ui.server) as editor:
        job = editor.post(f"/videos/{video['id']}/renditions", {"heights": [180]})["id"]
        assert editor.ended(job)["state"] == "succeeded"

    with ui.page(f"/videos/{video['id']}") as page:
        wait_until(page, "document.querySelector('video')?.readyState >= 2")
        page.evaluate("document.querySelector('video').currentTime = 2")
        page.get_by_role("button", name="Quality: Auto").click()
        page.get_by_role("menuitem", name="180p").click()

        expect(page.get_by_role("button", name="Quality: 180p")).to_be_visible()
        wait_until(page, "document.querySelector('video').videoHeight === 180")
        assert 1.9 < page.evaluate("document.querySelector('video').currentTime") < 2.6


@thorough
def test_of_several_audio_tracks_another_can_be_chosen(ui: Ui, clip_folder: Path) -> None:
    """A browser plays the first one of a file, so the chosen one is streamed; the place is kept."""
    tones = Tone(0, language="eng", title="Mic"), Tone(600, language="eng", title="Game"), Tone(700, language="deu")
    [video] = ui.ready_videos([make_tracks(clip_folder, "Tracks.mp4", *tones)])
    with ui.page(f"/videos/{video['id']}") as page:
        with page.expect_response(lambda answer: "/audio2-0.m4s" in answer.url):
            expect(page.get_by_text("number 2 (Game, English, mono) is played: the first is silent.")).to_be_visible()
        wait_until(page, "document.querySelector('video').readyState >= 2")
        page.evaluate("document.querySelector('video').currentTime = 1")
        wait_until(page, "!document.querySelector('video').seeking")
        tracks = page.get_by_role("combobox", name="Audio track")
        expect(tracks).to_have_value("2: Game, English, mono, AAC")

        tracks.click()
        with page.expect_response(lambda answer: "/audio3-0.m4s" in answer.url):
            page.get_by_role("option", name="3: German, mono, AAC").click()

        expect(page.get_by_text("number 3 (German, mono) is played.")).to_be_visible()
        wait_until(page, "Math.abs(document.querySelector('video').currentTime - 1) < 0.2")
        tracks.click()
        with page.expect_response(lambda answer: "/audio1-0.m4s" in answer.url):
            page.get_by_role("option", name="1: Mic, English, mono, AAC, silent").click()

        with page.expect_response(lambda answer: "/audio3-" in answer.url):
            page.get_by_role("button", name="Audio:").click()
            page.get_by_role("menuitem", name="German, mono").click()
        expect(page.get_by_role("button", name="Audio: German, mono")).to_be_visible()
        wait_until(page, "Math.abs(document.querySelector('video').currentTime - 1) < 0.2")


def test_a_page_tells_of_the_file_and_of_what_happened(ui: Ui, clip_folder: Path) -> None:
    """What `ffprobe` would say, with each audio track; the upload, jobs and viewings, the newest first."""
    tones = Tone(0, language="eng", title="Mic"), Tone(600, language="deu")
    [video] = ui.ready_videos([make_tracks(clip_folder, "Facts.mp4", *tones)])
    with ui.page(f"/videos/{video['id']}?tab=technical") as page:
        for text in ("H.264 Constrained Baseline, level 1.0", "15 fps, constant", "8-bit, 4:2:0 (yuv420p)", "at most"):
            expect(page.locator("[data-track='0']")).to_contain_text(text)
        expect(page.locator("[data-track='2']")).to_contain_text("German")
        expect(page.locator("[data-track='2']")).to_contain_text("Played")
        assert grave_faults(page) == []

        page.get_by_role("tab", name="Activity").click()
        events = page.get_by_role("list", name="Activity").get_by_role("listitem")
        expect(events.last).to_contain_text("Uploaded Facts.mp4")
        expect(events.last).to_contain_text("by admin@example.org")
        expect(page.locator("[data-event='viewing']").first).to_contain_text("to a signed link from 127.0.0.1")
        assert grave_faults(page) == []


@thorough
def test_the_box_follows_the_picture(ui: Ui, clip_folder: Path) -> None:
    """No black bars, whatever the window and the shape; beside an upright one stand the facts."""
    sizes = {"Wide.mp4": (320, 180), "Upright.mp4": (180, 320)}
    clips = [make_clip(clip_folder, size=size, mark=9, name=name) for name, size in sizes.items()]
    for video in ui.ready_videos(clips):
        with ui.page(f"/videos/{video['id']}", size=(1440, 900)) as page:
            for size in ((1440, 900), (2560, 1440), (820, 1180), (390, 844)):
                page.set_viewport_size({"width": size[0], "height": size[1]})
                box = page.get_by_label(video["title"], exact=True).first.bounding_box()
                assert box is not None
                assert abs(box["width"] / box["height"] - video["width"] / video["height"]) < 0.05, (size, box)


def test_the_title_is_edited_in_place(ui: Ui, clip_folder: Path) -> None:
    [video] = ui.ready_videos([make_clip(clip_folder, mark=2, name="Before.mp4")])
    with ui.page(f"/videos/{video['id']}") as page:
        title = page.get_by_label("Title", exact=True)
        title.fill("After")
        with page.expect_response(lambda answer: answer.request.method == "PATCH") as saved:
            title.press("Enter")

        assert saved.value.ok
        assert ui.server.get(f"/api/v1/videos/{video['id']}")["title"] == "After"
        title.fill("Never")
        title.press("Escape")
        expect(title).to_have_value("After")
        expect(page).to_have_title("After · Playhead")


@thorough
def test_a_direct_link_works_without_a_session_and_says_until_when(ui: Ui, clip_folder: Path) -> None:
    [video] = ui.ready_videos([make_clip(clip_folder, mark=3, name="Shared.mp4")])
    with ui.page(f"/videos/{video['id']}") as page:
        page.get_by_role("button", name="Share").click()
        page.get_by_role("tab", name="Direct link").click()
        page.get_by_text("1 h", exact=True).click()
        page.get_by_role("button", name="Copy link", exact=True).click()
        link = page.get_by_label("Link", exact=True).input_value()

        expect(page.get_by_text("Works until")).to_be_visible()
        with ui.context(signed_in=False) as stranger:
            answer = stranger.request.get(link, headers={"Range": "bytes=0-99"})
            assert answer.status == 206


def test_a_refused_address_is_renewed_at_the_same_position(ui: Ui, clip_folder: Path) -> None:
    """As after a night with the lid closed: the signed address has expired when the player asks for more."""
    [video] = ui.ready_videos([make_clip(clip_folder, seconds=6, mark=4, name="Expired.mp4")])
    with ui.page(f"/videos/{video['id']}") as page:
        wait_until(page, "document.querySelector('video')?.readyState >= 2")
        page.evaluate("document.querySelector('video').currentTime = 3")
        wait_until(page, "!document.querySelector('video').seeking")
        refused: list[str] = []

        def refuse_once(route: Route) -> None:
            if refused:
                return route.fallback()
            refused.append(route.request.url)
            return route.fulfill(status=403, content_type="application/problem+json", body="{}")

        page.route("**/v/**/original*", refuse_once)
        with page.expect_response("**/playback"):
            page.evaluate(RELOAD)
        wait_until(page, "document.querySelector('video').readyState >= 2")

        assert refused
        wait_until(page, "Math.abs(document.querySelector('video').currentTime - 3) < 0.1")


def test_an_unknown_video_is_a_page_and_not_an_error(ui: Ui) -> None:
    with ui.page("/videos/vid_00000000000000000000000000") as page:
        expect(page.get_by_text("This video doesn't exist")).to_be_visible()
