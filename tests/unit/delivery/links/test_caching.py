"""Cache-Control of responses to signed links."""

from playhead.access.grant import PLAIN
from playhead.delivery.links.signature import Verified


def test_only_browsers_keep_media_unless_the_operator_says_otherwise() -> None:
    assert Verified(600, PLAIN).cache_control() == "private, max-age=600, immutable"
    assert Verified(600, PLAIN).cache_control(60) == "private, max-age=60"


def test_a_shared_cache_asks_again_after_what_the_operator_allows() -> None:
    assert Verified(600, PLAIN, 300).cache_control() == "public, max-age=600, s-maxage=300, immutable"


def test_a_shared_cache_never_keeps_media_for_longer_than_their_link_lives() -> None:
    assert Verified(600, PLAIN, 3600).cache_control() == "public, max-age=600, s-maxage=600, immutable"
    assert Verified(600, PLAIN, 3600).cache_control(60) == "public, max-age=60, s-maxage=60"
    assert Verified(0, PLAIN, 3600).cache_control() == "public, max-age=0, s-maxage=0, immutable"
