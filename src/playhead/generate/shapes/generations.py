"""What the API says of generations, and of prompts that become some."""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from playhead.api.shapes import PageShape, Payload, Shape, Timestamp
from playhead.reels.prompt_shapes import (
    Cost,
    ModelName,
    Parameters,
    Prompt,
    PromptText,
    ProviderName,
    Relation,
    TakeError,
    TakeState,
)
from playhead.reels.shapes import Project

MOST_AT_ONCE = 500
"""Takes that one request makes: each is a job and a reservation, written in one transaction."""

Dollars = Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False)]
ClipIds = Annotated[
    list[Annotated[str, Field(max_length=40)]],
    Field(min_length=1, max_length=MOST_AT_ONCE, description="Of clips with a prompt."),
]


class Generation(Shape):
    """One request to a provider, made at most once; one take where it is of a clip."""

    id: str
    project_id: str | None
    clip_id: str | None
    parent_id: Annotated[str | None, Field(description="Take that it was made from.")]
    relation: Annotated[Relation | None, Field(description="How it was made from its parent.")]
    prompt: str
    provider: str
    model: str
    parameters: Annotated[dict[str, Any], Field(description="As the model takes them.")]
    inputs: Annotated[list[dict[str, Any]], Field(description="Files that it starts from.")]
    state: TakeState
    provider_words: Annotated[str | None, Field(description="The provider's own word for its state.")]
    progress: Annotated[float | None, Field(description="0 to 1; null where the provider does not say.")]
    video_id: Annotated[str | None, Field(description="Null until it succeeded.")]
    cost: Cost
    error: TakeError | None
    job_id: str | None
    external_id: Annotated[str | None, Field(description="The provider's id of it, to find it in your account there.")]
    sent_at: Annotated[Timestamp | None, Field(description="When it was sent to the provider; null: nothing was.")]
    deadline_at: Timestamp | None
    created_at: Timestamp
    updated_at: Timestamp
    finished_at: Timestamp | None


class GenerationPage(PageShape[Generation]):
    """A page of generations."""


class GenerationInput(Payload):
    """A prompt that becomes a video of the library, or a take of a clip."""

    prompt: Prompt
    clip_id: Annotated[
        str | None, Field(max_length=40, description="Clip that this is a take of; its own prompt stays as it is.")
    ] = None
    parent_id: Annotated[str | None, Field(max_length=40, description="Take to go on from; with `relation`.")] = None
    relation: Annotated[
        Literal["edit", "extend", "first_frame", "last_frame"] | None,
        Field(
            description="`edit` and `extend` give the model the parent's video, `first_frame` and `last_frame` a still "
            "of it, unless the prompt's inputs name files."
        ),
    ] = None
    accept_unknown_cost: Annotated[bool, Field(description="Go ahead where nobody knows the price.")] = False
    max_cost: Annotated[Dollars | None, Field(description="Make nothing if the estimate is above this.")] = None

    @model_validator(mode="after")
    def _both(self) -> Self:
        if (self.parent_id is None) != (self.relation is None):
            raise ValueError("parent_id and relation go together")
        return self


class GenerateInput(Payload):
    """Which clips of a project to generate."""

    clip_ids: Annotated[
        ClipIds | None,
        Field(description="Without it all that have a prompt, and neither a video nor a take under way."),
    ] = None
    again: Annotated[bool, Field(description="Make another take of a named clip even while one is under way.")] = False
    accept_unknown_cost: Annotated[bool, Field(description="Go ahead where nobody knows the price.")] = False
    max_cost: Annotated[Dollars | None, Field(description="Make nothing if the estimates add up to more.")] = None


class EstimateInput(Payload):
    """What to estimate; as for `generate`."""

    clip_ids: ClipIds | None = None


class Estimated(Shape):
    """Sum of estimates, before anything is made."""

    currency: Literal["USD"] = "USD"
    amount: Annotated[float | None, Field(description="Of those that are known; null where none is.")]
    unknown: Annotated[int, Field(description="Takes whose price nobody knows.")]


class SkippedClip(Shape):
    """A clip that was left out, and why."""

    clip_id: str
    position: int
    code: str
    message: str


class Generated(Shape):
    """Takes that were requested, or are under way already, in the order of their clips."""

    items: list[Generation]
    skipped: Annotated[list[SkippedClip], Field(description="Such as one that begins with a clip without a video.")]
    estimated: Estimated


class EstimateProblem(Shape):
    """Why a clip cannot be generated as it stands."""

    code: str
    message: str
    hint: str | None


class ClipEstimate(Shape):
    """What one clip would cost, and with which model."""

    clip_id: str
    position: int
    provider: str | None
    model: str | None
    amount: Annotated[float | None, Field(description="Dollars; null is not known.")]
    problem: EstimateProblem | None


class ProjectEstimate(Shape):
    """What generating would cost; nothing was made."""

    items: list[ClipEstimate]
    estimated: Estimated


class PromptsInput(Payload):
    """Prompts to append as clips, each with the same provider, model and parameters where it says none itself."""

    text: Annotated[
        str | None, Field(max_length=1_000_000, description="One prompt a line; empty lines are left out.")
    ] = None
    prompts: Annotated[
        list[Prompt | PromptText] | None, Field(min_length=1, max_length=MOST_AT_ONCE, description="Instead of `text`.")
    ] = None
    provider: ProviderName | None = None
    model: ModelName | None = None
    parameters: Annotated[Parameters, Field(default_factory=dict)]
    generate: Annotated[bool, Field(description="Request their takes as well.")] = False
    accept_unknown_cost: bool = False
    max_cost: Dollars | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.text is None) == (self.prompts is None):
            raise ValueError("give either text or prompts")
        return self


class AddedPrompts(Shape):
    """The project with its new clips, and their takes where they were requested."""

    project: Project
    clip_ids: list[str]
    items: list[Generation]
    estimated: Annotated[Estimated | None, Field(description="Null where nothing was to be generated.")]


class Resolution(Payload):
    """What to do with a generation of which nobody knows whether it was submitted."""

    action: Annotated[
        Literal["resubmit", "give_up"],
        Field(description="`resubmit` may be charged a second time; `give_up` leaves it, and its reservation."),
    ]
    accept_unknown_cost: bool = False
