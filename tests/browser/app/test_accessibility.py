"""No page has a fault of accessibility that axe calls serious, in either scheme, on a screen or a phone."""

from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.fixtures.clips import make_clip, text_as_mp4
from tests.fixtures.tiers import thorough
from tests.fixtures.ui import Ui

GRAVE = {"serious", "critical"}


@pytest.fixture(scope="module")
def paths(shared_ui: Ui, clip_folder: Path) -> dict[str, str]:
    clips = [make_clip(clip_folder, mark=mark, name=f"Axe {mark}.mp4") for mark in (1, 2)]
    project = shared_ui.project("Seen by axe", [video["id"] for video in shared_ui.ready_videos(clips)])
    [errored] = shared_ui.ready_videos([text_as_mp4(clip_folder, "Axe note.mp4")])
    return {
        "library": "/library",
        "video": f"/videos/{project['clips'][0]['video_id']}?tab=share",
        "errored": f"/videos/{errored['id']}",
        "projects": "/projects",
        "project": f"/projects/{project['id']}",
        "live": "/live",
        "jobs": "/jobs",
        "system": "/system",
        "transfers": "/system?tab=transfers&state=ended",
        "account": "/account",
        "missing": "/nowhere",
    }


def grave_faults(page: Page) -> list[str]:
    found: list[dict[str, Any]] = Axe().run(page).response["violations"]
    return [
        f"{fault['id']}: {node['html'][:160]}" for fault in found if fault["impact"] in GRAVE for node in fault["nodes"]
    ]


def faults_of(page: Page, *rules: str) -> list[str]:
    """Of rules that axe leaves out by itself, or holds for minor."""
    found: list[dict[str, Any]] = Axe().run(page, options={"runOnly": list(rules)}).response["violations"]
    return [f"{fault['id']}: {node['html'][:160]}" for fault in found for node in fault["nodes"]]


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_every_page_passes_axe(ui: Ui, paths: dict[str, str], scheme: str) -> None:
    with ui.context(scheme=scheme) as context:
        page = context.new_page()
        for name, path in paths.items():
            page.goto(path)
            page.wait_for_load_state("networkidle")
            assert grave_faults(page) == [], f"{name}, {scheme}"


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_the_sign_in_page_passes_axe(ui: Ui, scheme: str) -> None:
    with ui.page("/sign-in", signed_in=False, scheme=scheme) as page:
        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
        assert grave_faults(page) == []


def test_a_dialog_passes_axe_and_gives_the_focus_back(ui: Ui, paths: dict[str, str]) -> None:
    with ui.page(paths["project"]) as page:
        opener = page.get_by_role("button", name="Add clips")
        opener.click()
        expect(page.get_by_role("dialog")).to_be_visible()
        assert grave_faults(page) == []
        page.keyboard.press("Escape")
        expect(opener).to_be_focused()

        page.goto("/library")
        page.get_by_role("checkbox", name="Select Axe 1").click()
        opener = page.get_by_role("region", name="Selection").get_by_role("button", name="Delete")
        opener.click()  # its script is loaded by this
        expect(page.get_by_role("dialog").get_by_role("button", name="Keep")).to_be_focused()
        page.keyboard.press("Escape")
        expect(opener).to_be_focused()


@thorough
@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_an_open_menu_passes_axe_and_gives_the_focus_back(ui: Ui, paths: dict[str, str], scheme: str) -> None:
    with ui.page(paths["project"], scheme=scheme) as page:
        opener = page.get_by_role("button", name="More", exact=True)
        opener.click()
        expect(page.get_by_role("menuitem").first).to_be_focused()
        assert grave_faults(page) == []
        page.keyboard.press("Escape")
        expect(opener).to_be_focused()
        page.get_by_role("button", name="Speed: 1×").click()
        expect(page.get_by_role("menuitem", name="2×")).to_be_visible()
        assert grave_faults(page) == []
        assert faults_of(page, "label-content-name-mismatch") == []
        page.goto("/projects")
        expect(page.get_by_role("list", name="Projects").get_by_role("listitem").first).to_be_visible()
        assert faults_of(page, "label-content-name-mismatch", "aria-allowed-role") == []


SMALL = """() => [...document.querySelectorAll("a, button, input, [role=checkbox]")].filter((each) => {
  const { width, height } = each.getBoundingClientRect();
  return width > 0 && height > 0 && Math.min(width, height) < 43.5 && each.type !== "file" && each.hash !== "#main";
}).map((each) => each.outerHTML.slice(0, 120))"""
FOR_FINGERS = {"library", "missing"}

DRAWN = "new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))"
"""A new width counts for media queries from the next frame on."""


@thorough
def test_no_page_scrolls_sideways(ui: Ui, paths: dict[str, str]) -> None:
    with ui.context() as context:
        page = context.new_page()
        for name, path in paths.items():
            page.goto(path)
            page.wait_for_load_state("networkidle")
            for width in (1920, 1280, 820, 390):
                page.set_viewport_size({"width": width, "height": 900})
                page.evaluate(DRAWN)
                over = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
                assert page.evaluate(over) <= 0, f"{name} at {width} px"
            assert name not in FOR_FINGERS or page.evaluate(SMALL) == [], name
