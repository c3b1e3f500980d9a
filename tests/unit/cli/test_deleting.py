from typing import Any

import httpx2
import pytest

from playhead.cli import client
from playhead.cli.deleting import refuse_in_use, summary
from playhead.cli.main import run
from playhead.cli.terminal import Terminal
from playhead.errors import Conflict

HARBOUR = {"id": "prj_1", "title": "Harbour trip", "video_ids": ["vid_1", "vid_2", "vid_3"]}


def preview(videos: int, **other: Any) -> dict[str, Any]:
    return {"videos": videos, "size_bytes": 3_400_000_000, "named": [{"id": "vid_1", "title": "Beach"}], **other}


def test_one_video_is_named_and_many_are_counted() -> None:
    assert summary(preview(1, projects=[])) == "Beach (vid_1), 3.4 GB,"
    assert summary(preview(72, projects=[HARBOUR])) == "72 videos, 3.4 GB (3 are clips of “Harbour trip”),"


def test_videos_in_use_are_refused_before_anything_is_deleted() -> None:
    with pytest.raises(Conflict, match="Nothing was deleted: 3 are clips of “Harbour trip”"):
        refuse_in_use(preview(72, projects=[HARBOUR]))
    refuse_in_use(preview(72, projects=[]))


def test_one_that_is_not_there_does_not_keep_the_others(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Like ``rm``: it is reported, the others go, and the exit code is 1."""

    def answer(request: httpx2.Request) -> httpx2.Response:
        if request.method == "POST":
            return httpx2.Response(200, json=preview(2, projects=[]))
        missing = request.url.path.endswith("/vid_2")
        return httpx2.Response(404, json={"detail": "There is no vid_2."}) if missing else httpx2.Response(204)

    def connect(_terminal: Terminal) -> client.Api:
        return client.Api("http://test", "k", transport=httpx2.MockTransport(answer))

    monkeypatch.setattr("playhead.cli.videos.connect", connect)

    assert run(["videos", "delete", "vid_1", "vid_2", "vid_3", "--yes"]) == 1
    said = capsys.readouterr().err
    assert said.splitlines() == ["Deleted vid_1", "Error: There is no vid_2.", "Deleted vid_3"]
