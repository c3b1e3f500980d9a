"""Playback URLs."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from playhead.access.errors import SignatureExpired, SignatureInvalid
from playhead.access.signed import Signer
from playhead.delivery.media import Kind
from playhead.delivery.playback import PlaybackUrl, PlaybackUrls

VIDEO = "vid_01k3q9h2v7e8t9m5x0c4d6f8ga"
START = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


class StillClock:
    """A clock that moves when told to."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
def urls(clock: StillClock) -> PlaybackUrls:
    return PlaybackUrls(Signer({"k1": b"0123456789abcdef"}, "k1"), clock)


def check(urls: PlaybackUrls, url: PlaybackUrl, kind: Kind = "file", video_id: str = VIDEO) -> int:
    """Verify as the endpoint does."""
    query = {name: values[0] for name, values in parse_qs(urlsplit(url.path).query).items()}
    return urls.verify(kind, video_id, e=query["e"], k=query["k"], s=query["s"], download=query.get("d") == "1")


def test_a_link_is_good_until_the_second_it_names(urls: PlaybackUrls, clock: StillClock) -> None:
    url = urls.file(VIDEO, extension="mp4", ttl_s=600)

    assert url.path.startswith(f"/v/{VIDEO}/original.mp4?e=")
    assert url.expires_at == START + timedelta(seconds=600)
    assert check(urls, url) == 600
    clock.now += timedelta(seconds=599)
    assert check(urls, url) == 1
    clock.now += timedelta(seconds=1)
    with pytest.raises(SignatureExpired):
        check(urls, url)


def test_a_link_is_for_one_kind_of_one_video(urls: PlaybackUrls) -> None:
    url = urls.file(VIDEO)

    with pytest.raises(SignatureInvalid):
        check(urls, url, kind="poster")
    with pytest.raises(SignatureInvalid):
        check(urls, url, video_id=VIDEO[:-1] + "b")


def test_a_download_link_is_another_link(urls: PlaybackUrls) -> None:
    url = urls.file(VIDEO, download=True)

    assert check(urls, url) > 0
    with pytest.raises(SignatureInvalid):
        check(urls, PlaybackUrl(url.path.removesuffix("&d=1"), url.expires_at))


@pytest.mark.parametrize("ttl_s", [59, 604_801])
def test_a_life_out_of_bounds_is_refused(urls: PlaybackUrls, ttl_s: int) -> None:
    with pytest.raises(ValueError, match="ttl_s must be"):
        urls.file(VIDEO, ttl_s=ttl_s)


def test_poster_links_stay_the_same_for_a_window(urls: PlaybackUrls, clock: StillClock) -> None:
    """A browser that meets the same URL again shows the picture from its cache."""
    morning = urls.poster(VIDEO)
    clock.now += timedelta(hours=2)
    assert urls.poster(VIDEO) == morning

    clock.now += timedelta(hours=12)
    assert urls.poster(VIDEO) != morning
    assert check(urls, morning, kind="poster") > 0


def test_a_poster_link_lives_for_one_to_two_windows(urls: PlaybackUrls, clock: StillClock) -> None:
    for minutes in range(0, 24 * 60, 7):
        clock.now = START + timedelta(minutes=minutes)
        life = urls.poster(VIDEO).expires_at - clock.now
        assert timedelta(hours=12) <= life <= timedelta(hours=24)


LINKS = {
    "file": lambda urls, **options: urls.file(VIDEO, extension="mp4", **options),
    "download": lambda urls, **options: urls.file(VIDEO, download=True, **options),
    "rendition": lambda urls, **options: urls.rendition(VIDEO, "720p", **options),
    "hls": lambda urls, **options: urls.hls(VIDEO, **options),
    "reel": lambda urls, **options: urls.reel("prj_1", 3, **options),
}


@pytest.mark.parametrize("mint", LINKS.values(), ids=LINKS)
def test_a_link_lasts_to_a_full_hour_unless_its_life_is_given(
    urls: PlaybackUrls, clock: StillClock, mint: Callable[..., PlaybackUrl]
) -> None:
    """START is half past: links of one hour are the same, so that caches find what they had."""
    first = mint(urls)
    clock.now += timedelta(minutes=29)
    again, short = mint(urls), mint(urls, ttl_s=90)
    clock.now += timedelta(minutes=2)
    later = mint(urls)

    assert again == first
    assert first.expires_at == datetime(2026, 3, 1, 14, 0, tzinfo=UTC)
    assert short.expires_at == START + timedelta(minutes=29, seconds=90)
    assert later.expires_at == datetime(2026, 3, 1, 15, 0, tzinfo=UTC)


def test_a_preview_link_is_for_one_version(urls: PlaybackUrls) -> None:
    query = parse_qs(urlsplit(urls.reel("prj_1", 3).path).query)
    e, k, s = (query[name][0] for name in "eks")

    assert urls.verify("reel", "prj_1", e=e, k=k, s=s, name="3") > 0
    with pytest.raises(SignatureInvalid):
        urls.verify("reel", "prj_1", e=e, k=k, s=s, name="4")


def test_a_span_is_signed_by_its_name(urls: PlaybackUrls) -> None:
    expires = int(START.timestamp()) + 600
    query = parse_qs(urls.cut(VIDEO, "cut-0-5-original", expires)[1:])
    e, k, s = (query[name][0] for name in "eks")
    others: list[tuple[Kind, str]] = [("cut", "cut-0-6-original"), ("cut", ""), ("hls", "cut-0-5-original")]

    assert urls.verify("cut", VIDEO, e=e, k=k, s=s, name="cut-0-5-original") == 600
    for kind, name in others:
        with pytest.raises(SignatureInvalid):
            urls.verify(kind, VIDEO, e=e, k=k, s=s, name=name)
