"""A provider's status as JSON: what a callback said of a request that cannot be polled. Pure."""

from typing import Any, cast

from playhead.errors import PlayheadError
from playhead.generate.errors import GenerationFailed, RequestRefused
from playhead.generate.provider import RunState, Status


def status_to_dict(status: Status) -> dict[str, Any]:
    """JSON-safe form."""
    error = status.error
    return {
        "state": status.state,
        "words": status.words,
        "progress": status.progress,
        "cost_micros": status.cost_micros,
        "results": list(status.results),
        "error": None if error is None else {"code": error.code, "detail": error.detail, "hint": error.hint},
    }


def status_from_dict(stored: dict[str, Any]) -> Status:
    """Read what `status_to_dict` made."""
    state = cast("RunState", stored["state"])
    return Status(
        state=state,
        words=str(stored.get("words") or ""),
        progress=stored.get("progress"),
        cost_micros=stored.get("cost_micros"),
        results=tuple(stored.get("results") or ()),
        error=_error(state, stored["error"]) if stored.get("error") else None,
    )


def _error(state: RunState, facts: dict[str, Any]) -> PlayheadError:
    if state == "refused":
        return RequestRefused(facts["detail"], of_output=True, hint=facts["hint"])
    return GenerationFailed(facts["detail"], hint=facts["hint"], code=facts["code"])
