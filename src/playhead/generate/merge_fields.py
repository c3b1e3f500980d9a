"""Merge fields of a template: ``{{name}}`` in its texts, found, checked and replaced. Substitution alone. Pure.

A text that is one field and nothing else takes the field's value with its type: ``"{{seconds}}"`` becomes ``8``.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from pydantic import ValidationError

from playhead.catalog.titles import clean_title
from playhead.errors import InvalidInput
from playhead.generate.shapes.templates import Field
from playhead.kit.ids import is_id
from playhead.kit.text import one_line, plain_text
from playhead.reels.prompt_shapes import LONGEST_PROMPT
from playhead.reels.shapes import ProjectInput

Value = str | int | float
Values = Mapping[str, Value]

MOST_FIELDS: Final = 50
MAX_VALUE: Final = 5_000
NAME: Final = r"[a-z][a-z0-9_]{0,39}"

_PLACE = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_NAME = re.compile(NAME)
_SAMPLES: Final[Mapping[str, Value]] = {
    "text": "x",
    "number": 1,
    "image": "img_00000000000000000000000000",
    "video": "vid_00000000000000000000000000",
}


class TemplateInvalid(InvalidInput):
    """A template that could make no project."""

    code = "template_invalid"
    title = "This template cannot be used"


class FieldInvalid(InvalidInput):
    """A field that is missing, unknown, or has a value that it does not take."""

    code = "field_invalid"
    title = "A field cannot be used"


def fields_of(content: Mapping[str, Any], declared: Sequence[Field]) -> list[Field]:
    """All fields in a template's content: those declared, then the others in their order, as texts without a default.

    Raises:
        TemplateInvalid: a name that is none, one declared twice, or too many.
    """
    fields = {field.name: field for field in declared}
    if len(fields) < len(declared):
        raise TemplateInvalid("A field is declared twice.", hint="Give each field its own name.")
    for name in _names(content):
        if not _NAME.fullmatch(name):
            raise TemplateInvalid(
                f"{{{{{name[:60]}}}}} names no field.",
                hint="Use small letters, digits and _, such as {{product}}; a letter comes first.",
            )
        fields.setdefault(name, Field(name=name))
    if len(fields) > MOST_FIELDS:
        raise TemplateInvalid(f"A template has at most {MOST_FIELDS} fields; this one has {len(fields)}.")
    return list(fields.values())


def check_template(content: Mapping[str, Any], fields: Sequence[Field]) -> None:
    """See that a template makes a project, whatever its fields say.

    Raises:
        TemplateInvalid: it names the place.
    """
    for field in fields:
        if field.default is not None:
            try:
                read_value(field, field.default)
            except FieldInvalid as error:
                raise TemplateInvalid(f"The default of {field.name}: {error.detail}", hint=error.hint) from error
    samples = {field.name: field.default or _sample(field) for field in fields}
    try:
        _project(replaced(content, samples))
    except InvalidInput as error:
        raise TemplateInvalid(error.detail, hint=error.hint) from error


def filled(content: Mapping[str, Any], fields: Sequence[Field], values: Mapping[str, object]) -> ProjectInput:
    """The project that a template makes with some values; what is left out takes its default.

    Raises:
        FieldInvalid: it names the field.
        InvalidInput: the project would break a limit.
    """
    return _project(replaced(content, read_values(fields, values)))


def read_values(fields: Sequence[Field], values: Mapping[str, object]) -> dict[str, Value]:
    """Values of all fields, each of its type.

    Raises:
        FieldInvalid: an unknown or missing field, or a value that it does not take.
    """
    known = {field.name for field in fields}
    for name in values:
        if name not in known:
            listed = ", ".join(sorted(known)) or "none"
            raise FieldInvalid(
                f"There is no field {name[:60]!r}; the template has {listed}.", extra={"field": name[:60]}
            )
    found = {}
    for field in fields:
        given = values.get(field.name)
        if given is None or (isinstance(given, str) and not given.strip()):
            if field.default is None:
                raise FieldInvalid(f"The field {field.name} is missing.", extra={"field": field.name})
            given = field.default
        found[field.name] = read_value(field, given)
    return found


def read_value(field: Field, given: object) -> Value:
    """One value; numbers may come as texts, as in a CSV file.

    Raises:
        FieldInvalid: the field does not take it.
    """
    if field.type == "number":
        return _number(field, given)
    if isinstance(given, bool) or not isinstance(given, str | int | float):
        raise _refused(field, given, "a text")
    text = plain_text(str(given))
    if len(text) > MAX_VALUE:
        raise FieldInvalid(
            f"The field {field.name} has {len(text):,} characters; it takes {MAX_VALUE:,}.",
            extra={"field": field.name},
        )
    if field.type == "choice" and text not in field.choices:
        raise _refused(field, text, "one of " + ", ".join(field.choices))
    if field.type == "image" and text and not is_id("img", text):
        raise _refused(field, text, "the id of an image (img_...)")
    if field.type == "video" and text and not is_id("vid", text):
        raise _refused(field, text, "the id of a video (vid_...)")
    return text


def replaced(content: Any, values: Values) -> Any:
    """Replace all fields, once: a value that looks like a field stays as it is.

    An input file whose field is empty is left out.

    Raises:
        InvalidInput: a text would become longer than any may be.
    """
    if isinstance(content, str):
        whole = _PLACE.fullmatch(content)
        if whole is not None and whole[1] in values:
            return values[whole[1]]
        text = _PLACE.sub(lambda place: str(values.get(place[1], place[0])), content)
        if len(text) > LONGEST_PROMPT:  # a template may name a long value hundreds of times
            raise InvalidInput(f"A text has {len(text):,} characters with its fields; at most {LONGEST_PROMPT:,} fit.")
        return text
    if isinstance(content, Mapping):
        made = {key: replaced(value, values) for key, value in content.items()}
        if isinstance(made.get("inputs"), list):
            made["inputs"] = [file for file in made["inputs"] if not _is_empty(file)]
        return made
    if isinstance(content, list):
        return [replaced(value, values) for value in content]
    return content


def as_column(name: str) -> str:
    """The field that the head of a column means: ``Product name`` is ``product_name``."""
    return re.sub(r"[^a-z0-9]+", "_", one_line(name).lower()).strip("_")


def _is_empty(file: object) -> bool:
    return isinstance(file, dict) and "" in (file.get("image_id"), file.get("video_id"))


def _names(content: Any) -> Iterator[str]:
    if isinstance(content, str):
        yield from (place[1] for place in _PLACE.finditer(content))
    elif isinstance(content, Mapping):
        for value in content.values():
            yield from _names(value)
    elif isinstance(content, list):
        for value in content:
            yield from _names(value)


def _sample(field: Field) -> Value:
    if field.type == "choice":
        return field.choices[0]
    return field.minimum if field.type == "number" and field.minimum is not None else _SAMPLES[field.type]


def _project(content: Any) -> ProjectInput:
    try:
        project = ProjectInput.model_validate(content)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        place = ".".join(str(part + 1) if isinstance(part, int) else str(part) for part in first["loc"])
        raise InvalidInput(f"{place}: {first['msg'].removeprefix('Value error, ')}.") from error
    project.title = clean_title(project.title)
    return project


def _number(field: Field, given: object) -> int | float:
    try:
        found = float(given) if isinstance(given, str | int | float) and not isinstance(given, bool) else None
    except (ValueError, OverflowError):
        found = None
    low, high = field.minimum, field.maximum
    if (
        found is None
        or not abs(found) < 2**53
        or (low is not None and found < low)
        or (high is not None and found > high)
    ):
        raise _refused(field, given, _limits(low, high))
    return int(found) if found == int(found) else found


def _limits(low: float | None, high: float | None) -> str:
    if low is not None and high is not None:
        return f"a number from {low:g} to {high:g}"
    if low is not None:
        return f"a number of at least {low:g}"
    return "a number" if high is None else f"a number of at most {high:g}"


def _refused(field: Field, given: object, takes: str) -> FieldInvalid:
    return FieldInvalid(f"The field {field.name} is {given!r:.80}; it takes {takes}.", extra={"field": field.name})
