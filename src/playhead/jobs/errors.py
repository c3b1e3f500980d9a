"""What can go wrong with a job, as its callers see it."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from playhead.errors import Conflict, InvalidInput, NotFound, Unavailable


class JobNotFound(NotFound):
    """No job has this id."""

    code = "job_not_found"
    title = "Job not found"


class JobKindUnknown(InvalidInput):
    """Jobs of a kind that this server does not have."""

    code = "job_kind_unknown"
    title = "Unknown job kind"

    def __init__(self, kind: str, known: Mapping[str, str]) -> None:
        words = {word.lower(): name for name, word in known.items()} | {name: name for name in known}
        near = get_close_matches(kind.lower(), words, n=1)
        meant = f"Did you mean {words[near[0]]}? " if near else ""
        listed = ", ".join(name if name == word.lower() else f"{name} ({word})" for name, word in sorted(known.items()))
        super().__init__(f"No kind of job is named {kind!r}.", hint=f"{meant}There are {listed}.")


class JobNotRunning(Conflict):
    """Only a job that is queued or running can be canceled."""

    code = "job_not_running"
    title = "This job has already ended"


class JobNotFailed(Conflict):
    """Only a job that failed or was canceled can be run again."""

    code = "job_not_failed"
    title = "This job cannot be run again"


class JobSuperseded(Conflict):
    """Another job does the same already."""

    code = "job_superseded"
    title = "Superseded by another job"


class EngineUnavailable(Unavailable):
    """The job engine's database does not answer, or no worker has ever run on it."""

    code = "job_engine_unavailable"
    title = "The job engine does not answer"


class PartFailed(Exception):
    """A part of a job failed; ``data`` holds why, as `JobError.to_dict` gives it, where `describe` finds it."""

    def __init__(self, name: str, data: dict[str, Any]) -> None:
        super().__init__(f"{name}: {data['message']}")
        self.data = data


class JobStopped(BaseException):
    """This attempt must end: its job was canceled, or another worker runs it now.

    Not an ``Exception``, so that no step takes it for a failure of its own work and carries on.
    """
