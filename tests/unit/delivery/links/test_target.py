"""Paths under ``/v/`` and what they name."""

import pytest
from hypothesis import given

from playhead.delivery.links.target import ANIMATION, CAPTIONS, INDEX, LIVE, PROJECT, SPAN, ClipSpan, Target
from tests.fixtures.targets import CAPTION_TRACK, CAPTURE, PROJECT_ID, RECORDING, VIDEO, targets

CUT = "cut-1370000-3710000-original"

PATHS = [
    ("original", Target("file", VIDEO)),
    ("original.mp4", Target("file", VIDEO, extension="mp4")),
    ("rendition-720p.mp4", Target("file", VIDEO, name="720p")),
    ("poster.jpg", Target("poster", VIDEO)),
    ("thumbnail.jpg", Target("thumbnail", VIDEO)),
    ("preview.webp", Target(ANIMATION, VIDEO)),
    ("storyboard.vtt", Target("storyboard", VIDEO, extension="vtt")),
    ("storyboard.jpg", Target("storyboard", VIDEO, extension="jpg")),
    ("captions.json", Target(CAPTIONS, VIDEO, extension="json")),
    (f"captions-{CAPTION_TRACK}-3.vtt", Target(CAPTIONS, VIDEO, track=CAPTION_TRACK, part=3, extension="vtt")),
    (f"subtitles-{CAPTION_TRACK}-3.m3u8", Target("hls", VIDEO, track=CAPTION_TRACK, part=3, extension="m3u8")),
    (f"subtitles-{CAPTION_TRACK}-3.vtt", Target("hls", VIDEO, track=CAPTION_TRACK, part=3, extension="vtt")),
    (f"captions-{CAPTION_TRACK}-3.m3u8", None),
    ("captions-cpt_1-3.vtt", None),
    ("index.m3u8", Target("hls", VIDEO, track=INDEX, part="list")),
    ("video.m3u8", Target("hls", VIDEO, track="video", part="list")),
    ("720p.m3u8", Target("hls", VIDEO, track="720p", part="list")),
    ("audio-init.mp4", Target("hls", VIDEO, track="audio", part="init")),
    ("video-12.m4s", Target("hls", VIDEO, track="video", part=12)),
    (f"{CUT}-audio-0.m4s", Target(SPAN, VIDEO, CUT, "audio", 0)),
    ("last-0-1-720p-video-init.mp4", Target(SPAN, VIDEO, "last-0-1-720p", "video", "init")),
    (f"{CUT}-video.m3u8", None),
    ("index-0.m4s", None),
    ("video-.m4s", None),
    ("video-1234567.m4s", None),
    ("video-\u0663.m4s", None),
    ("VIDEO.m3u8", None),
    ("../video.m3u8", None),
    ("video.m3u8\n", None),
    ("original.", None),
    ("original.mp4.exe", None),
    ("rendition-.mp4", None),
    ("poster.png", None),
]


@pytest.mark.parametrize(("name", "target"), PATHS)
def test_a_path_is_read_strictly(name: str, target: Target | None) -> None:
    assert Target.parse(f"/v/{VIDEO}/{name}") == target
    if target is not None:
        assert target.path == f"/v/{VIDEO}/{name}"


PLAYLISTS = [
    ("reel-7.m3u8", Target(PROJECT, PROJECT_ID, "7", INDEX, "list")),
    ("reel-7-video.m3u8", Target(PROJECT, PROJECT_ID, "7", "video", "list")),
    ("reel-7-audio.m3u8", Target(PROJECT, PROJECT_ID, "7", "audio", "list")),
    ("reel-7-720p.m3u8", None),
    ("reel-.m3u8", None),
    ("reel-7-video-0.m4s", None),
    ("reel-7-index.m3u8", None),
]


@pytest.mark.parametrize(("name", "target"), PLAYLISTS)
def test_a_playlist_of_a_preview_is_named_by_its_version(name: str, target: Target | None) -> None:
    assert Target.parse(f"/v/{PROJECT_ID}/{name}") == target


LIVE_PIECES = [
    ("live.m3u8", Target.opening(LIVE, RECORDING)),
    (f"live-{CAPTURE}-init.mp4", Target(LIVE, RECORDING, track=CAPTURE, part="init")),
    (f"live-{CAPTURE}-86399-12.m4s", Target(LIVE, RECORDING, track=CAPTURE, part=86399, count=12)),
    (f"live-{CAPTURE}-0-0.m4s", None),
    (f"live-{CAPTURE}.m3u8", None),
    ("live-cap_short-init.mp4", None),
    (f"live-../{CAPTURE}-init.mp4", None),
]


@pytest.mark.parametrize(("name", "target"), LIVE_PIECES)
def test_a_piece_of_a_recording_is_named_by_its_capture_and_its_fragments(name: str, target: Target | None) -> None:
    assert Target.parse(f"/v/{RECORDING}/{name}") == target
    if target is not None:
        assert target.path == f"/v/{RECORDING}/{name}"
        assert len(target.file_name) <= 64


@pytest.mark.parametrize(
    "path", ["/v//original.mp4", "/v/a/b/original.mp4", f"/v/{VIDEO}", f"/w/{VIDEO}/poster.jpg", ""]
)
def test_any_other_path_names_nothing(path: str) -> None:
    assert Target.parse(path) is None


@pytest.mark.parametrize("span", [ClipSpan(0, 1), ClipSpan(10**12, 10**13 - 1, "1080p", followed=False)])
def test_a_span_is_read_back_from_its_name_and_fits_into_a_url(span: ClipSpan) -> None:
    assert ClipSpan.parse(span.name) == span
    assert len(Target(SPAN, VIDEO, span.name, "video", 123456).file_name) <= 64


@given(targets)
def test_every_target_is_read_back_from_its_path(target: Target) -> None:
    assert Target.parse(target.path) == target
