"""A bare FastAPI route that answers with a redirect: the least that a framework does."""

from fastapi import FastAPI
from fastapi.responses import RedirectResponse

app = FastAPI()


@app.get("/{path:path}")
async def redirect(path: str) -> RedirectResponse:
    """As long as a presigned URL."""
    return RedirectResponse(f"http://127.0.0.1:9/bucket/{path}?X-Amz-Signature={'0' * 400}", 307)
