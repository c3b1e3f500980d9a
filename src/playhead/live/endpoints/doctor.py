"""``GET /live/doctor``: whether broadcasts are detected, for admins, as it names hosts and settings."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends
from pydantic import Field

from playhead.access.dependencies import GuardedRoute, requires
from playhead.access.principals import Principal
from playhead.api.problems import problem_responses
from playhead.api.services import Needs
from playhead.api.shapes import Shape, Timestamp
from playhead.kit.clock import utc_now
from playhead.live.detect.doctor import Doctor

router = APIRouter(prefix="/live", tags=["live"], route_class=GuardedRoute)

Admin = Annotated[Principal, Depends(requires("admin"))]


class DoctorFinding(Shape):
    """One thing that detection depends on."""

    name: str = Field(description="Stable: `detection`, `application`, `subscriptions`, `conduit`, `callback`, ...")
    title: str
    verdict: Literal["ok", "warning", "failed", "off"] = Field(description="`off`: not used in this set-up.")
    detail: str
    hint: str | None = Field(description="What to do.")
    at: Timestamp | None = Field(description="When it was last seen.")


class LiveDoctor(Shape):
    """Whether broadcasts are detected."""

    mode: Literal["webhook", "conduit", "websocket", "poll", "sources"] = Field(
        description="How Twitch reports who is live; `sources`: without an application its channels are opened like "
        "any page."
    )
    verdict: Literal["ok", "warning", "failed"] = Field(description="The worst of the findings.")
    checked_at: Timestamp
    findings: list[DoctorFinding]


@router.get("/doctor", summary="Examine detection", responses=problem_responses(401, 403, 503))
async def examine_detection(principal: Admin, doctor: Needs[Doctor]) -> LiveDoctor:  # noqa: ARG001
    """Webhook, subscriptions with their cost, conduit, WebSocket, last event, polling, and the versions of tools.

    Twitch is asked, so it takes a second or two.
    """
    findings = await doctor.examine()
    verdicts = {finding.verdict for finding in findings}
    worst: Literal["ok", "warning", "failed"] = (
        "failed" if "failed" in verdicts else "warning" if "warning" in verdicts else "ok"
    )
    shown = [DoctorFinding.model_validate(finding) for finding in findings]
    return LiveDoctor.model_validate(
        {"mode": doctor.mode, "verdict": worst, "checked_at": utc_now(), "findings": shown}
    )
