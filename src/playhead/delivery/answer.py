"""From an authorised request to its response: one function for signed URLs and for the API."""

import time
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from playhead.api.services import service
from playhead.delivery.composite import Composite, spread
from playhead.delivery.content import content_disposition
from playhead.delivery.errors import MediaChanged, MediaNotFound, RangeNotSatisfiable
from playhead.delivery.handover import Handover
from playhead.delivery.media import Kind, Media, MediaCatalog, entity_of
from playhead.delivery.response import MediaResponse
from playhead.delivery.selection import Entity, Selection, fold, select
from playhead.delivery.sources import Sources
from playhead.delivery.transfers import Transfers

MEDIA_POLICY = (
    "sandbox allow-same-origin; default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'"
)
"""No scripts, no forms, no frames, whatever the bytes turn out to be. A browser that opens a link in a tab makes
a page around the film, which must keep its origin: under a bare ``sandbox`` Chromium refuses it its own bytes."""

SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-site",
    "Content-Security-Policy": MEDIA_POLICY,
    "Referrer-Policy": "no-referrer",
}


async def answer(
    request: Request, video_id: str, kind: Kind, *, cache_control: str, download: bool, life_s: int
) -> Response:
    """Answer a GET or HEAD for a video's file; the caller has checked that it may be read.

    Raises:
        MediaNotFound: no such file, or its bytes are gone.
        MediaChanged: a precondition does not hold.
        RangeNotSatisfiable: no byte of the ranges is in the file.
    """
    catalog = service(request, MediaCatalog)
    media = await catalog.media(video_id, kind)
    if media is None:
        raise MediaNotFound(f"Video {video_id} has no {kind} that can be played.")
    return await answer_with(
        request, video_id, kind, media, cache_control=cache_control, download=download, life_s=life_s
    )


async def answer_with(
    request: Request, video_id: str, kind: Kind, media: Media, *, cache_control: str, download: bool, life_s: int
) -> Response:
    """Answer with a file that is known already; errors as of `answer`.

    What needs no bytes (HEAD, 304, 412, 416) is answered from the catalog. Bytes come from here, or from whom the
    `Handover` names.

    Args:
        life_s: Seconds for which a presigned URL may live.
    """
    handover = service(request, Handover)
    fields = fold(request.headers.raw)
    selection = select(request.method, fields, entity_of(media), now=time.time())
    raise_for(selection, media.size_bytes, video_id)
    headers = {**SECURITY_HEADERS, "Cache-Control": cache_control}
    if kind == "file":
        headers["Content-Disposition"] = content_disposition(media.filename, download=download)
    answered = await handover.answer(
        selection,
        media,
        method=request.method,
        fields=fields,
        sources=service(request, Sources),
        headers=headers,
        life_s=life_s,
    )
    if answered is not None:
        return answered
    return MediaResponse(
        selection,
        media,
        sources=service(request, Sources),
        transfers=service(request, Transfers),
        video_id=video_id,
        kind=kind,
        headers=headers,
    )


async def answer_composite(
    request: Request,
    video_id: str,
    kind: Kind,
    body: Composite,
    *,
    media: Media | None,
    content_type: bytes,
    etag: str,
    modified_at: datetime,
    cache_control: str,
) -> Response:
    """Answer with a body that is put together here, from any store; errors as of `answer`.

    Args:
        media: The file that its spans are of; None for a body that is all bytes.
        etag: Made of all that decides the bytes; up to 32 characters are used.
    """
    entity = Entity(
        size=body.size,
        etag=b'"%b"' % etag[:32].encode(),
        modified=int(modified_at.timestamp()),
        content_type=content_type,
    )
    selection = select(request.method, fold(request.headers.raw), entity, now=time.time())
    raise_for(selection, body.size, video_id)
    return MediaResponse(
        spread(selection, body),
        media,
        sources=service(request, Sources),
        transfers=service(request, Transfers),
        video_id=video_id,
        kind=kind,
        headers={**SECURITY_HEADERS, "Cache-Control": cache_control},
    )


def raise_for(selection: Selection, size_bytes: int, video_id: str) -> None:
    """Turn what a selection cannot answer into a problem.

    Raises:
        MediaChanged: a precondition does not hold.
        RangeNotSatisfiable: no byte of the ranges is in the file.
    """
    if selection.status == 412:
        raise MediaChanged(f"The file of video {video_id} is not the version that was asked for.")
    if selection.status == 416:
        raise RangeNotSatisfiable(
            f"No byte of the wanted ranges is in the file of video {video_id}.", size_bytes=size_bytes
        )
