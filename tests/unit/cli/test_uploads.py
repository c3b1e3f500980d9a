"""``playhead uploads``."""

import httpx2
import pytest

from playhead.cli import client
from playhead.cli.main import run
from playhead.cli.terminal import Terminal

ONE = {
    "id": "upl_1",
    "title": "Ferry",
    "size_bytes": 2048,
    "offset_bytes": 1024,
    "created_at": "2026-11-30T12:00:00.000Z",
    "expires_at": "2026-12-01T12:00:00.000Z",
}
Seen = list[tuple[str, str]]


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> Seen:
    """The requests that a command makes; the server has two pages of one upload each."""
    requests: Seen = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        requests.append((request.method, request.url.path.rpartition("/")[2]))
        if request.method == "DELETE":
            assert request.headers["tus-resumable"] == "1.0.0"
            return httpx2.Response(204)
        last = "cursor" in request.url.params
        return httpx2.Response(
            200, json={"items": [{**ONE, "id": "upl_2"} if last else ONE], "next_cursor": None if last else "next"}
        )

    def connect(_terminal: Terminal) -> client.Api:
        return client.Api("http://test", "k", transport=httpx2.MockTransport(answer))

    monkeypatch.setattr("playhead.cli.uploads.connect", connect)
    return requests


def test_they_are_listed_with_what_came(seen: Seen, capsys: pytest.CaptureFixture[str]) -> None:
    """From all pages."""
    assert run(["uploads", "list"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["ID", "upl_1", "upl_2"]
    assert "1.0 kB of 2.0 kB" in lines[1]


@pytest.mark.parametrize(
    ("words", "deleted"),
    [(["upl_7", "upl_8", "--yes"], ["upl_7", "upl_8"]), (["--all", "--yes"], ["upl_1", "upl_2"])],
)
def test_they_are_given_up_by_name_or_all(seen: Seen, words: list[str], deleted: list[str]) -> None:
    assert run(["uploads", "delete", *words]) == 0
    assert [name for method, name in seen if method == "DELETE"] == deleted


@pytest.mark.parametrize(("words", "code"), [([], 2), (["upl_1", "--all", "--yes"], 2), (["--all", "--no-input"], 1)])
def test_none_is_given_up_by_mistake(seen: Seen, words: list[str], code: int) -> None:
    assert run(["uploads", "delete", *words]) == code
    assert "DELETE" not in [method for method, _ in seen]
