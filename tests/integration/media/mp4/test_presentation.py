"""Edit lists and jumps of the clock in real files: our index presents what libav presents."""

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from playhead.media.audio_tracks import with_audio
from playhead.media.ffmpeg import find_ffmpeg
from playhead.media.mp4.index import read_movie
from playhead.media.mp4.movie import Movie
from playhead.media.mp4.presentation import packets_heard, shown
from playhead.media.mp4.source import MemoryBytes
from playhead.media.probe import Probe, probe
from playhead.media.render.files import open_clip, probe_of
from playhead.media.render.grid import Times
from playhead.media.sniff import MP4
from tests.fixtures.clips import make_clip
from tests.fixtures.edits import EditRow, init_and_fragments, moved, with_edits
from tests.fixtures.examples import examples

SECOND, LEAD, PRIMING = 15_360, 1024, 1024
"""Ticks of the pictures; where their first frame stands; where the sound begins, in its own ticks."""

NEAR_S = 0.001


@dataclass(frozen=True)
class Files:
    """The same 3 s in a plain file, one without B-frames, and in fragments with and without an edit list."""

    folder: Path
    plain: bytes
    simple: bytes
    fragments: bytes
    bare: bytes


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    folder = tmp_path_factory.mktemp("edits")
    plain = make_clip(folder, seconds=3, size=(64, 48), gop=15, name="plain.mp4")
    simple = folder / "simple.mp4"
    _run("-i", plain, "-c:a", "copy", "-c:v", "libx264", "-bf", "0", "-g", "15", simple)
    made = []
    for flags in ("delay_moov", "empty_moov"):
        made.append(folder / f"{flags}.mp4")
        _run("-i", plain, "-c", "copy", "-movflags", f"+frag_keyframe+default_base_moof+{flags}", made[-1])
    return Files(folder, *(path.read_bytes() for path in (plain, simple, *made)))


def _run(*arguments: str | Path) -> None:
    subprocess.run([find_ffmpeg().binary, "-nostdin", "-v", "error", "-y", *map(str, arguments)], check=True)


@dataclass(frozen=True)
class Seen:
    """Packets of a track that libav presents: how many, the first one's time, the last one's, in seconds."""

    count: int
    first_s: float
    last_s: float


def presented(path: Path) -> dict[str, Seen]:
    """Libav's view; priming that it skips within a packet counts as shown from 0 on."""
    times: dict[str, list[float]] = {"video": [], "audio": []}
    with av.open(str(path)) as container:
        for packet in container.demux():
            if packet.pts is not None and packet.size and not packet.is_discard:
                times[packet.stream.type].append(float(packet.pts * (packet.time_base or 0)))
    return {kind: Seen(len(all_), min(all_), max(all_)) for kind, all_ in times.items() if all_}


def ours(movie: Movie) -> dict[str, Seen]:
    """The same by our index."""
    found: dict[str, Seen] = {}
    for track in movie.tracks:
        span, samples = shown(movie, track), track.samples
        if track.kind == "video":
            times = Times(movie, track)
            ticks: Sequence[int] = times.shown[times.begin : times.end]
        else:
            ticks = samples.dts[slice(*packets_heard(track, span))]
        at = [float(span.start_s + Fraction(tick - span.first, track.timescale)) for tick in ticks]
        if at:
            found[track.kind] = Seen(len(at), at[0], at[-1])
    return found


def assert_same_presentation(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    mine, theirs = ours(read_movie(MemoryBytes(content))), presented(path)
    assert mine.keys() == theirs.keys()
    for kind, seen in mine.items():
        assert seen.count == theirs[kind].count, kind
        assert seen.first_s == pytest.approx(theirs[kind].first_s, abs=NEAR_S), kind
        assert seen.last_s == pytest.approx(theirs[kind].last_s, abs=NEAR_S), kind


WAITS = st.sampled_from([[], [(250, -1)], [(1000, -1), (500, -1)]])


def runs(first: int, last: int) -> st.SearchStrategy[list[EditRow]]:
    """An edit list of one run: perhaps empty edits, then media from one tick to another on for some time."""
    media = st.tuples(st.integers(100, 4000), st.integers(first, last))
    return st.tuples(WAITS, media).map(lambda parts: [*parts[0], parts[1]])


@given(video=runs(0, 2 * SECOND), audio=runs(PRIMING, 96_000), reordered=st.booleans())
@examples(50)
def test_any_single_run_is_presented_as_libav_presents_it(
    files: Files, video: list[EditRow], audio: list[EditRow], *, reordered: bool
) -> None:
    """From any tick, for any time, after any wait, each track on its own."""
    assume(_is_clear(video, SECOND, 512) and _is_clear(audio, 48_000, 1024))
    content = with_edits(files.plain if reordered else files.simple, video=video, audio=audio)

    assert_same_presentation(files.folder / "any.mp4", content)


def _is_clear(rows: list[EditRow], timescale: int, step: int) -> bool:
    """No sample begins within the last 2 ms: libav shows that one, we take the end for rounded."""
    end = rows[-1][1] + rows[-1][0] * timescale // 1000
    return end % step == 0 or end % step > timescale // 500


@pytest.mark.parametrize("by_s", [0.0, 0.7, 1000.0])
@pytest.mark.parametrize("kind", ["fragments", "bare"])
def test_fragments_are_presented_as_libav_presents_them(files: Files, kind: str, by_s: float) -> None:
    """With an edit list and without, from any decode time on."""
    init, fragments = init_and_fragments(getattr(files, kind))
    content = init + moved(fragments, {1: by_s, 2: by_s})

    mine, theirs = ours(read_movie(MemoryBytes(content))), presented(_written(files, content))

    assert mine["video"] == pytest.approx(theirs["video"], abs=NEAR_S)
    assert mine["audio"].last_s == pytest.approx(theirs["audio"].last_s, abs=NEAR_S)


def _written(files: Files, content: bytes) -> Path:
    path = files.folder / "file.mp4"
    path.write_bytes(content)
    return path


def probed(content: bytes) -> Probe | None:
    return probe_of(read_movie(MemoryBytes(content)), MP4)


FOLLOWED: list[tuple[str, dict[str, Any], float, int, tuple[float, float], tuple[float, float], float]] = [
    # name, edits, duration, frames, pictures from and to, sound from and to, libav's clock at the start
    ("both cut", {"video": [(1000, LEAD + SECOND)], "audio": [(1000, PRIMING + 48_000)]}, 1, 30, (0, 1), (0, 1), 0),
    ("pictures late", {"video": [(500, -1), (3000, LEAD)]}, 3.5, 90, (0.5, 3.5), (0, 3), 0),
    ("sound late", {"audio": [(500, -1), (2000, PRIMING)]}, 3, 90, (0, 3), (0.5, 2.5), 0),
    ("both late", {"video": [(1500, -1), (1000, LEAD)], "audio": [(1200, -1), (900, PRIMING)]},
     1.3, 30, (0.3, 1.3), (0, 0.9), 1.2),
    ("sound longer", {"video": [(1000, LEAD)], "audio": [(3000, PRIMING)]}, 3, 30, (0, 1), (0, 3), 0),
    ("sound a little longer", {"video": [(1000, LEAD)], "audio": [(1400, PRIMING)]}, 1, 30, (0, 1), (0, 1.4), 0),
    ("sound ends early", {"audio": [(2000, PRIMING)]}, 3, 90, (0, 3), (0, 2), 0),
    ("parts that go on", {"video": [(1000, LEAD), (500, LEAD + SECOND)]}, 3, 45, (0, 1.5), (0, 3), 0),
    ("an empty end", {"video": [(1000, LEAD), (500, -1)], "audio": [(900, PRIMING), (500, -1)]},
     1, 30, (0, 1), (0, 0.9), 0),
]  # fmt: skip


@pytest.mark.parametrize("row", FOLLOWED, ids=[row[0] for row in FOLLOWED])
def test_a_probe_says_when_each_track_begins_and_ends(files: Files, row: tuple[Any, ...]) -> None:
    _, edits, duration_s, frames, seen, heard, zero_s = row

    found = probed(with_edits(files.plain, **edits))

    assert found is not None
    assert found.audio is not None
    assert found.duration_s == pytest.approx(duration_s)
    assert (found.video.frames, found.zero_s) == (frames, zero_s)
    assert (found.video.start_s, found.video.end_s) == pytest.approx(seen)
    assert (found.audio.start_s, found.audio.end_s) == pytest.approx(heard)


LEFT_TO_LIBAV: list[tuple[str, dict[str, Any], float]] = [
    ("a piece cut out", {"video": [(1000, LEAD), (1000, LEAD + 2 * SECOND)], "audio": [(2000, PRIMING)]}, 2),
    ("a piece repeated", {"video": [(1000, LEAD), (1000, LEAD)], "audio": [(2000, PRIMING)]}, 2),
    ("sound in pieces", {"audio": [(1000, PRIMING), (1000, 96_000)]}, 3),
    ("slow motion", {"video": [(2000, LEAD, 0.5)], "audio": [(2000, PRIMING)]}, 2),
    ("fast", {"video": [(1000, LEAD, 2)], "audio": [(1000, PRIMING)]}, 1),
]


@pytest.mark.parametrize(("edits", "duration_s"), [row[1:] for row in LEFT_TO_LIBAV], ids=[r[0] for r in LEFT_TO_LIBAV])
async def test_what_we_do_not_follow_is_what_libav_shows(
    files: Files, edits: dict[str, Any], duration_s: float
) -> None:
    content = with_edits(files.plain, **edits)
    path = _written(files, content)

    found = (await open_clip(path)).probe

    assert probed(content) is None
    assert found.duration_s == pytest.approx(duration_s, abs=NEAR_S)


def test_an_edit_list_that_shows_nothing_is_left_to_libav(files: Files) -> None:
    assert probed(with_edits(files.plain, video=[(0, LEAD)])) is None


@pytest.mark.parametrize(
    ("edits", "duration_s", "frames"),
    [([(0, LEAD + SECOND)], 2, 60), ([(1000, LEAD + SECOND)], 1, 30), ([(500, -1), (0, LEAD)], 3.5, 90)],
)
def test_fragments_are_shown_as_their_edit_list_says(
    files: Files, edits: list[EditRow], duration_s: float, frames: int
) -> None:
    """Libav does not hide anything of them; its clock is the same."""
    found = probed(with_edits(files.fragments, video=edits))

    assert found is not None
    assert found.video.end_s == pytest.approx(duration_s)
    assert (found.video.frames, found.zero_s) == (frames, 0)


@pytest.fixture(scope="module")
def several(files: Files) -> bytes:
    """Fragments with the sound of the clip, and a second track of 5 s that is silent."""
    plain, silence = files.folder / "plain.mp4", ["-f", "lavfi", "-i", "anullsrc=r=48000:cl=stereo:d=5"]
    path = files.folder / "several.mp4"
    maps = ["-map", "0:v", "-map", "0:a", "-map", "1:a", "-c:v", "copy", "-c:a", "aac"]
    names = ["-metadata:s:a:1", "title=Mic", "-metadata:s:a:1", "language=deu"]
    flags = "+frag_keyframe+default_base_moof+delay_moov"
    _run("-i", plain, *silence, *maps, *names, "-movflags", flags, path)
    return path.read_bytes()


async def test_fragments_with_several_audio_tracks_are_shown_as_their_edit_lists_say(
    files: Files, several: bytes
) -> None:
    """The times are the index's, what the tracks are is libav's; both ways to ask agree."""
    edits = {"video": [(1000, LEAD + SECOND)], "audio": [(1200, PRIMING + 48_000)]}
    path = _written(files, with_edits(several, **edits))

    found, opened = await probe(path), await open_clip(path)

    assert opened.probe == found
    assert found.duration_s == pytest.approx(1)
    assert (found.zero_s, found.video.frames) == (0, 30)
    assert (found.video.start_s, found.video.end_s) == pytest.approx((0, 1))
    beeps, silence = found.audio_tracks
    assert found.audio == beeps
    assert (beeps.start_s, beeps.end_s) == pytest.approx((0, 1.2))
    assert (beeps.silent, silence.silent) == (False, True)
    assert (silence.title, silence.language) == ("Mic", "deu")
    assert silence.end_s == pytest.approx(5, abs=0.03)
    assert [remark for remark in found.remarks if remark.startswith("2 audio tracks; number 1 ")]


async def test_an_audio_track_without_a_sample_leaves_the_times_to_the_index(files: Files) -> None:
    """A recorder announces tracks in the header that it then has nothing for."""
    path, plain = files.folder / "announced.mp4", files.folder / "plain.mp4"
    maps = ["-map", "0:v", "-map", "0:a", "-map", "0:a", "-c", "copy", "-bsf:a:1", "noise=drop=1"]
    _run("-i", plain, *maps, "-movflags", "+frag_keyframe+default_base_moof+delay_moov", path)
    path.write_bytes(with_edits(path.read_bytes(), video=[(1000, LEAD + SECOND)], audio=[(1000, PRIMING + 48_000)]))

    found = await probe(path)

    assert found.duration_s == pytest.approx(1)
    assert [(one.end_s, one.silent) for one in found.audio_tracks] == [(pytest.approx(1), False), (0, True)]


async def test_a_file_is_as_long_as_the_audio_track_that_is_played(files: Files, several: bytes) -> None:
    found = await probe(_written(files, several))

    longer = with_audio(found, found.audio_tracks[1].track)

    assert found.duration_s == pytest.approx(3)
    assert longer.duration_s == pytest.approx(5, abs=0.03)
    assert with_audio(longer, found.audio_tracks[0].track).duration_s == found.duration_s


@pytest.mark.parametrize("by_s", [0.0, 0.7, 5000.0])
def test_recordings_behind_one_header_are_one_after_the_other(files: Files, by_s: float) -> None:
    """Whatever the clock says of the second; a gap of less than 10 s would stay."""
    init, fragments = init_and_fragments(files.fragments)
    content = init + fragments + moved(fragments, {1: by_s, 2: by_s})

    found = probed(content)

    assert found is not None
    assert found.video.frames == 180
    assert found.duration_s == pytest.approx(6, abs=0.03)  # the sound of the first is longer by a packet
    assert [jump.at_s for jump in found.jumps] == [pytest.approx(3, abs=0.03)]
    assert found.jumps[0].by_s == pytest.approx(by_s - 3, abs=0.03)
    assert [remark for remark in found.remarks if "clock" in remark]
