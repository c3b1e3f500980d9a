"""What Google's Interactions API says, read without I/O.

Unverified parts are marked in ``docs/guides/generate.md``. A refusal is ``completed`` with text and without video
tokens; video tokens without a video are charged, and mean that the answer has a shape that is not known here.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from playhead.errors import PlayheadError
from playhead.generate.errors import (
    GenerationFailed,
    InputRejected,
    ModelRetired,
    OutOfCredit,
    ProviderKeyRefused,
    RequestRefused,
)
from playhead.generate.provider import RunState, Status
from playhead.generate.providers.refusals import moderated, says_gone

MAX_WORDS = 600
_REFUSED = re.compile(r"SAFETY|PROHIBITED_CONTENT|BLOCKLIST")
_RETIRED = re.compile(
    r"model.{0,80}(not found|no longer|shut down|deprecated|not supported)", re.IGNORECASE | re.DOTALL
)
_STATES: dict[str, RunState] = {"queued": "queued", "in_progress": "running", "cancelled": "canceled"}


def interaction_status(body: Mapping[str, Any]) -> Status:
    """Read an interaction."""
    state = str(body.get("status") or "")
    if state == "completed":
        return _completed(body)
    if state in ("failed", "incomplete", "budget_exceeded", "requires_action"):
        error = _failure(body, state)
        return Status(state="refused" if isinstance(error, RequestRefused) else "failed", words=state, error=error)
    return Status(state=_STATES.get(state, "running"), words=state)


def rejection(status: int, body: Any) -> PlayheadError | None:
    """The error of a submit that was answered 400, 403 or 404; None for any other."""
    said, code = error_words(body), " ".join(_codes(body))
    if "API_KEY_INVALID" in code or status in (401, 403):
        return ProviderKeyRefused(f"Google refused the key: {said}")
    if status not in (400, 404):
        return None
    if _is_refusal(said, code):
        return RequestRefused(f"Google refused it: {said}", of_output=False)
    if status == 404 or says_gone(said):
        return ModelRetired(f"Google does not have this model: {said}")
    return InputRejected(f"Google rejected the request: {said}")


def error_words(body: Any) -> str:
    """The message of ``{"error": {...}}`` or ``[{"error": {...}}]``."""
    text = str(_error(body).get("message") or "no reason given")
    return text if len(text) <= MAX_WORDS else text[: MAX_WORDS - 1] + "…"


def retry_delay_s(body: Any) -> float | None:
    """Seconds of a ``google.rpc.RetryInfo``, whose duration is a text such as ``34s``."""
    for each in _error(body).get("details") or ():
        delay = str(each.get("retryDelay") or "") if isinstance(each, dict) else ""
        if re.fullmatch(r"\d+(\.\d+)?s", delay):
            return float(delay[:-1])
    return None


def _completed(body: Mapping[str, Any]) -> Status:
    results = tuple(_videos(body))
    if results:
        return Status(state="succeeded", words="completed", results=results)
    text = " ".join(_texts(body)).strip()[:MAX_WORDS]
    if _has_video_tokens(body):
        error: PlayheadError = GenerationFailed(
            "Google charged for a video, and its answer holds none that can be read here.",
            hint="Look for it in the console of the provider, and report the version of this server.",
        )
        return Status(state="failed", words="completed", error=error)
    if text:
        error = RequestRefused(f"Google refused it: {text}", of_output=False)
        return Status(state="refused", words="completed", error=error)
    # Seen in September 2026: completed without output or usage, while the video was there. Not a verdict.
    return Status(state="running", words="completed without output")


def _failure(body: Mapping[str, Any], state: str) -> PlayheadError:
    errors = [each for each in body.get("errors") or () if isinstance(each, dict)]
    said = "; ".join(str(each.get("message") or each.get("code") or "") for each in errors)[:MAX_WORDS]
    said = said or " ".join(_texts(body)).strip()[:MAX_WORDS] or "no reason given"
    if _is_refusal(said, " ".join(str(each.get("code")) for each in errors)):
        return RequestRefused(f"Google refused it: {said}", of_output=False)
    if any(each.get("code") == "INVALID_ARGUMENT" for each in errors):
        return InputRejected(f"Google rejected the request: {said}")
    if state == "budget_exceeded":
        return OutOfCredit(f"The budget at Google is used up: {said}")
    return GenerationFailed(f"Google ended it as {state}: {said}")


def _is_refusal(said: str, code: str) -> bool:
    return _REFUSED.search(code) is not None or moderated(said)


def _videos(body: Mapping[str, Any]) -> Iterator[str]:
    for each in _outputs(body):
        if each.get("type") != "video":
            continue
        if each.get("uri"):
            yield str(each["uri"])
        elif each.get("data"):
            yield f"data:{each.get('mime_type') or 'video/mp4'};base64,{each['data']}"


def _texts(body: Mapping[str, Any]) -> Iterator[str]:
    return (str(each.get("text") or "") for each in _outputs(body) if each.get("type") == "text")


def _outputs(body: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for step in body.get("steps") or ():
        if isinstance(step, dict) and step.get("type") == "model_output":
            yield from (each for each in step.get("content") or () if isinstance(each, dict))


def _has_video_tokens(body: Mapping[str, Any]) -> bool:
    counted = (body.get("usage") or {}).get("output_tokens_by_modality") or ()
    return any(
        isinstance(each, dict) and str(each.get("modality")).lower() == "video" and each.get("tokens")
        for each in counted
    )


def _error(body: Any) -> Mapping[str, Any]:
    first = body[0] if isinstance(body, list) and body else body
    error = first.get("error") if isinstance(first, dict) else None
    return error if isinstance(error, dict) else {}


def _codes(body: Any) -> Iterator[str]:
    error = _error(body)
    yield str(error.get("status") or error.get("code") or "")
    yield from (str(each.get("reason") or "") for each in error.get("details") or () if isinstance(each, dict))
