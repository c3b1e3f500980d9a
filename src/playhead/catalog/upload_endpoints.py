"""``/uploads``: the tus 1.0.0 router. Words and rules of the protocol are in ``tus``, the use cases in ``uploads``."""

from collections.abc import AsyncIterator
from typing import Annotated, cast

from fastapi import APIRouter, Depends, Request, Response, status
from starlette.requests import ClientDisconnect

from playhead.access.dependencies import requires
from playhead.access.idempotent_route import IdempotentRoute
from playhead.access.principals import Principal
from playhead.access.problems import Problem, problem_responses
from playhead.catalog import tus
from playhead.catalog.errors import UploadHeaderInvalid, UploadTruncated
from playhead.catalog.resources import UploadPage, upload_resource
from playhead.catalog.uploads import Uploads, UploadState
from playhead.storage.checksum import Checksum

router = APIRouter(prefix="/uploads", tags=["uploads"], route_class=IdempotentRoute)

Writer = Annotated[Principal, Depends(requires("videos:write"))]


def _uploads(request: Request) -> Uploads:
    return cast(Uploads, request.app.state.uploads)


Service = Annotated[Uploads, Depends(_uploads)]

_BYTES = {
    "requestBody": {
        "required": False,
        "content": {tus.BODY_TYPE: {"schema": {"type": "string", "format": "binary"}}},
    }
}


@router.options("", status_code=status.HTTP_204_NO_CONTENT)
@router.options("/{upload_id}", status_code=status.HTTP_204_NO_CONTENT, include_in_schema=False)
async def describe_uploads(uploads: Service) -> Response:
    """Tell which parts of tus this server speaks."""
    return Response(status_code=204, headers=tus.capabilities(uploads.max_bytes))


@router.get("", response_model=UploadPage, responses=problem_responses(401, 403))
async def list_uploads(principal: Writer, uploads: Service) -> UploadPage:
    """List your unfinished uploads."""
    found = await uploads.unfinished(principal)
    return UploadPage(items=[upload_resource(state.row, state.offset) for state in found])


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    response_class=Response,
    responses=problem_responses(400, 401, 403, 412, 413, 415, 507),
    openapi_extra=_BYTES,
)
async def create_upload(request: Request, principal: Writer, uploads: Service) -> Response:
    """Open an upload (tus creation); a body of `application/offset+octet-stream` is its first bytes."""
    tus.require_version(request.headers)
    size = tus.announced_length(request.headers)
    metadata = tus.metadata(request.headers)
    first = tus.number(request.headers, "Content-Length") or 0
    with_bytes = first > 0 or "transfer-encoding" in request.headers
    if with_bytes:
        tus.require_body_type(request.headers)
    state = await uploads.create(
        principal,
        size=size,
        filename=metadata.get("filename") or metadata.get("name"),
        title=metadata.get("title"),
        metadata=request.headers.get("upload-metadata"),
    )
    if with_bytes:
        state = await _append(request, principal, uploads, state.row.id, offset=0)
    return Response(status_code=201, headers=tus.describe(state) | {"Location": f"/api/v1/uploads/{state.row.id}"})


@router.head(
    "/{upload_id}",
    response_class=Response,
    responses=problem_responses(401, 403, 404, 410, 412),
)
async def get_upload(upload_id: str, request: Request, principal: Writer, uploads: Service) -> Response:
    """Tell how many bytes of an upload are here."""
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
async def append_upload(upload_id: str, request: Request, principal: Writer, uploads: Service) -> Response:
    """Add bytes at `Upload-Offset`. The last ones make the video, which the header `Playhead-Video` names."""
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
    responses=problem_responses(401, 403, 404, 409, 412, 423),
)
async def terminate_upload(upload_id: str, request: Request, principal: Writer, uploads: Service) -> Response:
    """Give an upload up and free its bytes (tus termination)."""
    tus.require_version(request.headers)
    await uploads.terminate(principal, upload_id)
    return Response(status_code=204, headers={"Tus-Resumable": tus.VERSION})


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
