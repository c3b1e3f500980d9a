import io
import json

import pytest

from playhead.cli.terminal import Terminal, columns_wide, printable, safe
from playhead.errors import InvalidInput


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("two\nlines\tand a tab", "two\\nlines\\tand a tab"),
        ("\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m"),
        ("\x9b2J", "\\x9b2J"),
        ("abc\u202etxt", "abc\\u202etxt"),
        ("line\u2028separator", "line\\u2028separator"),
        ("family 👩\u200d👩\u200d👧 and é", "family 👩\u200d👩\u200d👧 and é"),
    ],
)
def test_a_title_cannot_command_the_terminal(text: str, shown: str) -> None:
    assert safe(text) == shown


def test_a_stream_that_cannot_say_a_letter_gets_an_escape() -> None:
    ascii_only = io.TextIOWrapper(io.BytesIO(), encoding="ascii")

    assert printable("café 🎬", ascii_only) == "caf\\xe9 \\U0001f3ac"


@pytest.mark.parametrize(("text", "columns"), [("abc", 3), ("🎬", 2), ("映画", 4), ("e\u0301", 1)])
def test_wide_letters_count_twice_and_joining_marks_not_at_all(text: str, columns: int) -> None:
    assert columns_wide(text) == columns


def test_a_table_shows_cells_whole_and_aligned(capsys: pytest.CaptureFixture[str]) -> None:
    Terminal().table(["id", "title"], [["vid_1", "映画 🎬"], ["vid_22", None], ["vid_3", "a\nb"]], empty="None.")

    assert capsys.readouterr().out.splitlines() == ["ID      TITLE", "vid_1   映画 🎬", "vid_22  -", "vid_3   a\\nb"]


def test_an_empty_table_says_so_on_stderr_and_nothing_on_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    Terminal().table(["id"], [], empty="No videos.")

    assert capsys.readouterr() == ("", "No videos.\n")


def test_json_keeps_letters_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    Terminal().json({"title": "映画\n🎬"})

    out = capsys.readouterr().out
    assert json.loads(out) == {"title": "映画\n🎬"}
    assert "映画" in out


def test_json_is_json_in_every_encoding(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(raw, encoding="ascii"))

    Terminal().json({"title": "ü🎬"})

    assert json.loads(raw.getvalue()) == {"title": "ü🎬"}


def test_quiet_keeps_errors(capsys: pytest.CaptureFixture[str]) -> None:
    terminal = Terminal(quiet=True)

    terminal.say("going on")
    terminal.fail(InvalidInput("That does not work.", hint="Do this."))

    assert capsys.readouterr().err == "Error: That does not work. Do this.\n"


def test_nothing_is_deleted_when_nobody_can_be_asked() -> None:
    with pytest.raises(InvalidInput) as refused:
        Terminal(ask=False).confirm("Delete it?", yes=False)

    assert refused.value.hint == "Pass --yes to confirm."
    assert Terminal(ask=False).confirm("Delete it?", yes=True)
