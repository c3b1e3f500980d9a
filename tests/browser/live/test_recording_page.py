"""The page of a recording: watched while it grows, and as a video afterwards, without a change of place."""

import json
from collections.abc import Iterator
from pathlib import Path
from zipfile import is_zipfile

import pytest
from playwright.sync_api import Page, expect

from tests.fixtures.clips import make_clip
from tests.fixtures.growing import GrowingRecording, captured, growing_recording
from tests.fixtures.tiers import thorough
from tests.fixtures.ui import Ui, wait_until

VIDEO = "document.querySelector('video')"
SHOWS = f"{VIDEO}?.readyState >= 2 && {VIDEO}.videoWidth === 320"
GAPS = [
    {"start_s": 4.0, "length_s": 2.5, "cause": "source"},
    {"start_s": 9.0, "length_s": 75.0, "cause": "host"},
]


@pytest.fixture(scope="module")
def clip(clip_folder: Path) -> Path:
    return make_clip(clip_folder, seconds=60, fps=30, gop=60, mark=70, name="Evening show.mp4")


@pytest.fixture(scope="module")
def source(clip: Path, clip_folder: Path) -> Path:
    return captured(clip, clip_folder / "evening.fmp4")


@pytest.fixture
def recording(ui: Ui, source: Path) -> Iterator[GrowingRecording]:
    """Half a minute is there, and the rest comes as it plays."""
    with growing_recording(ui.server, source, at_once_s=30, gaps=GAPS) as growing:
        yield growing


def place(page: Page) -> float:
    return float(page.evaluate(f"{VIDEO}.currentTime"))


def test_a_recording_plays_at_its_live_edge_and_back_to_its_start(ui: Ui, recording: GrowingRecording) -> None:
    """The badge says how far behind it is, and leads to the edge again."""
    with ui.page(f"/live/recordings/{recording.id}") as page:
        wait_until(page, SHOWS)
        wait_until(page, f"{VIDEO}.currentTime > 22")
        expect(page.get_by_text("LIVE", exact=True)).to_be_visible()
        expect(page.get_by_text("Receiving 400 kB/s.")).to_be_visible()

        page.evaluate(f"{VIDEO}.currentTime = 0")
        wait_until(page, f"{VIDEO}.currentTime < 5 && !{VIDEO}.seeking && {VIDEO}.readyState >= 2")
        page.get_by_role("button", name="Go to live").click()

        wait_until(page, f"{VIDEO}.currentTime > 22 && !{VIDEO}.seeking && {VIDEO}.readyState >= 2")
        expect(page.get_by_text("LIVE", exact=True)).to_be_visible()


@thorough
def test_gaps_are_listed_and_lead_to_their_place(ui: Ui, recording: GrowingRecording) -> None:
    with ui.page(f"/live/recordings/{recording.id}") as page:
        wait_until(page, SHOWS)
        gaps = page.get_by_role("region", name="Gaps")
        expect(gaps.get_by_role("heading")).to_have_text("2 gaps, 1 min missing")
        expect(gaps.get_by_role("listitem")).to_have_text(
            ["0:042.5 s missing: the source sent nothing", "0:091 min missing: the server was down"]
        )

        gaps.get_by_role("button", name="0:09").click()

        wait_until(page, f"Math.abs({VIDEO}.currentTime - 7) < 3")


def test_the_video_follows_at_the_same_place(ui: Ui, recording: GrowingRecording, clip: Path) -> None:
    """Nothing but the source changes, once the video is ready."""
    [video] = ui.ready_videos([clip])
    with ui.page(f"/live/recordings/{recording.id}") as page:
        wait_until(page, SHOWS)
        page.evaluate(f"{VIDEO}.currentTime = 12")
        wait_until(page, f"{VIDEO}.currentTime >= 12 && !{VIDEO}.seeking")
        page.evaluate(f"{VIDEO}.pause()")
        before = place(page)

        recording.change(state="finalising")
        expect(page.get_by_text("Preparing the video.")).to_be_visible()
        recording.change(state="ready", video_id=video["id"])

        wait_until(page, f"{VIDEO}.src.includes('{video['id']}') && {VIDEO}.readyState >= 2")
        assert place(page) == pytest.approx(before, abs=0.5)
        expect(page.get_by_role("link", name="Open video")).to_be_visible()


def test_a_recording_is_stopped_after_a_confirmation(ui: Ui, recording: GrowingRecording) -> None:
    with ui.page(f"/live/recordings/{recording.id}") as page:
        page.get_by_role("button", name="Stop recording").click()
        dialog = page.get_by_role("dialog")
        expect(dialog).to_contain_text("Evening show becomes a video")
        dialog.get_by_role("button", name="Stop recording").click()

        expect(page.get_by_role("button", name="Stopping")).to_be_disabled()
        assert ui.server.get(f"/api/v1/recordings/{recording.id}")["stop_reason"] == "requested"


@thorough
def test_a_finished_recording_is_repaired_and_has_sidecars(
    ui: Ui, recording: GrowingRecording, clip: Path, tmp_path: Path
) -> None:
    """From the menu of its page, and from a terminal."""
    own, other = ui.ready_videos([clip, clip])
    recording.change(state="ready", video_id=own["id"])
    with ui.page(f"/live/recordings/{recording.id}") as page:
        page.get_by_role("button", name="More", exact=True).click()
        with page.expect_download() as download:
            page.get_by_role("menuitem", name="Download sidecars").click()
        assert download.value.suggested_filename == "Evening show.zip"

        page.get_by_role("button", name="More", exact=True).click()
        page.get_by_role("menuitem", name="Repair gaps").click()
        page.get_by_role("dialog").get_by_label("URL").fill("https://127.0.0.1/evening.m3u8")
        page.get_by_role("button", name="Repair", exact=True).click()
        expect(page.get_by_role("alert")).to_contain_text("127.0.0.1")
        page.get_by_role("button", name="Back", exact=True).click()
        page.get_by_role("button", name="Choose from library").click()
        page.get_by_role("dialog", name="Repair from").get_by_role("button", name="Evening show").first.click()
        expect(page.get_by_role("dialog", name="Repair gaps")).to_contain_text("Use a URL")

    out = tmp_path / "evening.zip"
    assert ui.server.cli("recordings", "sidecars", recording.id, "-o", str(out)).stdout.strip() == str(out)
    assert is_zipfile(out)
    assert "--force" in ui.server.cli("recordings", "sidecars", recording.id, "-o", str(out)).stderr
    filled = ui.server.cli("recordings", "fill", recording.id, "--from", other["id"], "--json")
    assert json.loads(filled.stdout)["kind"] == "repair_gap", filled.stderr
