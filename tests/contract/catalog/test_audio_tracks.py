"""A video with several audio tracks: what the API says of them, how one is chosen, and what is played from then on."""

from dataclasses import replace
from pathlib import Path
from urllib.parse import urljoin

import httpx2
import pytest

from playhead.catalog.admission import probe_facts
from playhead.media.probe import probe
from tests.contract.delivery.test_hls import all_pieces, get, opened, uris
from tests.contract.delivery.test_previews import preview, project_of
from tests.fixtures.audio import Tone, heard_hz, make_tracks
from tests.fixtures.mp4_surgery import poke
from tests.fixtures.site import Site, probe_of
from tests.fixtures.stored_clips import store_clip


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A silent track, then two with sound."""
    tones = Tone(0, language="eng", title="Mic"), Tone(600, language="eng"), Tone(700, language="eng")
    return make_tracks(tmp_path_factory.mktemp("several"), "several.mp4", *tones)


@pytest.fixture
async def video(site: Site, clip: Path) -> str:
    """As its upload would leave it."""
    return await store_clip(site, clip, **probe_facts((await probe(clip)).to_dict()))


async def choose(site: Site, video: str, track: int, **headers: str) -> httpx2.Response:
    return await site.ann.client.patch(f"/api/v1/videos/{video}", json={"audio_track": track}, headers=headers)


async def test_a_video_lists_its_audio_tracks(site: Site, video: str) -> None:
    found = (await site.ann.client.get(f"/api/v1/videos/{video}")).json()

    facts = {"codec": "aac", "channels": 1, "sample_rate": 48_000, "language": "eng", "purpose": ""}
    assert found["audio_tracks"] == [
        {**facts, "track": 1, "title": "Mic", "default": True, "silent": True},
        {**facts, "track": 2, "title": "", "default": False, "silent": False},
        {**facts, "track": 3, "title": "", "default": False, "silent": False},
    ]
    assert found["audio_track"] == 2
    assert found["remarks"] == ["3 audio tracks; number 2 (English, mono) is played: the first is silent."]


async def test_another_track_can_be_chosen(site: Site, video: str) -> None:
    """Under the version like a title; the same choice again changes nothing."""
    chosen = await choose(site, video, 3, **{"if-match": '"1"'})
    again = await choose(site, video, 3)
    late = await choose(site, video, 2, **{"if-match": '"1"'})

    assert (chosen.status_code, chosen.json()["audio_track"], chosen.headers["etag"]) == (200, 3, '"2"')
    assert chosen.json()["remarks"] == ["3 audio tracks; number 3 (English, mono) is played."]
    assert (again.status_code, again.headers["etag"]) == (200, '"2"')
    assert (late.status_code, late.json()["code"]) == (412, "version_mismatch")
    found = (await site.ann.client.get(f"/api/v1/videos/{video}")).json()
    assert (found["audio_track"], len(found["audio_tracks"])) == (3, 3)


async def test_a_video_is_as_long_as_it_is_with_the_chosen_track(site: Site, clip: Path) -> None:
    found = await probe(clip)
    *others, last = found.audio_tracks
    longer = replace(found, audio_tracks=(*others, replace(last, end_s=3.5)))
    video = await store_clip(site, clip, **probe_facts(longer.to_dict()))

    chosen = (await choose(site, video, last.track)).json()
    listed = (await site.ann.client.get("/api/v1/videos?sort=-duration_s")).json()["items"]
    back = (await choose(site, video, found.audio_tracks[1].track)).json()

    assert (chosen["duration_s"], listed[0]["duration_s"], back["duration_s"]) == (3.5, 3.5, found.duration_s)


async def test_a_track_that_is_not_there_is_refused_with_a_list_of_those_that_are(site: Site, video: str) -> None:
    answer = await choose(site, video, 0)

    assert (answer.status_code, answer.json()["code"]) == (400, "audio_track_unknown")
    assert "no audio track 0; it has 1 (Mic, English, mono), 2 (English, mono), 3" in answer.json()["detail"]


async def test_a_video_of_an_older_version_lists_no_tracks(site: Site) -> None:
    """Its probe is without them; whatever could be chosen is not known."""
    now = probe_of()
    old = {name: now[name] for name in ("container", "duration_s", "size_bytes", "video")}
    audio = {"codec": "aac", "sample_rate": 48_000, "channels": 2}
    video = await site.ready_video(probe={**old, "audio": audio})

    found = (await site.ann.client.get(f"/api/v1/videos/{video}")).json()
    refused = await choose(site, video, 1)

    assert (found["audio_tracks"], found["audio_track"], found["audio_codec"]) == ([], None, "aac")
    assert (refused.status_code, refused.json()["code"]) == (400, "audio_track_unknown")
    assert "none are listed" in refused.json()["detail"]


async def test_a_video_that_is_being_prepared_has_no_choice_yet(site: Site) -> None:
    video = await site.ready_video(state="preparing", probe=None)

    refused = await choose(site, video, 1)

    assert (refused.status_code, refused.json()["code"]) == (409, "video_not_ready")


async def test_the_stream_plays_the_chosen_track(site: Site, video: str, tmp_path: Path) -> None:
    """Its pieces have other URLs with another choice, so that no cache mixes two; old ones go on working."""
    url = await opened(site, video)
    before = await all_pieces(site, url)

    await choose(site, video, 3)
    after = await all_pieces(site, url)

    assert before["index.m3u8"].headers["cache-control"] == "private, max-age=0"
    pieces_of_both = {f"audio{track}{end}" for track in (2, 3) for end in (".m3u8", "-init.mp4", "-0.m4s")}
    assert {name for name in before if name.startswith("audio")} == pieces_of_both
    assert {name for name in after if name.startswith("audio")} == pieces_of_both
    assert before["audio2-0.m4s"].headers["etag"] != after["audio3-0.m4s"].headers["etag"]
    assert (await get(site, urljoin(url, "audio2-0.m4s") + "?" + url.split("?")[1])).status_code == 200
    assert (await get(site, urljoin(url, "audio7-0.m4s") + "?" + url.split("?")[1])).status_code == 404
    for pieces, first in ((before, 2), (after, 3)):
        listed = [line for line in pieces["index.m3u8"].text.splitlines() if "TYPE=AUDIO" in line]
        assert [f"audio{first}.m3u8" in line for line in listed] == ["DEFAULT=YES" in line for line in listed]
        assert len(listed) == 2  # the silent one is not offered
        assert heard(pieces, tmp_path, first) == first * 100 + 400


async def test_a_preview_plays_the_chosen_track(site: Site, video: str, tmp_path: Path) -> None:
    project = await project_of(site, {"video_id": video, "start_s": 0.0, "end_s": 2.0})
    await choose(site, video, 3)
    after = (await preview(site.ann, project)).json()

    assert after["problems"] == []
    assert "max-age=60" in (await get(site, after["url"])).headers["cache-control"]
    pieces = await all_pieces(site, after["url"])
    assert all("-audio3-" in uri for uri in uris(pieces["reel-1-audio.m3u8"].text))
    assert heard(pieces, tmp_path) == 700


async def test_a_preview_is_silent_where_no_track_can_be_streamed(site: Site, tmp_path: Path) -> None:
    """The chosen track is described in a way that the index does not know, and the other one is PCM."""
    path = make_tracks(tmp_path, "unread.mov", Tone(600), Tone(0, "pcm_s16le"))
    path.write_bytes(poke(path.read_bytes(), "moov/trak:1/mdia/minf/stbl/stsd", 24, 7, width="H"))
    found = await probe(path)
    video = await store_clip(site, path, **probe_facts(found.to_dict()))
    project = await project_of(site, {"video_id": video, "start_s": 0.0, "end_s": 2.0})

    pieces = await all_pieces(site, (await preview(site.ann, project)).json()["url"])

    assert found.audio is not None
    assert found.audio.track == 1
    assert all("-audio1-" in uri for uri in uris(pieces["reel-1-audio.m3u8"].text))
    assert heard(pieces, tmp_path) == 0


def heard(pieces: dict[str, httpx2.Response], folder: Path, track: int | str = "") -> int:
    """The pitch of an audio track among the pieces of a stream, which has one if none is named."""
    named = (name for name in pieces if f"audio{track}" in name and not name.endswith(".m3u8"))
    sound = sorted(named, key=lambda name: "-init" not in name)
    path = folder / "sound.mp4"
    path.write_bytes(b"".join(pieces[name].content for name in sound))
    return heard_hz(path)
