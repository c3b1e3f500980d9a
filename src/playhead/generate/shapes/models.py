"""What the API says of models."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from playhead.api.shapes import Shape
from playhead.generate.model import InputRule, Model, Parameter

Scalar = bool | int | float | str


class ModelParameter(Shape):
    """A parameter of a model, as prompts say it."""

    name: str
    kind: Literal["integer", "number", "text", "choice", "switch"]
    title: str
    description: str
    unit: str
    minimum: float | None
    maximum: Annotated[float | None, Field(description="Of a number; of a text its characters.")]
    choices: Annotated[list[Scalar], Field(description="The only values; empty: any within the limits.")]
    default: Annotated[Scalar | None, Field(description="Null: the model decides.")]
    required: bool
    limits: Annotated[str, Field(description="What it takes, in words.")]
    external: Annotated[str, Field(description="The model's own name of it, which prompts may use, too.")]


class ModelInput(Shape):
    """A file that a model takes."""

    parameter: str
    kind: Literal["image", "video"]
    role: Literal["first_frame", "last_frame", "reference", "source"]
    title: str
    description: str
    required: bool
    max_bytes: int | None


class ModelPrice(Shape):
    """The price of a model."""

    words: Annotated[str, Field(description="For people, such as `$0.20 to $0.40 a second`.")]
    per: Literal["second", "video"]
    as_of: Annotated[date | None, Field(description="When it was read; the provider may have changed it since.")]
    source: str


class GenerationModel(Shape):
    """A model of a provider."""

    provider: str
    name: str
    title: str
    description: str
    available: Annotated[bool, Field(description="Whether its provider is set up and on.")]
    default: Annotated[bool, Field(description="Of its provider: taken where a prompt names none.")]
    parameters: list[ModelParameter]
    inputs: list[ModelInput]
    price: Annotated[ModelPrice | None, Field(description="Null: not known, which is not free.")]
    seconds: Annotated[float | None, Field(description="Typical time until it is done.")]
    open: Annotated[bool, Field(description="Other parameters and inputs are passed on as they are.")]
    retired: bool
    retires_at: Annotated[date | None, Field(description="First day on which it is gone.")]
    replaced_by: str | None


class GenerationModels(Shape):
    """Models; the default provider is the one of prompts that name none."""

    items: list[GenerationModel]
    default_provider: str


def model_shape(model: Model, *, available: bool, default: bool, today: date) -> GenerationModel:
    """A model as the API shows it."""
    price = model.price
    return GenerationModel(
        provider=model.provider,
        name=model.name,
        title=model.title or model.name,
        description=model.description,
        available=available,
        default=default,
        parameters=[_parameter(each) for each in model.parameters.values()],
        inputs=[_input(each) for each in model.inputs.values()],
        price=ModelPrice(words=price.words, per=price.per, as_of=price.as_of, source=price.source) if price else None,
        seconds=model.seconds,
        open=model.open,
        retired=model.is_retired(today),
        retires_at=model.retires_at,
        replaced_by=model.replaced_by,
    )


def _parameter(each: Parameter) -> ModelParameter:
    return ModelParameter(
        name=each.name,
        kind=each.kind,
        title=each.title or each.name,
        description=each.description,
        unit=each.unit,
        minimum=each.minimum,
        maximum=each.maximum,
        choices=list(each.choices),
        default=each.default,
        required=each.required,
        limits=each.limits,
        external=each.sent_as,
    )


def _input(each: InputRule) -> ModelInput:
    return ModelInput(
        parameter=each.name,
        kind=each.kind,
        role=each.role,
        title=each.title or each.name,
        description=each.description,
        required=each.required,
        max_bytes=each.max_bytes,
    )
