"""What delivery remembers: how long, and what makes it forget."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from playhead.access.errors import SignatureExpired, SignatureInvalid, SignatureRevoked
from playhead.access.grant import Grant
from playhead.access.signed import Signer
from playhead.catalog.files import FileKind, MediaFile, Rendition, VideoFiles
from playhead.delivery.links.signature import Link, SignedLinks, SignedQuery, Verified
from playhead.delivery.links.target import Target
from playhead.delivery.media_cache import MAX_AGE_S, MediaCache
from playhead.delivery.shares.state import ShareState
from playhead.kit.marker import Marker
from tests.fixtures.media_site import media_file

VIDEO = "vid_01k3q9h2v7e8t9m5x0c4d6f8ga"
SHARE = "shr_01k3q9h2v7e8t9m5x0c4d6f8ga"
NOW = datetime(2026, 3, 1, tzinfo=UTC)
FILE = media_file("videos/1/original")
TARGET = Target("file", VIDEO)


class Shelf(VideoFiles):
    """A catalog and its link states; it counts how often it is asked."""

    def __init__(self) -> None:
        self.files: dict[tuple[str, str], MediaFile] = {(VIDEO, "file"): FILE}
        self.shares: dict[str, ShareState] = {SHARE: ShareState(VIDEO, None, revoked=False)}
        self.link_generation = 0
        self.asked = 0
        self.gate = asyncio.Event()
        self.gate.set()

    async def _answer(self) -> None:
        self.asked += 1
        await self.gate.wait()

    async def find(self, video_id: str, kind: FileKind, rendition: str = "") -> MediaFile | None:
        await self._answer()
        return self.files.get((video_id, rendition or kind))

    async def renditions(self, video_id: str) -> list[Rendition]:
        await self._answer()
        return []

    async def audio_tracks(self, video_id: str) -> tuple[int, ...]:
        await self._answer()
        return ()

    async def owner(self, video_id: str) -> str | None:
        await self._answer()
        return "usr_1"

    async def generation(self, video_id: str) -> int | None:
        await self._answer()
        return self.link_generation if video_id == VIDEO else None

    async def share(self, share_id: str) -> ShareState | None:
        await self._answer()
        return self.shares.get(share_id)


class Ticks:
    """A clock that moves when told to."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def ticks() -> Ticks:
    return Ticks()


@pytest.fixture
def cache(shelf: Shelf, ticks: Ticks) -> MediaCache:
    return MediaCache(shelf, shelf.share, clock=ticks)


async def test_what_was_asked_is_known_for_some_seconds(cache: MediaCache, shelf: Shelf, ticks: Ticks) -> None:
    assert cache.peek(VIDEO, "file") is None
    assert await cache.find(VIDEO, "file") is FILE
    ticks.now_s += MAX_AGE_S - 0.01
    assert cache.peek(VIDEO, "file") is FILE
    assert await cache.find(VIDEO, "file") is FILE
    assert shelf.asked == 1
    ticks.now_s += 0.01
    assert cache.peek(VIDEO, "file") is None
    await cache.find(VIDEO, "file")
    assert shelf.asked == 2


async def test_an_answer_is_as_old_as_its_question(cache: MediaCache, shelf: Shelf, ticks: Ticks) -> None:
    """A database that takes long leaves little."""
    shelf.gate.clear()
    asking = asyncio.create_task(cache.find(VIDEO, "file"))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    ticks.now_s += MAX_AGE_S - 1
    shelf.gate.set()
    await asking

    assert cache.peek(VIDEO, "file") is FILE
    ticks.now_s += 1
    assert cache.peek(VIDEO, "file") is None


async def test_what_is_not_there_is_asked_each_time(cache: MediaCache, shelf: Shelf) -> None:
    """A poster that was just made is seen at once; kinds and renditions are kept apart."""
    assert await cache.find(VIDEO, "poster") is None
    shelf.files[VIDEO, "poster"] = shelf.files[VIDEO, "720p"] = FILE

    assert await cache.find(VIDEO, "poster") is FILE
    assert await cache.find(VIDEO, "file", "720p") is FILE
    assert cache.peek(VIDEO, "file", "720p") is FILE
    assert cache.peek(VIDEO, "file") is None


async def test_a_storm_of_questions_is_one_query(cache: MediaCache, shelf: Shelf) -> None:
    """And one asker who leaves does not spoil it for the others."""
    shelf.gate.clear()
    asking = [asyncio.create_task(cache.find(VIDEO, "file")) for _ in range(50)]
    await asyncio.sleep(0)
    asking[0].cancel()
    await asyncio.sleep(0)
    shelf.gate.set()

    found = await asyncio.gather(*asking, return_exceptions=True)

    assert isinstance(found[0], asyncio.CancelledError)
    assert found[1:] == [FILE] * 49
    assert shelf.asked == 1


async def test_an_answer_from_before_a_revocation_serves_nobody_after_it(cache: MediaCache, shelf: Shelf) -> None:
    shelf.gate.clear()
    early = asyncio.create_task(cache.generation(VIDEO))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    shelf.link_generation = 1
    cache.forget()
    late = asyncio.create_task(cache.generation(VIDEO))
    await asyncio.sleep(0)
    shelf.gate.set()
    await asyncio.gather(early, late)

    assert shelf.asked == 2
    assert cache.peek_generation(VIDEO) == 1


async def test_forgetting_reaches_the_other_processes_of_the_host(shelf: Shelf, ticks: Ticks, tmp_path: Path) -> None:
    here, there = (MediaCache(shelf, shelf.share, marker=Marker(tmp_path / "changed"), clock=ticks) for _ in range(2))
    await here.find(VIDEO, "file")
    await here.share(SHARE)

    there.forget()

    assert here.peek(VIDEO, "file") is None
    assert here.peek_share(SHARE) is None


def links_at(cache: MediaCache, now: datetime) -> SignedLinks:
    return SignedLinks(Signer({"k1": b"0123456789abcdef"}, "k1"), lambda: now, cache)


@pytest.fixture
def links(cache: MediaCache) -> SignedLinks:
    return links_at(cache, NOW)


def query(link: Link) -> SignedQuery:
    found = SignedQuery.parse(link.path.partition("?")[2])
    assert found is not None
    return found


def recall(links: SignedLinks, asked: SignedQuery) -> Verified | None:
    """Check from memory alone."""
    return links.recall(links.signed(TARGET, asked), VIDEO)


async def test_a_link_is_checked_from_memory_once_it_is_known(links: SignedLinks, shelf: Shelf) -> None:
    """Nothing is asked of the database then; before that nothing is decided."""
    for grant, questions in ((Grant(), 1), (Grant(0, SHARE), 2)):
        asked = query(links.sign(TARGET, ttl_s=600, grant=grant))
        assert recall(links, asked) is None
        assert await links.verify(TARGET, asked) == Verified(600, grant)
        assert recall(links, asked) == Verified(600, grant)
        assert shelf.asked == questions


async def test_a_forged_link_asks_nothing(links: SignedLinks, cache: MediaCache, shelf: Shelf) -> None:
    """Signature and time come first: strangers cannot make the database work."""
    good = query(links.sign(TARGET, ttl_s=600))
    over = str(int(NOW.timestamp()))
    for bad in (good._replace(s="x"), good._replace(k=f"k1.0.{SHARE}"), good._replace(e=over)):
        with pytest.raises(SignatureInvalid):
            recall(links, bad)
        with pytest.raises(SignatureInvalid):
            await links.verify(TARGET, bad)
    past = links_at(cache, NOW - timedelta(hours=1))
    with pytest.raises(SignatureExpired):
        await links.verify(TARGET, query(past.sign(TARGET, ttl_s=600)))
    assert shelf.asked == 0


@pytest.mark.parametrize(
    ("grant", "state"),
    [
        (Grant(1), ShareState(VIDEO, None, revoked=False)),
        (Grant(0, SHARE), ShareState(VIDEO, None, revoked=True)),
        (Grant(0, SHARE), ShareState(VIDEO, NOW, revoked=False)),
        (Grant(0, SHARE), ShareState("vid_other", None, revoked=False)),
    ],
)
async def test_a_link_whose_ground_is_gone_is_refused(
    links: SignedLinks, shelf: Shelf, grant: Grant, state: ShareState
) -> None:
    """From memory as from the database."""
    shelf.shares[SHARE] = state
    asked = query(links.sign(TARGET, grant=grant))

    with pytest.raises(SignatureRevoked):
        await links.verify(TARGET, asked)
    with pytest.raises(SignatureRevoked):
        recall(links, asked)


async def test_a_link_lives_no_longer_than_its_share(links: SignedLinks, shelf: Shelf) -> None:
    """So that nobody is told to keep it longer."""
    shelf.shares[SHARE] = ShareState(VIDEO, NOW + timedelta(seconds=90), revoked=False)
    asked = query(links.sign(TARGET, ttl_s=600, grant=Grant(0, SHARE)))

    assert (await links.verify(TARGET, asked)).life_s == 90
