"""The fast path leads where the application leads, or leaves a request to it."""

import asyncio
from datetime import UTC, datetime
from typing import Any, cast

from hypothesis import given
from hypothesis import strategies as st

from playhead.access.signed import Signer
from playhead.catalog.files import FileKind, MediaFile
from playhead.delivery.cors import CrossOrigin
from playhead.delivery.fast_path import FastPath
from playhead.delivery.links.signature import SignedLinks
from playhead.delivery.links.target import Target
from playhead.delivery.media_cache import MediaCache
from playhead.delivery.transfers.offload import Offload
from playhead.delivery.transfers.registry import Transfers
from playhead.delivery.transfers.sources import Sources
from playhead.observe.metrics import Metrics
from playhead.storage.store import Store
from tests.fixtures.media_site import DictFiles, no_share
from tests.fixtures.targets import VIDEO, targets

NOW = datetime.now(UTC)


class AskedFiles(DictFiles):
    """Remembers what it was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.owners[VIDEO] = "ann"
        self.asked: list[tuple[str, str, str]] = []

    async def find(self, video_id: str, kind: FileKind, rendition: str = "") -> MediaFile | None:
        self.asked.append((video_id, kind, rendition))
        return None


def _changed(url: str, at: int, text: str) -> str:
    place = at % (len(url) + 1)
    return url[:place] + text + url[place:]


urls = st.tuples(
    targets, st.booleans(), st.none() | st.tuples(st.integers(0, 300), st.sampled_from(["&d=1", "%2F", "/", "x", "?"]))
)
"""Links to every target, some of them with something put in."""


async def asked_for(url: str, links: SignedLinks, files: AskedFiles, cache: MediaCache) -> bool:
    """Whether the fast path takes a request; it has looked up its file by then."""
    store = cast(Store, object())
    fast = FastPath(
        links,
        cache,
        Sources(store),
        Offload(store),
        Transfers(Metrics()),
        Metrics(),
        cross_origin=CrossOrigin(),
        added={},
    )
    taken: Any = fast(b"GET", url.encode(), {}, "192.0.2.1")
    if taken is not None:
        await cast("asyncio.Future[None]", taken)
    return taken is not None


@given(urls)
def test_every_url_that_the_fast_path_takes_names_the_same_target(made: tuple[Target, bool, Any]) -> None:
    target, download, change = made
    files = AskedFiles()
    cache = MediaCache(files, no_share)
    links = SignedLinks(Signer({"k1": b"0123456789abcdef"}, "k1"), lambda: NOW, cache)
    url = links.sign(target, download=download and target.kind == "file").path
    url = _changed(url, *change) if change else url

    is_taken = asyncio.run(asked_for(url, links, files, cache))

    if change is None:
        assert is_taken == (target.kind in ("file", "poster"))
    if is_taken:
        parsed = Target.parse(url.partition("?")[0])
        assert parsed is not None
        assert files.asked == [(parsed.subject, parsed.kind, parsed.name)]
