"""Merge fields: found, checked, and replaced once."""

from typing import Any

import pytest

from playhead.generate.merge_fields import (
    FieldInvalid,
    TemplateInvalid,
    check_template,
    fields_of,
    filled,
    read_values,
    replaced,
)
from playhead.generate.shapes.templates import Field


def content(text: str = "A {{colour}} {{thing}}", **parameters: Any) -> dict[str, Any]:
    return {"title": "{{thing}} ad", "clips": [{"prompt": {"text": text, "parameters": parameters}}]}


def test_fields_are_found_wherever_they_are_used_and_need_no_declaration() -> None:
    """Declared ones first, then the others in their order, as texts that must be given."""
    fields = fields_of(content(duration="{{seconds}}"), [Field(name="seconds", type="number", default=4)])

    assert [(field.name, field.type, field.default) for field in fields] == [
        ("seconds", "number", 4),
        ("thing", "text", None),
        ("colour", "text", None),
    ]


def test_values_take_their_places_with_their_types() -> None:
    """A text that is a field alone becomes a number; one among words becomes words."""
    fields = fields_of(
        content("{{ thing }} for {{seconds}} s", duration="{{seconds}}"),
        [Field(name="seconds", type="number", minimum=1, maximum=15)],
    )

    project = filled(
        content("{{ thing }} for {{seconds}} s", duration="{{seconds}}"), fields, {"thing": "Kite", "seconds": "8"}
    )

    prompt = project.clips[0].prompt
    assert prompt is not None
    assert (project.title, prompt.text, prompt.parameters) == ("Kite ad", "Kite for 8 s", {"duration": 8})


def test_a_value_is_never_read_as_a_field() -> None:
    """Substitution happens once: what looks like code or a field in a value is a text."""
    assert replaced("{{a}} {{b}}", {"a": "{{b}} {0} $x", "b": "two"}) == "{{b}} {0} $x two"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"thing": "Kite"}, "colour is missing"),
        ({"thing": "Kite", "colour": "  "}, "colour is missing"),
        ({"thing": "Kite", "colour": "red", "size": 3}, "no field 'size'"),
        ({"thing": "Kite", "colour": "mauve"}, "one of red, blue"),
        ({"thing": "x" * 5001, "colour": "red"}, "5,001 characters"),
    ],
)
def test_a_value_that_cannot_be_used_is_named(values: dict[str, Any], words: str) -> None:
    """Missing, unknown, none of the choices, too long."""
    fields = fields_of(content(), [Field(name="colour", type="choice", choices=["red", "blue"])])

    with pytest.raises(FieldInvalid, match=words):
        read_values(fields, values)


@pytest.mark.parametrize("given", ["x", "NaN", "inf", "0.5", "16", True])
def test_a_number_keeps_its_limits(given: object) -> None:
    """Also those that only look like numbers."""
    fields = [Field(name="seconds", type="number", minimum=1, maximum=15)]

    with pytest.raises(FieldInvalid, match="a number from 1 to 15"):
        read_values(fields, {"seconds": given})


def test_an_empty_image_leaves_its_input_file_out() -> None:
    """So that one template serves prompts with and without an image."""
    prompt = {"text": "x", "inputs": [{"parameter": "image", "image_id": "{{photo}}"}]}
    template = {"title": "t", "clips": [{"prompt": prompt}]}
    fields = fields_of(template, [Field(name="photo", type="image", default="")])

    without = filled(template, fields, {}).clips[0].prompt
    with_one = filled(template, fields, {"photo": "img_" + "0" * 26}).clips[0].prompt

    assert without is not None
    assert with_one is not None
    assert (len(without.inputs), len(with_one.inputs)) == (0, 1)


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ({"title": "{{First Name}}", "clips": []}, "names no field"),
        ({"title": "t", "clips": [{"prompt": {"text": ""}}]}, "clips.1.prompt.text"),
        ({"title": "t", "clips": [{"pace": 2}]}, "clips.1.pace"),
        ({"title": "t", "settings": {"width": "wide"}, "clips": []}, "settings.width"),
    ],
)
def test_a_template_that_makes_no_project_names_the_place(template: dict[str, Any], words: str) -> None:
    """When it is saved, not when somebody first uses it."""
    with pytest.raises(TemplateInvalid, match=words):
        check_template(template, fields_of(template, []))
