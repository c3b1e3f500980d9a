"""Streams in Chromium through hls.js: a video, and a project that nobody stitched, each from its first second to its
last, on a page of ours with its policy."""

import math
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.fixtures.clips import make_clip
from tests.fixtures.editor import Editor
from tests.fixtures.server import Server
from tests.fixtures.tiers import thorough
from tests.fixtures.watching import Watched, beeps_with_flashes, watch_pages, watched_to_end

HLS_JS = Path(__file__).parents[3] / "web/node_modules/hls.js/dist/hls.min.js"

TOGETHER_S = 1024 / 48_000 + 0.004
"""Packets stay whole, so the sound of each of two clips may be off by half of one; AAC smears an onset by some
samples."""

CAUGHT = 12
"""Among so many neighbouring frames the page looks at one at least; when it is busy it misses the others."""

PLAY = """async source => {
  const video = document.createElement('video');
  document.body.replaceChildren(video);
  window.complaints = [];
  await watching.ready;
  const hls = new Hls();
  hls.on(Hls.Events.ERROR, (_, told) => complaints.push(`${told.details}: ${told.reason ?? told.error ?? ''}`));
  hls.loadSource(source);
  hls.attachMedia(video);
  await new Promise(done => video.addEventListener('canplay', done, {once: true}));
  await video.play();
}"""


@pytest.fixture
def page(chromium: Browser, ui_server: Server) -> Iterator[Page]:
    assert HLS_JS.is_file(), "the interface's packages are not installed: python scripts/build_web.py"
    with chromium.new_context(base_url=ui_server.url) as context:
        watch_pages(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        yield page


def played(page: Page, path: str) -> Watched:
    def play() -> None:
        page.goto("/")
        page.evaluate(f"() => {{ {HLS_JS.read_text()} }}")
        page.evaluate(PLAY, path)

    watched = watched_to_end(page, play)
    assert page.evaluate("complaints") == []
    return watched


def assert_together(page: Page, watched: Watched, first_beep_s: float, count: int) -> None:
    """Every beep is as far from its flash as the first one is, which is taken to be on it."""
    beeps = beeps_with_flashes(page, watched, watched.beeps[0] - first_beep_s)
    assert len(beeps) == count
    assert [beep.late_s for beep in beeps] == pytest.approx([beeps[0].late_s] * count, abs=TOGETHER_S)


def test_a_video_plays_from_its_first_second_to_its_last(page: Page, ui_server: Server, clip_folder: Path) -> None:
    """Two segments."""
    clip = make_clip(clip_folder, seconds=7, size=(160, 90), gop=30, mark=21, name="seven seconds.mp4")
    with Editor(ui_server) as editor:
        video = editor.prepared(editor.upload(clip)["id"])
        link = editor.post(f"/videos/{video['id']}/playback", {"kind": "hls"})

    watched = played(page, link["path"])

    watched.assert_played_through(7.0)
    numbers = [frame.number for frame in watched.frames]
    assert {frame.mark for frame in watched.frames} == {21}
    assert numbers == sorted(set(numbers))
    assert numbers[0] <= CAUGHT
    assert numbers[-1] >= 209 - CAUGHT
    assert watched.decoded == pytest.approx(210, abs=2)
    assert_together(page, watched, 0.5, 7)


CLIPS = [
    # mark, size, fps, frames of a GOP, sound, from, to
    (31, (160, 90), 30, 60, True, 1.37, 2.91),
    (32, (96, 54), 30, 60, False, 0.4, 1.6),
    (33, (320, 180), 24, 120, True, 1.03, 3.2),
    (31, (160, 90), 30, 60, True, 0.0, 1.0),
]


@thorough
def test_a_project_plays_over_its_joins_before_it_is_stitched(page: Page, ui_server: Server, clip_folder: Path) -> None:
    """Other sizes, other rates, no sound, starts within GOPs: no frame of before or after a span is ever seen.

    The one after the end is: it stands ready for a decoder that is late.
    """
    with Editor(ui_server) as editor:
        videos: dict[int, str] = {}
        for mark, size, fps, gop, audio, _, _ in CLIPS:
            if mark not in videos:
                clip = make_clip(clip_folder, seconds=4, size=size, fps=fps, gop=gop, audio=audio, mark=mark)
                videos[mark] = editor.upload(clip)["id"]
        for video in videos.values():
            editor.prepared(video)
        spans = [{"video_id": videos[row[0]], "start_s": row[5], "end_s": row[6]} for row in CLIPS]
        project = editor.post("/projects", {"title": "Never stitched", "clips": spans})
        preview = editor.post(f"/projects/{project['id']}/preview", {})

    watched = played(page, preview["path"])

    watched.assert_played_through(sum(row[6] - row[5] for row in CLIPS))
    runs = [(mark, [one.number for one in run]) for mark, run in groupby(watched.frames, lambda one: one.mark)]
    assert [mark for mark, _ in runs] == [row[0] for row in CLIPS]
    for (_, numbers), (_, _, fps, _, _, start_s, end_s) in zip(runs, CLIPS, strict=True):
        first, last = math.floor(start_s * fps), math.ceil(end_s * fps) - 1
        assert numbers == sorted(set(numbers))
        assert first <= numbers[0] <= first + CAUGHT
        assert last - CAUGHT <= numbers[-1] <= last + 1
    assert_together(page, watched, 1.5 - 1.37, 5)
