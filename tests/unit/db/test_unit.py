"""What follows the commit of a unit."""

from structlog.testing import capture_logs

from playhead.db.database import Database
from playhead.db.unit import put_off, within


async def test_what_fails_after_the_commit_does_not_make_the_answer_false() -> None:
    """It is logged, and the rest is done."""
    done: list[str] = []

    async def fail() -> None:
        raise ValueError("too late")

    async def note() -> None:
        done.append("next")

    unit = Database("sqlite:////nowhere/x.db").unit()
    with within(unit), capture_logs() as lines:
        assert put_off(fail)
        assert put_off(note)
        await unit.commit()

    assert done == ["next"]
    assert [line["event"] for line in lines] == ["what follows a commit failed"]
