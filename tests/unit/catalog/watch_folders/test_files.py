"""Files of a folder: which are seen, and that nothing outside of it is."""

import os
from pathlib import Path

import pytest

from playhead.catalog.watch_folders.files import Identity, is_being_written, look, opened, remove


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "inbox"
    made.mkdir()
    return made


def test_hidden_partial_and_linked_files_are_left_out(folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.mp4").write_bytes(b"x")
    (folder / "day" / "one").mkdir(parents=True)
    (folder / ".hidden").mkdir()
    for name in ("b.mp4", "day/one/a.mp4", ".b.mp4", ".hidden/c.mp4", "d.mp4.part", "e.CRDOWNLOAD", "f.mp4~", "~g.mp4"):
        (folder / name).write_bytes(b"x")
    (folder / "link.mp4").symlink_to(outside / "secret.mp4")
    (folder / "links").symlink_to(outside)
    os.mkfifo(folder / "pipe.mp4")

    found = look(folder)

    assert ([entry.name for entry in found.entries], found.truncated) == (["b.mp4", "day/one/a.mp4"], False)
    assert look(folder, most=1).truncated


@pytest.mark.parametrize(
    "name", ["../outside.mp4", "links/secret.mp4", "link.mp4", "pipe.mp4", "/etc/passwd", "gone.mp4", ""]
)
def test_nothing_behind_a_link_or_outside_is_opened_or_removed(folder: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "outside.mp4").write_bytes(b"x")
    (folder / "link.mp4").symlink_to(tmp_path / "outside.mp4")
    (folder / "links").symlink_to(tmp_path)
    os.mkfifo(folder / "pipe.mp4")

    with pytest.raises(OSError), opened(folder, name):
        pass
    if "links" in name or ".." in name:
        with pytest.raises(OSError):
            remove(folder, name, Identity("0", 1, 0))
    assert (tmp_path / "outside.mp4").exists()


def test_another_file_of_the_same_name_is_not_removed(folder: Path) -> None:
    (folder / "a.mp4").write_bytes(b"first")
    [entry] = look(folder).entries
    (folder / "a.mp4").unlink()
    (folder / "a.mp4").write_bytes(b"second one")

    assert remove(folder, "a.mp4", entry.identity) is False
    assert (folder / "a.mp4").read_bytes() == b"second one"
    [entry] = look(folder).entries
    assert remove(folder, "a.mp4", entry.identity) is True
    assert remove(folder, "a.mp4", entry.identity) is True, "it is gone, which is what is wanted"


def test_a_file_that_somebody_writes_is_noticed(folder: Path) -> None:
    (folder / "a.mp4").write_bytes(b"x")
    with opened(folder, "a.mp4") as file:
        if is_being_written(file):
            pytest.skip("this file system has no leases")
        with (folder / "a.mp4").open("ab"):
            noticed = is_being_written(file)

        assert (noticed, is_being_written(file)) == (True, False)


def test_a_file_is_the_same_after_its_disk_got_another_number(folder: Path) -> None:
    """As network shares do with each mount, and disks with a restart: nothing is imported a second time."""
    (folder / "a.mp4").write_bytes(b"x")
    found = (folder / "a.mp4").stat()
    elsewhere = os.stat_result([value + (place == 2) for place, value in enumerate(found)])

    assert elsewhere.st_dev != found.st_dev
    assert Identity.of(found).inode == Identity.of(elsewhere).inode
