"""One server and one Chromium for all browser tests of a test process.

Playwright keeps an event loop running while it lives, so it must not outlive this package: tests elsewhere bring
loops of their own. Each process runs the modules in the order of collection, so it enters and leaves the package once.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from playhead.kit.clock import utc_now
from scripts.build_web import is_fresh
from scripts.system_packages import find_chromium
from tests.fixtures.server import Server, running_server
from tests.fixtures.ui import Ui, sign_in

ROOT = Path(__file__).parents[2]
WEBUI = ROOT / "src/playhead/webui/index.html"
HERE = Path(__file__).parent
BEGAN = pytest.StashKey[str]()
"""When the first try of a test began, its module's fixtures made."""
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A browser test that failed gets one second try, which the summary names (docs/decisions/0019)."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="package")
def ui_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    assert WEBUI.is_file(), "the interface is not built: python scripts/build_web.py"
    assert is_fresh(ROOT), "the interface was built from other sources: python scripts/build_web.py"
    with running_server(tmp_path_factory.mktemp("ui"), allow_private_urls="true") as server:
        yield server


@pytest.fixture(scope="package")
def clip_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("clips")


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=[*ARGUMENTS, "--autoplay-policy=no-user-gesture-required"]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def shared_ui(ui_server: Server, chromium: Browser) -> Ui:
    """The interface with the cookies of a sign-in, for fixtures that outlive a test."""
    with chromium.new_context(base_url=ui_server.url) as context:
        page = context.new_page()
        page.goto("/")
        sign_in(page)
        page.wait_for_url("**/library")
        return Ui(ui_server, chromium, context.storage_state())


@pytest.fixture
def ui(request: pytest.FixtureRequest, shared_ui: Ui) -> Iterator[Ui]:
    """The interface; a test fails when one of its pages threw or complained in the console.

    A second try finds no videos of the first.
    """
    began = request.node.stash.setdefault(BEGAN, utc_now().isoformat())
    if getattr(request.node, "execution_count", 1) > 1:
        shared_ui.delete_since(began)
    shared_ui.complaints.clear()
    yield shared_ui
    assert shared_ui.complaints == []
