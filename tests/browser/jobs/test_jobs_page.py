import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.fixtures.clips import make_clip, text_as_mp4
from tests.fixtures.tiers import thorough
from tests.fixtures.ui import Ui

UPLOADS = re.compile(r"^Jobs of (Prepared|Preparing) \d+ videos$")


def open_uploads(page: Page) -> None:
    """Uploads of the last minutes, also those of other tests, are one line; open it."""
    page.get_by_role("button", name=UPLOADS).first.click()


def test_uploads_are_one_line_and_each_job_opens_its_steps(ui: Ui, clip_folder: Path) -> None:
    [_, video] = ui.ready_videos([make_clip(clip_folder, mark=n, name=f"Worked on {n}.mp4") for n in (5, 6)])
    with ui.page("/jobs") as page:
        open_uploads(page)
        page.get_by_role("button", name="Steps of Worked on 6").first.click()

        steps = page.get_by_role("list", name="Steps").get_by_role("listitem")
        expect(steps).to_contain_text(["Check the bytes", "Read the video", "Make the poster"])
        page.get_by_role("link", name="Open video").click()
        page.wait_for_url(f"**/videos/{video['id']}")


def test_pictures_are_folded_away_and_every_kind_is_a_filter(ui: Ui, clip_folder: Path) -> None:
    ui.ready_videos([make_clip(clip_folder, mark=7, name="Pictured.mp4")])
    pictures = re.compile("^(Jobs|Steps) of (Made|Making) storyboard and preview of")
    with ui.page("/jobs") as page:
        expect(page.get_by_role("button", name=re.compile("of (Prepared|Preparing) ")).first).to_be_visible()
        expect(page.get_by_role("button", name=pictures)).to_have_count(0)
        page.get_by_label("Show background jobs").check()
        expect(page.get_by_role("button", name=pictures).first).to_be_visible()
        page.get_by_role("combobox", name="Kind").click()
        kinds = [kind["title"] for kind in ui.server.get("/api/v1/jobs/kinds")["items"]]
        assert {"Ingest", "Renditions", "Samples", "Stitch", "Thumbnails"} <= set(kinds)
        expect(page.get_by_role("option")).to_have_text(["All kinds", *kinds])
        page.get_by_role("option", name="Thumbnails").click()
        page.wait_for_url("**/jobs?kind=stills&all=true")
        expect(page.get_by_role("button", name=re.compile("of (Prepared|Preparing) "))).to_have_count(0)


def test_a_failed_job_says_why_and_the_filter_is_in_the_address(ui: Ui, clip_folder: Path) -> None:
    """Of a group only what fits the filter is shown."""
    ui.ready_videos([text_as_mp4(clip_folder, "Recipe.mp4"), make_clip(clip_folder, mark=8, name="Fine.mp4")])
    with ui.page("/jobs") as page:
        page.get_by_role("combobox", name="State").click()
        page.get_by_role("option", name="Errored").click()
        page.wait_for_url("**/jobs?state=failed")
        open_uploads(page)
        page.get_by_role("button", name="Steps of Recipe").first.click()

        expect(page.get_by_role("alert").first).to_contain_text("not a video")
        expect(page.get_by_role("button", name="Retry").first).to_be_visible()
        expect(page.get_by_role("button", name="Steps of Fine")).to_have_count(0)


@thorough
def test_every_page_says_why_jobs_wait_as_long_as_no_worker_takes_them(ui: Ui) -> None:
    waits = {
        "code": "worker_failed",
        "message": "No worker is running, so jobs wait.",
        "reason": "No ffmpeg.",
        "hint": None,
    }
    problems: list[dict[str, str | None] | None] = [waits]
    with ui.context() as context:
        page = context.new_page()
        page.route(
            "**/api/v1/workers",
            lambda route: route.fulfill(json={"problem": problems[-1], "counts": {}, "items": None}),
        )
        page.goto("/library")
        bar = page.get_by_text("No worker is running, so jobs wait. No ffmpeg.")
        expect(bar).to_be_visible()

        problems.append(None)
        expect(bar).to_be_hidden()
