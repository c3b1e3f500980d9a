"""What people serve files with: Starlette's FileResponse on uvicorn."""

import os

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse
from starlette.routing import Route


async def film(request: Request) -> FileResponse:  # noqa: ARG001
    """The one file."""
    return FileResponse(os.environ["FILM"], media_type="video/mp4")


app = Starlette(routes=[Route("/film.mp4", film)])
