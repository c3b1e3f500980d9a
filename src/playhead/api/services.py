"""FastAPI's view of the services: ``videos: Needs[Videos]`` in the signature of an endpoint or a dependency."""

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, cast

from fastapi import Depends, Request

from playhead.services import Services

Service = TypeVar("Service")


def service(request: Request, kind: type[Service]) -> Service:
    """A service of the app, for code without a signature to inject it into."""
    return cast(Services, request.app.state.services).get(kind)


@cache
def _dependency(kind: type[Any]) -> Callable[[Request], Any]:
    async def needed(request: Request) -> Any:  # async: a sync one would be run in a thread
        return service(request, kind)

    return needed


if TYPE_CHECKING:
    Needs = Annotated[Service, "a service of the app"]
else:

    class Needs:
        """A parameter that is filled with the app's service of a type."""

        def __class_getitem__(cls, kind: type[Any]) -> Any:
            return Annotated[kind, Depends(_dependency(kind))]
