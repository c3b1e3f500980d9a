"""Make the pictures of the documentation from the running demo: ``make screenshots``.

Starts ``playhead demo``, signs in with Chromium as a person would, and writes ``docs/images/*.png``.
"""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, ViewportSize, sync_playwright

from scripts.system_packages import find_chromium

IMAGES = Path(__file__).resolve().parents[1] / "docs" / "images"
SIZE: ViewportSize = {"width": 1280, "height": 720}


@contextmanager
def demo() -> Iterator[dict[str, str]]:
    """A demo that serves; gives ``page``, ``email`` and ``password`` as it prints them."""
    process = subprocess.Popen(
        [sys.executable, "-m", "playhead", "demo", "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=os.environ | {"NO_COLOR": "1", "PYTHONUNBUFFERED": "1"},
    )
    assert process.stdout is not None
    said: dict[str, str] = {}
    try:
        for line in process.stdout:
            print(line, end="")
            if found := re.search(r"(http://\S+)/projects/(prj_\w+)", line):
                said |= {"url": found[1], "project": found[2]}
            if found := re.search(r"(\S+@\S+)\s+with\s+(\S+)", line):
                said |= {"email": found[1], "password": found[2]}
            if "Ctrl-C" in line:
                break
        yield said
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)


def sign_in(page: Page, said: dict[str, str]) -> None:
    """As the demo's admin."""
    page.goto(said["url"])
    page.get_by_label("Email").fill(said["email"])
    page.get_by_label("Password", exact=True).fill(said["password"])
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Library").wait_for()


def take(page: Page, name: str) -> None:
    """Wait until all pictures are there, then write one."""
    page.wait_for_load_state("networkidle")
    page.wait_for_function("[...document.images].every((image) => image.complete)")
    page.screenshot(path=IMAGES / f"{name}.png")
    print(f"docs/images/{name}.png")


def main() -> None:
    """Write every picture."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    chromium = find_chromium()
    if chromium is None:
        sys.exit("Chromium is missing: run `make test` as root once, or install it.")
    with demo() as said, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        # Waiting for a condition evaluates text, which the pages themselves forbid.
        page = browser.new_page(viewport=SIZE, color_scheme="dark", reduced_motion="reduce", bypass_csp=True)
        sign_in(page, said)
        take(page, "library")
        page.goto(f"{said['url']}/projects/{said['project']}")
        page.locator("video").first.wait_for()
        page.evaluate("document.querySelector('video').currentTime = 8")
        page.wait_for_function("document.querySelector('video').readyState >= 2")
        take(page, "project")
        browser.close()


if __name__ == "__main__":
    main()
