"""One server for all tests of the interface in this process, one Chromium for each module.

Playwright keeps an event loop running while it lives, so it must not outlive the module: tests elsewhere bring
loops of their own.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from scripts.build_web import is_fresh
from scripts.system_packages import find_chromium
from tests.fixtures.server import Server, running_server
from tests.fixtures.ui import Ui, sign_in

ROOT = Path(__file__).parents[2]
WEBUI = ROOT / "src/playhead/webui/index.html"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@pytest.fixture(scope="package")
def ui_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    assert WEBUI.is_file(), "the interface is not built: python scripts/build_web.py"
    assert is_fresh(ROOT), "the interface was built from other sources: python scripts/build_web.py"
    with running_server(tmp_path_factory.mktemp("ui")) as server:
        yield server


@pytest.fixture(scope="package")
def cookies() -> dict[str, Any]:
    """What the first module's sign-in left in its browser, for those after it."""
    return {}


@pytest.fixture(scope="package")
def clip_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("clips")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=[*ARGUMENTS, "--autoplay-policy=no-user-gesture-required"]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def module_ui(ui_server: Server, chromium: Browser, cookies: dict[str, Any]) -> Ui:
    if not cookies:
        context = chromium.new_context(base_url=ui_server.url)
        page = context.new_page()
        page.goto("/")
        sign_in(page)
        page.wait_for_url("**/library")
        cookies.update(context.storage_state())
        context.close()
    return Ui(ui_server, chromium, cookies)


@pytest.fixture
def ui(module_ui: Ui) -> Iterator[Ui]:
    """The interface; a test fails when one of its pages threw or complained in the console."""
    module_ui.complaints.clear()
    yield module_ui
    assert module_ui.complaints == []
