"""A small app around access alone, over a real database of each kind."""

from datetime import UTC, datetime, timedelta
from functools import cache

from fastapi import APIRouter, Depends, FastAPI, Request
from httpx2 import ASGITransport, AsyncClient
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from playhead.access import endpoints, key_endpoints, user_endpoints
from playhead.access.access import Access
from playhead.access.dependencies import GuardedRoute, requires
from playhead.access.idempotent_route import IdempotentRoute
from playhead.api.problems import answer_problems
from playhead.db.base import Base
from playhead.db.database import Database
from playhead.services import Services

PASSWORD = "correct horse battery"
OWN_PAGE = {"sec-fetch-site": "same-origin"}

CHEAP = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))
"""The real algorithm at the least cost: a test signs in in a millisecond."""


class ThingRow(Base):
    """Stands for the rows of other domains that belong to a user."""

    __tablename__ = "test_things"

    id: Mapped[str] = mapped_column(String(30), primary_key=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("users.id"))


class HeldClock:
    """A clock that moves when told to."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> None:
        self.now += timedelta(**by)


class World:
    """The app, its access, and the people in it."""

    def __init__(self, app: FastAPI, access: Access, database: Database, clock: HeldClock) -> None:
        self.app = app
        self.access = access
        self.database = database
        self.clock = clock

    def browser(self, address: str = "192.0.2.1", *, base_url: str = "http://playhead.test") -> AsyncClient:
        """A browser on our own page: keeps cookies and says where requests come from."""
        transport = ASGITransport(self.app, client=(address, 5000), raise_app_exceptions=False)
        return AsyncClient(transport=transport, base_url=base_url, headers=OWN_PAGE)

    def program(self, key: str | None = None) -> AsyncClient:
        """A program: no cookies, no browser headers."""
        transport = ASGITransport(self.app, client=("192.0.2.9", 5000), raise_app_exceptions=False)
        headers = {"authorization": f"Bearer {key}"} if key else {}
        return AsyncClient(transport=transport, base_url="http://playhead.test", headers=headers)

    async def add(self, email: str, role: str = "member") -> str:
        """Add a user; its id."""
        made = "admin" if role == "admin" else "member"
        return (await self.access.users.add(None, email=email, password=PASSWORD, role=made)).id  # type: ignore[arg-type]

    async def signed_in(self, email: str, role: str = "member") -> AsyncClient:
        """Add a user and sign it in."""
        await self.add(email, role)
        browser = self.browser()
        answer = await browser.post("/api/v1/session", json={"email": email, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        return browser

    async def key(self, email: str, **chosen: object) -> str:
        """A key of a user who exists."""
        user = await self.access.users.find(email)
        assert user is not None
        made = await self.access.keys.create(None, user_id=user.id, name="test", **chosen)  # type: ignore[arg-type]
        return made.key


def build_app(access: Access) -> FastAPI:
    """An app with the routes of access, and two that need a scope."""
    app = _app()
    services = app.state.services = Services()
    services.add(Access, lambda: access)
    return app


@cache
def _app() -> FastAPI:
    """One for all worlds, one after the other: to read the signatures of its routes takes longer than most tests."""
    app = FastAPI()
    answer_problems(app)
    probe = APIRouter(route_class=GuardedRoute)

    @probe.get("/videos", dependencies=[Depends(requires("videos:read"))])
    async def read() -> str:
        return "read"

    @probe.post("/videos", dependencies=[Depends(requires("videos:write"))])
    async def write() -> str:
        return "written"

    streamed = APIRouter(route_class=IdempotentRoute)

    @streamed.post("/streams", dependencies=[Depends(requires("videos:write"))], status_code=201)
    async def stream(request: Request) -> int:
        return len([chunk async for chunk in request.stream() if chunk])

    for router in (streamed, endpoints.router, user_endpoints.router, key_endpoints.router, probe):
        app.include_router(router, prefix="/api/v1")
    return app
