from pathlib import Path

import pytest
from playwright.sync_api import expect

from playhead.kit.ids import new_id
from tests.fixtures.clips import make_clip, text_as_mp4
from tests.fixtures.editor import Editor
from tests.fixtures.tiers import thorough
from tests.fixtures.ui import Ui, cards

UPLOAD_S = 30_000


def test_chosen_files_are_uploaded_and_turn_ready_without_a_reload(ui: Ui, clip_folder: Path) -> None:
    clips = [make_clip(clip_folder, mark=mark, name=f"Chosen {mark}.mp4") for mark in (1, 2, 3)]
    with ui.page() as page:
        with page.expect_file_chooser() as chooser:
            page.get_by_role("button", name="Upload", exact=True).click()
        chooser.value.set_files(clips)

        for clip in clips:
            card = cards(page).filter(has_text=clip.stem)
            expect(card).to_contain_text("0:02", timeout=UPLOAD_S)
            expect(card.locator("img")).to_be_visible()


def test_a_file_that_is_no_video_says_why(ui: Ui, clip_folder: Path) -> None:
    with ui.page() as page:
        page.set_input_files("input[type=file]", text_as_mp4(clip_folder, "Shopping list.mp4"))
        card = cards(page).filter(has_text="Shopping list")

        expect(card).to_contain_text("This is not a video", timeout=UPLOAD_S)
        card.get_by_role("button", name="Delete Shopping list").click()
        expect(card).to_have_count(0)
        page.get_by_role("button", name="Undo").click()
        card.get_by_role("link").click()
        alert = page.get_by_role("alert").filter(has=page.get_by_role("button", name="Delete"))
        expect(alert).to_contain_text("not a video")  # the list of uploads says so as well
        expect(page.get_by_role("button", name="Try again")).to_have_count(0)
        page.get_by_role("button", name="Delete", exact=True).click()
        expect(page.get_by_role("dialog", name="Delete this video?")).to_be_visible()


@thorough
def test_the_uploads_tell_a_ready_video_from_a_file_that_is_none(ui: Ui, clip_folder: Path) -> None:
    with ui.page() as page:
        page.set_input_files(
            "input[type=file]", [make_clip(clip_folder, mark=4, name="Good.mp4"), text_as_mp4(clip_folder, "Bad.mp4")]
        )
        tray = page.get_by_role("region", name="Uploads")

        expect(tray.locator("[data-phase=errored]")).to_contain_text("not a video", timeout=UPLOAD_S)
        expect(tray.locator("[data-phase=done]")).to_contain_text("Good.mp4", timeout=UPLOAD_S)
        expect(tray).to_contain_text("1 file uploaded, 1 failed")


def test_an_upload_goes_on_after_a_reload(ui: Ui, clip_folder: Path) -> None:
    """Dropping the same file again continues where the server is; those whose turn had not come are named."""
    clips = [make_clip(clip_folder, name=f"{name}.mp4") for name in ("Interrupted", "Beside it", "Not begun")]
    for clip in clips:
        clip.write_bytes(clip.read_bytes() + bytes(12_000_000))
    with ui.page() as page:
        network = page.context.new_cdp_session(page)
        network.send("Network.enable")
        slow = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 2_000_000}
        network.send("Network.emulateNetworkConditions", slow)
        page.on("dialog", lambda dialog: dialog.accept())
        page.set_input_files("input[type=file]", clips)
        tray = page.get_by_role("region", name="Uploads")
        expect(tray).to_contain_text("/s", timeout=UPLOAD_S)
        page.reload()

        expect(tray).to_contain_text("1 file not started")
        expect(tray).to_contain_text("Not begun.mp4")
        expect(tray).to_contain_text("Drop the same file again to continue")
        tray.get_by_role("button", name="Dismiss names").click()
        expect(tray).not_to_contain_text("Not begun.mp4")
        network.send("Network.emulateNetworkConditions", slow | {"uploadThroughput": -1})
        with page.expect_request(lambda request: request.method == "PATCH") as patch:
            page.set_input_files("input[type=file]", clips[0])
        assert int(patch.value.headers["upload-offset"]) > 0
        expect(cards(page).filter(has_text="Interrupted").first).to_be_visible(timeout=UPLOAD_S)


def test_a_search_lives_in_the_address(ui: Ui, clip_folder: Path) -> None:
    ui.ready_videos([make_clip(clip_folder, mark=9, name="Needle.mp4")])
    with ui.page() as page:
        expect(cards(page).first).to_be_visible()
        page.keyboard.press("/")
        page.keyboard.type("needle")
        page.wait_for_url("**/library?search=needle")
        expect(cards(page)).to_have_count(1)

        page.reload()
        expect(page.get_by_label("Search videos")).to_have_value("needle")
        expect(cards(page)).to_have_count(1)


def test_selected_videos_become_a_new_project(ui: Ui, clip_folder: Path) -> None:
    clips = [make_clip(clip_folder, mark=mark, name=f"Pick {mark}.mp4") for mark in (1, 2, 3)]
    ui.ready_videos(clips)
    with ui.page("/library?search=Pick&sort=title") as page:
        expect(cards(page)).to_have_count(3)
        page.get_by_role("checkbox", name="Select Pick 1").click()
        page.get_by_role("checkbox", name="Select Pick 3").click(modifiers=["Shift"])
        expect(page.get_by_text("3 selected")).to_be_visible()
        page.get_by_role("button", name="Add to project").click()
        page.get_by_label("New project").fill("From a selection")
        page.get_by_role("button", name="Create").click()

        page.wait_for_url("**/projects/prj_*")
        expect(page.locator("li[data-clip]")).to_have_count(3)


def test_escape_clears_the_selection_and_ctrl_a_takes_all(ui: Ui, clip_folder: Path) -> None:
    """Also those that the page has not loaded; to delete more than 20 their number is typed."""
    ui.ready_videos([make_clip(clip_folder, mark=mark, name=f"Keys {mark}.mp4") for mark in (1, 2)])
    ids = [new_id("vid") for _ in range(30)]
    named = [{"id": ids[0], "title": "Keys 1"}]
    use = {"id": "prj_1", "title": "Harbour trip", "video_ids": ids[:3]}
    goes = {"videos": 30, "missing": 0, "size_bytes": 3_400_000_000, "named": named, "projects": [use]}
    goes["trash_window_s"] = 604_800
    with ui.page("/library?search=Keys") as page:
        expect(cards(page)).to_have_count(2)
        page.route("**/api/v1/videos/ids*", lambda route: route.fulfill(json={"ids": ids, "total": 30}))
        page.route("**/api/v1/videos/deletions/preview", lambda route: route.fulfill(json=goes))
        page.keyboard.press("Control+a")
        expect(page.get_by_text("30 selected")).to_be_visible()
        page.get_by_role("button", name="Delete", exact=True).click()
        dialog = page.get_by_role("dialog", name="Delete 30 videos?")
        expect(dialog).to_contain_text("3 are used as clips in “Harbour trip”")
        expect(dialog).to_contain_text("The trash keeps them for 7 days; 3.4 GB are freed after that")
        dialog.get_by_label("Delete permanently").check()
        expect(dialog).to_contain_text("This frees 3.4 GB")
        expect(dialog.get_by_role("button", name="Delete anyway")).to_be_disabled()
        dialog.get_by_label("Type 30 to confirm").fill("30")
        expect(dialog.get_by_role("button", name="Delete anyway")).to_be_enabled()
        page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()
        expect(page.locator("[aria-modal='true']")).to_have_count(0)  # it fades

        page.keyboard.press("Escape")
        expect(page.get_by_text("30 selected")).to_be_hidden()


def test_deleting_a_video_in_use_names_the_project_at_once(ui: Ui, clip_folder: Path) -> None:
    [wanted] = ui.ready_videos([make_clip(clip_folder, mark=5, name="Wanted.mp4")])
    video = wanted["id"]
    project = ui.project("Holds on to it", [video])
    with ui.page(f"/videos/{video}") as page:
        page.get_by_role("button", name="More").click()
        page.get_by_role("menuitem", name="Delete video").click()

        dialog = page.get_by_role("dialog", name="Delete this video?")
        expect(dialog).to_contain_text("Holds on to it")
        dialog.get_by_role("button", name="Delete anyway").click()
        page.wait_for_url("**/library")

        page.goto(f"/projects/{project['id']}")
        expect(page.get_by_text("deleted").first).to_be_visible()
        expect(page.get_by_role("button", name="Stitch")).to_have_attribute("aria-disabled", "true")


@thorough
@pytest.mark.parametrize("title", ['He said "no"', "Line\nbreak", "Zoë 🎬 <b>bold</b>", "x" * 300])
def test_odd_titles_are_shown_as_they_are(ui: Ui, clip_folder: Path, title: str) -> None:
    [video] = ui.ready_videos([make_clip(clip_folder, mark=7, name="Odd.mp4")])
    with Editor(ui.server) as editor:
        kept = editor.http.patch(f"/api/v1/videos/{video['id']}", json={"title": title}).raise_for_status().json()
    with ui.page(f"/videos/{video['id']}") as page:
        expect(page.get_by_label("Title", exact=True)).to_have_value(kept["title"])
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
