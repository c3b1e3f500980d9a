"""No ffmpeg outlives its purpose: not a cancelled task, not a failing progress, not a killed worker."""

import asyncio
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from playhead.media import children
from playhead.media.children import Limits, child
from playhead.media.errors import DiskFull, FfmpegKilled, FfmpegMissing, LimitReached
from playhead.media.ffmpeg import find_ffmpeg, run_ffmpeg
from playhead.media.reader import av_command
from playhead.media.render.plan import StitchPlan
from playhead.media.render.tasks import render_tasks
from playhead.media.render.video import render_video
from tests.fixtures.clips import make_clip
from tests.fixtures.patience import PATIENCE_S
from tests.fixtures.stitch_plans import clip_plan, piece, reel_format

ENDLESS = ["-re", "-f", "lavfi", "-i", "testsrc2=s=320x180:r=30", "-f", "null", "-"]


def ffmpegs(parent: int) -> list[int]:
    """Pids of the ffmpeg processes that a process has as children."""
    return [pid for pid, command in children_of(parent).items() if "ffmpeg" in command]


def children_of(parent: int) -> dict[int, str]:
    """Command lines of a process's children by pid; one that ends meanwhile is left out."""
    found = {}
    for task in Path(f"/proc/{parent}/task").iterdir():
        for pid in (task / "children").read_text().split():
            with suppress(FileNotFoundError, ProcessLookupError):
                found[int(pid)] = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
    return found


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


async def until(condition: Callable[[], object], seconds: float = 20) -> None:
    """Wait for a condition, with a bound."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never came true"
        await asyncio.sleep(0.01)


async def endless(progress: object = None, **options: object) -> None:
    await run_ffmpeg(
        find_ffmpeg(),
        purpose="Endless",
        sources=[],
        arguments=ENDLESS,
        limits=Limits(),
        total_s=10,
        progress=progress,  # type: ignore[arg-type]
        **options,  # type: ignore[arg-type]
    )


async def test_cancelling_kills_ffmpeg_at_once() -> None:
    """After the cancelled task has ended there is no process left, not even a zombie."""
    started = asyncio.Event()
    pids: list[int] = []

    async def progress(_: float) -> None:
        pids[:] = ffmpegs(os.getpid())
        started.set()

    task = asyncio.create_task(endless(progress))
    await asyncio.wait_for(started.wait(), 120)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert len(pids) == 1
    assert not Path(f"/proc/{pids[0]}").exists()


async def test_a_progress_that_raises_ends_the_work_with_its_own_error() -> None:
    """This is how a job that was canceled or taken over stops its ffmpeg."""

    class Canceled(Exception):
        pass

    async def progress(_: float) -> None:
        raise Canceled

    with pytest.raises(Canceled):
        await endless(progress)

    assert ffmpegs(os.getpid()) == []


async def test_ffmpeg_that_gets_nowhere_is_stopped(tmp_path: Path) -> None:
    """Input that never comes counts as no progress."""
    os.mkfifo(tmp_path / "never")
    writer = os.open(tmp_path / "never", os.O_RDWR)
    try:
        with pytest.raises(LimitReached, match="no progress"):
            await run_ffmpeg(
                find_ffmpeg(),
                purpose="Waiting",
                sources=[],
                arguments=["-f", "s16le", "-i", str(tmp_path / "never"), "-f", "null", "-"],
                limits=Limits(),
                stall_s=0.5,
            )
    finally:
        os.close(writer)


async def test_processor_time_is_limited() -> None:
    """A decoder that never ends is stopped by the kernel."""
    with pytest.raises(LimitReached):
        await run_ffmpeg(
            find_ffmpeg(),
            purpose="Burning",
            sources=[],
            arguments=["-f", "lavfi", "-i", "mandelbrot=s=1280x720", "-f", "null", "-"],
            limits=Limits(cpu_s=1),
        )


async def test_output_is_limited(tmp_path: Path) -> None:
    """A bomb cannot fill the disk."""
    with pytest.raises(LimitReached):
        await run_ffmpeg(
            find_ffmpeg(),
            purpose="Filling",
            sources=[],
            arguments=["-f", "lavfi", "-i", "testsrc2=s=640x360", "-f", "rawvideo", str(tmp_path / "big")],
            limits=Limits(file_bytes=5_000_000),
        )

    assert (tmp_path / "big").stat().st_size <= 5_000_000


async def test_a_full_disk_is_told_as_such() -> None:
    """The device that is always full stands in for one."""
    with pytest.raises(DiskFull, match="no space") as caught:
        await run_ffmpeg(
            find_ffmpeg(),
            purpose="Writing",
            sources=[],
            arguments=["-f", "lavfi", "-i", "testsrc2=s=640x360:d=2", "-f", "rawvideo", "/dev/full"],
            limits=Limits(),
        )

    assert (caught.value.status, caught.value.fault, caught.value.retry) == (507, "us", "never")


async def test_ffmpeg_ended_from_outside_may_be_tried_again() -> None:
    """As when the kernel ran out of memory."""

    async def progress(_: float) -> None:
        for pid in ffmpegs(os.getpid()):
            os.kill(pid, signal.SIGKILL)

    with pytest.raises(FfmpegKilled, match="SIGKILL") as caught:
        await endless(progress)

    assert caught.value.retry == "backoff"


@pytest.mark.parametrize("guarded", [True, False], ids=["setpriv", "watcher"])
async def test_a_worker_killed_outright_leaves_no_ffmpeg_behind(tmp_path: Path, guarded: bool) -> None:
    """kill -9 gives it no chance to clean up."""
    program = tmp_path / "worker.py"
    program.write_text(
        textwrap.dedent(f"""
        import asyncio
        from playhead.media import children
        from playhead.media.children import Limits
        from playhead.media.ffmpeg import find_ffmpeg, run_ffmpeg
        if not {guarded}:
            children._pdeathsig = lambda: ()
        asyncio.run(run_ffmpeg(find_ffmpeg(), purpose="x", sources=[], arguments={ENDLESS!r}, limits=Limits()))
        """)
    )
    worker = subprocess.Popen([sys.executable, str(program)])
    try:
        await until(lambda: ffmpegs(worker.pid))
        await until(lambda: guarded or any("/bin/sh" in command for command in children_of(worker.pid).values()))
        pids = ffmpegs(worker.pid)
    finally:
        worker.kill()
        worker.wait()

    await until(lambda: not any(alive(pid) for pid in pids))


async def test_a_narrow_path_ends_no_child(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Neither setpriv nor any tool of the watcher is found in it, as under a service manager."""
    monkeypatch.setattr(children, "_pdeathsig", lambda: ())
    monkeypatch.setenv("PATH", str(tmp_path))

    async with child(["/bin/sleep", "0.3"], limits=Limits()) as process:
        assert await process.wait() == 0


async def test_a_child_sees_none_of_our_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what a program needs to start is handed on."""
    monkeypatch.setenv("PLAYHEAD_SECRET", "hush")

    async with child(["/usr/bin/env"], limits=Limits()) as process:
        assert process.stdout is not None
        assert b"hush" not in await process.stdout.read()


async def test_rendering_reports_progress_up_to_the_end(tmp_path: Path) -> None:
    """Fractions grow and end at 1."""
    path = make_clip(tmp_path)
    form = reel_format(size=(320, 180))
    clip = clip_plan(form, (piece(form, 60),))
    plan = StitchPlan(form, (clip,), clip.ticks, clip.frames, "", 0.0)
    told: list[float] = []

    async def progress(fraction: float) -> None:
        told.append(fraction)

    await render_video(render_tasks(plan)[0], plan, path, tmp_path / "piece.mp4", progress=progress, threads=1)

    assert told == sorted(told)
    assert told[-1] == pytest.approx(1, abs=0.05)


def test_an_ffmpeg_that_is_not_there_is_named(tmp_path: Path) -> None:
    """The operator's choice is used or refused, never silently replaced."""
    with pytest.raises(FfmpegMissing, match="nowhere"):
        find_ffmpeg(tmp_path / "nowhere")


def test_this_machine_lets_the_kernel_end_orphans() -> None:
    """Where it can, the cheaper guard is chosen."""
    assert children._pdeathsig() == () or children._pdeathsig()[-1] == "--"


async def test_a_python_that_has_no_bytecode_yet_may_write_nothing(tmp_path: Path) -> None:
    """Python stores that of its own library before it ignores SIGXFSZ, so a limit of no bytes would kill it."""
    program = tmp_path / "program.py"
    program.write_text("print('done')")
    executable, *rest = av_command(program)
    command = [executable, "-X", f"pycache_prefix={tmp_path / 'none'}", *rest]

    async with child(command, limits=Limits(file_bytes=0)) as process:
        output, log = await process.communicate()

    assert (process.returncode, output.decode().strip(), log) == (0, "done", b"")


async def test_a_child_whose_output_nobody_reads_is_gone_at_once() -> None:
    """Its pipe is full, so that asyncio does not look at it any more."""
    async with asyncio.timeout(PATIENCE_S), child(["/bin/sh", "-c", "yes; true"], limits=Limits()) as process:
        assert process.stdout is not None
        while len(vars(process.stdout)["_buffer"]) <= 1 << 17:
            await asyncio.sleep(0.01)

    assert process.returncode == -signal.SIGKILL
