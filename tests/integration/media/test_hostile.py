"""Files that mean harm meet every reader: each gets one clear answer, in bounded time and room, and opens nothing."""

import asyncio
import contextlib
import json
import random
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from playhead.media import children
from playhead.media.children import Limits, child
from playhead.media.errors import FfmpegFailed, UnreadableVideo
from playhead.media.ffmpeg import Source, encode_limits, find_ffmpeg, run_ffmpeg
from playhead.media.mp4.boxes import Mp4Unreadable
from playhead.media.mp4.index import read_movie
from playhead.media.mp4.movie import Movie
from playhead.media.mp4.source import FileBytes
from playhead.media.probe import Probe, probe
from playhead.media.reader import read_in_child
from playhead.media.render import ladder
from playhead.media.render.ladder import RenditionRequest, choose_renditions
from playhead.media.render.renditions import rendition_plan, source_hints
from playhead.media.render.tasks import render_tasks
from playhead.media.render.video import render_video
from playhead.media.sniff import Container
from playhead.media.stills.make import Shape
from playhead.media.stills.poster import make_poster
from tests.fixtures.clips import make_clip
from tests.fixtures.hostile import CORPUS, Ground, Hostile
from tests.fixtures.tiers import sample

POINTERS = [entry for entry in CORPUS if entry.points]
FORCED = {".mov": "mov", ".avi": "avi"}


@dataclass(frozen=True)
class Corpus:
    """All files, and the two canaries that they point at."""

    folder: Path
    secret: Path
    listener: socket.socket

    def nobody_called(self) -> bool:
        try:
            self.listener.accept()
        except BlockingIOError:
            return True
        return False


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Corpus]:
    folder, scratch = tmp_path_factory.mktemp("hostile"), tmp_path_factory.mktemp("ground")
    secret = make_clip(folder, name="secret.mp4", size=(160, 90))
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        listener.setblocking(False)
        ground = Ground(scratch, url=f"http://127.0.0.1:{listener.getsockname()[1]}/x.ts", secret=secret)
        for entry in CORPUS:
            (folder / entry.name).write_bytes(entry.make(ground))
        yield Corpus(folder, secret, listener)


@pytest.mark.parametrize("entry", sample(CORPUS, each=5), ids=lambda entry: entry.name)
async def test_a_hostile_file_gets_its_answer(
    corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, entry: Hostile
) -> None:
    """Refused in a sentence, or a video that gives a poster and can be encoded, or says that it cannot."""
    monkeypatch.setattr(ladder, "SPAN_S", 2)
    path = corpus.folder / entry.name
    try:
        found = await probe(path)
    except UnreadableVideo as refused:
        answer, words = refused.code, [refused.detail, refused.hint or ""]
    else:
        answer, words = "ready", await use(path, found, tmp_path)

    assert answer in entry.answer.split(), words
    assert [text for text in words if not for_people(text, corpus.folder)] == []
    assert corpus.nobody_called()


async def use(path: Path, found: Probe, folder: Path) -> list[str]:
    """Take a poster and two seconds of it; what it says when it cannot."""
    words = []
    assert 0 < found.duration_s <= 24 * 3600
    assert 0 < found.video.width * found.video.height <= 40_000_000
    try:
        await make_poster(path, folder / "poster.jpg", Shape.of(found))
        assert (folder / "poster.jpg").read_bytes().startswith(b"\xff\xd8")
    except UnreadableVideo as refused:
        words += [refused.detail, refused.hint or ""]
    (spec,) = choose_renditions(found, RenditionRequest(heights=(90,)))
    plan = rendition_plan(found, source_hints(index_of(path), found), spec, "vid")
    try:
        await render_video(render_tasks(plan)[0], plan, path, folder / "out.mp4", threads=1)
        assert (await probe(folder / "out.mp4")).duration_s <= 2.1
    except FfmpegFailed as failed:
        words += [failed.title]
    return words


def index_of(path: Path) -> Movie | None:
    """As the own reader sees it, if it does."""
    try:
        with FileBytes(path) as source:
            return read_movie(source)
    except Mp4Unreadable:
        return None


def test_the_own_reader_stays_small_and_never_falls_over(corpus: Corpus) -> None:
    """It reads a movie or refuses it; 32 MB is five times what the largest of these files holds."""
    answers = read_in_limits(corpus.folder)

    assert {name for name, _, _ in answers} >= {entry.name for entry in CORPUS}
    assert [answer for answer in answers if answer[2] > 32_000_000] == []
    assert [answer for answer in answers if "Traceback" in answer[1] or str(corpus.folder) in answer[1]] == []


@pytest.mark.parametrize("kind", ["plain", "faststart", "fragmented"])
def test_the_own_reader_takes_any_damage(tmp_path: Path, kind: str) -> None:
    """Real files with bytes changed, cut out and doubled where the index is: 150 of each, the same ones every time."""
    folder, scratch = tmp_path / "damaged", tmp_path / "ground"
    folder.mkdir()
    scratch.mkdir()
    data: bytes = getattr(Ground(scratch, url="", secret=scratch), kind)
    dice = random.Random(kind)
    for number in range(150):
        (folder / f"{number}.mp4").write_bytes(damaged(data, dice))

    answers = read_in_limits(folder)

    assert len(answers) == 150
    assert [answer for answer in answers if answer[2] > 32_000_000] == []
    assert 10 < sum(answer[1].endswith("tracks") for answer in answers) < 140, "all alike: damage without effect"


def damaged(data: bytes, dice: random.Random) -> bytes:
    """A copy with one to three wounds outside of the media."""
    changed = bytearray(data)
    for _ in range(dice.randint(1, 3)):
        at = dice.choice(places(bytes(changed)))
        match dice.randrange(5):
            case 0:
                changed[at] ^= 1 << dice.randrange(8)
            case 1:
                changed[at : at + 4] = dice.choice((b"\xff" * 4, b"\x7f\xff\xff\xff", bytes(4), b"\x80\0\0\0"))
            case 2:
                changed[at : at + 4] = dice.randbytes(4)
            case 3:
                del changed[at : at + dice.randint(1, 40)]
            case _:
                changed[at:at] = changed[at : at + dice.randint(1, 40)]
    return bytes(changed)


def places(data: bytes) -> list[int]:
    """Where a wound hurts: all that is not in ``mdat``, as far as that can still be told."""
    hurt: list[int] = []
    at = 0
    while at + 8 <= len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        end = at + size if 8 <= size <= len(data) - at else len(data)
        hurt += range(at, at + 8 if data[at + 4 : at + 8] == b"mdat" else end)
        at = end
    return hurt


READ_ALL = """
import json, resource, sys, tracemalloc
from pathlib import Path
from playhead.media.mp4.aac import aac_config
from playhead.media.mp4.boxes import Mp4Unreadable
from playhead.media.mp4.parameter_sets import video_facts
from playhead.media.mp4.index import read_movie
from playhead.media.mp4.source import FileBytes

resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
for path in Path(sys.argv[1]).iterdir():
    tracemalloc.start()
    with FileBytes(path) as source:
        try:
            movie = read_movie(source)
            for track in movie.tracks:
                samples = track.samples
                assert all(at + size <= source.size for at, size in zip(samples.offsets, samples.sizes, strict=True))
                assert len(samples.dts) == len(samples) + 1
                video_facts(track.entry) if track.kind == "video" else aac_config(track.entry)
            words = f"{len(movie.tracks)} tracks"
        except Mp4Unreadable as error:
            words = error.detail
    print(json.dumps([path.name, words, tracemalloc.get_traced_memory()[1]]))
    tracemalloc.stop()
"""


def read_in_limits(folder: Path) -> list[tuple[str, str, int]]:
    """Name, what the own reader says, peak of its memory in bytes: for each file, in one process that may be killed."""
    command = [sys.executable, "-c", READ_ALL, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace")
@pytest.mark.parametrize("entry", sample(POINTERS, each=5), ids=lambda entry: entry.name)
async def test_a_pointer_opens_nothing_even_past_the_first_look(
    corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, entry: Hostile
) -> None:
    """The kernel's own record: libraries and the written file are opened, nothing else; nobody is called."""
    path, log = corpus.folder / entry.name, tmp_path / "strace"
    strace = (shutil.which("strace") or "", "-f", "-A", "-o", str(log), "-e", "trace=open,openat,openat2,connect")
    monkeypatch.setattr(children, "_pdeathsig", lambda: strace)
    for demuxer in {FORCED.get(path.suffix, "mov"), _truly(entry)}:
        await read_in_child("examine", path, Container(demuxer, demuxer), timeout_s=40)
    with contextlib.suppress(FfmpegFailed):
        await encode(path, tmp_path / "out.mp4")

    record = log.read_text()
    opened = {Path(name) for name in re.findall(r'open(?:at2?)?\([^"\n]*"([^"]*)"', record)}
    assert opened, "strace saw nothing"
    assert [name for name in opened if name.is_relative_to(corpus.folder)] == []
    assert {name for name in opened if name.is_relative_to(tmp_path)} <= {tmp_path / "out.mp4"}
    assert "secret" not in record
    assert "AF_INET" not in record
    assert corpus.nobody_called()


def _truly(entry: Hostile) -> str:
    """The demuxer that the content is meant for: nobody would choose it, and even so nothing may be opened."""
    kinds = {"playlist": "hls", "script": "concat", "session": "sdp"}
    return kinds.get(entry.name.split("-")[0].split(".")[0], "mov")


async def test_frames_that_last_for_days_end_when_nobody_wants_them(corpus: Corpus, tmp_path: Path) -> None:
    """ffmpeg fills the gaps between them, 7 s for one and deaf to SIGTERM meanwhile; it is gone when the call is."""
    task = asyncio.create_task(encode(corpus.folder / "frames-of-40-minutes.mp4", tmp_path / "out.mp4", most=()))
    async with asyncio.timeout(120):
        while not ffmpegs_of(tmp_path):
            await asyncio.sleep(0.02)
    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(task, 120)
    assert ffmpegs_of(tmp_path) == []


@contextlib.asynccontextmanager
async def deaf() -> AsyncIterator[asyncio.subprocess.Process]:
    """A program that ignores SIGTERM and has started another that does."""
    script = "trap '' TERM; (trap '' TERM; echo ready; sleep 600) & wait"
    async with child(["/bin/sh", "-c", script], limits=Limits()) as process:
        assert process.stdout is not None
        assert await process.stdout.readline() == b"ready\n"
        process.terminate()
        yield process


async def test_a_child_that_ignores_sigterm_is_gone_all_the_same() -> None:
    """With its own children: the pipe that they share ends."""
    async with deaf() as process:
        assert process.stdout is not None
        output = process.stdout

    assert process.returncode == -9
    assert await asyncio.wait_for(output.read(), 120) == b""


async def encode(path: Path, out: Path, *, most: tuple[str, ...] = ("-t", "2")) -> None:
    """What every renderer does, at its cheapest: two seconds at a constant rate."""
    picture = ["-map", "0:V:0", "-vf", "fps=30,scale=160:90,format=yuv420p", "-c:v", "libx264", "-preset", "ultrafast"]
    await run_ffmpeg(
        find_ffmpeg(),
        purpose="Encoding",
        sources=[Source(path)],
        arguments=[*picture, *most, "-threads", "1", "-f", "mp4", str(out)],
        limits=encode_limits(span_s=2, pixels=160 * 90, threads=1),
        threads=1,
    )


def ffmpegs_of(folder: Path) -> list[str]:
    """Command lines of living processes that name a folder."""
    listed = subprocess.run(["ps", "-ww", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    return [line for line in listed.splitlines() if str(folder) in line]


def for_people(text: str, folder: Path) -> bool:
    """Whether a text has no path, no traceback and no class in it."""
    return not re.search(rf"Traceback|Error\b|errno|{re.escape(str(folder))}|\.py|/\w|\\x|None", text)
