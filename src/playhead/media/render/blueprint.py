"""A stitch plan with the digests of everything that it renders: what any worker needs to render a part of it."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from playhead.media.render.plan import StitchPlan
from playhead.media.render.tasks import TEXT, RenderTask, clip_samples, own_source, render_tasks
from playhead.media.text.identity import text_identity


@dataclass(frozen=True, slots=True)
class Blueprint:
    """What is rendered and merged.

    Attributes:
        tasks: All of the plan's, by name, in order.
        digests: Digest of each task's piece, by the name of the task.
    """

    plan: StitchPlan
    tasks: Mapping[str, RenderTask]
    digests: Mapping[str, str]

    @classmethod
    def of(cls, plan: StitchPlan, hashes: Mapping[str, str]) -> Self:
        """Blueprint of a plan.

        Args:
            hashes: Identity of the bytes of each video, by its id.
        """
        tasks = render_tasks(plan)
        return cls(plan, {task.name: task for task in tasks}, digests_of(plan, tasks, hashes))

    def to_dict(self) -> dict[str, Any]:
        """JSON-safe."""
        return {"plan": self.plan.to_dict(), "digests": dict(self.digests)}

    @classmethod
    def from_dict(cls, facts: Mapping[str, Any]) -> Self:
        """The inverse of `to_dict`."""
        plan = StitchPlan.from_dict(facts["plan"])
        return cls(plan, {task.name: task for task in render_tasks(plan)}, facts["digests"])

    def pieces(self, *kinds: str) -> dict[str, str]:
        """Digests of the pieces of some kinds, by the name of the task."""
        return {name: self.digests[name] for name, task in self.tasks.items() if task.kind in kinds}

    def missing(self, held: Collection[str]) -> list[RenderTask]:
        """Tasks that are still to be done, in order; each piece once, however many clips show it."""
        wanted: dict[str, RenderTask] = {}
        for name, task in self.tasks.items():
            if self.digests[name] not in held:
                wanted.setdefault(self.digests[name], task)
        track = next((task for task in wanted.values() if task.kind == "track"), None)
        if track is None and any(task.kind == "track" for task in self.tasks.values()):
            # The whole track is there: what it was made of need not be.
            return [task for task in wanted.values() if task.kind not in ("samples", "music")]
        return list(wanted.values())


def batches(tasks: Sequence[RenderTask], least_s: float) -> list[list[RenderTask]]:
    """Tasks in order, grouped into batches of at least *least_s* seconds of work."""
    found: list[list[RenderTask]] = []
    weight = least_s
    for task in tasks:
        if weight >= least_s:
            found.append([])
            weight = 0.0
        found[-1].append(task)
        weight += task.weight
    return found


def identity_of(name: str, hashes: Mapping[str, str]) -> str:
    """Identity of a source, or of what draws words: the packaged font unless said otherwise."""
    if name == TEXT and TEXT not in hashes:
        return text_identity()
    return hashes[name]


def digests_of(plan: StitchPlan, tasks: Sequence[RenderTask], hashes: Mapping[str, str]) -> dict[str, str]:
    """The hash of what decides each task's piece, by the name of the task.

    Args:
        hashes: Identity of the bytes of each video and image of the plan, by its id; of `TEXT` if fonts were added.
    """
    found: dict[str, str] = {}
    for task in tasks:
        if task.kind != "track":
            made_of = [identity_of(name, hashes) for name in (*own_source(plan, task), *task.others)]
            found[task.name] = _digest(made_of[0] if len(made_of) == 1 else made_of, task.profile())
    for task in tasks:
        if task.kind == "track":
            samples = {other.clip: found[other.name] for other in tasks if other.kind in ("samples", "music")}
            made = [samples.get(index) for index in range(len(plan.clips))]
            mixed = [samples[None]] if None in samples else []
            found[task.name] = _digest(made + mixed, clip_samples(plan), task.profile())
    return found


def _digest(*facts: Any) -> str:
    import hashlib  # 10 ms at the start of a command that may have nothing to render

    return hashlib.sha256(json.dumps(facts, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
