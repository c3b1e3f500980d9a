"""Every route of access is guarded, or on the short public list."""

from fastapi.routing import APIRoute

from playhead.access.dependencies import account_required, guards_of, requires
from playhead.access.endpoints import account, keys, users

PUBLIC = {("POST", "/setup"), ("POST", "/setup/check"), ("POST", "/session")}


def test_every_route_needs_a_principal_or_is_public() -> None:
    routers = (account.router, users.router, keys.router)
    routes = [route for router in routers for route in router.routes if isinstance(route, APIRoute)]

    open_routes = {
        (method, route.path) for route in routes if not list(guards_of(route)) for method in route.methods or ()
    }

    assert len(routes) >= 12
    assert open_routes == PUBLIC


def test_the_same_scope_gives_the_same_dependency() -> None:
    assert requires("admin") is requires("admin")
    assert requires("admin") is not requires()
    assert account_required is not requires()
