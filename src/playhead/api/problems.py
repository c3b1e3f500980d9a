"""Error responses: one shape for all of them, ``application/problem+json`` (RFC 9457)."""

import json
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from playhead.errors import PlayheadError
from playhead.kit.ids import new_id

MEDIA_TYPE = "application/problem+json"

log = structlog.get_logger(__name__)

_CODES = {
    400: "bad_request",
    404: "not_found",
    405: "method_not_allowed",
    413: "body_too_large",
    415: "unsupported_media_type",
}


class ProblemField(BaseModel):
    """One field of a malformed request."""

    loc: list[str | int] = Field(description="Where: `body`, `query`, `path` or `header`, then the names down to it.")
    msg: str


class Problem(BaseModel):
    """What went wrong (RFC 9457)."""

    type: str = Field(description="Same for every problem of one `code`.")
    title: str = Field(description="Same for every problem of one `code`, for people.")
    status: int
    detail: str = Field(description="What happened this time, to which id, with the numbers.")
    instance: str = Field(description="Path of the request.")
    code: str = Field(description="Stable name of the problem, for programs.")
    request_id: str
    hint: str | None = Field(default=None, description="What to do next, where there is something.")
    errors: list[ProblemField] | None = Field(default=None, description="The fields that are wrong, with 422.")


class ProblemResponse(JSONResponse):
    """A problem as bytes; it may quote what a caller sent, so text that is not UTF-8 must not fail here."""

    media_type = MEDIA_TYPE

    def render(self, content: Any) -> bytes:
        return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def problem_responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Describe the errors of a route: ``responses=problem_responses(401, 404)``."""
    return {status: {"model": Problem, "description": HTTPStatus(status).phrase} for status in statuses}


def problem_response(
    request: Request,
    *,
    status: int,
    code: str,
    title: str,
    detail: str,
    hint: str | None = None,
    headers: dict[str, str] | None = None,
    extra: dict[str, Any] | None = None,
) -> JSONResponse:
    """Answer with a problem; never cached.

    Args:
        extra: More members, such as ``errors`` or ``projects`` (RFC 9457 section 3.2).
    """
    body: dict[str, Any] = {
        "type": f"urn:playhead:problem:{code}",
        "title": title,
        "status": status,
        "detail": detail,
        "instance": request.url.path,
        "code": code,
        "request_id": getattr(request.state, "request_id", None) or new_id("req"),
    }
    if hint is not None:
        body["hint"] = hint
    body.update(extra or {})
    return ProblemResponse(body, status, headers={**(headers or {}), "Cache-Control": "no-store"})


def answer_problems(app: FastAPI) -> None:
    """Make every error that leaves a route of this app a problem, and say so in its OpenAPI."""
    app.add_exception_handler(PlayheadError, _playhead_error)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(HTTPException, _http_exception)
    app.add_exception_handler(Exception, _unforeseen)
    _describe_problems(app)


async def _playhead_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, PlayheadError)
    if error.status >= 500 and error.fault != "caller":
        # Where others failed, our stack says nothing; and an outage of the store fails every request of every viewer.
        stack = error if error.fault == "us" else None
        log.error("request_failed", code=error.code, fault=error.fault, detail=error.detail, exc_info=stack)
    return problem_response(
        request,
        status=error.status,
        code=error.code,
        title=error.title,
        detail=error.detail,
        hint=error.hint,
        headers=error.headers,
        extra=getattr(error, "extra", None),
    )


async def _malformed(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    # Never the input itself: it may be a password.
    fields = [{"loc": list(found["loc"]), "msg": _message(found)} for found in error.errors()]
    first = fields[0] if fields else {"loc": [], "msg": "unreadable"}
    where = ".".join(str(part) for part in first["loc"])
    others = f" (and {len(fields) - 1} more)" if len(fields) > 1 else ""
    return problem_response(
        request,
        status=422,
        code="malformed_request",
        title="The request is malformed",
        detail=f"{where} cannot be used: {first['msg']}{others}.",
        extra={"errors": fields},
    )


_PLAIN = {"missing": "It is missing", "extra_forbidden": "There is no such field"}


def _message(found: dict[str, Any]) -> str:
    """What is wrong with a field, without pydantic's own words around a message of ours."""
    if found["type"] == "string_too_short" and found["ctx"]["min_length"] == 1:
        return "It is empty"
    if found["type"] in _PLAIN:
        return _PLAIN[found["type"]]
    return str(found["msg"]).removeprefix("Value error, ").rstrip(".")


async def _http_exception(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    phrase = HTTPStatus(error.status_code).phrase
    return problem_response(
        request,
        status=error.status_code,
        code=_CODES.get(error.status_code, "http_error"),
        title=phrase,
        detail=str(error.detail or phrase),
        headers=dict(error.headers or {}),
    )


async def _unforeseen(request: Request, error: Exception) -> JSONResponse:
    log.error("request_crashed", path=request.url.path, exc_info=error)
    return problem_response(
        request,
        status=500,
        code=PlayheadError.code,
        title=PlayheadError.title,
        detail="The request failed for an unforeseen reason.",
        hint="Look for the request id in the log.",
    )


def _describe_problems(app: FastAPI) -> None:
    """Rewrite the generated OpenAPI: problems under their own media type, also for 422."""
    generate = app.openapi

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = with_problems(generate())
        return app.openapi_schema

    app.openapi = described  # type: ignore[method-assign]


_CONTENT: dict[str, Any] = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}


def with_problems(openapi: dict[str, Any]) -> dict[str, Any]:
    """Put every described error under ``application/problem+json`` with the shape of a problem."""
    for path, operations in openapi.get("paths", {}).items():
        for operation in operations.values():
            if not isinstance(operation, dict):
                continue
            responses = operation.setdefault("responses", {})
            for status in _always_possible(path, operation):
                responses.setdefault(str(status), problem_responses(status)[status] | {"content": _CONTENT})
                responses[str(status)].pop("model", None)
            for status, response in responses.items():
                if status == "422":
                    response["description"] = "Unprocessable Content"
                if status == "422" or _is_problem(response):
                    reference = {"$ref": "#/components/schemas/Problem"}
                    response["content"] = {MEDIA_TYPE: {"schema": reference}}
    schemas = openapi.setdefault("components", {}).setdefault("schemas", {})
    schemas.pop("HTTPValidationError", None)
    schemas.pop("ValidationError", None)
    if "Problem" not in schemas:
        shape = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas.update(shape.pop("$defs", {}))
        schemas["Problem"] = shape
    return openapi


def _always_possible(path: str, operation: dict[str, Any]) -> list[int]:
    """Statuses that every route may answer: a body that is not JSON or too long, a database that is unavailable."""
    body = [400, 413] if "requestBody" in operation else []
    return body + ([503] if path.startswith("/api/") else [])


def _is_problem(response: dict[str, Any]) -> bool:
    contents = response.get("content", {}).values()
    return any(each.get("schema", {}).get("$ref", "").endswith("/Problem") for each in contents)
