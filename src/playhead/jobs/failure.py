"""The error of a failed job, as its row keeps it."""

import errno
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from playhead.errors import PlayheadError

LOG_TAIL_LIMIT = 8_000
"""Characters kept of a child's last lines: about 60 of ffmpeg's, enough to see the cause."""


@dataclass(frozen=True, slots=True)
class JobError:
    """The error of a failed job. ``retryable``: trying again without a change has a chance."""

    code: str
    message: str
    hint: str | None = None
    retryable: bool = False
    log_tail: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Write it JSON-safe."""
        return asdict(self)

    @classmethod
    def from_dict(cls, facts: dict[str, Any]) -> "JobError":
        """Read it back."""
        return cls(**facts)


NO_ROOM = JobError(
    "disk_full",
    "No room is left on the disk of the worker.",
    hint="Free some space, then run it again.",
)

_FULL = {errno.ENOSPC, errno.EDQUOT}


def describe(error: BaseException) -> JobError:
    """Find an error's facts: of a `PlayheadError`, or recorded before a crash, or a plain sentence."""
    for cause in _causes(error):
        if isinstance(cause, PlayheadError):
            return _of_ours(cause)
        recorded = getattr(cause, "data", None)
        if isinstance(recorded, dict) and {"code", "message"} <= recorded.keys():
            return JobError.from_dict(recorded)
        if isinstance(cause, OSError) and cause.errno in _FULL:
            return NO_ROOM
    return JobError(
        "internal_error",
        "Something went wrong in Playhead while this job ran.",
        hint="Run it again. If it fails again, the worker's log has the details under this job's id.",
        retryable=True,
    )


def attach_facts(error: Exception) -> None:
    """Put the facts where the engine's recorder finds them, for a worker that takes over later."""
    if not hasattr(error, "data"):
        error.data = describe(error).to_dict()  # type: ignore[attr-defined]


def is_retryable(error: BaseException) -> bool:
    """Whether the error's own ``retry`` fact allows another try of a step."""
    return isinstance(error, PlayheadError) and error.retry == "backoff"


def _causes(error: BaseException) -> Iterator[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            yield from _causes(inner)
    else:
        yield error


def _of_ours(error: PlayheadError) -> JobError:
    tail = getattr(error, "log_tail", None)
    return JobError(
        error.code,
        error.detail,
        hint=error.hint,
        retryable=error.retry == "backoff",
        log_tail=str(tail)[-LOG_TAIL_LIMIT:] if tail else None,
    )
