"""The steps of a stitch over a real store, a real database and real ffmpeg; the job engine is left out."""

import hashlib
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from sqlalchemy import delete

from playhead.access.users import insert_user
from playhead.catalog.admission import probe_facts
from playhead.catalog.deletions import Deletions
from playhead.catalog.indexes import Indexes
from playhead.catalog.pipeline import Pipeline
from playhead.catalog.renders import Renders
from playhead.catalog.tables import VideoRow
from playhead.catalog.videos import Videos
from playhead.db.database import Database
from playhead.jobs.context import JobContext
from playhead.jobs.kinds import JobKind
from playhead.kit.clock import utc_now
from playhead.kit.ids import new_id
from playhead.media.errors import VerifyFailed
from playhead.media.mp4.index import read_movie
from playhead.media.mp4.source import FileBytes
from playhead.media.probe import probe
from playhead.media.render.make import ROUNDS
from playhead.media.render.parts import BadJoin
from playhead.media.render.video import render_video
from playhead.media.tools import MediaTools
from playhead.reels.errors import ClipVideoGone
from playhead.reels.jobs import StitchJob
from playhead.storage import keys
from playhead.storage.local import LocalStore
from tests.fixtures.clips import make_clip
from tests.fixtures.databases import create_tables
from tests.fixtures.sync import read_frames


@dataclass
class Studio:
    """A store with videos in it, and what it takes to stitch them."""

    folder: Path
    database: Database
    store: LocalStore
    renders: Renders
    kind: JobKind
    owner_id: str
    steps: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    async def stored(self, path: Path) -> str:
        """Put a file into the library; its id."""
        data, found, now = path.read_bytes(), (await probe(path)).to_dict(), utc_now()
        facts = probe_facts(found) | {"size_bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        row = VideoRow(
            **{"id": new_id("vid"), "owner_id": self.owner_id, "title": "A clip", "origin": "upload", "state": "ready"},
            **{"version": 1, "created_at": now, "updated_at": now},
            **facts,
        )
        async with self.database.write() as session:
            session.add(row)
        await self.store.write_file(keys.original(row.id), Path(shutil.copy(path, self.folder / "copy")))
        return row.id

    async def stitch(self, *clips: tuple[str, float, float | None], **settings: Any) -> dict[str, Any]:
        """Stitch spans of videos; ``steps`` are then those of this stitch. Gives its result and ``video_id``."""
        arguments = {
            "video_id": new_id("vid"),
            "settings": settings,
            "clips": [
                {"clip_id": f"clp_{number}", "video_id": video, "start_s": start_s, "end_s": end_s}
                for number, (video, start_s, end_s) in enumerate(clips)
            ],
        }
        self.steps, self.words = [], []
        work = self.folder / "work"
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir()

        async def step(name: str, function: Callable[[], Awaitable[Any]], *, retry: bool) -> Any:
            result = await function()
            self.steps.append(name)
            return result

        async def report(fraction: float, step: str | None) -> None:
            self.words += [step] if step else []

        context = JobContext(
            job_id=new_id("job"),
            work=work,
            args=arguments,
            run_step=step,
            report=report,
            parts=self.kind.parts,
        )
        return {**await self.kind.run(context, arguments), "video_id": arguments["video_id"]}

    def file(self, video_id: str) -> Path:
        """Where a video's bytes are."""
        return self.store.path(keys.original(str(video_id)))

    def pieces(self) -> list[str]:
        """The pieces that the last stitch rendered."""
        return [name for name in self.steps if name.startswith("clip")]


@pytest.fixture
async def studio(tmp_path: Path) -> AsyncIterator[Studio]:
    """An empty one."""
    database = Database(f"sqlite:///{tmp_path / 'playhead.db'}")
    await create_tables(database)
    async with database.write() as session:
        user = await insert_user(
            session, email="ann@example.org", name=None, role="member", password_hash="!", now=utc_now()
        )
    store = LocalStore(tmp_path / "store")
    renders, indexes = Renders(database, store), Indexes(store, tmp_path / "indexes")
    deletions = Deletions(database, store)
    videos = Mock(spec=Videos)  # the hooks of the kind are left out with the engine
    job = StitchJob(database, videos, deletions, indexes, Pipeline(store, renders, MediaTools(threads=1)))
    yield Studio(tmp_path, database, store, renders, job.kind(), user.id)
    indexes.close()
    await database.close()


def clip(studio: Studio, **options: Any) -> Path:
    """A small clip with a keyframe each half second."""
    return make_clip(studio.folder, **{"seconds": 2, "size": (160, 90), "gop": 15, **options})


def damaged(path: Path, sample: int) -> Path:
    """The same clip with one packet of its picture overwritten; its index is whole."""
    with FileBytes(path) as source:
        video = read_movie(source).video
    assert video is not None
    at, size = video.samples.offsets[sample], video.samples.sizes[sample]
    data = bytearray(path.read_bytes())
    data[at + 5 : at + size] = b"\xff" * (size - 5)
    broken = path.with_name("damaged.mp4")
    broken.write_bytes(data)
    return broken


async def test_what_fits_is_copied_and_the_rest_is_rendered(studio: Studio) -> None:
    like, other = await studio.stored(clip(studio)), await studio.stored(clip(studio, size=(90, 160), mark=2))
    made = await studio.stitch((like, 0, None), (like, 0.3, 1.8), (other, 0, 1.0))

    assert studio.steps == [
        *("survey", "plan"),
        *("clip1-video0", "clip1-video2", "clip2-video0", "join", "verify", "poster"),
    ]
    assert "2 of 3 clips are copied" in made["plan"]["summary"]
    assert made["plan"]["fell_back"] == []
    frames = read_frames(studio.file(made["video_id"]), {1: (160, 90), 2: (90, 160)})
    assert [frame.number for frame in frames[:105]] == [*range(60), *range(9, 54)]
    assert made["written"]["size_bytes"] == studio.file(made["video_id"]).stat().st_size


async def test_the_sound_of_a_whole_reel_is_a_step_of_its_own(studio: Studio) -> None:
    video = await studio.stored(clip(studio))
    await studio.stitch((video, 0, None), (video, 0.5, 1.5), sound="encode", loudness_lufs=-16.0)

    assert studio.steps == [
        *("survey", "plan", "clip0-samples", "clip1-samples", "sound", "join", "verify", "poster"),
    ]


async def test_a_second_stitch_renders_nothing_that_the_first_did(studio: Studio) -> None:
    """Not even when a clip stands elsewhere; a clip that is shown twice is rendered once."""
    one, two = await studio.stored(clip(studio)), await studio.stored(clip(studio, mark=2, audio=False))
    spans = [(one, 0.0, 1.0), (two, 0.2, 1.2), (one, 0.0, 1.0)]
    await studio.stitch(*spans, width=64, height=64)
    first = [name for name in studio.pieces() if "video" in name]
    await studio.stitch(*spans[::-1], width=64, height=64)

    assert first == ["clip0-video0", "clip1-video0"]
    assert [name for name in studio.pieces() if "video" in name] == []


async def test_a_stitch_that_was_cut_off_keeps_the_pieces_it_had(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next attempt renders only the piece that was being rendered and those after it."""
    one, two = await studio.stored(clip(studio)), await studio.stored(clip(studio, mark=2))
    spans = [(one, 0.0, 1.0), (two, 0.0, 1.0)]

    async def cut_off(task: Any, *args: Any, **options: Any) -> None:
        if task.clip == 1:
            raise ConnectionError("the power is gone")
        await render_video(task, *args, **options)

    with monkeypatch.context() as patch, pytest.raises(ConnectionError):
        patch.setattr("playhead.media.render.make.render_video", cut_off)
        await studio.stitch(*spans, width=64, height=64, sound="copy")
    before = studio.pieces()
    await studio.stitch(*spans, width=64, height=64)

    assert before == ["clip0-video0"]
    assert studio.pieces() == ["clip1-video0"]


async def test_a_copy_that_does_not_decode_is_encoded_instead(studio: Studio) -> None:
    """That clip, perhaps with the one that it was joined to; the words say so, and the reel is whole.

    The join is decoded, since the clip before is encoded up to its trim.
    """
    good = await studio.stored(clip(studio))
    bad = await studio.stored(damaged(clip(studio, mark=2), sample=3))
    made = await studio.stitch((good, 0, 1.8), (bad, 0, None), (good, 0, None))

    forced = made["plan"]["fell_back"]
    assert "clp_1" in forced
    assert "clp_2" not in forced
    assert [name for name in studio.steps if name.startswith(("plan", "join", "verify"))] == [
        *("plan", "join", "verify", "plan 2", "join 2", "verify 2"),
    ]
    assert any(words.endswith(" of 3 clips: a copy did not join cleanly") for words in studio.words)
    frames = read_frames(studio.file(made["video_id"]), {1: (160, 90), 2: (160, 90)})
    assert [frame.number for frame in (*frames[:54], *frames[114:])] == [*range(54), *range(60)]


async def test_a_reel_that_never_joins_is_given_up_without_a_copy_left(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    """First the clip in question is encoded, then all, then the stitch fails with the reason."""
    video = await studio.stored(clip(studio))

    async def bad(*_: Any, **__: Any) -> dict[str, Any]:
        raise BadJoin("It does not decode at 2.000 s.", frozenset(["clp_0"]))

    monkeypatch.setattr("playhead.media.render.make.verify_reel", bad)
    with pytest.raises(VerifyFailed, match=r"at 2\.000 s"):
        await studio.stitch((video, 0, None), (video, 0, None))

    assert [name for name in studio.steps if name.startswith("plan")] == ["plan", "plan 2", "plan 3"]
    assert len([name for name in studio.steps if name.startswith("join")]) == ROUNDS
    assert {name.partition("-")[0] for name in studio.pieces()} == {"clip0", "clip1"}


async def test_pieces_that_vanished_are_rendered_again(studio: Studio) -> None:
    """As when somebody cleared the store by hand."""
    one, two = await studio.stored(clip(studio)), await studio.stored(clip(studio, mark=2, audio=False))
    spans = [(one, 0.0, 1.0), (two, 0.0, 1.0)]
    await studio.stitch(*spans, width=64, height=64)
    pieces = studio.pieces()
    await studio.store.delete_prefix(keys.RENDERS)
    made = await studio.stitch(*spans, width=64, height=64)

    assert studio.steps == ["survey", "plan", "join", "plan 2", *pieces, "join 2", "verify 2", "poster"]
    assert made["plan"]["fell_back"] == []


@pytest.mark.parametrize("left", ["row", "bytes"])
async def test_a_video_that_was_deleted_meanwhile_is_named(studio: Studio, left: str) -> None:
    one, two = await studio.stored(clip(studio)), await studio.stored(clip(studio, mark=2))
    if left == "row":
        await studio.store.delete(keys.original(two))
    else:
        async with studio.database.write() as session:
            await session.execute(delete(VideoRow).where(VideoRow.id == two))

    with pytest.raises(ClipVideoGone, match="clip 2"):
        await studio.stitch((one, 0, None), (two, 0, None))
