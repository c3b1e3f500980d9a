"""Streams in Chromium through hls.js: a video, and a project that nobody stitched, each from its first second to its
last, on a page of ours with its policy."""

import math
import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.fixtures.clips import make_clip
from tests.fixtures.editor import Editor
from tests.fixtures.server import Server

HLS_JS = Path(__file__).parents[3] / "web/node_modules/hls.js/dist/hls.min.js"

BEHIND_S = 0.15
"""How late the measuring chain sees a beep after its flash, at most: 256 samples at a time, on a busy machine."""
DRIFT_S = 0.1
"""How far the beeps of the second half may be from those of the first, by their medians: less than any hole."""

CAUGHT = 12
"""Among so many neighbouring frames the callback sees one at least; on a busy machine it misses the others."""

PLAY = """async source => {
  const video = document.createElement('video'), log = {frames: [], beeps: [], events: [], places: [], errors: []};
  document.body.replaceChildren(video);
  const canvas = Object.assign(document.createElement('canvas'), {width: 480, height: 270});
  const paper = canvas.getContext('2d', {willReadFrequently: true});
  const look = (now, {mediaTime}) => {
    paper.drawImage(video, 0, 0, 480, 270);
    const row = paper.getImageData(0, 34, 480, 1).data, middle = paper.getImageData(240, 160, 1, 1).data[0];
    let word = 0;
    for (let block = 0; block < 24; block++) word = word * 2 + (row[4 * Math.floor(480 * (block + .5) / 24)] > 126);
    log.frames.push({at: mediaTime, seen: now, mark: word >>> 16, number: (word >>> 4) & 4095, flash: middle > 180});
    video.requestVideoFrameCallback(look);
  };
  const sound = new AudioContext();
  const ear = sound.createScriptProcessor(256, 2, 1);
  sound.createMediaElementSource(video).connect(ear);
  ear.connect(sound.destination);
  let quiet = 1e9;
  ear.onaudioprocess = ({inputBuffer}) => {
    for (const sample of inputBuffer.getChannelData(0)) {
      if (Math.abs(sample) <= .2) quiet++;
      else { if (quiet > .2 * sound.sampleRate) log.beeps.push(performance.now()); quiet = 0; }
    }
  };
  for (const name of ['waiting', 'playing', 'seeking', 'ended'])
    video.addEventListener(name, () => log.events.push(name));
  const hls = new Hls();
  hls.on(Hls.Events.ERROR, (_, told) => log.errors.push(`${told.details}: ${told.reason ?? told.error ?? ''}`));
  hls.loadSource(source);
  hls.attachMedia(video);
  await new Promise(done => video.addEventListener('canplay', done, {once: true}));
  await sound.resume();
  video.addEventListener('playing', () => video.requestVideoFrameCallback(look), {once: true});
  const clock = setInterval(() => log.places.push(video.currentTime), 50);
  const end = new Promise(done => video.addEventListener('ended', done));
  await video.play();
  await Promise.race([end, new Promise(done => setTimeout(done, 40_000))]);
  clearInterval(clock);
  log.duration = video.duration;
  log.holes = video.buffered.length - 1;
  log.place = video.currentTime;
  log.decoded = video.getVideoPlaybackQuality().totalVideoFrames;
  hls.destroy();
  return log;
}"""


@dataclass
class Seen:
    """What a viewer saw and heard."""

    told: dict[str, Any]

    @property
    def frames(self) -> list[dict[str, Any]]:
        return list(self.told["frames"])

    def assert_smooth(self, duration_s: float) -> None:
        """Played through, without a stop, a jump back or an error."""
        events = self.told["events"]
        assert self.told["errors"] == []
        assert events[-1] == "ended", events
        assert "waiting" not in events[events.index("playing") :]
        assert self.told["holes"] == 0
        assert self.told["duration"] == pytest.approx(duration_s, abs=0.05)
        assert self.told["place"] == pytest.approx(duration_s, abs=0.05)
        assert all(after >= at for at, after in pairwise(self.told["places"]))
        assert all(after["at"] > one["at"] for one, after in pairwise(self.frames))

    def delays_s(self) -> list[float]:
        """How long after each flash its beep was heard; flashes without sound are left out."""
        starts = [one for before, one in pairwise(self.frames) if one["flash"] and not before["flash"]]
        found = []
        for start in starts:
            nearest = min(self.told["beeps"], key=lambda beep: abs(beep - start["seen"]))
            if abs(nearest - start["seen"]) < 400:
                found.append((nearest - start["seen"]) / 1000)
        return found

    def assert_together(self) -> None:
        """Sound and pictures are as far apart at the end as at the beginning."""
        delays = self.delays_s()
        half = len(delays) // 2
        assert half >= 1, delays
        assert abs(statistics.median(delays[:half]) - statistics.median(delays[half:])) < DRIFT_S, delays
        assert -DRIFT_S < statistics.median(delays) < BEHIND_S, delays


@pytest.fixture
def page(chromium: Browser, ui_server: Server) -> Iterator[Page]:
    assert HLS_JS.is_file(), "the interface's packages are not installed: python scripts/build_web.py"
    with chromium.new_context(base_url=ui_server.url) as context:
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.goto("/")
        page.evaluate(f"() => {{ {HLS_JS.read_text()} }}")
        yield page


def play(page: Page, path: str) -> Seen:
    return Seen(page.evaluate(PLAY, path))


def test_a_video_plays_from_its_first_second_to_its_last(page: Page, ui_server: Server, clip_folder: Path) -> None:
    """Two segments."""
    clip = make_clip(clip_folder, seconds=7, size=(160, 90), gop=30, mark=21, name="seven seconds.mp4")
    with Editor(ui_server) as editor:
        video = editor.prepared(editor.upload(clip)["id"])
        link = editor.post(f"/videos/{video['id']}/playback", {"kind": "hls"})

    seen = play(page, link["path"])

    seen.assert_smooth(7.0)
    numbers = [frame["number"] for frame in seen.frames]
    assert {frame["mark"] for frame in seen.frames} == {21}
    assert numbers == sorted(set(numbers))
    assert numbers[0] <= CAUGHT
    assert numbers[-1] >= 209 - CAUGHT
    assert seen.told["decoded"] == pytest.approx(210, abs=2)
    seen.assert_together()


CLIPS = [
    # mark, size, fps, frames of a GOP, sound, from, to
    (31, (160, 90), 30, 60, True, 1.37, 2.91),
    (32, (96, 54), 30, 60, False, 0.4, 1.6),
    (33, (320, 180), 24, 120, True, 1.03, 3.2),
    (31, (160, 90), 30, 60, True, 0.0, 1.0),
]


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

    seen = play(page, preview["path"])

    seen.assert_smooth(sum(row[6] - row[5] for row in CLIPS))
    runs = [(mark, [one["number"] for one in run]) for mark, run in groupby(seen.frames, lambda one: one["mark"])]
    assert [mark for mark, _ in runs] == [row[0] for row in CLIPS]
    for (_, numbers), (_, _, fps, _, _, start_s, end_s) in zip(runs, CLIPS, strict=True):
        first, last = math.floor(start_s * fps), math.ceil(end_s * fps) - 1
        assert numbers == sorted(set(numbers))
        assert first <= numbers[0] <= first + CAUGHT
        assert last - CAUGHT <= numbers[-1] <= last + 1
    seen.assert_together()
