"""Projects and campaigns made from templates."""

from playhead.access.errors import Forbidden
from playhead.access.principals import Principal
from playhead.generate.bulk import Bulk
from playhead.generate.campaigns import Campaigns
from playhead.generate.projects import ProjectGeneration
from playhead.generate.rows import all_good
from playhead.generate.shapes.campaigns import BulkGenerate, CampaignMade
from playhead.generate.shapes.generations import GenerateInput
from playhead.generate.shapes.templates import CampaignFromTemplate, ProjectsInput, RowsCheck, RowsChecked
from playhead.generate.templates import Templates
from playhead.jobs.shapes import job_resource
from playhead.kit.clock import Clock, utc_now
from playhead.reels.projects import Projects
from playhead.reels.shapes import Project

SHOWN_TITLES = 20


class Making:
    """Makes projects and campaigns from templates."""

    def __init__(
        self,
        templates: Templates,
        projects: Projects,
        campaigns: Campaigns,
        bulk: Bulk,
        generation: ProjectGeneration,
        clock: Clock = utc_now,
    ) -> None:
        self._templates = templates
        self._projects = projects
        self._campaigns = campaigns
        self._bulk = bulk
        self._generation = generation
        self._clock = clock

    async def projects(self, principal: Principal, template_id: str, wanted: ProjectsInput) -> list[Project]:
        """Make a project with one set of values, in each aspect; generate their clips if that is wanted.

        Raises:
            TemplateNotFound, FieldInvalid, InvalidInput
            SpendingCapReached, ProviderNotConfigured, ModelRetired: nothing was made.
        """
        _check_scope(principal, generate=wanted.generate)
        template = await self._templates.get(principal, template_id)
        inputs = self._templates.project_inputs(template, wanted)
        if not wanted.generate:
            return [await self._projects.create(principal, each) for each in inputs]
        options = GenerateInput(accept_unknown_cost=wanted.accept_unknown_cost)
        rows = await self._generation.make(principal, inputs, options)
        return [await self._projects.describe_row(row) for row in rows]

    async def check(self, principal: Principal, template_id: str, wanted: RowsCheck) -> RowsChecked:
        """Check rows without making anything.

        Raises:
            TemplateNotFound
            RowsInvalid: no row can be read at all.
        """
        template = await self._templates.get(principal, template_id)
        found = self._templates.fill(template, wanted)
        made = self._templates.in_aspects(found.projects, wanted.aspects)
        return RowsChecked(
            total=len(found.projects) + len(found.problems),
            good=len(found.projects),
            problems=list(found.problems),
            titles=[project.title for project in made[:SHOWN_TITLES]],
            project_count=len(made),
        )

    async def campaign(self, principal: Principal, template_id: str, wanted: CampaignFromTemplate) -> CampaignMade:
        """Make a campaign with a project for each row.

        Raises:
            TemplateNotFound
            RowsInvalid: it names the bad rows; nothing was made.
        """
        _check_scope(principal, generate=wanted.generate)
        template = await self._templates.get(principal, template_id)
        found = self._templates.fill(template, wanted)
        good = found.projects if wanted.skip_bad and found.projects else all_good(found)
        made = self._templates.in_aspects(good, wanted.aspects)
        row, ids = await self._campaigns.make(principal, wanted.title, template.id, made)
        job = None
        if wanted.generate:
            options = BulkGenerate(accept_unknown_cost=wanted.accept_unknown_cost)
            job = await self._bulk.generate(principal, row.id, options)
        return CampaignMade(
            campaign=await self._campaigns.get(principal, row.id),
            project_ids=ids,
            skipped=list(found.problems),
            job=job_resource(job, self._clock()) if job is not None else None,
        )


def _check_scope(principal: Principal, *, generate: bool) -> None:
    """Generating costs money: it needs its own scope."""
    if generate and not principal.allows("generate:write"):
        raise Forbidden(
            "Generating needs the scope 'generate:write', which this key does not hold.",
            hint="Create a key with that scope, or make the projects without generating.",
            code="scope_missing",
            title="Missing scope",
        )
