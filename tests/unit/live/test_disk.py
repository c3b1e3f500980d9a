"""Room on the disk of recordings."""

from pathlib import Path

from playhead.live.disk import Disk, nobody_frees


async def everything_frees(wanted_bytes: int) -> bool:
    """Retention has room on the disk of the store."""
    return bool(wanted_bytes)


async def test_a_failed_write_ends_a_recording_where_nobody_frees(tmp_path: Path) -> None:
    """A quota shows in no figure."""
    disk = Disk(tmp_path, ask_below=0, stop_below=0, ask=nobody_frees)

    assert not await disk.has_room(ask_now=True)


async def test_room_elsewhere_does_not_keep_a_recording_on_a_full_disk(tmp_path: Path) -> None:
    """The store may be on another disk than recordings: what is free there helps nothing here."""
    full = Disk(tmp_path, ask_below=0, stop_below=1 << 60, ask=everything_frees)
    roomy = Disk(tmp_path, ask_below=0, stop_below=1, ask=everything_frees)

    assert not await full.has_room(ask_now=True)
    assert await roomy.has_room(ask_now=True)
