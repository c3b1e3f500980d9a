"""Answers the signed link of a file from memory, inside the server's protocol: no scope, no task, no query, no thread.

What is not known is asked for once, however many wait for it. Whatever is not plain or not good is left to the
application, which answers the same and in full.
"""

import asyncio
import re
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
from playhead.delivery.answer import SECURITY_HEADERS
from playhead.delivery.caching import Caching
from playhead.delivery.conditions import Fields
from playhead.delivery.connections.connection import Connection
from playhead.delivery.connections.open_files import OpenFile
from playhead.delivery.connections.pump import FileSpan, Part
from playhead.delivery.connections.registry import DirectResponse
from playhead.delivery.content import content_disposition
from playhead.delivery.cors import CrossOrigin, merged
from playhead.delivery.grants import Grant
from playhead.delivery.links import SignedLinks, Verified
from playhead.delivery.media import Kind, Media, entity_of
from playhead.delivery.media_cache import MediaCache
from playhead.delivery.ranges import Span
from playhead.delivery.renditions import FRESH_S
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
"""Links that were looked at, and files whose headers were written; some 1 KiB each."""

_TARGET = re.compile(
    rb"/v/(vid_[0-9a-z]{26})/(?:(original(?:\.[a-z0-9]{1,8})?)|(poster\.jpg)|rendition-([a-z0-9-]{1,40})\.mp4)"
    rb"\?((?:[ekds]=[A-Za-z0-9_.-]{1,120}&?)+)"
)

Client = Callable[[str, Fields], str]
"""The client's address, by the peer's and the request's headers."""

log = PlainLogger("playhead.access")


@dataclass(frozen=True, slots=True)
class _Link:
    """A target whose signature is good; whether what it stands on still is must be looked at each time."""

    kind: Kind
    video_id: str
    rendition: str
    download: bool
    expires_at: int
    grant: Grant


@dataclass(frozen=True, slots=True)
class _Known:
    """What is the same in each answer for a file."""

    media: Media
    path: str  # empty where the store is a remote one
    entity: Entity
    head: bytes


class _Ready(NamedTuple):
    """A link that is good, and all that answers by it have in common, until a moment at most a second away.

    Attributes:
        head: Lines that follow those of the selection.
        until: Monotonic seconds: then its life is a second shorter. In the last second it is looked at each time.
        era: Of what was remembered when it was looked at.
    """

    link: _Link
    known: _Known
    life_s: int
    head: bytes
    until: float
    era: int


class _Asked(NamedTuple):
    """A request by a link that is good."""

    method: str
    ready: _Ready
    fields: Fields
    client: str
    began: float

    def request_id(self) -> tuple[str, bool]:
        """The request's id, and whether it is made here."""
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
        catalog: MediaCache,
        sources: Sources,
        offload: Offload,
        transfers: Transfers,
        metrics: Metrics,
        *,
        caching: Caching,
        cross_origin: CrossOrigin,
        added: Mapping[str, str],
        client: Client = lambda peer, _: peer,
    ) -> None:
        self._links, self._catalog = links, catalog
        self._sources, self._handover = sources, offload
        self._transfers, self._metrics = transfers, metrics
        self._caching, self._cross_origin, self._client = caching, cross_origin, client
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
        if ready is None or began >= ready.until or ready.era != self._catalog.era:
            seen = self._look_at(target, ready, began)
            if not isinstance(seen, _Ready):
                return seen
            ready = seen
        asked = _Asked(method.decode(), ready, fields, self._client(peer, fields), began)
        selection = select(asked.method, fields, ready.known.entity, now=time.time())
        if selection.status >= 400:
            return None
        return self._from_file(asked, selection) if ready.known.path else self._from_store(asked, selection)

    def _from_file(self, asked: _Asked, selection: Selection) -> "DirectResponse | asyncio.Future[None] | None":
        link, known = asked.ready.link, asked.ready.known
        file = self._sources.peek(known.path, known.media)
        if file is None:
            return self._learn(link)
        if selection.parts and not self._transfers.has_room(asked.client):
            return None
        request_id, is_own = asked.request_id()
        head = self._head(asked, selection, request_id)
        self._count(asked, selection.status)
        if not selection.parts:
            _tell(asked, selection.status, request_id)
            return DirectResponse(head)
        agent = asked.fields.get(b"user-agent")
        viewer = Viewer(
            link.grant.share_id or "link",
            asked.client,
            agent.decode("latin-1")[:200] if agent else None,
            request_id,
            has_own_request=is_own,
        )
        begin = partial(_begin, self._transfers, viewer, link, selection)
        return DirectResponse(head, _parts(selection, file), file.hold(), begin)

    def _from_store(self, asked: _Asked, selection: Selection) -> DirectResponse | None:
        """A redirect to the presigned URL that was given for this link just now."""
        url = self._handover.peek(asked.ready.known.media.key, asked.ready.life_s)
        if url is None or asked.method != "GET" or selection.status == 304:
            return None
        request_id, _ = asked.request_id()
        self._count(asked, 307)
        _tell(asked, 307, request_id)
        lines = (_STATUS[307], b"location: ", quote(url, safe=_SAFE).encode(), b"\r\ncontent-length: 0\r\n")
        last = (b"cache-control: no-store\r\nx-request-id: ", request_id.encode(), b"\r\n")
        return DirectResponse(b"".join((*lines, *last, self._lines_for(asked.fields.get(b"origin")))))

    def _count(self, asked: _Asked, status: int) -> None:
        self._metrics.request(asked.method, ROUTE, status, time.monotonic() - asked.began)

    def _look_at(self, target: bytes, before: _Ready | None, now: float) -> "_Ready | asyncio.Future[None] | None":
        """See whether a target's link is good and its file known; the signature is checked the first time."""
        era, link = self._catalog.era, before.link if before is not None else _signed(self._links, target)
        left_s = link.expires_at - time.time() if link is not None else 0.0
        if link is None or left_s <= 0:
            return None
        try:
            life_s = self._links.stands(Verified(int(left_s), link.grant), link.video_id)
        except SignatureRevoked:
            return None
        media = self._catalog.peek(link.video_id, link.kind, link.rendition)
        if life_s is None or media is None:
            return self._learn(link)
        known = self._known_of(link, media)
        is_rendition = bool(link.rendition)
        life = self._caching.fresh(life_s, FRESH_S) if is_rendition else self._caching.lasting(life_s)
        head = b"%bcache-control: %b\r\n" % (known.head, life.encode())
        ready = _Ready(link, known, life_s, head, now + left_s % 1 if life_s else now, era)
        _remember(self._ready, target, ready)
        return ready

    def _learn(self, link: _Link) -> "asyncio.Future[None]":
        """Done when what this link stands on and leads to is in memory, or cannot be had."""
        key = link.video_id, link.kind, link.rendition, link.grant.share_id
        learning = self._learning.get(key)
        if learning is None:
            learning = self._learning[key] = asyncio.create_task(self._ask(link), name="look up a link")
            learning.add_done_callback(lambda _: self._learning.pop(key))
        return learning

    async def _ask(self, link: _Link) -> None:
        with suppress(Exception):  # the application meets the same, and tells it
            await self._catalog.generation(link.video_id)
            if link.grant.share_id:
                await self._catalog.share(link.grant.share_id)
            media = await self._catalog.get(link.video_id, link.kind, link.rendition)
            path = self._sources.path(media) if media is not None else None
            if path is not None:
                (await self._sources.files.open(path)).release()

    def _known_of(self, link: _Link, media: Media) -> _Known:
        key = (media.key, media.sha256, link.download)
        known = self._known.get(key)
        if known is None or known.media is not media:
            disposition = content_disposition(media.filename, download=link.download) if link.kind == "file" else ""
            path = self._sources.path(media) or ""
            head = b"content-disposition: %b\r\n" % disposition.encode("latin-1") if disposition else b""
            known = _Known(media, path, entity_of(media), head)
            _remember(self._known, key, known)
        return known

    def _head(self, asked: _Asked, selection: Selection, request_id: str) -> bytes:
        lines = [_STATUS[selection.status]]
        lines += [b"%b: %b\r\n" % field for field in selection.headers]
        own = b"x-request-id: %b\r\n" % request_id.encode()
        return b"".join((*lines, asked.ready.head, own, self._lines_for(asked.fields.get(b"origin"))))

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
    """What a target says, when its signature is good."""
    match = _TARGET.fullmatch(target)
    query = _query_of(match[5].decode()) if match is not None else None
    if match is None or query is None:
        return None
    kind: Kind = "poster" if match[3] else "file"
    video_id, rendition, download = match[1].decode(), (match[4] or b"").decode(), query.get("d") == "1"
    if kind == "poster" and "d" in query:
        return None
    e, k, s = query["e"], query["k"], query["s"]
    try:
        good = links.signed(kind, video_id, e=e, k=k, s=s, name=rendition, download=download)
    except (SignatureInvalid, SignatureExpired):
        return None
    return _Link(kind, video_id, rendition, download, int(e), good.grant)


def _query_of(text: str) -> dict[str, str] | None:
    """The fields of a query; None where one is missing or said twice."""
    pairs = [pair.partition("=") for pair in text.split("&") if pair]
    query = {name: value for name, _, value in pairs}
    return query if len(query) == len(pairs) and {"e", "k", "s"} <= set(query) else None


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


def _tell(asked: _Asked, status: int, request_id: str) -> None:
    log.info(
        "request",
        method=asked.method,
        route=ROUTE,
        video=asked.ready.link.video_id,
        status=status,
        size_bytes=0,
        request_id=request_id,
    )


def _remember(memory: OrderedDict[Any, Any], key: object, value: object) -> None:
    memory[key] = value
    memory.move_to_end(key)
    if len(memory) > REMEMBERED:
        memory.popitem(last=False)
