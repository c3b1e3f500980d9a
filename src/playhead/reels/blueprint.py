"""A stitch plan with the digests of all that it has rendered: an object beside the job, for whoever does a part."""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from playhead.storage.store import Store

if TYPE_CHECKING:
    from playhead.media.stitch.plan import StitchPlan
    from playhead.media.stitch.tasks import RenderTask

PART_S = 8.0
"""Seconds of work that a part should have at least: to hand one over costs about half a second."""


@dataclass(frozen=True, slots=True)
class Blueprint:
    """What a job renders and joins.

    Attributes:
        tasks: All of the plan's, by name, in order.
        digests: What each one's piece is kept under.
    """

    plan: "StitchPlan"
    tasks: "Mapping[str, RenderTask]"
    digests: Mapping[str, str]

    @classmethod
    def of(cls, plan: "StitchPlan", sha256: Mapping[str, str]) -> "Blueprint":
        """Draw it from a plan and the hashes of its videos."""
        from playhead.media.stitch.tasks import render_tasks
        from playhead.reels.renders import digests_of

        tasks = render_tasks(plan)
        return cls(plan, {task.name: task for task in tasks}, digests_of(plan, tasks, sha256))

    @classmethod
    async def read(cls, store: Store, key: str) -> "Blueprint":
        """Read it from the store.

        Raises:
            ObjectNotFound: the job has ended.
        """
        from playhead.media.stitch.plan import StitchPlan
        from playhead.media.stitch.tasks import render_tasks

        facts = await read_json(store, key)
        plan = StitchPlan.from_dict(facts["plan"])
        return cls(plan, {task.name: task for task in render_tasks(plan)}, facts["digests"])

    async def write(self, store: Store, key: str) -> None:
        """Write it to the store."""
        await write_json(store, key, {"plan": self.plan.to_dict(), "digests": dict(self.digests)})

    def missing(self, held: set[str]) -> "list[RenderTask]":
        """What is still to be rendered, in order; each piece once, however many clips show it."""
        wanted: dict[str, RenderTask] = {}
        for name, task in self.tasks.items():
            if self.digests[name] not in held:
                wanted.setdefault(self.digests[name], task)
        track = next((task for task in wanted.values() if task.kind == "track"), None)
        if track is None and any(task.kind == "track" for task in self.tasks.values()):
            # The whole track is there: what it was made of need not be.
            return [task for task in wanted.values() if task.kind != "samples"]
        return list(wanted.values())


def portions(tasks: "Sequence[RenderTask]") -> "list[list[RenderTask]]":
    """Divide tasks, in order, into parts that are worth handing over."""
    found: list[list[RenderTask]] = []
    weight = PART_S
    for task in tasks:
        if weight >= PART_S:
            found.append([])
            weight = 0.0
        found[-1].append(task)
        weight += task.weight
    return found


async def write_json(store: Store, key: str, facts: Any) -> None:
    """Write an object of JSON."""

    async def once() -> AsyncIterator[bytes]:
        yield json.dumps(facts, separators=(",", ":")).encode()

    await store.write(key, once())


async def read_json(store: Store, key: str) -> Any:
    """Read one.

    Raises:
        ObjectNotFound: nothing has this key.
    """
    return json.loads(b"".join([chunk async for chunk in store.read(key)]))
