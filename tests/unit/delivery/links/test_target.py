"""Paths under ``/v/`` and what they name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playhead.delivery.links.target import (
    ANIMATION,
    INDEX,
    ORIGINAL,
    PROJECT,
    RENDITION_TRACK,
    SPAN,
    ClipSpan,
    Kind,
    Target,
)

VIDEO = "vid_01k3q9h2v7e8t9m5x0c4d6f8ga"
PROJECT_ID = "prj_01k3q9h2v7e8t9m5x0c4d6f8ga"
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


@pytest.mark.parametrize(
    "path", ["/v//original.mp4", "/v/a/b/original.mp4", f"/v/{VIDEO}", f"/w/{VIDEO}/poster.jpg", ""]
)
def test_any_other_path_names_nothing(path: str) -> None:
    assert Target.parse(path) is None


@pytest.mark.parametrize("span", [ClipSpan(0, 1), ClipSpan(10**12, 10**13 - 1, "1080p", followed=False)])
def test_a_span_is_read_back_from_its_name_and_fits_into_a_url(span: ClipSpan) -> None:
    assert ClipSpan.parse(span.name) == span
    assert len(Target(SPAN, VIDEO, span.name, "video", 123456).file_name) <= 64


def _text(pattern: str) -> st.SearchStrategy[str]:
    return st.from_regex(pattern, fullmatch=True)


tracks = st.one_of(st.sampled_from(["video", "audio", "audio2"]), st.from_regex(RENDITION_TRACK, fullmatch=True))
parts = st.one_of(st.just("init"), st.integers(0, 999_999))
spans = st.builds(
    ClipSpan, st.integers(0, 10**13 - 1), st.integers(0, 10**13 - 1), st.just(ORIGINAL) | tracks, st.booleans()
)
stills: list[Kind] = ["poster", "thumbnail", ANIMATION]
targets = st.one_of(
    st.builds(Target, st.just("file"), st.just(VIDEO), extension=st.just("") | _text("[a-z0-9]{1,8}")),
    st.builds(Target, st.just("file"), st.just(VIDEO), _text("[a-z0-9-]{1,40}")),
    st.builds(Target, st.sampled_from(stills), st.just(VIDEO)),
    st.builds(Target, st.just("storyboard"), st.just(VIDEO), extension=st.sampled_from(["vtt", "jpg"])),
    st.just(Target.opening("hls", VIDEO)),
    st.builds(Target, st.just("hls"), st.just(VIDEO), track=tracks, part=st.just("list") | parts),
    st.builds(Target, st.just(SPAN), st.just(VIDEO), spans.map(lambda span: span.name), tracks, parts),
    st.builds(
        Target,
        st.just(PROJECT),
        st.just(PROJECT_ID),
        st.integers(0, 999_999_999).map(str),
        st.sampled_from([INDEX, "video", "audio"]),
        st.just("list"),
    ),
)
"""Every target under ``/v/``."""


@given(targets)
def test_every_target_is_read_back_from_its_path(target: Target) -> None:
    assert Target.parse(target.path) == target
