"""The API process: routers, middleware and what they find at ``app.state``."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from functools import cache

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from sqlalchemy import func, select
from starlette.datastructures import State
from starlette.routing import BaseRoute

import playhead
from playhead.access.endpoints import router as account_router
from playhead.access.key_endpoints import router as keys_router
from playhead.access.problems import answer_problems
from playhead.access.user_endpoints import router as users_router
from playhead.api.peers import Peers
from playhead.app.endpoints.activity import router as activity_router
from playhead.app.endpoints.jobs import router as jobs_router
from playhead.app.endpoints.status import router as status_router
from playhead.app.endpoints.status import unknown
from playhead.app.endpoints.system import router as system_router
from playhead.app.endpoints.system import settings_shown
from playhead.app.endpoints.workers import router as workers_router
from playhead.app.frontend import add_frontend, inline_scripts
from playhead.app.methods import HeadAsGet
from playhead.app.proxies import client_of
from playhead.app.readiness import readiness_of
from playhead.app.system import Sums
from playhead.app.wiring import Parts
from playhead.catalog.endpoints import router as videos_router
from playhead.catalog.rendition_endpoints import router as renditions_router
from playhead.catalog.selection_endpoints import router as selections_router
from playhead.catalog.technical import router as technical_router
from playhead.catalog.tus_door import TusDoor
from playhead.catalog.upload_endpoints import router as uploads_router
from playhead.delivery.bodies.find import Bodies
from playhead.delivery.bodies.previews import Previews
from playhead.delivery.bodies.project_versions import ProjectVersions
from playhead.delivery.bodies.respond import Responder
from playhead.delivery.bodies.streams import Streams
from playhead.delivery.cors import CrossOrigin, MediaCors
from playhead.delivery.fast_path import FastPath
from playhead.delivery.links.assets import api_router as asset_tokens_router
from playhead.delivery.links.assets import public_router as assets_router
from playhead.delivery.links.create import LinkCreator
from playhead.delivery.links.endpoints import api_router as playback_router
from playhead.delivery.links.endpoints import preview_router as previews_router
from playhead.delivery.links.endpoints import signed_router as media_router
from playhead.delivery.links.endpoints import thumbnail_router
from playhead.delivery.links.serve import SignedMedia
from playhead.delivery.links.signature import SignedLinks
from playhead.delivery.media_cache import MediaCache
from playhead.delivery.shares.endpoints import router as shares_router
from playhead.delivery.shares.oembed import router as oembed_router
from playhead.delivery.shares.password import SharePassword
from playhead.delivery.shares.public import router as shared_router
from playhead.delivery.shares.sharing import router as sharing_router
from playhead.delivery.shares.views import ViewCounter
from playhead.delivery.transfers.endpoints import router as transfers_router
from playhead.delivery.transfers.everywhere import AllTransfers
from playhead.delivery.transfers.offload import Offload
from playhead.delivery.transfers.registry import StallLimits, Transfers
from playhead.delivery.transfers.sources import Sources
from playhead.jobs.tables import JobRow
from playhead.jobs.watch import JobWatcher
from playhead.observe.body_limit import BodyLimit
from playhead.observe.endpoints import router as health_router
from playhead.observe.metrics import Metrics
from playhead.observe.middleware import RequestLog
from playhead.observe.security_headers import SecurityHeaders, security_headers
from playhead.reels.endpoints import router as projects_router
from playhead.services import Services
from playhead.storage.figures import StoreFigures
from playhead.storage.store import Guarded

API = "/api/v1"


def create_app(parts: Parts, *, media_origins: Sequence[str] = (), with_worker: bool = True) -> FastAPI:
    """Put the API together; ``parts`` are closed with the app.

    Args:
        media_origins: Where a remote store's presigned URLs lead (``https://bucket.example.com``).
        with_worker: This server keeps a worker, without which it is not ready.
    """
    app = FastAPI(
        title="Playhead",
        version=playhead.__version__,
        summary="A self-hosted video backend.",
        lifespan=_lifespan,
        docs_url=None,
        redoc_url=None,
    )
    settings, metrics, state = parts.settings, Metrics(), app.state
    cross_origin = CrossOrigin(settings.cors_origins)
    _hand_out(state, parts)
    _deliver(state, parts, metrics)
    _observe(state, parts, metrics, with_worker=with_worker)
    state.fast_path = FastPath(
        parts.links,
        parts.media,
        state.sources,
        state.offload,
        state.transfers,
        metrics,
        cross_origin=cross_origin,
        added=security_headers(media_origins),
        client=client_of(settings.trusted_proxies),
    )
    answer_problems(app)
    app.router.routes += _routes()
    add_frontend(app)
    app.add_middleware(HeadAsGet)
    app.add_middleware(BodyLimit)
    app.add_middleware(TusDoor, origins=settings.upload_origins)
    app.add_middleware(
        SecurityHeaders, media_origins=media_origins, embed_origins=settings.embed_origins, scripts=inline_scripts()
    )
    app.add_middleware(MediaCors, cross_origin=cross_origin)
    app.add_middleware(RequestLog, metrics=metrics)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    yield
    app.state.transfers.abort_all()
    app.state.sources.close()
    await app.state.job_watcher.close()
    await app.state.parts.close()


def _hand_out(state: State, parts: Parts) -> None:
    """Give endpoints what they ask for by name."""
    state.parts, state.access = parts, parts.access
    state.videos, state.uploads, state.ladders = parts.videos, parts.uploads, parts.ladders
    state.selections, state.samples = parts.selections, parts.samples
    state.projects, state.stitch, state.plans = parts.projects, parts.stitch, parts.plans
    state.public_url = parts.settings.public_url
    state.poster_url, state.pictures = parts.poster_url, parts.pictures
    state.stills, state.thumbnails = parts.stills, parts.thumbnails
    state.indexes, state.embed_origins = parts.indexes, parts.settings.embed_origins
    state.shares, state.views = parts.shares, parts.views
    state.job_watcher, state.stopping = JobWatcher(parts.database), asyncio.Event()


def _deliver(state: State, parts: Parts, metrics: Metrics) -> None:
    """What sends media, in this process and in those beside it."""
    settings = parts.settings
    stall = StallLimits(settings.stall_timeout.total_seconds(), settings.stall_timeout_images.total_seconds())
    transfers = Transfers(metrics, stall=stall, per_client=settings.client_transfers)
    shown = settings_shown(settings)  # now, as files and variables may change later
    state.transfers = transfers
    state.sources, state.offload = Sources(parts.store), Offload(parts.store, settings.delivery)
    state.peers = peers = Peers()
    peers.answer("settings", lambda _: shown if peers.is_first else [])
    peers.answer("figures", lambda _: metrics.samples())
    state.services = services = Services()
    get = services.get
    services.add(SignedLinks, lambda: parts.links)
    services.add(MediaCache, lambda: parts.media)
    services.add(SharePassword, lambda: parts.share_password)
    services.add(ViewCounter, lambda: parts.views)
    services.add(Streams, lambda: Streams(parts.media, parts.indexes))
    services.add(Previews, lambda: Previews(ProjectVersions(parts.database), get(Streams), parts.links))
    services.add(Bodies, lambda: Bodies(parts.media, get(Streams), get(Previews), parts.stills, parts.thumbnails))
    services.add(Responder, lambda: Responder(state.sources, state.offload, transfers))
    services.add(SignedMedia, lambda: SignedMedia(parts.links, get(Bodies), get(Responder)))
    services.add(LinkCreator, lambda: LinkCreator(parts.links, get(Bodies)))
    everywhere = AllTransfers(transfers, peers)
    services.add(AllTransfers, lambda: everywhere)
    parts.videos.gone = everywhere.abort


def _observe(state: State, parts: Parts, metrics: Metrics, *, with_worker: bool) -> None:
    """What is counted and checked."""
    state.with_worker = with_worker
    state.metrics, state.sums = metrics, Sums(parts)
    state.readiness = readiness_of(parts, with_worker=with_worker)
    metrics.others_from(lambda: state.peers.ask_others("figures"))
    metrics.jobs_from(_job_counts(parts))
    parts.videos.received = metrics.uploaded
    if isinstance(parts.store, Guarded):
        metrics.registry.register(StoreFigures(parts.store.guard))


@cache
def _routes() -> list[BaseRoute]:
    """Those of every application of this process: to read all signatures takes a third of a second."""
    root = APIRouter(generate_unique_id_function=_operation_id)
    for router in (
        status_router,
        account_router,
        users_router,
        keys_router,
        selections_router,  # before /videos/{video_id}
        videos_router,
        renditions_router,
        playback_router,
        asset_tokens_router,
        assets_router,
        shares_router,
        shared_router,
        thumbnail_router,
        previews_router,
        transfers_router,
        uploads_router,
        projects_router,
        jobs_router,
        technical_router,
        activity_router,
        sharing_router,
        system_router,
        workers_router,
    ):
        root.include_router(router, prefix=API)
    for router in (media_router, oembed_router, health_router, unknown):
        root.include_router(router)
    return root.routes


def _operation_id(route: APIRoute) -> str:
    """The function's name: what the generated client calls its method."""
    return route.name


def _job_counts(parts: Parts) -> Callable[[], Awaitable[dict[tuple[str, str], int]]]:
    async def count() -> dict[tuple[str, str], int]:
        statement = select(JobRow.kind, JobRow.state, func.count()).group_by(JobRow.kind, JobRow.state)
        async with parts.database.read() as session:
            return {(kind, state): number for kind, state, number in await session.execute(statement)}

    return count
