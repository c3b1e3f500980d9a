"""What the API says of templates and what is made from them."""

from typing import Annotated, Any, Literal, Self

from pydantic import Field as Described
from pydantic import model_validator

from playhead.api.shapes import PageShape, Payload, Shape, Timestamp
from playhead.reels.shapes import Project

FieldType = Literal["text", "number", "image", "video", "choice"]
Aspect = Literal["16:9", "9:16", "1:1"]
Given = str | int | float | None

CONTENT = (
    "A project as `POST /projects` takes it (title, settings, clips), with `{{name}}` in any of its texts. A text that "
    'is one field alone takes the field\'s type: `"duration": "{{seconds}}"`.'
)


class Field(Payload):
    """A merge field."""

    name: Annotated[str, Described(pattern=r"^[a-z][a-z0-9_]{0,39}$", description="As in `{{name}}`.")]
    type: Annotated[FieldType, Described(description="`image` and `video` take ids.")] = "text"
    title: Annotated[str | None, Described(max_length=100, description="For people; null: the name.")] = None
    default: Annotated[
        str | int | float | None,
        Described(description="Null: a value must be given. An empty image or video leaves its input file out."),
    ] = None
    choices: list[Annotated[str, Described(min_length=1, max_length=200)]] = Described(
        default_factory=list, max_length=100, description="Of a `choice`."
    )
    minimum: Annotated[float | None, Described(allow_inf_nan=False, description="Of a `number`.")] = None
    maximum: Annotated[float | None, Described(allow_inf_nan=False)] = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.type == "choice") != bool(self.choices):
            raise ValueError("choices belong to a field of type choice, which needs at least one")
        return self


class Document(Payload):
    """A template's content and its declared fields."""

    title: Annotated[str, Described(max_length=500, description="Of the projects.")]
    settings: Annotated[dict[str, Any], Described(default_factory=dict, description="As of a project.")]
    clips: Annotated[
        list[dict[str, Any]],
        Described(max_length=2000, default_factory=list, description="As of a project, with their effects."),
    ]
    music: Annotated[dict[str, Any] | None, Described(description="As of a project.")] = None
    watermark: Annotated[dict[str, Any] | None, Described(description="As of a project.")] = None
    captions: Annotated[dict[str, Any] | None, Described(description="As of a project.")] = None
    markers: Annotated[list[dict[str, Any]], Described(max_length=500, default_factory=list)]
    fields: Annotated[
        list[Field],
        Described(
            max_length=50,
            default_factory=list,
            description="Declared ones; a field that is used and not declared is a text without a default.",
        ),
    ]

    @property
    def content(self) -> dict[str, Any]:
        """The project, with fields in it."""
        content = self.model_dump(mode="json", exclude={"fields"})
        return {name: value for name, value in content.items() if value is not None}


class TemplateInput(Payload):
    """A new template, from a project or from a document: exactly one of both."""

    title: Annotated[str, Described(description="At most 500 characters; folded to one line.")]
    project_id: Annotated[
        str | None,
        Described(
            max_length=40,
            description="Its clips with a prompt become prompts without their takes, the others keep their videos.",
        ),
    ] = None
    document: Annotated[Document | None, Described(description=CONTENT)] = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.project_id is None) == (self.document is None):
            raise ValueError("give either project_id or document")
        return self


class TemplateChanges(Payload):
    """What changes of a template; what is left out stays. Projects made from it stay as they are."""

    title: str | None = None
    document: Document | None = None


class TemplateSummary(Shape):
    """A template in a list."""

    id: str
    title: str
    version: int
    clip_count: int
    fields: Annotated[list[Field], Described(description="All of them, declared or not, in order.")]
    created_at: Timestamp
    updated_at: Timestamp


class Template(TemplateSummary):
    """A project with merge fields."""

    document: Annotated[Document, Described(description=CONTENT)]


class TemplatePage(PageShape[TemplateSummary]):
    """A page of templates."""


class Making(Payload):
    """How projects are made from a template."""

    aspects: Annotated[
        list[Aspect],
        Described(
            max_length=3,
            default_factory=list,
            description="One project for each, with its size and the aspect of its prompts; empty: as the template is.",
        ),
    ]
    generate: Annotated[bool, Described(description="Generate all clips at once.")] = False
    accept_unknown_cost: bool = False


class ProjectsInput(Making):
    """Projects to make with one set of values."""

    fields: Annotated[dict[str, Given], Described(max_length=50, default_factory=dict)]
    title: Annotated[str | None, Described(description="Of the projects; null: as the template says.")] = None


class ProjectsMade(Shape):
    """The projects that were made, one for each aspect."""

    items: list[Project]


class Rows(Payload):
    """Sets of values, one for each project: exactly one of both."""

    rows: Annotated[
        list[dict[str, Given]] | None,
        Described(max_length=1000, description="A `title` that is no field is the project's title."),
    ] = None
    csv: Annotated[
        str | None,
        Described(
            max_length=5_000_000,
            description="A CSV file: the first line names the fields; commas, semicolons or tabs; 1,000 rows at most.",
        ),
    ] = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.rows is None) == (self.csv is None):
            raise ValueError("give either rows or csv")
        return self


class RowProblem(Shape):
    """Why a row makes no project."""

    line: Annotated[int, Described(description="In the CSV file, the head being 1; of a list, the row from 1.")]
    field: str | None
    message: str


class RowsChecked(Shape):
    """What some rows would make; nothing was made."""

    total: int
    good: int
    problems: Annotated[list[RowProblem], Described(description="All of them.")]
    titles: Annotated[list[str], Described(description="Of the first 20 projects.")]
    project_count: Annotated[int, Described(description="Good rows times aspects.")]


class RowsCheck(Rows):
    """Rows to check."""

    aspects: Annotated[list[Aspect], Described(max_length=3, default_factory=list)]


class CampaignFromTemplate(Rows, Making):
    """A campaign to make: a project for each row."""

    title: str
    skip_bad: Annotated[
        bool, Described(description="Leave rows out that cannot be used, instead of making nothing at all.")
    ] = False
