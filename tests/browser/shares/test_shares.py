"""Share links in Chromium: made and ended by the owner, watched by a stranger, alone and inside another site's page."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.app.test_accessibility import grave_faults
from tests.fixtures.clips import make_clip
from tests.fixtures.editor import Editor
from tests.fixtures.server import Server, running_server
from tests.fixtures.tiers import thorough
from tests.fixtures.ui import Ui, sign_in, wait_until

VIDEO = "document.querySelector('video')"
PLAYS = f"{VIDEO}?.currentTime > 0.3"
PASSWORD = "open sesame"


@pytest.fixture
def video(ui: Ui, clip_folder: Path) -> dict[str, Any]:
    [video] = ui.ready_videos([make_clip(clip_folder, seconds=4, mark=70, name="Harbour.mp4")])
    return video


def share(ui: Ui, video: dict[str, Any], **wanted: Any) -> dict[str, Any]:
    with Editor(ui.server) as editor:
        made: dict[str, Any] = editor.post(f"/videos/{video['id']}/shares", wanted)
    return made


def views(ui: Ui, made: dict[str, Any]) -> int:
    return int(ui.server.get(f"/api/v1/shares/{made['id']}")["views"])


def misnamed(page: Page) -> list[str]:
    """What shows one text and is called another, which a person who speaks to the page cannot say."""
    rule = "label-content-name-mismatch"
    options = {"runOnly": [rule], "rules": {rule: {"enabled": True}}}
    return [str(fault["id"]) for fault in Axe().run(page, options=options).response["violations"]]


def watch(page: Page) -> None:
    page.get_by_role("button", name="Play Harbour").click()
    wait_until(page, PLAYS)


def test_a_link_is_made_copied_watched_and_revoked(ui: Ui, video: dict[str, Any]) -> None:
    """With a password, as a download: what the owner says is what a stranger finds."""
    with ui.page(f"/videos/{video['id']}") as page, ui.context(signed_in=False) as away:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.get_by_role("button", name="Share").click()
        dialog = page.get_by_role("dialog", name="Share")
        dialog.get_by_role("textbox", name="Password").fill(PASSWORD)
        dialog.get_by_label("Allow downloads").check()
        expect(dialog.get_by_role("combobox", name="Expires")).to_have_value("In 30 days")
        expect(dialog.get_by_role("button", name="Revoke all links")).to_have_count(0)
        dialog.get_by_role("button", name="Create link").click()
        expect(page.get_by_text("Link created and copied")).to_be_visible()
        row = dialog.get_by_role("list", name="Links", exact=True).locator("[data-share]")
        for text in ("0 views", "Password-protected", "Downloads allowed", "Expires"):
            expect(row).to_contain_text(text)
        expect(dialog.locator("[data-reach='computer']")).to_contain_text("Only this computer can open this link")
        expect(dialog.get_by_text('public_url = "https://video.example.com"')).to_be_visible()
        assert grave_faults(page) == []

        stranger = away.new_page()
        stranger.goto(page.evaluate("navigator.clipboard.readText()"))
        stranger.get_by_role("textbox", name="This video needs a password").fill("open barley")
        stranger.get_by_role("button", name="Watch").click()
        expect(stranger.get_by_role("alert")).to_contain_text("not the password")
        stranger.get_by_role("textbox", name="This video needs a password").fill(PASSWORD)
        stranger.get_by_role("button", name="Watch").click()
        with stranger.expect_download() as download:
            stranger.get_by_role("button", name="Download").click()
        assert download.value.suggested_filename == "Harbour.mp4"
        watch(stranger)
        stranger.reload()
        expect(stranger.get_by_role("button", name="Play Harbour")).to_be_visible()  # no second asking

        dialog.get_by_role("button", name="Edit or revoke").click()
        dialog.page.get_by_role("menuitem", name="Revoke").click()
        page.get_by_role("dialog", name="Revoke this link?").get_by_role("button", name="Revoke").click()
        expect(dialog.get_by_role("list", name="Expired links").locator("[data-share]")).to_contain_text("Revoked")
        stranger.reload()
        expect(stranger.get_by_text("Ask its sender for a new one")).to_be_visible()


@thorough
def test_a_view_is_counted_when_somebody_plays(ui: Ui, video: dict[str, Any]) -> None:
    """Neither when the page is opened nor when it is opened again."""
    made = share(ui, video)
    with ui.context(signed_in=False) as context:
        page = context.new_page()
        page.goto(made["url"])
        expect(page.get_by_role("button", name="Play Harbour")).to_be_visible()
        assert views(ui, made) == 0
        watch(page)
        assert views(ui, made) == 1
        page.reload()
        watch(page)
        assert views(ui, made) == 1


@thorough
def test_a_link_is_changed(ui: Ui, video: dict[str, Any]) -> None:
    made = share(ui, video, password=PASSWORD)
    with ui.page(f"/videos/{video['id']}?tab=share") as page:
        page.get_by_role("button", name="Edit or revoke").click()
        page.get_by_role("menuitem", name="Edit").click()
        page.get_by_label("Remove password").check()
        page.get_by_role("button", name="Save").click()
        expect(page.locator("[data-share]")).not_to_contain_text("Password-protected")
    assert not ui.server.get(f"/api/v1/shares/{made['id']}")["has_password"]


@thorough
def test_all_links_are_revoked_at_once(ui: Ui, video: dict[str, Any]) -> None:
    """Share links with them; the owner plays on by new ones."""
    made = share(ui, video)
    with ui.page(f"/videos/{video['id']}?tab=share") as page, ui.context(signed_in=False) as away:
        stranger = away.new_page()
        stranger.goto(made["url"])
        watch(stranger)
        page.get_by_role("button", name="Revoke all links").click()
        page.get_by_role("dialog", name="Revoke all links?").get_by_role("button", name="Revoke all").click()
        expect(page.get_by_text("All links revoked")).to_be_visible()

        stranger.reload()
        expect(stranger.get_by_text("Ask its sender for a new one")).to_be_visible()
        page.goto(f"/videos/{video['id']}")
        wait_until(page, f"{VIDEO}?.readyState >= 2")
        page.evaluate(f"{VIDEO}.play()")
        wait_until(page, PLAYS)


@thorough
def test_a_link_may_begin_within_the_video(ui: Ui, video: dict[str, Any]) -> None:
    made = share(ui, video)
    with ui.page(f"{made['url']}?t=2", signed_in=False) as page:
        page.get_by_role("button", name="Play Harbour").click()
        wait_until(page, f"{VIDEO}?.currentTime > 2")


@thorough
def test_a_link_with_renditions_offers_their_qualities(ui: Ui, clip_folder: Path) -> None:
    [video] = ui.ready_videos([make_clip(clip_folder, seconds=4, size=(640, 360), mark=71, name="Harbour.mp4")])
    with Editor(ui.server) as editor:
        job = editor.post(f"/videos/{video['id']}/renditions", {"heights": [180]})["id"]
        assert editor.ended(job)["state"] == "succeeded"
    made = share(ui, video, password=PASSWORD)
    with ui.page(made["embed_url"], signed_in=False) as page:
        page.get_by_role("textbox", name="This video needs a password").fill(PASSWORD)
        page.keyboard.press("Enter")
        watch(page)
        page.keyboard.press("k")
        page.get_by_role("button", name="Quality: Auto").click()
        page.get_by_role("menuitem", name="180p").click()
        wait_until(page, f"{VIDEO}.videoHeight === 180")


def test_a_link_that_leads_to_nothing_says_so(ui: Ui) -> None:
    with ui.page("/s/0123456789abcdefghjkmnpqrs", signed_in=False) as page:
        expect(page.get_by_text("This link leads to nothing")).to_be_visible()
        assert grave_faults(page) == []


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_share_pages_pass_axe_and_do_not_scroll_sideways(ui: Ui, video: dict[str, Any], scheme: str) -> None:
    open_link, closed = share(ui, video, allow_download=True), share(ui, video, password=PASSWORD)
    with ui.context(signed_in=False, scheme=scheme) as context:
        page = context.new_page()
        for path in (open_link["url"], open_link["embed_url"], closed["url"], closed["embed_url"]):
            page.goto(path)
            page.wait_for_load_state("networkidle")
            assert grave_faults(page) == [], path
            assert misnamed(page) == [], path
            for width in (1280, 390):
                page.set_viewport_size({"width": width, "height": 800})
                over = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
                assert page.evaluate(over) <= 0, f"{path} at {width} px"
        page.goto(open_link["url"])
        watch(page)
        page.keyboard.press("?")
        expect(page.get_by_role("dialog", name="Keyboard")).to_be_visible()
        assert grave_faults(page) == []


class OtherSite(BaseHTTPRequestHandler):
    """A page of somebody else."""

    page = ""

    def do_GET(self) -> None:
        body = self.page.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def other_site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), OtherSite)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def embedding_server(tmp_path: Path, other_site: str) -> Iterator[Server]:
    with running_server(tmp_path, embed_origins=f'["{other_site}"]') as server:
        yield server


@thorough
def test_the_html_of_the_dialog_plays_inside_another_site(
    shared_ui: Ui, embedding_server: Server, other_site: str, clip_folder: Path
) -> None:
    ui = Ui(embedding_server, shared_ui.browser, None)
    [video] = ui.ready_videos([make_clip(clip_folder, seconds=4, mark=70, name="Harbour.mp4")])
    with ui.page(f"/videos/{video['id']}?tab=share", signed_in=False) as page:
        sign_in(page)
        page.get_by_role("tab", name="Embed").click()
        page.get_by_role("button", name="Create a link").click()
        expect(page.get_by_role("list", name="Allowed sites")).to_have_text(other_site)
        OtherSite.page = f"<!doctype html><title>Elsewhere</title>{page.get_by_label('HTML to embed').input_value()}"

    with ui.context(signed_in=False) as context:
        page = context.new_page()
        page.goto(other_site)
        frame = page.frame_locator("iframe")
        frame.get_by_role("button", name="Play Harbour").click()
        expect(frame.locator("video")).to_be_visible()
        embedded = page.frames[1]
        wait_until(embedded, PLAYS)  # type: ignore[arg-type]
        frame.locator("video").press("k")
        assert embedded.evaluate(f"{VIDEO}.paused")
    assert ui.complaints == []
