"""What the API says of campaigns."""

from typing import Annotated, Literal

from pydantic import Field

from playhead.api.shapes import PageShape, Payload, Shape, Timestamp
from playhead.generate.shapes.templates import RowProblem
from playhead.jobs.shapes import Job
from playhead.reels.prompt_shapes import TotalCost
from playhead.reels.shapes import ProjectStatus

MOST_PROJECTS = 3000
"""Projects of one campaign: 1,000 rows in three aspects."""

ProjectIds = Annotated[list[Annotated[str, Field(max_length=40)]], Field(max_length=MOST_PROJECTS)]
Action = Literal["generate", "stitch"]
Dollars = Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False)]


class CampaignInput(Payload):
    """A new campaign."""

    title: Annotated[str, Field(description="At most 500 characters; folded to one line.")]
    project_ids: Annotated[ProjectIds, Field(default_factory=list)]


class CampaignChanges(Payload):
    """What changes of a campaign; what is left out stays."""

    title: str | None = None


class ProjectSelection(Payload):
    """Projects to add."""

    project_ids: Annotated[ProjectIds, Field(min_length=1)]


class SkippedProject(Shape):
    """A project that a bulk action left out, and why."""

    project_id: str
    title: str
    code: str
    message: str


class Outcome(Shape):
    """How a bulk action ended."""

    action: Action
    job_id: str
    at: Timestamp
    done: Annotated[int, Field(description="Projects of which clips were requested, or the reel.")]
    skipped: Annotated[list[SkippedProject], Field(description="The others, at most 100 of them.")]
    skipped_count: int
    error: Annotated[str | None, Field(description="Why it could not go through all of them.")] = None


class CampaignSummary(Shape):
    """A campaign in a list."""

    id: str
    title: str
    version: int
    template_id: str | None
    project_count: int
    cost: Annotated[TotalCost | None, Field(description="Of all takes of its projects; null without any.")]
    created_at: Timestamp
    updated_at: Timestamp


class Campaign(CampaignSummary):
    """A group of projects."""

    statuses: Annotated[dict[ProjectStatus, int], Field(description="Number of projects by status.")]
    clip_count: int
    ready_count: Annotated[int, Field(description="Clips that can be stitched.")]
    reel_count: Annotated[int, Field(description="Projects with a reel, up to date or not.")]
    active_job: Annotated[Job | None, Field(description="The bulk action that runs.")]
    outcome: Annotated[Outcome | None, Field(description="Of the latest bulk action that ended.")]


class CampaignPage(PageShape[CampaignSummary]):
    """A page of campaigns."""


class CampaignMade(Shape):
    """A campaign that was made from rows, and those that were left out."""

    campaign: Campaign
    project_ids: list[str]
    skipped: list[RowProblem]
    job: Annotated[Job | None, Field(description="That requests the takes, if they are to be generated at once.")]


class BulkInput(Payload):
    """Which projects of a campaign."""

    project_ids: Annotated[ProjectIds | None, Field(min_length=1, description="Without it all of them.")] = None


class BulkGenerate(BulkInput):
    """What to generate: clips that have a prompt, and neither a video nor a take under way."""

    accept_unknown_cost: Annotated[bool, Field(description="Go ahead where nobody knows the price.")] = False
    max_cost: Annotated[Dollars | None, Field(description="Make nothing if the estimate is above this.")] = None


class CampaignEstimate(Shape):
    """What generating would cost; nothing was made."""

    currency: Literal["USD"] = "USD"
    amount: Annotated[float | None, Field(description="Of clips whose price is known; null where none is.")]
    unknown: Annotated[int, Field(description="Clips whose price nobody knows.")]
    clips: Annotated[int, Field(description="Clips that would be generated.")]
    projects: int
    problems: Annotated[int, Field(description="Clips that cannot be generated as they stand.")]


class FinishedReel(Shape):
    """The reel of a project."""

    project_id: str
    title: str
    video_id: str
    duration_s: float | None
    size_bytes: int | None
    made_at: Timestamp


class ReelPage(PageShape[FinishedReel]):
    """A page of finished reels."""
