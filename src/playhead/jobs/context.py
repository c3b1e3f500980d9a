"""What a running job is given: durable steps, progress, a scratch folder."""

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Protocol, TypeVar

T = TypeVar("T")


class StepRunner(Protocol):
    """Runs one step and remembers its result."""

    async def __call__(self, name: str, function: Callable[[], Awaitable[Any]], *, retry: bool) -> Any: ...


class ProgressReport(Protocol):
    """Takes progress; raises `JobStopped` when the attempt must end."""

    async def __call__(self, fraction: float, step: str | None) -> None: ...


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
    ) -> None:
        self.job_id = job_id
        self.run = run
        self.args = args or {}
        self.work = work
        self._run_step = run_step
        self._report = report

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
