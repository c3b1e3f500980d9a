"""Answers the signed link of a file from memory, inside the server's protocol: no scope, no task, no query, no thread.

Whatever is not known, not plain or not good is left to the application, which answers the same and in full.
"""

import re
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Any

from playhead.access.errors import SignatureExpired, SignatureInvalid, SignatureRevoked
from playhead.delivery.answer import SECURITY_HEADERS
from playhead.delivery.caching import Caching
from playhead.delivery.content import content_disposition
from playhead.delivery.cors import CrossOrigin, merged
from playhead.delivery.grants import Grant
from playhead.delivery.links import SignedLinks, Verified
from playhead.delivery.media import Kind, Media, entity_of
from playhead.delivery.media_cache import MediaCache
from playhead.delivery.ranges import Span
from playhead.delivery.renditions import FRESH_S
from playhead.delivery.selection import Entity, Selection, fold, select
from playhead.delivery.sources import Sources
from playhead.delivery.transfers import Transfer, Transfers, Viewer
from playhead.delivery.wire.connection import Wire
from playhead.delivery.wire.open_files import OpenFile
from playhead.delivery.wire.pump import FileSpan, Part
from playhead.delivery.wire.wires import Answer, RequestHeaders
from playhead.kit.ids import new_id
from playhead.observe.log import PlainLogger
from playhead.observe.metrics import Metrics
from playhead.observe.middleware import request_id_of

ROUTE = "/v/{video_id}/{name}"

REMEMBERED = 4096
"""Links whose form was read, and files whose headers were written; some 0.5 KiB each."""

_TARGET = re.compile(
    rb"/v/(vid_[0-9a-z]{26})/(?:(original(?:\.[a-z0-9]{1,8})?)|(poster\.jpg)|rendition-([a-z0-9-]{1,40})\.mp4)"
    rb"\?((?:[ekds]=[A-Za-z0-9_.-]{1,120}&?)+)"
)

Client = Callable[[str, Mapping[bytes, bytes]], str]
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
    path: str
    entity: Entity
    disposition: bytes


class FastPath:
    """A `wires.Direct` for files of a local store.

    Args:
        added: Headers that the application's middleware adds to such an answer.
        client: Of a request; by default its peer.
    """

    def __init__(
        self,
        links: SignedLinks,
        catalog: MediaCache,
        sources: Sources,
        transfers: Transfers,
        metrics: Metrics,
        *,
        caching: Caching,
        cross_origin: CrossOrigin,
        added: Mapping[str, str],
        client: Client = lambda peer, _: peer,
    ) -> None:
        self._links, self._catalog, self._sources = links, catalog, sources
        self._transfers, self._metrics = transfers, metrics
        self._caching, self._cross_origin, self._client = caching, cross_origin, client
        fixed = {**{name.lower(): value for name, value in added.items()}}
        fixed |= {name.lower(): value for name, value in SECURITY_HEADERS.items()}
        self._fixed = [(name.encode(), value.encode("latin-1")) for name, value in fixed.items()]
        self._lines: dict[bytes | None, bytes] = {}
        self._targets: OrderedDict[bytes, _Link] = OrderedDict()
        self._known: OrderedDict[tuple[str, str, bool], _Known] = OrderedDict()

    def __call__(self, method: bytes, target: bytes, headers: RequestHeaders, peer: str) -> Answer | None:
        """Answer a request, or leave it."""
        link = self._read(target)
        if link is None:
            return None
        began = time.perf_counter()
        life_s = self._life_of(link)
        media = self._catalog.peek(link.video_id, link.kind, link.rendition) if life_s is not None else None
        known = self._known_of(link, media) if media is not None else None
        file = self._sources.peek(known.path, known.media) if known is not None else None
        if life_s is None or known is None or file is None:
            return None
        fields = fold(headers)
        selection = select(method.decode(), fields, known.entity, now=time.time())
        if selection.status >= 400:
            return None
        client = self._client(peer, fields)
        if selection.parts and not self._transfers.has_room(client):
            return None
        inbound = fields.get(b"x-request-id")
        request_id = request_id_of(inbound.decode("latin-1")) if inbound else new_id("req")
        head = self._head(selection, known, life_s, link, fields.get(b"origin"), request_id)
        self._metrics.request(method.decode(), ROUTE, selection.status, time.perf_counter() - began)
        if not selection.parts:
            _tell(method, link, selection, request_id)
            return Answer(head)
        agent = fields.get(b"user-agent")
        viewer = Viewer(
            link.grant.share_id or "link",
            client,
            agent.decode("latin-1")[:200] if agent else None,
            request_id,
            has_own_request=inbound is None,
        )
        begin = partial(_begin, self._transfers, viewer, link, selection)
        return Answer(head, _parts(selection, file), file.hold(), begin)

    def _read(self, target: bytes) -> _Link | None:
        """What a target says, when its signature is good."""
        link = self._targets.get(target)
        if link is None:
            link = self._signed(target)
            if link is not None:
                _remember(self._targets, target, link)
        return link

    def _signed(self, target: bytes) -> _Link | None:
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
            good = self._links.signed(kind, video_id, e=e, k=k, s=s, name=rendition, download=download)
        except (SignatureInvalid, SignatureExpired):
            return None
        return _Link(kind, video_id, rendition, download, int(e), good.grant)

    def _life_of(self, link: _Link) -> int | None:
        """Seconds that a link is good for; None when that is unknown, or it is not: the application says why."""
        left_s = link.expires_at - time.time()
        if left_s <= 0:
            return None
        try:
            return self._links.stands(Verified(int(left_s), link.grant), link.video_id)
        except SignatureRevoked:
            return None

    def _known_of(self, link: _Link, media: Media) -> _Known:
        key = (media.key, media.sha256, link.download)
        known = self._known.get(key)
        if known is None or known.media is not media:
            disposition = content_disposition(media.filename, download=link.download) if link.kind == "file" else ""
            path = self._sources.path(media) or ""
            known = _Known(media, path, entity_of(media), disposition.encode("latin-1"))
            _remember(self._known, key, known)
        return known

    def _head(
        self, selection: Selection, known: _Known, life_s: int, link: _Link, origin: bytes | None, request_id: str
    ) -> bytes:
        cache = self._caching.fresh(life_s, FRESH_S) if link.rendition else self._caching.lasting(life_s)
        lines = [_STATUS[selection.status]]
        for name, value in selection.headers:
            lines += (name, b": ", value, b"\r\n")
        if known.disposition:
            lines += (b"content-disposition: ", known.disposition, b"\r\n")
        lines += (b"cache-control: ", cache.encode(), b"\r\nx-request-id: ", request_id.encode(), b"\r\n")
        lines.append(self._lines_for(origin))
        return b"".join(lines)

    def _lines_for(self, origin: bytes | None) -> bytes:
        """The headers that are the same for all files."""
        if origin is not None and not self._cross_origin.has_own(origin):
            origin = None  # all others get the same, whatever they call themselves
        lines = self._lines.get(origin)
        if lines is None:
            fields = merged(list(self._fixed), self._cross_origin.cors_headers(origin))
            lines = self._lines[origin] = b"".join(b"%b: %b\r\n" % field for field in fields)
        return lines


_STATUS = {code: b"HTTP/1.1 %d %b\r\n" % (code, HTTPStatus(code).phrase.encode()) for code in (200, 206, 304)}


def _query_of(text: str) -> dict[str, str] | None:
    """The fields of a query; None where one is missing or said twice."""
    pairs = [pair.partition("=") for pair in text.split("&") if pair]
    query = {name: value for name, _, value in pairs}
    return query if len(query) == len(pairs) and {"e", "k", "s"} <= set(query) else None


def _parts(selection: Selection, file: OpenFile) -> tuple[Part, ...]:
    return tuple(
        FileSpan(file, part.start, part.length) if isinstance(part, Span) else part for part in selection.parts
    )


def _begin(transfers: Transfers, viewer: Viewer, link: _Link, selection: Selection, wire: Wire) -> Transfer:
    return transfers.begin(
        viewer,
        video_id=link.video_id,
        kind=link.kind,
        status=selection.status,
        expected_bytes=selection.length,
        carrier=wire,
    )


def _tell(method: bytes, link: _Link, selection: Selection, request_id: str) -> None:
    log.info(
        "request",
        method=method.decode(),
        route=ROUTE,
        video=link.video_id,
        status=selection.status,
        size_bytes=0,
        request_id=request_id,
    )


def _remember(memory: OrderedDict[Any, Any], key: object, value: object) -> None:
    memory[key] = value
    if len(memory) > REMEMBERED:
        memory.popitem(last=False)
