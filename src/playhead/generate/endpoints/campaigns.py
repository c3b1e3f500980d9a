"""``/campaigns``: groups of projects, generated and stitched together."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response, status

from playhead.access.dependencies import requires
from playhead.access.idempotent_route import IdempotentRoute
from playhead.access.principals import Principal
from playhead.api.if_match import IfMatch, read_if_match
from playhead.api.paging import Cursor, Limit
from playhead.api.problems import problem_responses
from playhead.api.services import Needs
from playhead.generate.bulk import Bulk
from playhead.generate.campaigns import Campaigns
from playhead.generate.shapes.campaigns import (
    BulkGenerate,
    BulkInput,
    Campaign,
    CampaignChanges,
    CampaignEstimate,
    CampaignInput,
    CampaignPage,
    ProjectSelection,
    ReelPage,
)
from playhead.jobs.shapes import Job, job_resource
from playhead.jobs.tables import JobRow
from playhead.kit.clock import utc_now

router = APIRouter(prefix="/campaigns", tags=["campaigns"], route_class=IdempotentRoute)

Reader = Annotated[Principal, Depends(requires("projects:read"))]
Writer = Annotated[Principal, Depends(requires("projects:write"))]
Spender = Annotated[Principal, Depends(requires("generate:write", "projects:write"))]


@router.get("", response_model=CampaignPage, responses=problem_responses(400, 401, 403))
async def list_campaigns(
    principal: Reader, campaigns: Needs[Campaigns], limit: Limit = 50, cursor: Cursor = None
) -> CampaignPage:
    """List your campaigns, the newest first."""
    page = await campaigns.page(principal, limit=limit, cursor=cursor)
    return CampaignPage(items=list(page.items), next_cursor=page.next_cursor)


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    response_model=Campaign,
    responses=problem_responses(400, 401, 403, 404, 409, 422),
)
async def create_campaign(
    wanted: CampaignInput, response: Response, principal: Writer, campaigns: Needs[Campaigns]
) -> Campaign:
    """Make a campaign, empty or of projects that you have."""
    row = await campaigns.create(principal, wanted.title, wanted.project_ids)
    response.headers["Location"] = f"/api/v1/campaigns/{row.id}"
    return await _tagged(response, principal, campaigns, row.id)


@router.get("/{campaign_id}", response_model=Campaign, responses=problem_responses(401, 403, 404))
async def get_campaign(
    campaign_id: str, response: Response, principal: Reader, campaigns: Needs[Campaigns]
) -> Campaign:
    """Read a campaign: its projects by status, its cost, and how its latest bulk action ended."""
    return await _tagged(response, principal, campaigns, campaign_id)


@router.patch("/{campaign_id}", response_model=Campaign, responses=problem_responses(400, 401, 403, 404, 412, 422))
async def change_campaign(
    campaign_id: str,
    changes: CampaignChanges,
    response: Response,
    principal: Writer,
    campaigns: Needs[Campaigns],
    if_match: IfMatch = None,
) -> Campaign:
    """Give a campaign another title."""
    if changes.title is not None:
        await campaigns.rename(principal, campaign_id, changes.title, read_if_match(if_match))
    return await _tagged(response, principal, campaigns, campaign_id)


@router.delete("/{campaign_id}", status_code=status.HTTP_204_NO_CONTENT, responses=problem_responses(401, 403, 404))
async def remove_campaign(campaign_id: str, principal: Writer, campaigns: Needs[Campaigns]) -> None:
    """Remove a campaign. Its projects stay."""
    await campaigns.remove(principal, campaign_id)


@router.post("/{campaign_id}/projects", response_model=Campaign, responses=problem_responses(400, 401, 403, 404, 422))
async def add_campaign_projects(
    campaign_id: str, wanted: ProjectSelection, response: Response, principal: Writer, campaigns: Needs[Campaigns]
) -> Campaign:
    """Take projects in, also out of another campaign."""
    await campaigns.add_projects(principal, campaign_id, wanted.project_ids)
    return await _tagged(response, principal, campaigns, campaign_id)


@router.delete(
    "/{campaign_id}/projects/{project_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problem_responses(401, 403, 404),
)
async def remove_campaign_project(
    campaign_id: str, project_id: str, principal: Writer, campaigns: Needs[Campaigns]
) -> None:
    """Take a project out of a campaign. The project stays."""
    await campaigns.remove_project(principal, campaign_id, project_id)


@router.post(
    "/{campaign_id}/estimate", response_model=CampaignEstimate, responses=problem_responses(400, 401, 403, 404, 422)
)
async def estimate_campaign(
    campaign_id: str, principal: Reader, bulk: Needs[Bulk], wanted: BulkInput | None = None
) -> CampaignEstimate:
    """Estimate what `generate` would cost; nothing is made."""
    return await bulk.estimate(principal, campaign_id, wanted.project_ids if wanted else None)


@router.post(
    "/{campaign_id}/generate",
    status_code=status.HTTP_202_ACCEPTED,
    response_model=Job,
    responses=problem_responses(400, 401, 403, 404, 409, 422),
)
async def generate_campaign(
    campaign_id: str, response: Response, principal: Spender, bulk: Needs[Bulk], wanted: BulkGenerate | None = None
) -> Job:
    """Generate all clips that have a prompt and no video, in a job. How it ended is the campaign's `outcome`."""
    return _accepted(response, await bulk.generate(principal, campaign_id, wanted or BulkGenerate()))


@router.post(
    "/{campaign_id}/stitch",
    status_code=status.HTTP_202_ACCEPTED,
    response_model=Job,
    responses=problem_responses(400, 401, 403, 404, 409, 422),
)
async def stitch_campaign(
    campaign_id: str, response: Response, principal: Writer, bulk: Needs[Bulk], wanted: BulkInput | None = None
) -> Job:
    """Stitch all projects that can be, in a job; the campaign's `outcome` names the others."""
    return _accepted(response, await bulk.stitch(principal, campaign_id, wanted or BulkInput()))


@router.get("/{campaign_id}/reels", response_model=ReelPage, responses=problem_responses(400, 401, 403, 404))
async def list_campaign_reels(
    campaign_id: str, principal: Reader, campaigns: Needs[Campaigns], limit: Limit = 50, cursor: Cursor = None
) -> ReelPage:
    """List the finished reels of a campaign."""
    page = await campaigns.reels(principal, campaign_id, limit=limit, cursor=cursor)
    return ReelPage(items=list(page.items), next_cursor=page.next_cursor)


async def _tagged(response: Response, principal: Principal, campaigns: Campaigns, campaign_id: str) -> Campaign:
    campaign = await campaigns.get(principal, campaign_id)
    response.headers["ETag"] = f'"{campaign.version}"'
    return campaign


def _accepted(response: Response, job: JobRow) -> Job:
    response.headers["Location"] = f"/api/v1/jobs/{job.id}"
    response.headers["Retry-After"] = "1"
    return job_resource(job, utc_now())
