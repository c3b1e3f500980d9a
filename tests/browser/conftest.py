"""One server and one Chromium for all tests of the interface that run in this process."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from scripts.system_packages import find_chromium
from tests.fixtures.server import running_server
from tests.fixtures.ui import Ui, sign_in

WEBUI = Path(__file__).parents[2] / "src/playhead/webui/index.html"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=[*ARGUMENTS, "--autoplay-policy=no-user-gesture-required"]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def session_ui(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ui]:
    assert WEBUI.is_file(), "the interface is not built: python scripts/build_web.py"
    with running_server(tmp_path_factory.mktemp("ui")) as server:
        context = chromium.new_context(base_url=server.url)
        page = context.new_page()
        page.goto("/")
        sign_in(page)
        page.wait_for_url("**/library")
        state = context.storage_state()
        context.close()
        yield Ui(server, chromium, state)


@pytest.fixture
def ui(session_ui: Ui) -> Iterator[Ui]:
    """The interface; a test fails when one of its pages threw or complained in the console."""
    session_ui.complaints.clear()
    yield session_ui
    assert session_ui.complaints == []


@pytest.fixture(scope="session")
def clip_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("clips")
