"""The API process: the routers of all domains, and the middleware around them."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import cache

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

import playhead
from playhead.api.peers import Peers
from playhead.api.problems import answer_problems
from playhead.api.server import Server
from playhead.app.endpoints.status import unknown
from playhead.app.endpoints.system import settings_shown
from playhead.app.frontend import add_frontend, inline_scripts
from playhead.app.methods import HeadAsGet
from playhead.catalog.uploads.tus_middleware import TusMiddleware
from playhead.delivery.cors import CrossOrigin, MediaCors
from playhead.observe.body_limit import BodyLimit
from playhead.observe.metrics import Metrics
from playhead.observe.middleware import RequestLog
from playhead.observe.security_headers import SecurityHeaders
from playhead.services import Routes, Services
from playhead.settings import Settings

API = "/api/v1"


def create_app(services: Services, *, media_origins: Sequence[str] = (), with_worker: bool = True) -> FastAPI:
    """Compose the API; ``services`` are closed with the app.

    Args:
        media_origins: Origins of a remote store's presigned URLs (``https://bucket.example.com``).
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
    services.add(Server, lambda: Server(tuple(media_origins), with_worker))
    app.state.services, settings = services, services.get(Settings)
    _show_settings(services.get(Peers), settings)
    answer_problems(app)
    app.router.routes += _routes(tuple(services.routes))
    add_frontend(app)
    app.add_middleware(HeadAsGet)
    app.add_middleware(BodyLimit)
    app.add_middleware(TusMiddleware, origins=settings.upload_origins)
    app.add_middleware(
        SecurityHeaders, media_origins=media_origins, embed_origins=settings.embed_origins, scripts=inline_scripts()
    )
    app.add_middleware(MediaCors, cross_origin=services.get(CrossOrigin))
    app.add_middleware(RequestLog, metrics=services.get(Metrics))
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    yield
    await app.state.services.close()


def _show_settings(peers: Peers, settings: Settings) -> None:
    """Answer with the settings of the process that was started: flags become variables of its peers."""
    shown = settings_shown(settings)  # now, as files and variables may change later
    peers.answer("settings", lambda _: shown if peers.is_first else [])


@cache
def _routes(domains: tuple[Callable[[], Routes], ...]) -> list[BaseRoute]:
    """Those of every application of this process: to read all signatures takes a third of a second."""
    root = APIRouter(generate_unique_id_function=_operation_id)
    found = [routes() for routes in domains]
    for router in (router for routes in found for router in routes.root):  # media are requested most, and matched first
        root.include_router(router)
    for router in (router for routes in found for router in routes.api):
        root.include_router(router, prefix=API)
    root.include_router(unknown)
    return root.routes


def _operation_id(route: APIRoute) -> str:
    """The function's name: what the generated client calls its method."""
    return route.name
