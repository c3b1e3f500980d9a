"""Remembered credentials."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from playhead.access.cache import MAX_ENTRIES, CredentialCache
from playhead.access.principals import Principal, scopes_of

NOW = datetime(2026, 3, 1, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
ADA = Principal("usr_1", "ada@example.org", "member", scopes_of("member"), "key", "key_1")


def remember(cache: CredentialCache, key: bytes = b"k", until: datetime = LATER) -> None:
    cache.put(key, ADA, until=until, now=NOW, generation=cache.generation)


@pytest.mark.parametrize(("after_s", "found"), [(0, True), (29.9, True), (30, False), (-1, False)])
def test_a_credential_is_remembered_for_thirty_seconds(after_s: float, found: bool) -> None:
    cache = CredentialCache()
    remember(cache)

    assert (cache.get(b"k", NOW + timedelta(seconds=after_s)) is ADA) is found


def test_a_credential_is_not_remembered_beyond_its_own_end() -> None:
    cache = CredentialCache()
    remember(cache, until=NOW + timedelta(seconds=5))

    assert cache.get(b"k", NOW + timedelta(seconds=5)) is None


def test_what_was_looked_up_before_a_revocation_is_not_remembered_after_it() -> None:
    cache = CredentialCache()
    generation = cache.generation

    cache.clear()
    cache.put(b"k", ADA, until=LATER, now=NOW, generation=generation)

    assert cache.get(b"k", NOW) is None


def test_a_revocation_in_one_process_is_seen_in_the_others_of_the_host(tmp_path: Path) -> None:
    marker = tmp_path / "revoked"
    here, there = CredentialCache(marker), CredentialCache(marker)
    remember(here)
    generation = here.generation

    there.clear()

    assert here.get(b"k", NOW) is None
    here.put(b"k", ADA, until=LATER, now=NOW, generation=generation)
    assert here.get(b"k", NOW) is None


def test_a_marker_that_cannot_be_written_stops_nobody(tmp_path: Path) -> None:
    cache = CredentialCache(tmp_path / "missing" / "revoked")
    remember(cache)

    cache.clear()

    assert cache.get(b"k", NOW) is None


def test_the_cache_stays_small() -> None:
    cache = CredentialCache()

    for number in range(MAX_ENTRIES + 10):
        remember(cache, b"%d" % number)

    assert cache.get(b"9", NOW) is None
    assert cache.get(b"10", NOW) is ADA
