"""Signed links: their signature, their life, and what they are good for."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from playhead.access.errors import SignatureExpired, SignatureInvalid
from playhead.access.grant import Grant
from playhead.access.signed import Signer
from playhead.delivery.links.signature import Link, SignedLinks, SignedQuery
from playhead.delivery.links.target import ANIMATION, IMAGES, PROJECT, SPAN, Target
from playhead.delivery.media_cache import MediaCache
from tests.fixtures.media_site import DictFiles, no_share

VIDEO = "vid_01k3q9h2v7e8t9m5x0c4d6f8ga"
PROJECT_ID = "prj_01k3q9h2v7e8t9m5x0c4d6f8ga"
FILE, POSTER = Target("file", VIDEO), Target("poster", VIDEO)
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
def links(clock: StillClock) -> SignedLinks:
    cache = MediaCache(DictFiles(), no_share)
    return SignedLinks(Signer({"k1": b"0123456789abcdef"}, "k1"), clock, cache)


def check(links: SignedLinks, link: Link, target: Target | None = None) -> int:
    """Verify as the endpoint does; the life that is left."""
    path, _, text = link.path.partition("?")
    parsed, query = target or Target.parse(path), SignedQuery.parse(text)
    assert parsed is not None
    assert query is not None
    return links.signed(parsed, query).life_s


def test_a_link_is_good_until_the_second_it_names(links: SignedLinks, clock: StillClock) -> None:
    link = links.sign(Target("file", VIDEO, extension="mp4"), ttl_s=600)

    assert link.path.startswith(f"/v/{VIDEO}/original.mp4?e=")
    assert link.expires_at == START + timedelta(seconds=600)
    assert check(links, link) == 600
    clock.now += timedelta(seconds=599)
    assert check(links, link) == 1
    clock.now += timedelta(seconds=1)
    with pytest.raises(SignatureExpired):
        check(links, link)


def test_a_link_is_for_one_kind_of_one_video(links: SignedLinks) -> None:
    link = links.sign(FILE)

    for other in (POSTER, Target("file", VIDEO[:-1] + "b"), Target("file", VIDEO, name="720p")):
        with pytest.raises(SignatureInvalid):
            check(links, link, other)


def test_a_download_link_is_another_link(links: SignedLinks) -> None:
    link = links.sign(FILE, download=True)

    assert check(links, link) > 0
    with pytest.raises(SignatureInvalid):
        check(links, Link(link.path.removesuffix("&d=1"), link.expires_at))


@pytest.mark.parametrize("ttl_s", [59, 604_801])
def test_a_life_out_of_bounds_is_refused(links: SignedLinks, ttl_s: int) -> None:
    with pytest.raises(ValueError, match="ttl_s must be"):
        links.sign(FILE, ttl_s=ttl_s)


def test_poster_links_stay_the_same_for_a_window(links: SignedLinks, clock: StillClock) -> None:
    """A browser that meets the same URL again shows the picture from its cache."""
    morning = links.sign(POSTER)
    clock.now += timedelta(hours=2)
    assert links.sign(POSTER) == morning

    clock.now += timedelta(hours=12)
    assert links.sign(POSTER) != morning
    assert check(links, morning) > 0


def test_a_poster_link_lives_for_one_to_two_windows(links: SignedLinks, clock: StillClock) -> None:
    for minutes in range(0, 24 * 60, 7):
        clock.now = START + timedelta(minutes=minutes)
        life = links.sign(POSTER).expires_at - clock.now
        assert timedelta(hours=12) <= life <= timedelta(hours=24)


LINKS: dict[str, Callable[..., Link]] = {
    "file": lambda links, **options: links.sign(Target("file", VIDEO, extension="mp4"), **options),
    "download": lambda links, **options: links.sign(FILE, download=True, **options),
    "rendition": lambda links, **options: links.sign(Target("file", VIDEO, name="720p"), **options),
    "hls": lambda links, **options: links.sign(Target.opening("hls", VIDEO), **options),
    "project": lambda links, **options: links.sign(Target.opening(PROJECT, PROJECT_ID, "3"), **options),
}


@pytest.mark.parametrize("sign", LINKS.values(), ids=LINKS)
def test_a_link_lasts_to_a_full_hour_unless_its_life_is_given(
    links: SignedLinks, clock: StillClock, sign: Callable[..., Link]
) -> None:
    """START is half past: links of one hour are the same, so that caches find what they had."""
    first = sign(links)
    clock.now += timedelta(minutes=29)
    again, short = sign(links), sign(links, ttl_s=90)
    clock.now += timedelta(minutes=2)
    later = sign(links)

    assert again == first
    assert first.expires_at == datetime(2026, 3, 1, 14, 0, tzinfo=UTC)
    assert short.expires_at == START + timedelta(minutes=29, seconds=90)
    assert later.expires_at == datetime(2026, 3, 1, 15, 0, tzinfo=UTC)


def test_a_preview_link_is_for_one_version(links: SignedLinks) -> None:
    link = links.sign(Target.opening(PROJECT, PROJECT_ID, "3"))

    assert check(links, link, Target(PROJECT, PROJECT_ID, "3", "video", "list")) > 0
    with pytest.raises(SignatureInvalid):
        check(links, link, Target.opening(PROJECT, PROJECT_ID, "4"))


def test_a_span_is_signed_by_its_name(links: SignedLinks) -> None:
    span = Target(SPAN, VIDEO, name="cut-0-5-original")
    query = links.query(span, int(START.timestamp()) + 600)

    assert links.signed(span, query).life_s == 600
    for other in (
        Target(SPAN, VIDEO, name="cut-0-6-original"),
        Target(SPAN, VIDEO),
        Target("hls", VIDEO, name="cut-0-5-original"),
    ):
        with pytest.raises(SignatureInvalid):
            links.signed(other, query)


URLS = [
    (Target("file", VIDEO, extension="mp4"), "9IhxPrFmLUGQEztQjpZxjmmnSaaWLq_WANOW5eoTdRU"),
    (Target("file", VIDEO, name="720p"), "hpCErB7is27iWVz5_Xl-LvhwU3ctCbq8VVV8dKYMcH8"),
    (Target.opening("hls", VIDEO), "arAsy7qzZBQU9eqZdCgJjSQO8tbuWYDx3L9dslobY8w"),
    (POSTER, "CuMK-YcteccbhLXu5xqAFcxYOuVR9P9IPsSJXPjw5gk"),
    (Target("thumbnail", VIDEO), "CHOI87Hqk0uagXzFBWnqbHG7fibKTsPqD31BwgscXLY"),
    (Target.opening("storyboard", VIDEO), "UIhII3MIdSkbVZxpCd8gXKgctgj3I8ngwpdmfb52cIY"),
    (Target(ANIMATION, VIDEO), "eIq-TBzRuE5Pd19i03eiNM3IGcI-cclli9cMN6jR2CY"),
    (Target.opening(PROJECT, PROJECT_ID, "3"), "qF5ty1tghzTdBOrZu2DtcjfGR2fWBxqegG2lIBeSWjA"),
]


@pytest.mark.parametrize(("target", "signature"), URLS, ids=[target.file_name for target, _ in URLS])
def test_links_that_were_given_away_stay_valid(links: SignedLinks, target: Target, signature: str) -> None:
    """What is signed must never change: these were made before targets had a type."""
    expires = 1772409600 if target.kind in IMAGES else 1772373600

    assert links.sign(target).path == f"{target.path}?e={expires}&k=k1&s={signature}"


def test_downloads_spans_and_tokens_that_were_given_away_stay_valid(links: SignedLinks) -> None:
    shared, expires = Grant(2, "shr_01k3q9h2v7e8t9m5x0c4d6f8ga"), 1772359200
    span = Target(SPAN, VIDEO, "cut-0-5-original")

    assert links.sign(FILE, download=True, grant=shared).path.endswith(
        f"&k=k1.2.{shared.share_id}&s=siHNlwxsVjMBFAtfIIjeyR0sTYF_8WCcsfjl8ykMwxs&d=1"
    )
    assert links.query(span, expires).text == f"?e={expires}&k=k1&s=bOYiYBHMP-1IiMkYQ5AIr_QeDpUkU5XveaFJPaaaDVI"
    asset = SignedQuery.of_token("1772358000.k1.r6zjgNsEvfau-Nx1Eq8QDgOvQnicvb_ye7F-m31T_Jk")
    assert links.signed(Target("asset", VIDEO, "file:720p"), asset).life_s == 600


QUERIES = [
    ("e=1&k=k1&s=x", SignedQuery("1", "k1", "x")),
    ("s=x&k=k1.2&e=1&d=1", SignedQuery("1", "k1.2", "x", "1")),
    ("e=1&k=k1", None),
    ("e=1&k=k1&s=x&e=1", None),
    ("e=1&k=k1&s=%41", None),
    ("e=1&k=k1&s=x&t=3", None),
    ("", None),
]


@pytest.mark.parametrize(("text", "query"), QUERIES)
def test_a_query_is_read_strictly(text: str, query: SignedQuery | None) -> None:
    """What is written otherwise is left to the application, which reads queries as the web does."""
    assert SignedQuery.parse(text) == query
