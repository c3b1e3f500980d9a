"""The context of a running job: durable steps, fan-out over workers, progress, a scratch folder."""

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
        facts: JSON-safe arguments of the part's function.
        weight: Its share of the work, in seconds, about.
    """

    name: str
    facts: dict[str, Any]
    weight: float = 1.0


PartRun = Callable[["JobContext", dict[str, Any], dict[str, Any]], Awaitable[dict[str, Any]]]
"""Does one part: its own context, the job's arguments, the part's facts. The result must be JSON-safe."""

PartsProgress = Callable[[float], Awaitable[None]]
"""Takes the share of all parts that is done, 0 to 1, by weight."""


class PartsRunner(Protocol):
    """Runs parts on all workers and waits for their results."""

    async def __call__(self, function: str, parts: Sequence[Part], progress: PartsProgress) -> list[Any]: ...


async def run_once(name: str, function: Callable[[], Awaitable[Any]], *, retry: bool) -> Any:  # noqa: ARG001
    """Run a step without an engine: nothing is recorded, nothing is retried."""
    return await function()


async def report_nothing(fraction: float, step: str | None) -> None:
    """Drop progress."""


class JobContext:
    """The context of one attempt, passed to its kind's ``run``. The defaults (no engine) suit a test.

    Args:
        job_id: Job of this attempt.
        run: Number of the run, from 1; a retry by a person is the next one.
        args: Arguments of `Jobs.record`.
        work: A scratch folder of this attempt alone; it exists, is empty, and is removed by the runner.
            What a later attempt needs must be in the store when its step ends.
        parts: The functions that `fan_out` names.
        run_parts: Runs parts on all workers; without it they run here.
    """

    def __init__(
        self,
        *,
        job_id: str,
        work: Path,
        args: dict[str, Any] | None = None,
        run: int = 1,
        run_step: StepRunner = run_once,
        report: ProgressReport = report_nothing,
        parts: Mapping[str, PartRun] | None = None,
        run_parts: PartsRunner | None = None,
    ) -> None:
        self.job_id = job_id
        self.run = run
        self.args = args or {}
        self.work = work
        self._run_step = run_step
        self._report = report
        self._parts = parts or {}
        self._run_parts = run_parts

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
        """Report progress, 0 to 1, and the current activity in a few words; written at most once a second.

        Raises:
            JobStopped: as `step`; let it pass, and end children in ``finally``.
        """
        await self._report(fraction, step)

    async def fan_out(
        self, name: str, function: str, parts: Sequence[Part], *, progress: PartsProgress
    ) -> list[dict[str, Any]]:
        """Run parts in parallel, each on any worker with a free slot, and wait for all.

        The fan-out is one step of this job, and each part is a run with steps of its own: a finished part is kept when
        its worker or this one dies. A single part runs here, within this job's steps.

        Args:
            name: Of the step.
            function: The name of one of the kind's ``parts``, which does each of them.
            progress: Called about twice a second; the caller maps it to the job's own `progress`.

        Returns:
            Their results, in the order of *parts*.

        Raises:
            PartFailed: with the facts of the first that failed; the others are canceled.
            JobStopped: as `step`.
        """
        run_parts = self._run_parts
        if run_parts is None or len(parts) < 2:
            return await self._run_here(function, parts, progress)

        async def fanned_out() -> Any:
            return await run_parts(function, parts, progress)

        results: list[dict[str, Any]] = await self._run_step(name, fanned_out, retry=False)
        return results

    async def _run_here(self, function: str, parts: Sequence[Part], progress: PartsProgress) -> list[dict[str, Any]]:
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
