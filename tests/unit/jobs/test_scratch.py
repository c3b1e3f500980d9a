"""Slots and scratch folders."""

from pathlib import Path

import pytest

from playhead.jobs.scratch import Scratch


def test_workers_on_one_machine_get_slots_and_names_of_their_own(tmp_path: Path) -> None:
    first, second = Scratch(tmp_path), Scratch(tmp_path)

    assert (first.slot, second.slot) == (0, 1)
    assert first.worker != second.worker
    assert first.worker.removesuffix("-0") == second.worker.removesuffix("-1")


def test_a_freed_slot_and_its_name_are_taken_again(tmp_path: Path) -> None:
    first = Scratch(tmp_path)
    first.release()

    assert Scratch(tmp_path).worker == first.worker


def test_machines_with_one_host_name_have_different_names(tmp_path: Path) -> None:
    assert Scratch(tmp_path / "a").worker != Scratch(tmp_path / "b").worker


def test_an_attempts_folder_is_empty_and_goes_with_all_that_is_in_it(tmp_path: Path) -> None:
    scratch = Scratch(tmp_path)
    with pytest.raises(RuntimeError), scratch.folder("job_a.1.1") as work:
        assert list(work.iterdir()) == []
        (work / "part").write_bytes(b"x")
        raise RuntimeError

    assert not work.exists()


def test_a_sweep_removes_what_the_dead_left_and_nothing_of_the_living(tmp_path: Path) -> None:
    alive, dead, sweeper = Scratch(tmp_path), Scratch(tmp_path), Scratch(tmp_path)
    left = tmp_path / "1" / "job_b.1.1"
    left.mkdir(parents=True)
    (left / "part").write_bytes(b"x")
    dead.release()
    with alive.folder("job_a.1.1") as work:
        assert sweeper.sweep() == 1
        assert work.exists()

    assert not left.exists()


def test_a_restarted_worker_removes_what_it_left_itself(tmp_path: Path) -> None:
    (tmp_path / "0" / "job_a.1.1").mkdir(parents=True)

    assert Scratch(tmp_path).sweep_own() == 1
    assert not (tmp_path / "0").exists()


def test_a_released_worker_leaves_only_its_lock(tmp_path: Path) -> None:
    scratch = Scratch(tmp_path)
    with scratch.folder("job_a.1.1"):
        pass
    scratch.release()

    assert [path.name for path in tmp_path.iterdir()] == [".slots"]
