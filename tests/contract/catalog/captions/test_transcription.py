"""Transcription: asked for, refused, and done by the engine that the wheel of PocketSphinx carries."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from playhead.catalog.captions import transcription_job
from playhead.catalog.captions.transcription import TRANSCRIPTION
from playhead.jobs.context import JobContext
from playhead.jobs.kinds import JobKinds
from playhead.media.speech.engines import ENGINES
from playhead.storage import keys
from playhead.storage.store import Store
from tests.fixtures.site import Site, open_site
from tests.fixtures.stored_clips import store_clip
from tests.fixtures.voice import make_talking_clip


@pytest.fixture
async def site(tmp_path: Path, sqlite_url: str) -> AsyncIterator[Site]:
    """Any database does."""
    async with open_site(tmp_path, sqlite_url) as opened:
        yield opened


async def transcribed(site: Site, clip: Path, duration_s: float, work: Path) -> tuple[dict[str, Any], list[float]]:
    """The track of a clip's transcription, made as a worker would, and the progress that it reported.

    A second worker takes it over at its end and makes no second track.
    """
    video_id = await store_clip(site, clip, duration_s=duration_s)
    answer = await site.ann.client.post(f"/api/v1/videos/{video_id}/transcribe", json={"engine": "pocketsphinx"})
    assert answer.status_code == 202, answer.text
    reported: list[float] = []

    async def report(fraction: float, step: str | None) -> None:
        assert step
        reported.append(fraction)

    recorded: dict[str, Any] = {}

    async def remember(name: str, function: Callable[[], Awaitable[Any]], *, retry: bool) -> Any:
        if name not in recorded:
            recorded[name] = await function()
        return recorded[name]

    args = {"video_id": video_id, "engine": "pocketsphinx", "language": None}
    context = JobContext(job_id=answer.json()["id"], work=work, report=report, run_step=remember)
    result = await site.get(JobKinds).get(TRANSCRIPTION).run(context, args)
    first = list(reported)
    del recorded["captions"]  # as if the worker had died before this was recorded
    assert await site.get(JobKinds).get(TRANSCRIPTION).run(context, args) == result
    assert len((await site.ann.client.get(f"/api/v1/videos/{video_id}/captions")).json()["items"]) == 1
    assert [key async for key in site.get(Store).list(keys.job_prefix(context.job_id))] == []
    track: dict[str, Any] = (await site.ann.client.get(f"/api/v1/captions/{result['track_id']}")).json()
    return track, first


async def test_speech_becomes_a_track_with_times_of_words(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Piece by piece: no word is lost or heard twice where two pieces meet."""
    clip = make_talking_clip(8, (1, 3), (4.5, 7))
    monkeypatch.setattr(transcription_job, "PIECE_S", 4.0)
    track, reported = await transcribed(site, clip, 8.0, tmp_path)
    words = [word for cue in track["cues"] for word in cue["words"]]

    assert (track["origin"], track["language"], track["engine"]) == ("transcription", "en", "pocketsphinx")
    assert track["cpu_s"] > 0
    assert len(words) >= 4
    assert all(0.8 <= word["start_s"] < word["end_s"] <= 3.4 or 4.2 <= word["start_s"] <= 7.4 for word in words)
    assert any(word["end_s"] < 3.5 for word in words)
    assert any(word["start_s"] > 4 for word in words)
    assert [word["start_s"] for word in words] == sorted({word["start_s"] for word in words})
    assert reported == sorted(reported)
    listed = (await site.ann.client.get(f"/api/v1/videos/{track['video_id']}/speech-engines")).json()["items"]
    assert next(each for each in listed if each["name"] == "pocketsphinx")["measured"]


async def test_silence_gives_an_empty_track(site: Site, tmp_path: Path) -> None:
    track, _ = await transcribed(site, make_talking_clip(2), 2.0, tmp_path)

    assert (track["cue_count"], track["cues"]) == (0, [])


async def test_what_cannot_be_transcribed_is_refused(site: Site) -> None:
    video_id, silent = await site.ready_video(), await site.ready_video(audio=False)

    async def code(video: str, **wanted: Any) -> tuple[int, str]:
        answer = await site.ann.client.post(f"/api/v1/videos/{video}/transcribe", json=wanted)
        return answer.status_code, answer.json()["code"]

    assert await code(silent, engine="pocketsphinx") == (409, "no_audio")
    assert await code(video_id, engine="pocketsphinx", language="de") == (400, "language_not_transcribed")
    assert await code(video_id, engine="pocketsphinx", language="???") == (400, "language_invalid")
    stranger = await site.bob.client.post(f"/api/v1/videos/{video_id}/transcribe", json={"engine": "pocketsphinx"})
    assert stranger.status_code == 404


async def test_an_engine_that_is_not_installed_says_how_it_would_be(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == "faster_whisper" else object())
    video_id = await site.ready_video(duration_s=600.0)
    listed = (await site.ann.client.get(f"/api/v1/videos/{video_id}/speech-engines")).json()
    refused = await site.ann.client.post(f"/api/v1/videos/{video_id}/transcribe", json={"engine": "faster-whisper"})

    assert [(each["name"], each["installed"]) for each in listed["items"]] == [
        ("faster-whisper", False),
        ("pocketsphinx", True),
    ]
    assert listed["chosen"] == "pocketsphinx"
    assert all(each["estimate_cpu_s"] > 60 for each in listed["items"])
    assert (refused.status_code, refused.json()["code"]) == (409, "transcription_engine_missing")
    assert ENGINES[0].install in refused.json()["hint"]
