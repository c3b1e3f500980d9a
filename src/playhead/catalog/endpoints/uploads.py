"""``/uploads``: the tus 1.0.0 router. Words and rules of the protocol are in ``tus``, the use cases in ``uploads``."""

from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response, status
from starlette.requests import ClientDisconnect

from playhead.access.dependencies import requires
from playhead.access.idempotent_route import IdempotentRoute, settle
from playhead.access.principals import Principal
from playhead.api.paging import Cursor, Limit
from playhead.api.problems import Problem, problem_responses
from playhead.api.services import Needs
from playhead.catalog.errors import UploadHeaderInvalid, UploadTakenOver, UploadTruncated
from playhead.catalog.shapes import UploadPage, upload_resource
from playhead.catalog.uploads import tus
from playhead.catalog.uploads.completion import UploadState
from playhead.catalog.uploads.uploads import Uploads
from playhead.errors import PlayheadError
from playhead.storage.checksum import Checksum

router = APIRouter(prefix="/uploads", tags=["uploads"], route_class=IdempotentRoute)

Writer = Annotated[Principal, Depends(requires("videos:write"))]


_BYTES = {
    "requestBody": {
        "required": False,
        "content": {tus.BODY_TYPE: {"schema": {"type": "string", "format": "binary"}}},
    }
}


@router.options("", status_code=status.HTTP_204_NO_CONTENT)
@router.options("/{upload_id}", status_code=status.HTTP_204_NO_CONTENT, include_in_schema=False)
async def describe_uploads(uploads: Needs[Uploads]) -> Response:
    """List the tus extensions that this server supports."""
    return Response(status_code=204, headers=tus.capabilities(uploads.max_bytes))


@router.get("", response_model=UploadPage, responses=problem_responses(400, 401, 403))
async def list_uploads(
    principal: Writer, uploads: Needs[Uploads], limit: Limit = 50, cursor: Cursor = None
) -> UploadPage:
    """List your unfinished uploads, newest first."""
    page = await uploads.page(principal, limit=limit, cursor=cursor)
    items = [upload_resource(state.row, state.offset) for state in page.items]
    return UploadPage(items=items, next_cursor=page.next_cursor)


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    response_class=Response,
    responses=problem_responses(400, 401, 403, 404, 409, 410, 412, 413, 415, 429, 507),
    openapi_extra=_BYTES,
)
async def create_upload(request: Request, principal: Writer, uploads: Needs[Uploads]) -> Response:
    """Open an upload (tus creation); a body of `application/offset+octet-stream` is its first bytes.

    With `Upload-Concat: partial` it is a part of a file, and with `Upload-Concat: final;` and the URLs of the parts
    the whole of it.
    """
    tus.require_version(request.headers)
    concat = tus.concat(request.headers)
    metadata = tus.metadata(request.headers)
    named = {
        "filename": metadata.get("filename") or metadata.get("name"),
        "title": metadata.get("title"),
        "metadata": request.headers.get("upload-metadata"),
    }
    if isinstance(concat, list):
        state = await uploads.concatenate(principal, concat, **named)
        await settle(request, _created(state))
        return _created(await uploads.state(principal, state.row.id))
    size = tus.announced_length(request.headers)
    with_bytes = _has_body(request)
    if with_bytes:
        tus.require_body_type(request.headers)
    state = await uploads.create(principal, size=size, partial=concat == "partial", **named)
    if with_bytes:
        kept = await settle(request, _created(state))
        state = await _first_bytes(request, principal, uploads, state, kept=kept)
    return _created(state)


@router.head(
    "/{upload_id}",
    response_class=Response,
    responses=problem_responses(400, 401, 403, 404, 410, 412, 423),
)
async def get_upload(upload_id: str, request: Request, principal: Writer, uploads: Needs[Uploads]) -> Response:
    """Tell how many bytes of an upload are here. A request that still writes it ends first, with its bytes kept."""
    tus.require_version(request.headers)
    return Response(headers=tus.describe(await uploads.state(principal, upload_id)))


@router.patch(
    "/{upload_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    response_class=Response,
    responses=problem_responses(400, 401, 403, 404, 409, 410, 412, 413, 415, 423, 507)
    | {460: {"model": Problem, "description": "Checksum Mismatch"}},
    openapi_extra=_BYTES,
)
async def append_upload(upload_id: str, request: Request, principal: Writer, uploads: Needs[Uploads]) -> Response:
    """Add bytes at `Upload-Offset`. The last ones make the video, which the header `Playhead-Video` names.

    A request that still writes this upload ends with 400 `upload_taken_over`, and its bytes are kept.
    """
    tus.require_version(request.headers)
    tus.require_body_type(request.headers)
    offset = tus.number(request.headers, "Upload-Offset")
    if offset is None:
        raise UploadHeaderInvalid("Upload-Offset is missing.", hint="Ask for it with HEAD.")
    state = await _append(request, principal, uploads, upload_id, offset=offset)
    return Response(status_code=204, headers=tus.describe(state))


@router.delete(
    "/{upload_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    response_class=Response,
    responses=problem_responses(400, 401, 403, 404, 409, 412, 423),
)
async def terminate_upload(upload_id: str, request: Request, principal: Writer, uploads: Needs[Uploads]) -> Response:
    """Give an upload up and free its bytes (tus termination)."""
    tus.require_version(request.headers)
    await uploads.terminate(principal, upload_id)
    return Response(status_code=204, headers={"Tus-Resumable": tus.VERSION})


def _created(state: UploadState) -> Response:
    return Response(status_code=201, headers=tus.describe(state) | {"Location": f"/api/v1/uploads/{state.row.id}"})


def _has_body(request: Request) -> bool:
    return (tus.number(request.headers, "Content-Length") or 0) > 0 or "transfer-encoding" in request.headers


async def _first_bytes(
    request: Request, principal: Principal, uploads: Uploads, opened: UploadState, *, kept: bool
) -> UploadState:
    """Append the bytes that come with the creation; if that fails, the upload ends: its client never learned of it.

    Args:
        kept: A repeated creation gets the same answer: after a broken connection the upload goes on from there.
    """
    try:
        return await _append(request, principal, uploads, opened.row.id, offset=0)
    except PlayheadError as error:
        if kept and isinstance(error, UploadTakenOver | UploadTruncated):
            return opened
        with suppress(PlayheadError):
            await uploads.terminate(principal, opened.row.id)
        raise


async def _append(
    request: Request, principal: Principal, uploads: Uploads, upload_id: str, *, offset: int
) -> UploadState:
    size = tus.number(request.headers, "Upload-Length") if request.method == "PATCH" else None
    try:
        return await uploads.append(
            principal,
            upload_id,
            offset=offset,
            length=tus.number(request.headers, "Content-Length"),
            size=size,
            chunks=_chunks(request),
            checksum=_checksum(request),
        )
    except ClientDisconnect as error:
        raise UploadTruncated(
            "The connection ended within this part.",
            hint="Ask for the offset with HEAD and go on from there.",
        ) from error


def _checksum(request: Request) -> Checksum | None:
    header = request.headers.get("upload-checksum")
    return None if header is None else Checksum.parse(header)


async def _chunks(request: Request) -> AsyncIterator[bytes]:
    async for chunk in request.stream():
        if chunk:
            yield chunk
