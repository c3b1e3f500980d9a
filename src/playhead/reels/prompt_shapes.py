"""What the API says of prompts and takes."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from playhead.api.shapes import Payload, Shape, Timestamp
from playhead.kit.text import one_line, plain_text

TakeState = Literal["queued", "submitting", "running", "succeeded", "failed", "refused", "unknown", "canceled"]
Relation = Literal["reroll", "edit", "extend", "first_frame", "last_frame"]
At = Literal["first", "last"]
FaultSide = Literal["provider", "rate", "refused", "caller", "us"]

ACTIVE_TAKES: frozenset[TakeState] = frozenset({"queued", "submitting", "running"})
LONGEST_PROMPT = 10_000
MOST_TAKES = 20
"""Takes of one clip that a project lists, the newest."""


def _said(text: str) -> str:
    plain = plain_text(text)
    if not plain:
        raise ValueError("a prompt needs at least one word")
    return plain


Line = Annotated[str, StringConstraints(max_length=2000), AfterValidator(one_line)]
PromptText = Annotated[
    str,
    Field(min_length=1, max_length=LONGEST_PROMPT, description="What the clip shows."),
    AfterValidator(_said),
]
ProviderName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.-]*$", max_length=64)]
ModelName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:/@-]*$", max_length=200)]
Number = Annotated[float, Field(allow_inf_nan=False)]
Value = bool | int | Number | Line | None
Parameters = Annotated[
    dict[Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_.-]*$", max_length=100)], Value],
    Field(max_length=50, description="As the model takes them: duration, aspect, seed ...; see `GET /models`."),
]


class Frame(Payload):
    """A still out of a video."""

    of: Annotated[str, Field(max_length=40, description="`previous`: the clip before this one; or the id of a video.")]
    at: Annotated[At, Field(description="Which end of it; of the previous clip, the end of its span.")]


class PromptFile(Payload):
    """A file that the model starts from: exactly one of image, video and frame."""

    parameter: Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_.-]*$", max_length=100)]
    image_id: Annotated[str | None, Field(max_length=40)] = None
    video_id: Annotated[str | None, Field(max_length=40)] = None
    frame: Frame | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if sum(source is not None for source in (self.image_id, self.video_id, self.frame)) != 1:
            raise ValueError("give exactly one of image_id, video_id and frame")
        return self


class Prompt(Payload):
    """What a clip is generated from."""

    text: PromptText
    provider: Annotated[ProviderName | None, Field(description="Null: the default provider.")] = None
    model: Annotated[ModelName | None, Field(description="Null: the first model of the provider.")] = None
    parameters: Annotated[Parameters, Field(default_factory=dict)]
    inputs: Annotated[list[PromptFile], Field(max_length=10, default_factory=list)]


class Cost(Shape):
    """Money of one take; null is not known, which is not zero."""

    currency: Literal["USD"] = "USD"
    estimated: Annotated[float | None, Field(description="By the model's price rule, before the request.")]
    reserved: Annotated[float | None, Field(description="Held for it until its cost is known.")]
    actual: Annotated[float | None, Field(description="What the provider charged.")]
    refunded: float | None


class TotalCost(Shape):
    """Money of several takes: sums of what is known."""

    currency: Literal["USD"] = "USD"
    estimated: float
    reserved: float
    actual: float
    refunded: float
    unknown: Annotated[int, Field(description="Takes that were submitted and have ended, without a known cost.")]


class TakeError(Shape):
    """Why a take failed, was refused, or is unknown."""

    code: str
    message: Annotated[str, Field(description="In the provider's words where it said any.")]
    hint: str | None
    side: Annotated[FaultSide, Field(description="Whose fault it is.")]


class Take(Shape):
    """One generated version of a clip."""

    id: Annotated[str, Field(description="Of its generation.")]
    state: TakeState
    video_id: Annotated[str | None, Field(description="Null until it succeeded, and after its video was deleted.")]
    progress: Annotated[float | None, Field(description="0 to 1; null where the provider does not say.")]
    provider: str
    provider_words: Annotated[str | None, Field(description="What the provider says of it, such as why it waits.")]
    model: str
    cost: Cost
    error: TakeError | None
    parent_id: Annotated[str | None, Field(description="Take that it was made from.")]
    relation: Relation | None
    poster_url: str | None = None
    duration_s: float | None = None
    created_at: Timestamp
    finished_at: Timestamp | None
