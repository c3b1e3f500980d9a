"""The render pipeline of jobs: recorded steps, batches on all workers, pieces in the store's render cache."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager, AsyncExitStack, asynccontextmanager, nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog

from playhead.catalog.originals import verify_stored
from playhead.catalog.renders import Renders
from playhead.errors import PlayheadError
from playhead.jobs.context import JobContext, Part
from playhead.kit.ids import is_id
from playhead.media.tools import MediaTools
from playhead.storage import keys
from playhead.storage.errors import ObjectNotFound
from playhead.storage.store import Store

if TYPE_CHECKING:
    from playhead.media.progress import Progress
    from playhead.media.render.blueprint import Blueprint
    from playhead.media.render.costs import Work
    from playhead.media.render.make import Maker
    from playhead.media.render.plan import StitchPlan
    from playhead.media.render.tasks import RenderTask
    from playhead.media.render.workspace import Batch, Render

log = structlog.get_logger(__name__)

RENDER = "render"
"""Name of the part that renders one batch, in every kind of job that renders."""

BATCH_S = 8.0
"""Seconds of work that a batch should have at least: to hand one over costs about half a second."""


@dataclass(frozen=True, slots=True)
class Wording:
    """Errors of a pipeline in the words of the job that it works for.

    Attributes:
        gone: Error of a source, by its id, that is no longer in the store.
        rephrase: Context that rewords the errors of a step.
    """

    gone: Callable[[str], PlayheadError]
    rephrase: Callable[[], AbstractContextManager[None]] = nullcontext


@dataclass(frozen=True, slots=True)
class Pipeline:
    """The pipeline over one store."""

    store: Store
    renders: Renders
    tools: MediaTools

    def maker(
        self,
        context: JobContext,
        wording: Wording,
        *,
        result: str = "",
        on_planned: "Callable[[Work], Awaitable[None]] | None" = None,
    ) -> "Maker":
        """Maker of one attempt at a job.

        Args:
            result: Key of the finished file.
            on_planned: Called with the estimated work of each plan, within its step.
        """
        from playhead.media.render.make import Maker

        workspace = StoreWorkspace(self.store, self.renders, context, wording, result)
        prefix = f"blueprint-{context.run}-"
        return Maker(workspace, JobSteps(context, wording, on_planned), self.tools, prefix=prefix)

    async def render(self, context: JobContext, wording: Wording, facts: dict[str, Any]) -> dict[str, Any]:
        """Render one batch on this worker; see `JobKind.parts`."""
        from playhead.media.render.workspace import Batch

        batch = Batch(**facts)
        await self.maker(context, wording).render(batch, context.progress)
        return {"pieces": len(batch.tasks)}

    async def clean(self, context: JobContext, *prefixes: str) -> None:
        """Remove what a job keeps in the store but its render cache; a failure is left to the sweep."""
        for prefix in (keys.job_prefix(context.job_id), *prefixes):
            try:
                await self.store.delete_prefix(prefix)
            except PlayheadError as error:
                log.warning("pieces_not_deleted", prefix=prefix, code=error.code, detail=error.detail)


@dataclass(frozen=True, slots=True)
class JobSteps:
    """`Steps` of a job: recorded, with batches on any worker."""

    context: JobContext
    wording: Wording
    on_planned: "Callable[[Work], Awaitable[None]] | None" = None
    batch_s: float = BATCH_S

    async def step(self, name: str, function: Callable[..., Awaitable[Any]], *args: Any) -> Any:
        async def rephrased() -> Any:
            with self.wording.rephrase():
                return await function(*args)

        return await self.context.step(name, rephrased)

    async def fan_out(self, name: str, batches: "Sequence[Batch]", render: "Render", progress: "Progress") -> None:  # noqa: ARG002
        parts = [Part(batch.name, asdict(batch), batch.weight) for batch in batches]
        await self.context.fan_out(name, RENDER, parts, progress=progress)

    async def expect(self, plan: "StitchPlan", missing: "Sequence[RenderTask]", work: "Work") -> None:
        log.info("stitch_planned", summary=plan.summary, missing=len(missing))
        if self.on_planned is not None:
            await self.on_planned(work)

    def rejoin(self, clips: Sequence[str], reason: str, number: int) -> None:
        log.warning("reel_rejoined", clips=clips, detail=reason, round=number)

    async def report(self, fraction: float, words: str | None = None) -> None:
        await self.context.progress(fraction, words)


@dataclass(frozen=True, slots=True)
class StoreWorkspace:
    """A `Workspace` in the store, for every worker of a job; pieces stay in the render cache.

    Attributes:
        result: Key of the finished file.
    """

    store: Store
    renders: Renders
    context: JobContext
    wording: Wording
    result: str

    @property
    def folder(self) -> Path:
        return self.context.work

    @property
    def reel(self) -> Path:
        return self.folder / "reel.mp4"

    async def save(self, name: str, blueprint: "Blueprint") -> None:
        await write_json(self.store, keys.job_part(self.context.job_id, name), blueprint.to_dict())

    async def load(self, name: str) -> "Blueprint":
        from playhead.media.render.blueprint import Blueprint

        return Blueprint.from_dict(await read_json(self.store, keys.job_part(self.context.job_id, name)))

    async def held(self, digests: Collection[str]) -> set[str]:
        return await self.renders.held(list(digests))

    async def keep(self, digest: str, piece: Path) -> None:
        await self.renders.keep(digest, piece)

    @asynccontextmanager
    async def pieces(self, digests: Collection[str]) -> AsyncIterator[Mapping[str, Path]]:
        from playhead.media.render.workspace import PiecesGone

        paths: dict[str, Path] = {}
        async with AsyncExitStack() as copies:
            for digest in digests:
                try:
                    copy = self.store.local_copy(keys.render(digest), self.folder)
                    paths[digest] = await copies.enter_async_context(copy)
                except ObjectNotFound:
                    continue
            if missing := [digest for digest in digests if digest not in paths]:
                await self.renders.forget(missing)
                raise PiecesGone(len(missing))
            yield paths

    @asynccontextmanager
    async def source(self, source_id: str) -> AsyncIterator[Path]:
        key = keys.image(source_id) if is_id("img", source_id) else keys.original(source_id)
        async with AsyncExitStack() as copies:
            try:
                copy = self.store.local_copy(key, self.folder)
                path = await copies.enter_async_context(copy)
            except ObjectNotFound as error:
                raise self.wording.gone(source_id) from error
            yield path

    async def publish(self) -> dict[str, Any]:
        """Store the merged file; its ``size_bytes`` and ``sha256``."""
        written = await self.store.write_file(self.result, self.reel)
        return {"size_bytes": written.size_bytes, "sha256": written.sha256}

    @asynccontextmanager
    async def published(self, facts: dict[str, Any]) -> AsyncIterator[Path]:
        """Read the stored file back.

        Raises:
            BytesDiffer: it is not what was written.
        """
        await verify_stored(self.store, self.result, facts["size_bytes"], facts["sha256"])
        async with self.store.local_copy(self.result, self.folder) as path:
            yield path


async def write_json(store: Store, key: str, facts: Any) -> None:
    """Write an object of JSON."""

    async def once() -> AsyncIterator[bytes]:
        yield json.dumps(facts, separators=(",", ":")).encode()

    await store.write(key, once())


async def read_json(store: Store, key: str) -> Any:
    """Read an object of JSON.

    Raises:
        ObjectNotFound: nothing has this key.
    """
    return json.loads(b"".join([chunk async for chunk in store.read(key)]))
