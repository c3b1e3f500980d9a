from typing import cast

from starlette.requests import Request


def address_of(request: Request) -> str:
    return cast("str | None", request.app.state.public_url) or str(request.base_url).rstrip("/")
