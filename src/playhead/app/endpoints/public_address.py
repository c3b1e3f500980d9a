"""``GET /system/public-address``: whether providers can fetch files from here, for admins."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends
from pydantic import Field

from playhead.access.dependencies import GuardedRoute, requires
from playhead.access.principals import Principal
from playhead.api.problems import problem_responses
from playhead.api.services import Needs
from playhead.api.shapes import Shape, Timestamp
from playhead.app.public_address import PublicAddress
from playhead.kit.clock import utc_now

router = APIRouter(prefix="/system", tags=["system"], route_class=GuardedRoute)

Admin = Annotated[Principal, Depends(requires("admin"))]
Verdict = Literal["ok", "warning", "failed"]


class AddressFinding(Shape):
    """One thing that the public address depends on."""

    name: Literal["setting", "address", "host", "reach", "fetch"]
    title: str
    verdict: Literal["ok", "warning", "failed", "off"] = Field(description="`off`: not tried.")
    detail: str
    hint: str | None = Field(description="What to do.")


class PublicAddressReport(Shape):
    """Whether providers can fetch files from here."""

    public_url: str | None
    verdict: Verdict = Field(description="The worst of the findings.")
    checked_at: Timestamp
    findings: list[AddressFinding]


@router.get("/public-address", summary="Examine the public address", responses=problem_responses(401, 403))
async def examine_public_address(principal: Admin, address: Needs[PublicAddress]) -> PublicAddressReport:  # noqa: ARG001
    """A signed file is fetched under `public_url`, as a provider fetches the inputs of a generation.

    Without a public address, generations work by polling, and without input files.
    """
    findings = await address.examine()
    verdicts = {finding.verdict for finding in findings}
    worst: Verdict = "failed" if "failed" in verdicts else "warning" if "warning" in verdicts else "ok"
    return PublicAddressReport(
        public_url=address.url,
        verdict=worst,
        checked_at=utc_now(),
        findings=[AddressFinding.model_validate(finding) for finding in findings],
    )
