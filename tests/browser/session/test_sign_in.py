from pathlib import Path

from playwright.sync_api import expect

from tests.fixtures.clips import make_clip
from tests.fixtures.editor import Editor
from tests.fixtures.server import PASSWORD
from tests.fixtures.tiers import thorough
from tests.fixtures.ui import Ui, sign_in


def test_a_deep_link_asks_to_sign_in_and_comes_back(ui: Ui) -> None:
    with ui.page("/jobs?state=failed", signed_in=False) as page:
        page.wait_for_url("**/sign-in?next=*")
        sign_in(page)

        page.wait_for_url("**/jobs?state=failed")
        expect(page.get_by_role("heading", name="Jobs")).to_be_visible()


def test_a_wrong_password_says_so_and_keeps_the_email(ui: Ui) -> None:
    with ui.page("/sign-in", signed_in=False) as page:
        sign_in(page, "not the password")

        expect(page.get_by_role("alert")).to_contain_text("Request req_")
        expect(page.get_by_label("Email")).to_have_value("admin@example.org")


def test_signing_in_leads_to_no_foreign_page(ui: Ui) -> None:
    with ui.page("/sign-in?next=//example.com/", signed_in=False) as page:
        sign_in(page)

        page.wait_for_url("**/library")


def test_a_session_that_ended_is_renewed_over_the_page(ui: Ui) -> None:
    """What was asked for before goes on after, without another word; a page that became another person's is left."""
    with ui.context(signed_in=False) as context:
        page = context.new_page()
        page.goto("/projects")
        sign_in(page)
        page.get_by_role("button", name="New project").first.click()
        page.get_by_label("Title").fill("Typed before")
        context.clear_cookies()
        page.get_by_role("button", name="Create project").click()

        again = page.get_by_role("dialog", name="You were signed out")
        expect(again).to_be_visible()
        expect(page.get_by_text("no session")).to_have_count(0)
        again.get_by_role("textbox", name="Password").fill("correct horse battery")
        again.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/projects/prj_*")
        expect(page.get_by_label("Project title")).to_have_value("Typed before")

        page.evaluate("new BroadcastChannel('playhead-session').postMessage('usr_of_another')")
        page.wait_for_url("**/library")


@thorough
def test_a_wrong_setup_link_is_refused_before_the_form(ui: Ui) -> None:
    """A field that is not filled in says so below itself, in our words."""
    refused = {"code": "setup_token_invalid", "title": "Not valid", "status": 403, "detail": "The setup link is wrong."}
    status = {"name": "Playhead", "version": "1", "setup_required": True, "signed_in": False}
    with ui.context(signed_in=False) as context:
        page = context.new_page()
        page.route("**/api/v1/status", lambda route: route.fulfill(json=status))
        page.route("**/api/v1/setup/check", lambda route: route.fulfill(status=403, json=refused))
        page.goto("/setup?token=wrong")

        expect(page.get_by_text("The setup link is wrong.")).to_be_visible()
        expect(page.get_by_label("Email")).to_have_count(0)
        page.get_by_role("button", name="Continue").click()
        expect(page.get_by_label("Setup link or token")).to_be_focused()
        expect(page.get_by_text("This field is required.")).to_be_visible()


def test_signing_out_ends_the_session(ui: Ui) -> None:
    with ui.page("/library", signed_in=False) as page:
        sign_in(page)
        page.get_by_role("button", name="Account:").click()
        page.get_by_role("menuitem", name="Sign out").click()

        page.wait_for_url("**/sign-in")
        page.goto("/library")
        page.wait_for_url("**/sign-in*")


@thorough
def test_the_next_person_finds_nothing_of_the_uploads_before(ui: Ui, clip_folder: Path) -> None:
    """Signing out while files upload asks first; the list of uploads can be closed at any time."""
    email = "next@example.org"
    with Editor(ui.server) as editor:
        editor.post("/users", {"email": email, "password": PASSWORD})
    with ui.page("/library", signed_in=False) as page:
        sign_in(page)
        page.route("**/api/v1/uploads/*", lambda _: None)  # no answer comes
        page.set_input_files("input[type=file]", [make_clip(clip_folder, name=f"Mine {n}.mp4") for n in range(3)])
        uploads = page.get_by_role("region", name="Uploads")
        expect(uploads).to_contain_text("Uploading 3 files")
        for _ in ("to a line", "altogether"):
            uploads.get_by_role("button", name="Close uploads").click()
        expect(uploads).to_have_count(0)

        page.get_by_role("button", name="Account:").click()
        page.get_by_role("menuitem", name="Sign out").click()
        page.get_by_role("dialog", name="Sign out while files upload?").get_by_role("button", name="Sign out").click()
        page.wait_for_url("**/sign-in")
        sign_in(page, email=email)
        expect(page.get_by_text("The library is empty")).to_be_visible()
        expect(uploads).to_have_count(0)
        expect(page.get_by_text("Mine")).to_have_count(0)


def test_a_key_is_shown_once(ui: Ui) -> None:
    with ui.page("/account") as page:
        page.get_by_role("button", name="New key").click()
        page.get_by_label("Name").last.fill("A script")
        page.get_by_role("button", name="Create key").click()

        key = page.get_by_test_id("new-key").inner_text()
        page.get_by_role("button", name="Done").click()

        with ui.server.client(key) as client:
            assert client.get("/api/v1/me").json()["via"] == "key"
        page.reload()
        expect(page.get_by_text("A script")).to_be_visible()
        expect(page.get_by_text(key)).to_have_count(0)
