"""Responses to authorised requests for media: one function for signed links, asset tokens and the API."""

import time

from starlette.requests import Request
from starlette.responses import Response

from playhead.catalog.files import MediaFile
from playhead.delivery.bodies.body import Body
from playhead.delivery.bodies.composite import resolve
from playhead.delivery.content import content_disposition
from playhead.delivery.errors import RangeNotSatisfiable
from playhead.delivery.links.target import Kind
from playhead.delivery.selection import Selection, fold, select
from playhead.delivery.transfers.offload import Offload
from playhead.delivery.transfers.registry import Transfers
from playhead.delivery.transfers.response import MediaResponse
from playhead.delivery.transfers.sources import Sources
from playhead.errors import PreconditionFailed

MEDIA_POLICY = (
    "sandbox allow-same-origin; default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'"
)
"""Content-Security-Policy without scripts, forms and frames, whatever the bytes turn out to be.

A browser that opens a link in a tab wraps the video in a page, which must keep its origin: under a bare ``sandbox``
Chromium refuses the page its own bytes.
"""

SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-site",
    "Content-Security-Policy": MEDIA_POLICY,
    "Referrer-Policy": "no-referrer",
}

REVALIDATE = "private, no-cache"
"""Cache-Control for requests with a credential, which decides anew each time; the ETag spares the bytes."""


class Responder:
    """Answers GET and HEAD requests for bodies; the caller has checked that they may be read."""

    def __init__(self, sources: Sources, offload: Offload, transfers: Transfers) -> None:
        self._sources, self._offload, self._transfers = sources, offload, transfers

    async def respond(
        self,
        request: Request,
        body: Body,
        *,
        subject: str,
        kind: Kind,
        cache_control: str,
        life_s: int,
        download: bool = False,
        offload: bool = True,
    ) -> Response:
        """Answer with a body.

        What needs no bytes (HEAD, 304, 412, 416) is answered from the catalog. The bytes of a whole file may be sent
        by others, see `Offload`.

        Args:
            subject: Id of the video, project or image.
            life_s: Seconds for which a presigned URL may live.
            offload: Whether others may send the bytes; else they come from here, without a redirect.

        Raises:
            MediaNotFound: the bytes of a file are gone.
            PreconditionFailed: a precondition failed.
            RangeNotSatisfiable: no byte of the ranges is in the body.
        """
        fields = fold(request.headers.raw)
        selection = select(request.method, fields, body.entity, now=time.time())
        raise_for(selection, body.entity.size, subject)
        headers = {**SECURITY_HEADERS, "Cache-Control": cache_control}
        if body.pieces is not None:
            selection = resolve(selection, body.pieces)
        elif isinstance(body.file, MediaFile):
            if kind in ("file", "asset", "image"):
                headers["Content-Disposition"] = content_disposition(body.file.filename, download=download)
            offloaded = offload and await self._offload.respond(
                selection,
                body.file,
                method=request.method,
                fields=fields,
                sources=self._sources,
                headers=headers,
                life_s=life_s,
            )
            if offloaded:
                self._transfers.saw(subject, kind)
                return offloaded
        return MediaResponse(
            selection,
            body.file,
            sources=self._sources,
            transfers=self._transfers,
            video_id=subject,
            kind=kind,
            headers=headers,
        )


def raise_for(selection: Selection, size_bytes: int, subject: str) -> None:
    """Turn a selection that is an error into a problem.

    Raises:
        PreconditionFailed: a precondition failed.
        RangeNotSatisfiable: no byte of the ranges is in the file.
    """
    if selection.status == 412:
        raise PreconditionFailed(
            f"The file of {subject} is not the version that was asked for.",
            code="media_changed",
            title="Media changed",
        )
    if selection.status == 416:
        raise RangeNotSatisfiable(f"No byte of the wanted ranges is in the file of {subject}.", size_bytes=size_bytes)
