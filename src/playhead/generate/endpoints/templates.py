"""``/templates``: projects with merge fields, and what is made from them."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response, status

from playhead.access.dependencies import requires
from playhead.access.idempotent_route import IdempotentRoute
from playhead.access.principals import Principal
from playhead.api.if_match import IfMatch, read_if_match
from playhead.api.paging import Cursor, Limit
from playhead.api.problems import problem_responses
from playhead.api.services import Needs
from playhead.generate.making import Making
from playhead.generate.shapes.campaigns import CampaignMade
from playhead.generate.shapes.templates import (
    CampaignFromTemplate,
    ProjectsInput,
    ProjectsMade,
    RowsCheck,
    RowsChecked,
    Template,
    TemplateChanges,
    TemplateInput,
    TemplatePage,
    TemplateSummary,
)
from playhead.generate.tables import TemplateRow
from playhead.generate.templates import Templates, all_fields, document_in

router = APIRouter(prefix="/templates", tags=["templates"], route_class=IdempotentRoute)

Reader = Annotated[Principal, Depends(requires("projects:read"))]
Writer = Annotated[Principal, Depends(requires("projects:write"))]


@router.get("", response_model=TemplatePage, responses=problem_responses(400, 401, 403))
async def list_templates(
    principal: Reader, templates: Needs[Templates], limit: Limit = 50, cursor: Cursor = None
) -> TemplatePage:
    """List your templates, the newest first."""
    page = await templates.page(principal, limit=limit, cursor=cursor)
    return TemplatePage(items=[_summary(row) for row in page.items], next_cursor=page.next_cursor)


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    response_model=Template,
    responses=problem_responses(400, 401, 403, 404, 409, 422),
)
async def create_template(
    wanted: TemplateInput, response: Response, principal: Writer, templates: Needs[Templates]
) -> Template:
    """Save a project, or a document, as a template."""
    if wanted.document is not None:
        row = await templates.create(principal, wanted.title, wanted.document)
    else:
        row = await templates.create_from(principal, wanted.title, wanted.project_id or "")
    response.headers["Location"] = f"/api/v1/templates/{row.id}"
    return _tagged(response, row)


@router.get("/{template_id}", response_model=Template, responses=problem_responses(401, 403, 404))
async def get_template(
    template_id: str, response: Response, principal: Reader, templates: Needs[Templates]
) -> Template:
    """Read a template with its fields."""
    return _tagged(response, await templates.get(principal, template_id))


@router.patch("/{template_id}", response_model=Template, responses=problem_responses(400, 401, 403, 404, 412, 422))
async def change_template(
    template_id: str,
    changes: TemplateChanges,
    response: Response,
    principal: Writer,
    templates: Needs[Templates],
    if_match: IfMatch = None,
) -> Template:
    """Change title or document. Projects made from it stay as they are."""
    version = read_if_match(if_match)
    return _tagged(response, await templates.change(principal, template_id, changes.title, changes.document, version))


@router.delete("/{template_id}", status_code=status.HTTP_204_NO_CONTENT, responses=problem_responses(401, 403, 404))
async def remove_template(template_id: str, principal: Writer, templates: Needs[Templates]) -> None:
    """Remove a template. What was made from it stays."""
    await templates.remove(principal, template_id)


@router.post(
    "/{template_id}/projects",
    status_code=status.HTTP_201_CREATED,
    response_model=ProjectsMade,
    responses=problem_responses(400, 401, 403, 404, 409, 422),
)
async def make_projects(
    template_id: str, wanted: ProjectsInput, principal: Writer, making: Needs[Making]
) -> ProjectsMade:
    """Make a project with values for the fields; one for each aspect ratio that is named."""
    return ProjectsMade(items=await making.projects(principal, template_id, wanted))


@router.post("/{template_id}/rows", response_model=RowsChecked, responses=problem_responses(400, 401, 403, 404, 422))
async def check_rows(template_id: str, wanted: RowsCheck, principal: Reader, making: Needs[Making]) -> RowsChecked:
    """Check rows, or a CSV file, before a campaign is made of them; nothing is made."""
    return await making.check(principal, template_id, wanted)


@router.post(
    "/{template_id}/campaign",
    status_code=status.HTTP_201_CREATED,
    response_model=CampaignMade,
    responses=problem_responses(400, 401, 403, 404, 409, 422),
)
async def make_campaign(
    template_id: str, wanted: CampaignFromTemplate, response: Response, principal: Writer, making: Needs[Making]
) -> CampaignMade:
    """Make a campaign: a project for each row. Unless `skip_bad` is set, one bad row makes nothing."""
    made = await making.campaign(principal, template_id, wanted)
    response.headers["Location"] = f"/api/v1/campaigns/{made.campaign.id}"
    return made


def _summary(row: TemplateRow) -> TemplateSummary:
    document = document_in(row)
    return TemplateSummary(
        id=row.id,
        title=row.title,
        version=row.version,
        clip_count=len(document.clips),
        fields=all_fields(document),
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def _tagged(response: Response, row: TemplateRow) -> Template:
    response.headers["ETag"] = f'"{row.version}"'
    return Template(**_summary(row).model_dump(), document=document_in(row))
