"""Caption tracks of videos: added, edited, played, taken away."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import httpx2
import pytest

from playhead.catalog.captions.tracks import CaptionTracks, NewTrack, TrackChanges
from playhead.catalog.tables import VideoRow
from playhead.db.database import Database
from playhead.kit.clock import utc_now
from playhead.media.edit.model import Cue
from tests.contract.delivery.test_hls import all_pieces, opened, uris
from tests.fixtures.clips import make_clip
from tests.fixtures.site import Site, open_site
from tests.fixtures.stored_clips import store_clip

SRT = "1\n00:00:00,500 --> 00:00:01,500\nHello there\n\n2\n00:00:02,000 --> 00:00:03,000\nA < B\n"


@pytest.fixture
async def site(tmp_path: Path, sqlite_url: str) -> AsyncIterator[Site]:
    """Any database does; one test is run on both."""
    async with open_site(tmp_path, sqlite_url) as opened:
        yield opened


async def add(site: Site, video_id: str, text: str = SRT, **more: Any) -> httpx2.Response:
    return await site.ann.client.post(f"/api/v1/videos/{video_id}/captions", json={"text": text, **more})


async def added(site: Site, video_id: str, text: str = SRT, **more: Any) -> dict[str, Any]:
    answer = await add(site, video_id, text, **more)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_a_track_is_added_read_and_downloaded(site: Site) -> None:
    video_id = await site.ready_video(title="Harbour / dawn")
    track = await added(site, video_id, language="EN_us")

    assert (track["language"], track["label"], track["cue_count"], track["default"]) == (
        "en-US",
        "English (US)",
        2,
        True,
    )
    listed = (await site.ann.client.get(f"/api/v1/videos/{video_id}/captions")).json()["items"]
    assert listed == [track]
    whole = (await site.ann.client.get(f"/api/v1/captions/{track['id']}")).json()
    assert [cue["text"] for cue in whole["cues"]] == ["Hello there", "A < B"]
    file = await site.ann.client.get(f"/api/v1/captions/{track['id']}/file", params={"format": "srt"})
    assert (file.text, file.headers["content-type"]) == (SRT, "application/x-subrip; charset=utf-8")
    assert "Harbour%20-%20dawn.en-US.srt" in file.headers["content-disposition"]
    words = await site.ann.client.get(f"/api/v1/captions/{track['id']}/file", params={"format": "txt"})
    assert words.text == "Hello there\nA < B\n"


async def test_bad_captions_name_the_line_and_keep_nothing(site: Site) -> None:
    video_id = await site.ready_video()
    refused = await add(site, video_id, "1\n00:00:02,000 --> 00:00:01,000\nBackwards\n")
    odd = await add(site, video_id, language="no language at all")
    both = await add(site, video_id, cues=[])

    assert (refused.status_code, refused.json()["code"], refused.json()["line"]) == (400, "captions_unreadable", 2)
    assert (odd.status_code, odd.json()["code"]) == (400, "language_invalid")
    assert both.status_code == 422
    assert (await site.ann.client.get(f"/api/v1/videos/{video_id}/captions")).json()["items"] == []


async def test_strangers_see_no_track(site: Site) -> None:
    video_id = await site.ready_video()
    track = await added(site, video_id)
    path = f"/api/v1/captions/{track['id']}"
    answers = [
        await site.bob.client.get(path),
        await site.bob.client.patch(path, json={"label": "x"}),
        await site.bob.client.put(f"{path}/cues", json={"cues": []}),
        await site.bob.client.delete(path),
        await site.bob.client.get(f"{path}/file"),
        await site.ann.client.get("/api/v1/captions/cpt_none"),
    ]

    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(404, "caption_track_not_found")}
    assert (await site.bob.client.get(f"/api/v1/videos/{video_id}/captions")).status_code == 404
    assert (await site.anonymous.get(path)).status_code == 401


async def test_cues_are_edited_under_their_version(site: Site) -> None:
    """Words follow a text of as many words; a late editor is refused and loses nothing."""
    words = [{"start_s": 0.5, "end_s": 0.9, "text": "Helo"}, {"start_s": 1.0, "end_s": 1.4, "text": "wurld"}]
    track = await added(site, await site.ready_video(), json.dumps(words))
    path = f"/api/v1/captions/{track['id']}"
    cue = (await site.ann.client.get(path)).json()["cues"][0]
    edited = await site.ann.client.put(
        f"{path}/cues", json={"cues": [{**cue, "text": "Hello world"}]}, headers={"if-match": '"1"'}
    )
    late = await site.ann.client.put(f"{path}/cues", json={"cues": []}, headers={"if-match": '"1"'})
    bad = await site.ann.client.put(f"{path}/cues", json={"cues": [{"start_s": 2, "end_s": 1, "text": "x"}]})

    assert (edited.status_code, edited.headers["etag"]) == (200, '"2"')
    assert [word["text"] for word in edited.json()["cues"][0]["words"]] == ["Hello", "world"]
    assert (late.status_code, late.json()["code"]) == (412, "version_mismatch")
    assert (bad.status_code, bad.json()["code"]) == (400, "captions_unreadable")


async def test_one_track_is_the_default(site: Site) -> None:
    video_id = await site.ready_video()
    first, second = await added(site, video_id), await added(site, video_id, language="de")
    await site.ann.client.patch(f"/api/v1/captions/{second['id']}", json={"default": True, "label": "Deutsch"})
    listed = (await site.ann.client.get(f"/api/v1/videos/{video_id}/captions")).json()["items"]

    assert [(each["id"], each["default"], each["label"]) for each in listed] == [
        (first["id"], False, "Captions"),
        (second["id"], True, "Deutsch"),
    ]


async def test_what_cannot_be_burned_in_is_told(site: Site) -> None:
    track = await added(site, await site.ready_video(), "1\n00:00:00,000 --> 00:00:01,000\nHello 世界\n")
    found = (await site.ann.client.get(f"/api/v1/captions/{track['id']}/problems")).json()["items"]

    assert [(each["cue"], each["characters"]) for each in found] == [(0, "世界")]


async def test_presets_are_numbers_for_a_browser(site: Site) -> None:
    found = (await site.ann.client.get("/api/v1/caption-presets")).json()

    assert {preset["name"] for preset in found["items"]} >= {"standard", "outline", "bold", "karaoke"}
    assert [area["name"] for area in found["safe_areas"]] == ["portrait", "square", "landscape"]
    assert found["safe_areas"][0]["bottom"] == 0.2


async def test_players_get_tracks_by_one_link(site: Site) -> None:
    """An edited track is another file; a deleted one is gone, and that of a video in the trash."""
    video_id = await site.ready_video()
    track = await added(site, video_id, language="en")
    link = (await site.ann.client.post(f"/api/v1/videos/{video_id}/playback", json={"kind": "captions"})).json()["url"]
    listed = await site.anonymous.get(link)
    (item,) = listed.json()["items"]
    text = await site.anonymous.get(item["url"])

    assert (item["id"], item["language"], item["default"]) == (track["id"], "en", True)
    assert listed.headers["cache-control"] == "private, max-age=0"
    assert text.headers["content-type"] == "text/vtt; charset=utf-8"
    assert text.text == (
        "WEBVTT\n\n00:00:00.500 --> 00:00:01.500\nHello there\n\n00:00:02.000 --> 00:00:03.000\nA &lt; B\n"
    )
    assert "immutable" in text.headers["cache-control"]
    cues = {"cues": [{"start_s": 1, "end_s": 2, "text": "New"}]}
    await site.ann.client.put(f"/api/v1/captions/{track['id']}/cues", json=cues)
    (changed,) = (await site.anonymous.get(link)).json()["items"]
    assert changed["url"] != item["url"]
    assert "New" in (await site.anonymous.get(changed["url"])).text
    assert (await site.anonymous.get(item["url"])).headers["cache-control"] == "private, max-age=0"
    for trashed_at, status in ((utc_now(), 404), (None, 200)):
        async with site.get(Database).write() as session:
            (await session.get_one(VideoRow, video_id)).trashed_at = trashed_at
        assert (await site.anonymous.get(changed["url"])).status_code == status
    await site.ann.client.delete(f"/api/v1/captions/{track['id']}")
    assert (await site.anonymous.get(link)).json()["items"] == []
    assert (await site.anonymous.get(changed["url"])).status_code == 404
    assert (await site.anonymous.get(changed["url"].split("?")[0])).status_code == 403


async def test_hls_has_subtitles(site: Site, tmp_path: Path) -> None:
    clip = make_clip(tmp_path, seconds=4, size=(160, 90), gop=60, name="four.mp4")
    video_id = await store_clip(site, clip, duration_s=4.0)
    for language, label in (("en", 'The "best"'), ("en", 'The "best"'), ("de", "")):
        await added(site, video_id, language=language, label=label)
    url = await opened(site, video_id)
    pieces = await all_pieces(site, url)
    master = pieces["index.m3u8"]

    media = [line for line in master.text.splitlines() if "TYPE=SUBTITLES" in line]
    assert [line.partition('NAME="')[2].partition('"')[0] for line in media] == [
        "The 'best' 1",
        "The 'best' 2",
        "German",
    ]
    assert ['LANGUAGE="en"' in line for line in media] == [True, True, False]
    assert ["DEFAULT=YES" in line for line in media] == [True, False, False]
    assert 'SUBTITLES="captions"' in master.text
    assert master.headers["cache-control"] == "private, max-age=0"
    playlist = next(answer for name, answer in pieces.items() if name.startswith("subtitles") and name.endswith("m3u8"))
    assert "#EXT-X-TARGETDURATION:4\n" in playlist.text
    piece = await site.anonymous.get(urljoin(url, uris(playlist.text)[0]))
    assert piece.text.startswith("WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:00:00.000\n\n00:00:00.500 --> ")


async def test_rows_lock_on_every_database(tmp_path: Path, migrated_url: str) -> None:
    """Tracks go with their video."""
    async with open_site(tmp_path, migrated_url) as site:
        video_id = await site.ready_video()
        tracks, principal = site.get(CaptionTracks), await _principal(site)
        row = await tracks.add(principal, video_id, NewTrack(cues=(Cue(start_s=0, end_s=1, text="One"),)))
        await tracks.change(principal, row.id, TrackChanges(default=False, language="fr"), if_match=1)
        changed = await tracks.set_cues(principal, row.id, (Cue(start_s=0, end_s=1, text="Deux"),), if_match=2)

        assert (changed.version, changed.language, changed.cues[0]["text"]) == (3, "fr", "Deux")
        assert (await site.ann.client.delete(f"/api/v1/videos/{video_id}")).status_code == 204
        assert (await site.ann.client.get(f"/api/v1/captions/{row.id}")).status_code == 404


async def _principal(site: Site) -> Any:
    from playhead.access.principals import SCOPES, Principal

    return Principal(site.ann.user.id, "ann@example.org", "member", frozenset(SCOPES), "key", "key_1")
