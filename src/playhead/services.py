"""The container of services by type: what each domain adds, and what a process closes at its end.

After svcs, without the dependency. A service is made when it is first asked for, so the order of registration does not
matter, and a process pays only for what it uses. `api.services` is FastAPI's view of it.
"""

import inspect
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar, cast

if TYPE_CHECKING:
    from fastapi import APIRouter
    from sqlalchemy.ext.asyncio import AsyncSession

Service = TypeVar("Service")

CHECK_TIMEOUT_S = 2.0


@dataclass(frozen=True, slots=True)
class Check:
    """Something that must hold for this process to serve.

    Args:
        run: Returns a detail to show, or None; raises when it does not hold.
    """

    name: str
    run: Callable[[], Awaitable[str | None]]
    timeout_s: float = CHECK_TIMEOUT_S


@dataclass(frozen=True, slots=True)
class Sweep:
    """Work that a worker repeats once a minute; several workers may run it at the same time."""

    name: str
    run: Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Hold:
    """A reason for which retention leaves videos alone.

    Args:
        name: In plans: ``in_project``, ``shared``.
        held: Which of some videos are held, each with the reason in words.
    """

    name: str
    held: "Callable[[AsyncSession, Sequence[str]], Awaitable[dict[str, str]]]"


@dataclass(frozen=True, slots=True)
class Routes:
    """Routers of a domain: under ``/api/v1``, and at the root."""

    api: "tuple[APIRouter, ...]" = ()
    root: "tuple[APIRouter, ...]" = ()


class Services:
    """Services of one process by type; ``close`` it at the end.

    Attributes:
        checks: Readiness checks of all domains.
        sweeps: Periodic work of all domains.
        holds: Reasons for which videos are kept, of all domains.
        routes: Functions that import and return the routers of a domain; a worker never calls them.
        complete: Called once all domains are registered, for what needs services of others, as job kinds do.
    """

    def __init__(self) -> None:
        self.checks: list[Check] = []
        self.sweeps: list[Sweep] = []
        self.holds: list[Hold] = []
        self.routes: list[Callable[[], Routes]] = []
        self.complete: list[Callable[[], None]] = []
        self._factories: dict[type[Any], tuple[Callable[[], Any], Callable[[Any], object] | None]] = {}
        self._made: dict[type[Any], Any] = {}

    def add(
        self, kind: type[Service], make: Callable[[], Service], *, close: Callable[[Service], object] | None = None
    ) -> None:
        """Register the factory of a service; a later one replaces an earlier one and what that made.

        Args:
            close: Sync or async; called only for a service that was made.
        """
        self._factories[kind] = make, close
        self._made.pop(kind, None)

    def get(self, kind: type[Service]) -> Service:
        """Return the service of a type, made on first use.

        Raises:
            LookupError: no domain registered it.
        """
        if kind not in self._made:
            if kind not in self._factories:
                raise LookupError(f"no service {kind.__name__} is registered")
            self._made[kind] = self._factories[kind][0]()
        return cast(Service, self._made[kind])

    async def close(self) -> None:
        """Close what was made, dependents before what they depend on."""
        while self._made:
            kind, service = self._made.popitem()
            close = self._factories[kind][1]
            closing = close(service) if close is not None else None
            if inspect.isawaitable(closing):
                await closing
