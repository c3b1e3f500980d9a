"""Absolute URLs of this server."""

from starlette.requests import Request

from playhead.api.services import service
from playhead.settings import Settings


def address_of(request: Request) -> str:
    """The server's public address, or the host that a request named; without a trailing slash."""
    return service(request, Settings).public_url or str(request.base_url).rstrip("/")
