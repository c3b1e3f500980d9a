"""Cache-Control of signed media."""

from datetime import timedelta

from playhead.delivery.caching import Caching


def test_only_browsers_keep_media_unless_the_operator_says_otherwise() -> None:
    assert Caching().lasting(600) == "private, max-age=600, immutable"
    assert Caching().fresh(600, 60) == "private, max-age=60"


def test_a_shared_cache_asks_again_after_what_the_operator_allows() -> None:
    assert Caching(timedelta(minutes=5)).lasting(600) == "public, max-age=600, s-maxage=300, immutable"


def test_a_shared_cache_never_keeps_media_for_longer_than_their_link_lives() -> None:
    caching = Caching(timedelta(hours=1))

    assert caching.lasting(600) == "public, max-age=600, s-maxage=600, immutable"
    assert caching.fresh(600, 60) == "public, max-age=60, s-maxage=60"
    assert caching.lasting(0) == "public, max-age=0, s-maxage=0, immutable"
