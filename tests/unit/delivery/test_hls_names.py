"""What the last segment of a URL can name."""

import pytest

from playhead.delivery.hls import Name, name_of
from playhead.delivery.previews import ReelList, reel_list_of
from playhead.delivery.streams import Cut, cut_of

CUT = "cut-1370000-3710000-original"

NAMES = [
    ("index.m3u8", Name(None, "index", "list")),
    ("video.m3u8", Name(None, "video", "list")),
    ("720p.m3u8", Name(None, "720p", "list")),
    ("audio-init.mp4", Name(None, "audio", "init")),
    ("video-12.m4s", Name(None, "video", 12)),
    (f"{CUT}-audio-0.m4s", Name(CUT, "audio", 0)),
    ("last-0-1-720p-video-init.mp4", Name("last-0-1-720p", "video", "init")),
    (f"{CUT}-video.m3u8", None),
    ("index-0.m4s", None),
    ("video-.m4s", None),
    ("video-1234567.m4s", None),
    ("video-٣.m4s", None),
    ("VIDEO.m3u8", None),
    ("../video.m3u8", None),
    ("video.m3u8\n", None),
    ("poster.jpg", None),
    ("reel-3.m3u8", None),
]


@pytest.mark.parametrize(("text", "name"), NAMES)
def test_a_name_is_read_strictly(text: str, name: Name | None) -> None:
    assert name_of(text) == name


@pytest.mark.parametrize("cut", [Cut(0, 1), Cut(10**12, 10**13 - 1, "1080p", followed=False)])
def test_a_span_is_read_back_from_its_name_and_fits_into_a_url(cut: Cut) -> None:
    assert cut_of(cut.name) == cut
    assert len(f"{cut.name}-video-123456.m4s") <= 64


LISTS = [
    ("reel-7.m3u8", ReelList(7, "")),
    ("reel-7-video.m3u8", ReelList(7, "video")),
    ("reel-7-audio.m3u8", ReelList(7, "audio")),
    ("reel-7-720p.m3u8", None),
    ("reel-.m3u8", None),
    ("reel-7-video-0.m4s", None),
]


@pytest.mark.parametrize(("text", "wanted"), LISTS)
def test_a_playlist_of_a_preview_is_named_by_its_version(text: str, wanted: ReelList | None) -> None:
    assert reel_list_of(text) == wanted
