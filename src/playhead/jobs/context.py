"""What a running job is given: durable steps, parts for other workers, progress, a scratch folder."""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar

T = TypeVar("T")


class StepRunner(Protocol):
    """Runs one step and remembers its result."""

    async def __call__(self, name: str, function: Callable[[], Awaitable[Any]], *, retry: bool) -> Any: ...


class ProgressReport(Protocol):
    """Takes progress; raises `JobStopped` when the attempt must end."""

    async def __call__(self, fraction: float, step: str | None) -> None: ...


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a job's work that any worker may do.

    Args:
        name: Unique within the job's run: letters, digits, spaces, ``-``; shown among its steps.
        facts: JSON-safe; what the part's function is given.
        weight: Its share of the work, in seconds, about.
    """

    name: str
    facts: dict[str, Any]
    weight: float = 1.0


PartRun = Callable[["JobContext", dict[str, Any], dict[str, Any]], Awaitable[dict[str, Any]]]
"""Does one part: its own context, the job's arguments, the part's facts. The result must be JSON-safe."""

PartsProgress = Callable[[float], Awaitable[None]]
"""Takes how much of all parts is done, 0 to 1, by weight."""


class Sender(Protocol):
    """Has parts done by the workers there are, and waits for them."""

    async def __call__(self, function: str, parts: Sequence[Part], progress: PartsProgress) -> list[Any]: ...


async def run_once(name: str, function: Callable[[], Awaitable[Any]], *, retry: bool) -> Any:  # noqa: ARG001
    """Run a step without an engine: nothing is recorded, nothing is retried."""
    return await function()


async def tell_nobody(fraction: float, step: str | None) -> None:
    """Drop progress."""


class JobContext:
    """One attempt at one job, as its kind's ``run`` sees it. The defaults (no engine) suit a test.

    Args:
        job_id: Whose attempt this is.
        run: 1, and one more each time a person asks for the job again.
        args: What `Jobs.record` was given.
        work: A scratch folder of this attempt alone; it exists, is empty, and is removed by the runner.
            What a later attempt needs must be in the store when its step ends.
        parts: The functions that `spread` names.
        send: Hands parts to other workers; without it they are done here.
    """

    def __init__(
        self,
        *,
        job_id: str,
        work: Path,
        args: dict[str, Any] | None = None,
        run: int = 1,
        run_step: StepRunner = run_once,
        report: ProgressReport = tell_nobody,
        parts: Mapping[str, PartRun] | None = None,
        send: Sender | None = None,
    ) -> None:
        self.job_id = job_id
        self.run = run
        self.args = args or {}
        self.work = work
        self._run_step = run_step
        self._report = report
        self._parts = parts or {}
        self._send = send

    async def step(self, name: str, function: Callable[..., Awaitable[T]], *args: Any, retry: bool = True) -> T:
        """Run a part of the job once; after a crash its recorded result is given instead.

        The steps of a job must come in the same order with the same names each time. A step that was cut
        off is run again from its beginning, so it writes under names that it may overwrite.

        Args:
            function: Its result must be JSON-safe; tuples come back as lists, on the first run too.
            retry: Whether to run it again when its error says ``backoff``: three times in all, after
                2 and 6 s.

        Raises:
            JobStopped: the job was canceled or is run by another worker now.
        """

        async def json_safe() -> Any:
            return json.loads(json.dumps(await function(*args)))

        result: T = await self._run_step(name, json_safe, retry=retry)
        return result

    async def progress(self, fraction: float, step: str | None = None) -> None:
        """Show how far the job is, 0 to 1, and what it does in a few words; written at most once a second.

        Raises:
            JobStopped: as `step`; let it pass, and end children in ``finally``.
        """
        await self._report(fraction, step)

    async def spread(
        self, name: str, function: str, parts: Sequence[Part], *, progress: PartsProgress
    ) -> list[dict[str, Any]]:
        """Have parts done side by side, each on any worker with a free slot; wait for all.

        It is one step of this job, and each part is a run of its own with steps of its own: what is done stays done
        when its worker dies or this one does. One part alone is done here, within this job's steps.

        Args:
            name: Of the step.
            function: The name of one of the kind's ``parts``, which does each of them.
            progress: Called about twice a second; the job's own `progress` is to be told from it.

        Returns:
            Their results, in the order of *parts*.

        Raises:
            PartFailed: with the facts of the first that failed; the others are canceled.
            JobStopped: as `step`.
        """
        send = self._send
        if send is None or len(parts) < 2:
            return await self._do_here(function, parts, progress)

        async def sent() -> Any:
            return await send(function, parts, progress)

        results: list[dict[str, Any]] = await self._run_step(name, sent, retry=False)
        return results

    async def _do_here(self, function: str, parts: Sequence[Part], progress: PartsProgress) -> list[dict[str, Any]]:
        results, done, total = [], 0.0, sum(part.weight for part in parts) or 1.0
        for part in parts:
            context = JobContext(
                job_id=self.job_id,
                run=self.run,
                args=self.args,
                work=self.work,
                run_step=self._run_step,
                report=_share_of(progress, done / total, part.weight / total),
            )
            results.append(await self._parts[function](context, self.args, part.facts))
            done += part.weight
        return results


def _share_of(progress: PartsProgress, begin: float, share: float) -> ProgressReport:
    async def report(fraction: float, step: str | None) -> None:  # noqa: ARG001
        await progress(begin + share * min(1.0, fraction))

    return report
