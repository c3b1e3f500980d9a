"""What a supervisor, a load balancer and Prometheus ask; public, so the details name nothing inside."""

from typing import Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from playhead.api.services import Needs
from playhead.observe.checks import Readiness
from playhead.observe.metrics import CONTENT_TYPE, Metrics

router = APIRouter(tags=["health"])

NO_STORE = {"Cache-Control": "no-store"}


class Alive(BaseModel):
    """The process answers."""

    status: Literal["ok"] = "ok"


class CheckReport(BaseModel):
    """One check."""

    name: str
    ok: bool
    detail: str | None
    took_s: float = Field(description="How long the check ran.")


class ReadinessReport(BaseModel):
    """All checks; 503 when one does not hold."""

    status: Literal["ok", "failing"]
    checks: list[CheckReport]


@router.get("/livez", summary="Is the process alive?")
async def livez(response: Response) -> Alive:
    """Touches nothing but the event loop."""
    response.headers.update(NO_STORE)
    return Alive()


@router.get(
    "/readyz",
    summary="Can it serve?",
    responses={503: {"model": ReadinessReport, "description": "A check does not hold"}},
)
async def readyz(response: Response, readiness: Needs[Readiness]) -> ReadinessReport:
    """Runs the checks at most once a second, each for at most two."""
    results = await readiness.results()
    ok = all(result.ok for result in results)
    response.status_code = 200 if ok else 503
    response.headers.update(NO_STORE)
    return ReadinessReport(
        status="ok" if ok else "failing",
        checks=[CheckReport(name=each.name, ok=each.ok, detail=each.detail, took_s=each.took_s) for each in results],
    )


@router.get("/metrics", summary="Figures for Prometheus", response_class=Response)
async def metrics_text(metrics: Needs[Metrics]) -> Response:
    """Prometheus text format."""
    return Response(await metrics.text(), headers={**NO_STORE, "Content-Type": CONTENT_TYPE})
