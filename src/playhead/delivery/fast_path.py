"""A direct handler for signed links of files: answers from memory, without an ASGI scope, task, query or thread.

What is not in memory is looked up once for all requests that wait for it. Links that are unusual or not valid are left
to the application, which answers the same in full.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Any, NamedTuple
from urllib.parse import quote

from playhead.access.errors import SignatureExpired, SignatureInvalid, SignatureRevoked
from playhead.access.grant import Grant
from playhead.catalog.files import FileKind, MediaFile
from playhead.delivery.bodies.body import entity_of
from playhead.delivery.bodies.find import fresh_s
from playhead.delivery.bodies.respond import SECURITY_HEADERS
from playhead.delivery.conditions import Fields
from playhead.delivery.connections.connection import Connection
from playhead.delivery.connections.open_files import OpenFile
from playhead.delivery.connections.pump import FileSpan, Part
from playhead.delivery.connections.registry import DirectResponse
from playhead.delivery.content import content_disposition
from playhead.delivery.cors import CrossOrigin, merged
from playhead.delivery.links.signature import SignedLinks, SignedQuery, Verified
from playhead.delivery.links.target import Target
from playhead.delivery.media_cache import MediaCache
from playhead.delivery.ranges import Span
from playhead.delivery.selection import Entity, Selection, select
from playhead.delivery.transfers.offload import Offload
from playhead.delivery.transfers.registry import Transfer, Transfers, Viewer
from playhead.delivery.transfers.sources import Sources
from playhead.kit.ids import new_id
from playhead.observe.log import PlainLogger
from playhead.observe.metrics import Metrics
from playhead.observe.middleware import request_id_of

ROUTE = "/v/{video_id}/{name}"

REMEMBERED = 4096
"""Links that were checked, and files whose headers were written; about 1 KiB each."""

FAST_KINDS = frozenset({"file", "poster"})
"""Kinds of targets that are answered from memory."""

Client = Callable[[str, Fields], str]
"""Address of the client, from the peer's address and the request's headers."""

log = PlainLogger("playhead.access")


@dataclass(frozen=True, slots=True)
class _Link:
    """A link whose signature is valid; its generation and share must be checked each time."""

    video_id: str
    kind: FileKind
    rendition: str
    download: bool
    expires_at: int
    grant: Grant


@dataclass(frozen=True, slots=True)
class _Known:
    """What all responses with a file have in common."""

    file: MediaFile
    path: str  # empty for a remote store
    entity: Entity
    head: bytes


class _Ready(NamedTuple):
    """A valid link and what all responses to it have in common, for at most a second.

    Attributes:
        head: Header lines that follow those of the selection.
        until: Monotonic time at which its life is a second shorter; a link in its last second is checked each time.
        era: Era of the cache when it was checked.
    """

    link: _Link
    known: _Known
    life_s: int
    head: bytes
    until: float
    era: int


class _Request(NamedTuple):
    """A request by a valid link."""

    method: str
    ready: _Ready
    fields: Fields
    client: str
    began: float

    def request_id(self) -> tuple[str, bool]:
        """The id of the request, and whether it was made here."""
        inbound = self.fields.get(b"x-request-id")
        return (request_id_of(inbound.decode("latin-1")), False) if inbound else (new_id("req"), True)


class FastPath:
    """A `connections.Direct` for files of a local store, and for redirects to a remote one.

    Args:
        added: Headers that the application's middleware adds to such an answer.
        client: Of a request; by default its peer.
    """

    def __init__(
        self,
        links: SignedLinks,
        cache: MediaCache,
        sources: Sources,
        offload: Offload,
        transfers: Transfers,
        metrics: Metrics,
        *,
        cross_origin: CrossOrigin,
        added: Mapping[str, str],
        client: Client = lambda peer, _: peer,
    ) -> None:
        self._links, self._cache = links, cache
        self._sources, self._offload = sources, offload
        self._transfers, self._metrics = transfers, metrics
        self._cross_origin, self._client = cross_origin, client
        fixed = {**{name.lower(): value for name, value in added.items()}}
        fixed |= {name.lower(): value for name, value in SECURITY_HEADERS.items()}
        self._fixed = [(name.encode(), value.encode("latin-1")) for name, value in fixed.items()]
        self._lines: dict[bytes | None, bytes] = {}
        self._ready: OrderedDict[bytes, _Ready] = OrderedDict()
        self._known: OrderedDict[tuple[str, str, bool], _Known] = OrderedDict()
        self._learning: dict[tuple[str, ...], asyncio.Task[None]] = {}

    def __call__(
        self, method: bytes, target: bytes, fields: Fields, peer: str
    ) -> "DirectResponse | asyncio.Future[None] | None":
        """As of ``connections.Direct``."""
        began, ready = time.monotonic(), self._ready.get(target)
        if ready is None or began >= ready.until or ready.era != self._cache.era:
            seen = self._check(target, ready, began)
            if not isinstance(seen, _Ready):
                return seen
            ready = seen
        request = _Request(method.decode(), ready, fields, self._client(peer, fields), began)
        selection = select(request.method, fields, ready.known.entity, now=time.time())
        if selection.status >= 400:
            return None
        return self._from_file(request, selection) if ready.known.path else self._from_store(request, selection)

    def _from_file(self, request: _Request, selection: Selection) -> "DirectResponse | asyncio.Future[None] | None":
        link, known = request.ready.link, request.ready.known
        file = self._sources.peek(known.path, known.file)
        if file is None:
            return self._learn(link)
        if selection.parts and not self._transfers.has_room(request.client):
            return None
        request_id, is_own = request.request_id()
        head = self._head(request, selection, request_id)
        self._count(request, selection.status)
        if not selection.parts:
            _log(request, selection.status, request_id)
            return DirectResponse(head)
        agent = request.fields.get(b"user-agent")
        viewer = Viewer(
            link.grant.share_id or "link",
            request.client,
            agent.decode("latin-1")[:200] if agent else None,
            request_id,
            has_own_request=is_own,
        )
        begin = partial(_begin, self._transfers, viewer, link, selection)
        return DirectResponse(head, _parts(selection, file), file.hold(), begin)

    def _from_store(self, request: _Request, selection: Selection) -> DirectResponse | None:
        """A redirect to the presigned URL that was just made for this link."""
        url = self._offload.peek(request.ready.known.file.key, request.ready.life_s)
        if url is None or request.method != "GET" or selection.status == 304:
            return None
        request_id, _ = request.request_id()
        self._transfers.saw(request.ready.link.video_id, request.ready.link.kind)
        self._count(request, 307)
        _log(request, 307, request_id)
        lines = (_STATUS[307], b"location: ", quote(url, safe=_SAFE).encode(), b"\r\ncontent-length: 0\r\n")
        last = (b"cache-control: no-store\r\nx-request-id: ", request_id.encode(), b"\r\n")
        return DirectResponse(b"".join((*lines, *last, self._lines_for(request.fields.get(b"origin")))))

    def _count(self, request: _Request, status: int) -> None:
        self._metrics.request(request.method, ROUTE, status, time.monotonic() - request.began)

    def _check(self, target: bytes, before: _Ready | None, now: float) -> "_Ready | asyncio.Future[None] | None":
        """Check whether a link is valid and its file known; the signature is checked the first time only."""
        era, link = self._cache.era, before.link if before is not None else _signed(self._links, target)
        left_s = link.expires_at - time.time() if link is not None else 0.0
        if link is None or left_s <= 0:
            return None
        try:
            verified = self._links.recall(Verified(int(left_s), link.grant, self._links.shared_s), link.video_id)
        except SignatureRevoked:
            return None
        file = self._cache.peek(link.video_id, link.kind, link.rendition)
        if verified is None or file is None:
            return self._learn(link)
        known = self._known_of(link, file)
        cache_control = verified.cache_control(fresh_s(link.kind, link.rendition, file))
        head = b"%bcache-control: %b\r\n" % (known.head, cache_control.encode())
        ready = _Ready(link, known, verified.life_s, head, now + left_s % 1 if verified.life_s else now, era)
        _remember(self._ready, target, ready)
        return ready

    def _learn(self, link: _Link) -> "asyncio.Future[None]":
        """Look up what this link depends on; done when it is in memory or does not exist."""
        key = link.video_id, link.kind, link.rendition, link.grant.share_id
        learning = self._learning.get(key)
        if learning is None:
            learning = self._learning[key] = asyncio.create_task(self._look_up(link), name="look up a link")
            learning.add_done_callback(lambda _: self._learning.pop(key))
        return learning

    async def _look_up(self, link: _Link) -> None:
        with suppress(Exception):  # the application meets the same error and reports it
            await self._cache.generation(link.video_id)
            if link.grant.share_id:
                await self._cache.share(link.grant.share_id)
            file = await self._cache.find(link.video_id, link.kind, link.rendition)
            path = self._sources.path(file) if file is not None else None
            if path is not None:
                (await self._sources.files.open(path)).release()

    def _known_of(self, link: _Link, file: MediaFile) -> _Known:
        key = (file.key, file.sha256, link.download)
        known = self._known.get(key)
        if known is None or known.file is not file:
            disposition = content_disposition(file.filename, download=link.download) if link.kind == "file" else ""
            path = self._sources.path(file) or ""
            head = b"content-disposition: %b\r\n" % disposition.encode("latin-1") if disposition else b""
            known = _Known(file, path, entity_of(file), head)
            _remember(self._known, key, known)
        return known

    def _head(self, request: _Request, selection: Selection, request_id: str) -> bytes:
        lines = [_STATUS[selection.status]]
        lines += [b"%b: %b\r\n" % field for field in selection.headers]
        own = b"x-request-id: %b\r\n" % request_id.encode()
        return b"".join((*lines, request.ready.head, own, self._lines_for(request.fields.get(b"origin"))))

    def _lines_for(self, origin: bytes | None) -> bytes:
        """The headers that are the same for all files."""
        if origin is not None and not self._cross_origin.has_own(origin):
            origin = None  # all others get the same, whatever they call themselves
        lines = self._lines.get(origin)
        if lines is None:
            fields = merged(list(self._fixed), self._cross_origin.cors_headers(origin))
            lines = self._lines[origin] = b"".join(b"%b: %b\r\n" % field for field in fields)
        return lines


_STATUS = {code: b"HTTP/1.1 %d %b\r\n" % (code, HTTPStatus(code).phrase.encode()) for code in (200, 206, 304, 307)}

_SAFE = ":/%#?=@[]!$&'()*+,"
"""As Starlette writes a ``Location``."""


def _signed(links: SignedLinks, target: bytes) -> _Link | None:
    """The link that a request target is, if it leads to a file and its signature is valid."""
    path, _, text = target.decode("latin-1").partition("?")
    parsed, query = Target.parse(path), SignedQuery.parse(text)
    if parsed is None or query is None or parsed.kind not in FAST_KINDS or (parsed.kind == "poster" and query.d):
        return None
    try:
        signed = links.signed(parsed, query)
    except (SignatureInvalid, SignatureExpired):
        return None
    kind: FileKind = "poster" if parsed.kind == "poster" else "file"
    return _Link(parsed.subject, kind, parsed.name, query.d == "1", int(query.e), signed.grant)


def _parts(selection: Selection, file: OpenFile) -> tuple[Part, ...]:
    return tuple(
        FileSpan(file, part.start, part.length) if isinstance(part, Span) else part for part in selection.parts
    )


def _begin(transfers: Transfers, viewer: Viewer, link: _Link, selection: Selection, connection: Connection) -> Transfer:
    return transfers.begin(
        viewer,
        video_id=link.video_id,
        kind=link.kind,
        status=selection.status,
        expected_bytes=selection.length,
        carrier=connection,
    )


def _log(request: _Request, status: int, request_id: str) -> None:
    log.info(
        "request",
        method=request.method,
        route=ROUTE,
        video=request.ready.link.video_id,
        status=status,
        size_bytes=0,
        request_id=request_id,
    )


def _remember(memory: OrderedDict[Any, Any], key: object, value: object) -> None:
    memory[key] = value
    memory.move_to_end(key)
    if len(memory) > REMEMBERED:
        memory.popitem(last=False)
