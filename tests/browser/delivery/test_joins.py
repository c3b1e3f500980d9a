"""A reel, and the preview of a project, in the players of the interface: each over its joins, sound and pictures
measured where they come out of the browser."""

import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import pytest
from playwright.sync_api import Page

from playhead.media.ffmpeg import find_ffmpeg
from tests.fixtures.clips import make_clip
from tests.fixtures.editor import Editor
from tests.fixtures.tiers import thorough
from tests.fixtures.ui import Ui, wait_until
from tests.fixtures.watching import Watched, beeps_with_flashes, watch_pages, watched_to_end

HALF_PACKET_S = 512 / 44_100
"""Copied packets stay whole, so a clip's sound may be off by half of one."""

SMEAR_S = 0.004
"""AAC smears an onset by some samples."""

HALF_FRAME_S = 1 / 60
"""A clip of another rate is put on the frames of the reel."""


@dataclass(frozen=True)
class Span:
    """A half-open part of a clip, and at which of its seconds flashes begin."""

    mark: int
    start_s: float
    end_s: float
    flashes_s: Sequence[float]
    fps: int = 30


FIRST = Span(41, 0, 1.6, (0.5, 1.5))
TRIMMED = Span(44, 1.27, 2.77, (1.5, 2.5))
AGAIN = Span(41, 0.3, 1.6, (0.5, 1.5))
REEL = [FIRST, Span(42, 0, 1.6, (0.48, 1.48), fps=25), TRIMMED, AGAIN]
"""HEVC and 44.1 kHz in mono within a reel of H.264 and 48 kHz in stereo."""

PREVIEW = [FIRST, Span(43, 0, 1.6, (0.48, 1.48), fps=25), TRIMMED, AGAIN]
"""The same, but H.264: the preview plays clips as they are."""


@pytest.fixture(scope="module")
def videos(shared_ui: Ui, clip_folder: Path) -> dict[int, str]:
    """Ids of the clips by their marks, ready."""
    clips = {
        41: humming(make_clip(clip_folder, seconds=1.6, mark=41)),
        42: mono(make_clip(clip_folder, seconds=1.6, mark=42, size=(160, 90), fps=25, audio_rate=44_100, codec="hevc")),
        43: mono(make_clip(clip_folder, seconds=1.6, mark=43, size=(160, 90), fps=25, audio_rate=44_100)),
        44: make_clip(clip_folder, seconds=3, mark=44, gop=60),
    }
    ready = shared_ui.ready_videos(list(clips.values()))
    return {mark: video["id"] for mark, video in zip(clips, ready, strict=True)}


def humming(clip: Path) -> Path:
    """A low hum from the first sample on, so that what is heard tells where the media begins."""
    hum = "aevalsrc=0.02*cos(2*PI*300*t):s=48000[hum];[0:a][hum]amix=duration=first:normalize=0"
    return other_sound(clip, "-filter_complex", hum)


def mono(clip: Path) -> Path:
    return other_sound(clip, "-map", "0:a", "-ac", "1")


def other_sound(clip: Path, *options: str) -> Path:
    made = clip.with_name(f"other sound of {clip.name}")
    source = ["-v", "error", "-y", "-i", str(clip)]
    out = ["-map", "0:v", "-c:v", "copy", "-c:a", "aac", str(made)]
    subprocess.run([str(find_ffmpeg().binary), *source, *options, *out], check=True, timeout=60)
    return made


@pytest.fixture
def page(ui: Ui) -> Iterator[Page]:
    with ui.context() as context:
        watch_pages(context)
        yield context.new_page()


def project_of(editor: Editor, title: str, videos: dict[int, str], spans: Sequence[Span]) -> str:
    clips = [{"video_id": videos[span.mark], "start_s": span.start_s, "end_s": span.end_s} for span in spans]
    made: str = editor.post("/projects", {"title": title, "clips": clips})["id"]
    return made


def assert_seen_in_order(watched: Watched, spans: Sequence[Span]) -> None:
    runs = [(mark, [one.number for one in run]) for mark, run in groupby(watched.frames, lambda one: one.mark)]
    assert [mark for mark, _ in runs] == [span.mark for span in spans]
    assert all(numbers == sorted(numbers) for _, numbers in runs)


def assert_together(
    page: Page, watched: Watched, spans: Sequence[Span], label: str, tolerances_s: dict[int, float]
) -> None:
    """Every flash of the spans is seen in turn, each with its beep, and there is no other beep."""
    beeps = beeps_with_flashes(page, watched, watched.began, label)
    expected = [(span.mark, round(at * span.fps)) for span in spans for at in span.flashes_s]
    assert [(beep.flash.mark, beep.flash.number) for beep in beeps] == expected
    late_s = {beep.flash: beep.late_s for beep in beeps}
    assert all(abs(late) <= tolerances_s[flash.mark] for flash, late in late_s.items()), late_s


def test_a_reel_keeps_sound_and_pictures_together_over_its_joins(page: Page, ui: Ui, videos: dict[int, str]) -> None:
    """A plain file in a video element."""
    with Editor(ui.server) as editor:
        project = project_of(editor, "Stitched", videos, REEL)
        assert editor.ended(editor.post(f"/projects/{project}/stitch")["id"])["state"] == "succeeded"

    def play() -> None:
        page.goto(f"/projects/{project}")
        page.evaluate("watching.ready")
        wait_until(page, "document.querySelector('video[aria-label^=Reel]')?.readyState >= 3")
        page.keyboard.press("k")

    watched = watched_to_end(page, play, "Reel")

    watched.assert_played_through(sum(span.end_s - span.start_s for span in REEL))
    assert "blob:" not in watched.source
    assert_seen_in_order(watched, REEL)
    close = HALF_PACKET_S + SMEAR_S
    assert_together(page, watched, REEL, "Reel", {41: close, 42: close + HALF_FRAME_S, 44: close})


@thorough
def test_a_preview_keeps_sound_and_pictures_together_over_its_joins(page: Page, ui: Ui, videos: dict[int, str]) -> None:
    """Segments of the clips through hls.js; nothing was stitched."""
    with Editor(ui.server) as editor:
        project = project_of(editor, "Previewed", videos, PREVIEW)

    def play() -> None:
        page.goto(f"/projects/{project}")
        page.evaluate("watching.ready")
        page.get_by_role("button", name="Preview").click()

    watched = watched_to_end(page, play, "Preview")

    watched.assert_played_through(sum(span.end_s - span.start_s for span in PREVIEW))
    assert watched.source.startswith("blob:")
    assert_seen_in_order(watched, PREVIEW)
    close = HALF_PACKET_S + SMEAR_S
    assert_together(page, watched, PREVIEW, "Preview", dict.fromkeys((41, 43, 44), close))
