"""Kinds of job: what runs, on which queue, and the hooks of its transitions."""

from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy.ext.asyncio import AsyncSession

from playhead.jobs.context import JobContext, PartRun
from playhead.jobs.failure import JobError
from playhead.jobs.tables import JobRow

MAX_RECOVERIES = 3
"""Recoveries of one run; after its fourth lost worker it fails."""

QueueName = Literal["media", "ingest", "system", "live", "remote"]


@dataclass(frozen=True, slots=True)
class StepRecord:
    """The record of one step of a run.

    Args:
        output: Its result, as JSON reads it; None when it failed.
        is_part: Whether it is a part of a `JobContext.fan_out`.
    """

    name: str
    output: Any = None
    is_part: bool = False


async def no_hook(*_: Any) -> None:
    """No hook: does nothing."""


async def name_as_is(session: AsyncSession, job: JobRow, steps: Sequence[StepRecord]) -> list[str]:  # noqa: ARG001
    """Title steps after their names."""
    return [step.name[:1].upper() + step.name[1:] for step in steps]


async def no_subjects(session: AsyncSession, project_ids: Collection[str]) -> dict[str, str]:  # noqa: ARG001
    """No subjects: groups say only how many jobs they hold."""
    return {}


StepTitles = Callable[[AsyncSession, JobRow, Sequence[StepRecord]], Awaitable[list[str]]]


Subjects = Callable[[AsyncSession, Collection[str]], Awaitable[dict[str, str]]]


def step_titles(**titles: str) -> StepTitles:
    """Title steps that have fixed names."""

    async def give(session: AsyncSession, job: JobRow, steps: Sequence[StepRecord]) -> list[str]:  # noqa: ARG001
        return [titles.get(step.name, step.name.capitalize()) for step in steps]

    return give


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class JobKind:
    """One kind of job. Each hook runs in the transaction that changes the job's state, so exactly once.

    A hook uses only the session it is given, and is quick. When `on_succeeded` raises, the job fails instead.

    Args:
        name: Stable; stored in rows. Never rename one that has been released.
        queue: ``media`` has few slots (encoding), ``ingest`` and ``system`` are for what ends soon, ``live`` for what
            waits most of its time and lasts for hours, ``remote`` for what waits for services outside.
        run: Does the work; its result must be JSON-safe.
        recoveries: How often another worker takes a run over from one that died, before it fails.
        goes_last: Whether other kinds of its queue go first, within bounds (`priorities`).
        parts: Functions of `JobContext.fan_out`, by name; as stable as the kind's.
        on_succeeded: Called with the result of `run`.
        on_failed: Called with why.
        on_canceled: Called in the canceling request (or by the reconciler).
        on_retried: Called when a person runs a failed or canceled job again.
        title: Word for it wherever people see it; by default the name with a capital.
        doing: What it does while it runs, for a video's activity: ``Making renditions``; by default the title.
        done: The same once it has succeeded: ``Made renditions``.
        of: What stands between that and the title of a job: ``Made renditions of Harbour``; None where the title
            says nothing more.
        folds: Whether lists show jobs of this kind that were recorded soon after one another as one: all of an owner's,
            or those of one project.
        things: What several of them are counted as: ``Prepared 12 videos``.
        subjects: Titles of what groups of one project are about, by project: ``Generated 3 takes of Harbour``.
        background: Whether lists fold it away, as a job that no person requested.
        step_titles: Says in words for people what recorded steps did, one title for each, also for steps that an
            earlier version recorded.
    """

    name: str
    queue: QueueName
    run: Callable[[JobContext, dict[str, Any]], Awaitable[dict[str, Any]]]
    title: str = ""
    doing: str = ""
    done: str = ""
    of: str | None = ""
    folds: Literal["owner", "project"] | None = None
    things: str = "jobs"
    subjects: Subjects = no_subjects
    background: bool = False
    recoveries: int = MAX_RECOVERIES
    goes_last: bool = False
    parts: Mapping[str, PartRun] = field(default_factory=dict)
    on_succeeded: Callable[[AsyncSession, JobRow, dict[str, Any]], Awaitable[None]] = no_hook
    on_failed: Callable[[AsyncSession, JobRow, JobError], Awaitable[None]] = no_hook
    on_canceled: Callable[[AsyncSession, JobRow], Awaitable[None]] = no_hook
    on_retried: Callable[[AsyncSession, JobRow], Awaitable[None]] = no_hook
    step_titles: StepTitles = name_as_is

    def __post_init__(self) -> None:
        title = self.title or self.name.capitalize()
        for name, words in (("title", title), ("doing", self.doing or title), ("done", self.done or title)):
            object.__setattr__(self, name, words)  # it is frozen

    def sentence(self, title: str, *, count: int = 1, is_done: bool, subject: str | None = None) -> str:
        """What one job or a group of them does or did: ``Stitched Demo reel``, ``Preparing 12 videos``.

        Args:
            title: Of the job; not used for several.
            subject: What several are about.
        """
        verb = self.done if is_done else self.doing
        if count > 1:
            what = " ".join(filter(None, (verb, self.of, f"{count} {self.things}")))
            return what + (f" of {subject}" if subject else "")
        return verb if self.of is None else " ".join(filter(None, (verb, self.of, title)))


class JobKinds:
    """The kinds of one process; the API and the workers register the same ones."""

    def __init__(self, *kinds: JobKind) -> None:
        self._kinds: dict[str, JobKind] = {}
        for kind in kinds:
            self.register(kind)

    def register(self, kind: JobKind) -> None:
        """Add a kind.

        Raises:
            ValueError: the name is taken.
        """
        if kind.name in self._kinds:
            raise ValueError(f"two kinds of job are named {kind.name!r}")
        self._kinds[kind.name] = kind

    def get(self, name: str) -> JobKind:
        """Find a kind.

        Raises:
            LookupError: it is not registered.
        """
        try:
            return self._kinds[name]
        except KeyError:
            raise LookupError(f"no kind of job is named {name!r}") from None

    def on(self, queue: QueueName) -> list[JobKind]:
        """The kinds of a queue."""
        return [kind for kind in self if kind.queue == queue]

    def __iter__(self) -> Iterator[JobKind]:
        return iter(self._kinds.values())
