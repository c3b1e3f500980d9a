"""What fal's queue, results and webhooks say, read without I/O.

The queue has no state for a failure: ``COMPLETED`` may carry ``error`` and ``error_type``, or only the result says 422
with ``detail``: a text, or a list of ``{loc, msg, type}``.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from playhead.errors import PlayheadError
from playhead.generate.errors import DeadlinePassed, GenerationFailed, InputRejected, RequestRefused
from playhead.generate.provider import RunState, Status
from playhead.generate.providers.refusals import moderated, refused_output

MAX_WORDS = 600
MAX_ENTRIES = 10
_DEPTH = 6
_VIDEO_NAMES = ("video", "videos")
_VIDEO_URLS = ("video", "video_url")


def queue_status(body: Mapping[str, Any], headers: Mapping[str, str]) -> Status | None:
    """Read the answer of a status URL; None for a request that is complete and whose result says how it ended."""
    state = str(body.get("status") or "")
    if state == "IN_QUEUE":
        position = body.get("queue_position")
        return Status(state="queued", words=state if position is None else f"{state}, position {position}")
    if state != "COMPLETED":
        return Status(state="running", words=state)
    error_type = str(body.get("error_type") or headers.get("x-fal-error-type") or "")
    if body.get("error") or error_type:
        return ended(body.get("error") or body.get("detail"), error_type)
    return None


def ended(detail: Any, error_type: str = "") -> Status:
    """The final status of a request that failed, was refused or canceled."""
    if "cancel" in error_type:
        return Status(state="canceled", words=error_type)
    error = failure(detail, error_type)
    state: RunState = "refused" if isinstance(error, RequestRefused) else "failed"
    return Status(state=state, words=error_type or "COMPLETED", error=error)


def succeeded(payload: Any) -> Status:
    """The final status of a request with a result."""
    results = result_urls(payload)
    if results:
        return Status(state="succeeded", words="COMPLETED", results=results)
    error = GenerationFailed(
        "fal reports success, but its result has no file.",
        hint="It was charged, perhaps. The model may make no video: choose another one.",
    )
    return Status(state="failed", words="COMPLETED", error=error)


def payload_facts(said: Mapping[str, Any]) -> dict[str, Any] | None:
    """What a webhook says of the end, short enough to be kept; None where it says nothing that can be used.

    `status_of_facts` reads it.
    """
    payload = said.get("payload")
    if said.get("status") == "OK":
        results = result_urls(payload)
        return {"results": list(results)} if results and not said.get("payload_error") else None
    if said.get("status") != "ERROR":
        return None
    detail = payload.get("detail") if isinstance(payload, dict) else None
    return {"failed": _short(detail) or words(said.get("error")) or "no reason given"}


def status_of_facts(facts: Mapping[str, Any]) -> Status | None:
    """The final status that a webhook gave a reference; None for one that must be asked for."""
    if "results" in facts:
        return Status(state="succeeded", words="COMPLETED", results=tuple(facts["results"]))
    return ended(facts["failed"]) if "failed" in facts else None


def failure(detail: Any, error_type: str = "") -> PlayheadError:
    """The error of a request that ended badly, in fal's words."""
    said = words(detail) or error_type or "no reason given"
    if moderated(" ".join((said, error_type, *_types(detail)))):
        of_output = refused_output(said) and not _names_input(detail)
        return RequestRefused(f"fal refused it: {said}", of_output=of_output)
    if error_type in ("request_timeout", "startup_timeout"):
        return DeadlinePassed(f"fal gave up waiting: {said}")
    if _names_input(detail):
        return InputRejected(f"fal rejected the request: {said}")
    return GenerationFailed(f"fal failed: {said}")


def words(detail: Any) -> str:
    """A detail in one line; what was sent (``input``) is left out."""
    if isinstance(detail, list):
        text = "; ".join(filter(None, (_entry(each) for each in detail)))
    elif isinstance(detail, dict):
        text = words(detail.get("detail")) or str(detail.get("msg") or detail.get("message") or "")
    else:
        text = str(detail or "")
    return text if len(text) <= MAX_WORDS else text[: MAX_WORDS - 1] + "…"


def is_verdict(detail: Any) -> bool:
    """Whether a 5xx of a result was written by the model, which ran and failed, not by something on the way."""
    return bool(_types(detail))


def result_urls(payload: Any) -> tuple[str, ...]:
    """URLs of the files of a result, videos first, each once.

    The output's shape is the model's own: ``{"video": {"url"}}`` as a rule. Some answers wrap it in ``response``.
    """
    if isinstance(payload, dict) and isinstance(payload.get("response"), dict):
        payload = payload["response"]
    found = list(_files(payload, (), _DEPTH))
    videos = [url for url, is_video in found if is_video]
    return tuple(dict.fromkeys([*videos, *(url for url, _ in found)]))


def _files(value: Any, path: tuple[str, ...], depth: int) -> Iterator[tuple[str, bool]]:
    if depth == 0:
        return
    if isinstance(value, dict):
        url = value.get("url")
        if isinstance(url, str) and url.startswith(("https://", "http://", "data:")):
            yield url, _is_video(path, str(value.get("content_type") or ""))
        for name, each in value.items():
            if name in _VIDEO_URLS and isinstance(each, str):
                yield each, True
            yield from _files(each, (*path, str(name)), depth - 1)
    elif isinstance(value, list):
        for each in value:
            yield from _files(each, path, depth - 1)


def _is_video(path: tuple[str, ...], content_type: str) -> bool:
    return content_type.startswith("video/") or bool(path and path[-1] in _VIDEO_NAMES)


def _entry(entry: Any) -> str:
    if not isinstance(entry, dict):
        return str(entry)
    place = ".".join(str(each) for each in entry.get("loc") or ())
    text = str(entry.get("msg") or entry.get("type") or "")
    return f"{place}: {text}" if place else text


def _short(detail: Any) -> Any:
    if not isinstance(detail, list):
        return words(detail)
    kept = ("loc", "msg", "type")
    return [{name: each.get(name) for name in kept} for each in detail[:MAX_ENTRIES] if isinstance(each, dict)]


def _types(detail: Any) -> list[str]:
    if isinstance(detail, dict):
        detail = detail.get("detail")
    entries = detail if isinstance(detail, list) else []
    return [str(each["type"]) for each in entries if isinstance(each, dict) and each.get("type")]


def _names_input(detail: Any) -> bool:
    if isinstance(detail, dict):
        detail = detail.get("detail")
    entries = detail if isinstance(detail, list) else []
    return any(isinstance(each, dict) and "body" in (each.get("loc") or ()) for each in entries)
