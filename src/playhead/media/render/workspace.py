"""The two seams of the pipeline: where its pieces are kept, and how its work is run."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from playhead.errors import PlayheadError
from playhead.media.progress import Progress
from playhead.media.render.blueprint import Blueprint
from playhead.media.render.costs import Work
from playhead.media.render.plan import StitchPlan
from playhead.media.render.tasks import RenderTask


class PiecesGone(PlayheadError):
    """The render cache lists pieces whose bytes are not there."""

    code = "render_gone"
    title = "A rendered piece is gone"
    retry = "backoff"

    def __init__(self, count: int) -> None:
        super().__init__(
            f"Pieces that were rendered are not in the store any more: {count}.",
            hint="Run it again; what is missing is rendered anew.",
        )


@dataclass(frozen=True, slots=True)
class Batch:
    """Tasks of one blueprint that are rendered in one go.

    Attributes:
        name: Unique within its job.
        weight: Estimated seconds of work.
        label: Prefix of the name of each task's step.
    """

    name: str
    blueprint: str
    tasks: Sequence[str]
    weight: float
    label: str = ""


class Workspace(Protocol):
    """Storage of a maker.

    Attributes:
        folder: Scratch folder for files that are being written.
        reel: Path that the merged file is written to.
    """

    @property
    def folder(self) -> Path: ...
    @property
    def reel(self) -> Path: ...

    async def save(self, name: str, blueprint: Blueprint) -> None:
        """Keep a blueprint for all steps and workers."""

    async def load(self, name: str) -> Blueprint:
        """Give back a blueprint."""
        ...

    async def held(self, digests: Collection[str]) -> set[str]:
        """Find the pieces that are rendered already."""
        ...

    async def keep(self, digest: str, piece: Path) -> None:
        """Move a rendered piece here."""

    def pieces(self, digests: Collection[str]) -> AbstractAsyncContextManager[Mapping[str, Path]]:
        """Give paths of rendered pieces, by digest.

        Raises:
            PiecesGone: some are not there; they count as not rendered from now on.
        """
        ...

    def source(self, source_id: str) -> AbstractAsyncContextManager[Path]:
        """Give the path of a video or an image."""
        ...

    async def publish(self) -> dict[str, Any]:
        """Put the merged file where it belongs; JSON-safe facts for `published`."""
        ...

    def published(self, facts: dict[str, Any]) -> AbstractAsyncContextManager[Path]:
        """Give the path of a published file, once its bytes have been found to be those that were written."""
        ...


Render = Callable[[Batch, Progress], Awaitable[Any]]
"""Renders one batch."""


class Steps(Protocol):
    """Execution of a maker's work.

    Attributes:
        batch_s: Seconds of work that a batch has at least.
    """

    @property
    def batch_s(self) -> float: ...

    async def step(self, name: str, function: Callable[..., Awaitable[Any]], *args: Any) -> Any:
        """Run one step; its result is JSON-safe."""

    async def fan_out(self, name: str, batches: Sequence[Batch], render: Render, progress: Progress) -> None:
        """Render batches side by side and wait for all, as one step."""

    async def expect(self, plan: StitchPlan, missing: Sequence[RenderTask], work: Work) -> None:
        """Take a plan and its estimated work, before any of it is done."""

    def rejoin(self, clips: Sequence[str], reason: str, number: int) -> None:
        """Take the clips that did not join in a round; another one follows."""

    async def report(self, fraction: float, words: str | None = None) -> None:
        """Report progress, 0..1, and the current work in a few words."""
