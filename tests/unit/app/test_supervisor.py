"""What is said of a child that died."""

import pytest

from playhead.app.supervisor import how_it_ended


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (-9, "Its process was killed (SIGKILL), as the kernel does when memory runs out."),
        (-11, "Its process was ended by SIGSEGV."),
        (3, "Its process ended with exit code 3."),
    ],
)
def test_an_exit_code_is_said_in_words(code: int, said: str) -> None:
    assert how_it_ended(code) == said
