"""What a page does while its server is away, or has become another version."""

from collections.abc import Callable

from playwright.sync_api import Route, expect

from tests.fixtures.tiers import thorough
from tests.fixtures.ui import Ui


def foreign(status: int, body: str) -> Callable[[Route], None]:
    """An answer that is not Playhead's."""
    return lambda route: route.fulfill(status=status, content_type="text/html", body=body)


def test_a_page_waits_for_its_server_and_opens_by_itself(ui: Ui) -> None:
    """What is open stays under a thin bar, and no file name is ever shown."""
    with ui.page("/projects") as page:
        title = page.get_by_role("heading", level=1)
        expect(page.get_by_role("button", name="New project").first).to_be_visible()
        page.context.set_offline(True)
        page.get_by_role("link", name="Jobs").click()

        bar = page.get_by_text("can't be reached")
        expect(bar).to_be_visible()
        expect(title).to_have_text("Projects")
        expect(page.get_by_role("button", name="Account:")).to_be_visible()
        expect(page.get_by_text("/assets/")).to_have_count(0)

        page.context.set_offline(False)
        expect(title).to_have_text("Jobs")
        expect(bar).to_be_hidden()


@thorough
def test_an_answer_of_something_in_front_is_an_absence(ui: Ui) -> None:
    """A proxy's error page, or a portal's: the page asks until Playhead answers itself."""
    answers = [(502, "<h1>Bad gateway</h1>"), (200, "<h1>Sign in to the network</h1>")]
    with ui.context() as context:
        page = context.new_page()
        for status, body in answers:
            page.route("**/api/**", foreign(status, body))
            page.goto("/jobs")
            expect(page.get_by_text("can't be reached")).to_be_visible()
            expect(page.get_by_role("alert")).to_have_count(0)
            page.unroute("**/api/**")
            expect(page.get_by_role("heading", name="Jobs")).to_be_visible()


def test_a_page_of_an_older_version_is_loaded_anew_once(ui: Ui) -> None:
    """Only when somebody goes to a part that is gone; when the new version lacks it too, that is said."""
    with ui.page("/projects") as page:
        title = page.get_by_role("heading", level=1)
        expect(title).to_have_text("Projects")
        loads: list[str] = []
        page.on("domcontentloaded", lambda loaded: loads.append(loaded.url))
        page.route("**/assets/SystemPage*.js", lambda route: route.fulfill(status=404, body="Not found"))
        link = page.get_by_role("link", name="System")
        link.hover()
        expect(page.get_by_text("Playhead was updated")).to_be_visible()
        assert loads == []
        page.context.set_offline(True)
        expect(page.get_by_role("button", name="Reload")).to_have_count(0)  # nothing would come
        page.context.set_offline(False)
        expect(page.get_by_role("button", name="Reload")).to_be_visible()

        link.click()
        expect(page.get_by_role("alert")).to_contain_text("are missing on the server")
        expect(title).to_have_text("System")
        assert len(loads) == 1
        ui.complaints.clear()  # React writes down what the page shows
