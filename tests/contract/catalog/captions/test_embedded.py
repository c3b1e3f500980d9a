"""Captions that a file brings along become tracks when it is prepared."""

import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from playhead.catalog.videos import INGEST
from playhead.jobs.context import JobContext
from playhead.jobs.kinds import JobKinds
from playhead.media.ffmpeg import find_ffmpeg
from tests.fixtures.clips import make_clip
from tests.fixtures.site import Site, open_site
from tests.fixtures.stored_clips import store_clip
from tests.fixtures.tiers import thorough

SRT = "1\n00:00:00,500 --> 00:00:01,500\nHello <i>there</i>\n\n2\n00:00:01,600 --> 00:00:01,900\nA & B\n"


@pytest.fixture
async def site(tmp_path: Path, sqlite_url: str) -> AsyncIterator[Site]:
    """Any database does."""
    async with open_site(tmp_path, sqlite_url) as opened:
        yield opened


def with_text(folder: Path, name: str, codec: str) -> Path:
    """A clip with two text tracks."""
    clip, srt, out = make_clip(folder, seconds=2, size=(160, 90)), folder / "text.srt", folder / name
    srt.write_text(SRT)
    files = ["-i", str(clip), "-i", str(srt), "-i", str(srt)]
    maps = ["-map", "0", "-map", "1", "-map", "2", "-c", "copy", "-c:s", codec]
    tags = ["-metadata:s:s:0", "language=eng", "-metadata:s:s:1", "language=ger", "-metadata:s:s:1", "title=Untertitel"]
    command = [str(find_ffmpeg().binary), "-v", "error", "-y", *files, *maps, *tags, str(out)]
    subprocess.run(command, check=True)
    return out


CASES = [
    ("a.mkv", "subrip"),
    pytest.param("a.mp4", "mov_text", marks=thorough),
    pytest.param("b.mkv", "webvtt", marks=thorough),
]


@pytest.mark.parametrize(("name", "codec"), CASES)
async def test_text_tracks_of_an_upload_are_caption_tracks(site: Site, tmp_path: Path, name: str, codec: str) -> None:
    """Once, however often it is prepared."""
    video_id = await store_clip(site, with_text(tmp_path, name, codec))
    await prepare(site, video_id, tmp_path)
    await prepare(site, video_id, tmp_path)
    tracks = (await site.ann.client.get(f"/api/v1/videos/{video_id}/captions")).json()["items"]

    assert [(each["language"], each["kind"], each["origin"], each["cue_count"]) for each in tracks] == [
        ("en", "subtitles", "embedded", 2),
        ("de", "subtitles", "embedded", 2),
    ]
    if name == "a.mkv":
        assert tracks[1]["label"] == "Untertitel"
    whole = (await site.ann.client.get(f"/api/v1/captions/{tracks[0]['id']}")).json()
    assert [(cue["start_s"], cue["end_s"], cue["text"]) for cue in whole["cues"]] == [
        (0.5, 1.5, "Hello there"),
        (1.6, 1.9, "A & B"),
    ]


async def prepare(site: Site, video_id: str, work: Path) -> dict[str, Any]:
    context = JobContext(job_id="job_01k3q9h2v7e8t9m5x0c4d6f8ga", work=work)
    return await site.get(JobKinds).get(INGEST).run(context, {"video_id": video_id})
