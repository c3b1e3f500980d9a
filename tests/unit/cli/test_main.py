import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.core import TyperGroup

from playhead.cli import media
from playhead.cli.commands import COMMANDS
from playhead.cli.lazy import Entry, LazyGroup
from playhead.cli.main import globals_first, run


@pytest.mark.parametrize(
    ("words", "ordered"),
    [
        (["videos", "list", "-v"], ["-v", "videos", "list"]),
        (["videos", "list", "--url", "http://x", "--json"], ["--url", "http://x", "videos", "list", "--json"]),
        (["videos", "list", "--key-file=k"], ["--key-file=k", "videos", "list"]),
        (["videos", "list", "--url"], ["--url", "videos", "list"]),
        (["upload", "-q", "--", "-v", "--url"], ["-q", "upload", "--", "-v", "--url"]),
    ],
)
def test_global_options_may_stand_anywhere_before_a_double_dash(words: list[str], ordered: list[str]) -> None:
    assert globals_first(words) == ordered


@pytest.mark.parametrize(
    "words",
    [
        ["nope"],
        ["videos", "nope"],
        ["videos", "show"],
        ["videos", "list", "--limit", "0"],
        ["url", "vid_1", "--ttl", "soon"],
        ["projects", "create", "T", "--clip", "vid_1:9-3"],
        ["projects", "settings", "prj_1", "--size", "wide"],
        ["projects", "settings", "prj_1", "--fps", "fast"],
        ["upload", "a.mp4", "b.mp4", "--title", "one"],
        ["keys", "create", "--name", "x", "--expires", "never"],
    ],
)
def test_wrong_usage_ends_with_2_and_says_why_on_stderr(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(words) == 2

    out, err = capsys.readouterr()
    assert (out, "Error" in err or "Usage" in err) == ("", True)


@pytest.mark.parametrize(
    "words",
    [
        ["--url", "ftp://host", "videos", "list"],
        ["--key-file", "/no/such/file", "videos", "list"],
        ["--url", "http://127.0.0.1:9", "upload", "/no/such/file.mp4"],
    ],
)
def test_a_failure_ends_with_1_and_one_line(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(words) == 1

    out, err = capsys.readouterr()
    assert (out, err.count("\n"), err.startswith("Error: ")) == ("", 1, True)


def test_verbose_shows_where_an_error_came_from(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["videos", "list", "--url", "ftp://host", "-v"]) == 1

    assert "Traceback" in capsys.readouterr().err


def test_no_server_names_the_address_and_the_command_that_helps(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--url", "http://127.0.0.1:9", "videos", "list"]) == 1

    assert "No Playhead server at http://127.0.0.1:9. Start it with `playhead serve`" in capsys.readouterr().err


def test_version_goes_to_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == 0

    assert capsys.readouterr().out.startswith("playhead ")


def test_a_mistyped_command_gets_a_suggestion(capsys: pytest.CaptureFixture[str]) -> None:
    assert [run(["verson"]), run(["media", "stich"])] == [2, 2]

    err = capsys.readouterr().err
    assert ("Did you mean 'version'?" in err, "Did you mean 'stitch'?" in err) == (True, True)


def _commands() -> list[list[str]]:
    """The words of every command, those of subcommands included."""
    return [words for entry in COMMANDS for words in _words(entry.load(), [entry.name])]


def _words(command: Any, words: list[str]) -> Iterator[list[str]]:
    if isinstance(command, LazyGroup):
        command.commands = {entry.name: entry.load() for entry in command.entries}
    if not isinstance(command, TyperGroup):
        yield words
        return
    for name, below in command.commands.items():
        yield from _words(below, [*words, name])


@pytest.mark.parametrize("words", _commands(), ids=" ".join)
def test_every_command_has_help_with_examples_that_name_it(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*words, "--help"]) == 0

    text = capsys.readouterr().out
    assert f"playhead {' '.join(words)}" in text.partition("Examples:")[2].partition("Options:")[0]


@pytest.mark.parametrize("entry", [*COMMANDS, *media.COMMANDS], ids=lambda entry: entry.name)
def test_a_line_in_the_list_of_commands_is_the_first_sentence_of_its_help(entry: Entry) -> None:
    """The list is shown without importing the commands, and must not drift from them."""
    text = entry.load().help or ""

    assert text.partition("\n\n")[0].replace("\n", " ") == entry.help


def test_a_list_of_commands_names_them_all_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    assert [run(["--help"]), run(["media", "--help"])] == [0, 0]

    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    listed = [
        words[0] for words in lines if words and words[0] in {entry.name for entry in (*COMMANDS, *media.COMMANDS)}
    ]
    assert listed == [entry.name for entry in (*COMMANDS, *media.COMMANDS)]


@pytest.mark.parametrize(
    ("line", "word", "found"),
    [
        ("playhead vi", 1, ["videos"]),
        ("playhead videos thu", 2, ["thumbnail"]),
        ("playhead media st", 2, ["stitch", "storyboard"]),
        ("playhead media stitch --ver", 3, ["--verify"]),
        ("playhead media stitch --verify ", 4, ["joins", "packets"]),
    ],
)
def test_a_shell_completes_commands_options_and_choices(line: str, word: int, found: list[str]) -> None:
    asked = {"_PLAYHEAD_COMPLETE": "complete_bash", "COMP_WORDS": line, "COMP_CWORD": str(word)}
    done = subprocess.run(
        [str(Path(sys.executable).with_name("playhead"))],
        env=os.environ | asked,
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.split() == found


def test_the_end_of_a_process_keeps_its_output_its_exit_code_and_its_exit_functions() -> None:
    """Although the interpreter is not torn down."""
    code = (
        "import atexit, sys, threading; from playhead.cli.main import leave\n"
        "atexit.register(print, 'exit function')\n"
        "if len(sys.argv) > 1: threading.Timer(0.1, print, ['thread']).start()\n"
        "print('output'); leave(7)"
    )

    def ended(*words: str) -> tuple[int, list[str]]:
        done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=False)
        return done.returncode, done.stdout.splitlines()

    assert ended() == (7, ["output", "exit function"])
    assert ended("with a thread") == (7, ["output", "thread", "exit function"])


HEAVY = {"asyncio", "rich", "httpx2", "pydantic", "sqlalchemy", "fastapi", "dbos", "av", "obstore", "stamina", "numpy"}


@pytest.mark.parametrize(
    ("words", "may"),
    [
        (["--help"], set()),
        (["version"], set()),
        (["videos", "list", "--help"], set()),
        (["serve", "--help"], set()),
        (["media", "stitch", "--help"], set()),
        (["media", "plan", "/no/such/file.mp4"], {"asyncio"}),
        (["--url", "http://127.0.0.1:9", "videos", "show", "vid_1"], {"asyncio", "httpx2", "rich", "stamina"}),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_command_imports_what_it_needs_and_no_more(words: list[str], may: set[str]) -> None:
    code = (
        "import sys; from playhead.cli.main import run; run(sys.argv[1:])\n"
        f"print('heavy', *sorted({HEAVY!r} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=True)

    assert set(done.stdout.splitlines()[-1].split()[1:]) <= may
