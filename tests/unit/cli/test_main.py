import subprocess
import sys

import pytest

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

    assert "No Playhead answers at http://127.0.0.1:9. Start it with `playhead serve`" in capsys.readouterr().err


def test_version_goes_to_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == 0

    assert capsys.readouterr().out.startswith("playhead ")


def _commands() -> list[list[str]]:
    from playhead.cli.commands import app

    alone = [[info.name or ""] for info in app.registered_commands]
    grouped = [
        [group.name or "", info.name or ""]
        for group in app.registered_groups
        if group.typer_instance
        for info in group.typer_instance.registered_commands
    ]
    return alone + grouped


@pytest.mark.parametrize("words", _commands(), ids=" ".join)
def test_every_command_has_help_with_examples_that_name_it(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*words, "--help"]) == 0

    text = capsys.readouterr().out
    assert f"playhead {' '.join(words)}" in text.partition("Examples:")[2].partition("Options:")[0]


def test_help_loads_nothing_heavy() -> None:
    """The first line of help must not wait for libraries that help does not need."""
    code = (
        "import sys; from playhead.cli.main import run; run(['--help'])\n"
        "heavy = {'rich', 'httpx2', 'pydantic', 'sqlalchemy', 'fastapi', 'dbos', 'av', 'obstore', 'stamina'}\n"
        "sys.stderr.write(' '.join(sorted(heavy & set(sys.modules))))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stderr == ""
