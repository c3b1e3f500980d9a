"""Rows of a CSV file as spreadsheets write it."""

from typing import Any

import pytest

from playhead.generate.merge_fields import fields_of
from playhead.generate.rows import RowsInvalid, all_good, fill_rows, rows_of
from playhead.generate.shapes.templates import Field

TEMPLATE: dict[str, Any] = {
    "title": "Ad",
    "clips": [{"prompt": {"text": "{{product_name}}", "parameters": {"duration": "{{seconds}}"}}}],
}
FIELDS = fields_of(TEMPLATE, [Field(name="seconds", type="number", default=4, maximum=15)])


def texts(csv: str) -> list[str]:
    made = all_good(fill_rows(TEMPLATE, FIELDS, rows_of(None, csv, FIELDS)))
    return [project.clips[0].prompt.text for project in made if project.clips[0].prompt]


@pytest.mark.parametrize(
    "csv",
    [
        "product_name,seconds\nKite,4\nBoat,5\n",
        '\ufeffProduct name;Seconds\r\n"Kite";4\r\n\r\nBoat;\r\n',
        "seconds\tproduct_name\n\tKite\n6\tBoat",
        "title,Product Name\nFirst,Kite\nSecond,Boat",
    ],
)
def test_every_spreadsheet_s_csv_is_read(csv: str) -> None:
    """Commas, semicolons or tabs; quotes, a byte order mark, CRLF, empty lines, heads as people write them."""
    assert texts(csv) == ["Kite", "Boat"]


def test_quotes_hold_separators_and_lines() -> None:
    """As RFC 4180 has it; a prompt may have several lines."""
    assert texts('product_name,seconds\n"A ""red"" kite, at dawn\nover the sea",4\n') == [
        'A "red" kite, at dawn\nover the sea'
    ]


def test_each_bad_row_is_named_with_its_line() -> None:
    """The line is that of the file, so that a person finds it in the spreadsheet."""
    csv = "product_name,seconds\nKite,4\n,4\nBoat,99\nSail,4,x\nEnd,5\n"

    found = fill_rows(TEMPLATE, FIELDS, rows_of(None, csv, FIELDS))

    assert [(problem.line, problem.field) for problem in found.problems] == [
        (3, "product_name"),
        (4, "seconds"),
        (5, None),
    ]
    assert len(found.projects) == 2
    with pytest.raises(RowsInvalid, match="Line 3: The field product_name is missing, and 2 more"):
        all_good(found)


def test_projects_of_one_title_are_numbered_and_a_title_column_names_them() -> None:
    """So that a list of projects can be told apart."""
    rows = [{"product_name": "Kite"}, {"product_name": "Boat"}]
    numbered = fill_rows(TEMPLATE, FIELDS, rows_of(rows, None, FIELDS)).projects
    named = fill_rows(TEMPLATE, FIELDS, rows_of([{**row, "title": row["product_name"]} for row in rows], None, FIELDS))

    assert [project.title for project in numbered] == ["Ad 1", "Ad 2"]
    assert [project.title for project in named.projects] == ["Kite", "Boat"]


def test_a_title_that_is_too_long_is_the_problem_of_its_row() -> None:
    """Found before anything is made, as any other."""
    template = {**TEMPLATE, "title": "{{product_name}} ad"}
    rows = rows_of([{"product_name": "Kite"}, {"product_name": "x" * 600}], None, FIELDS)

    assert [problem.line for problem in fill_rows(template, FIELDS, rows).problems] == [2]


@pytest.mark.parametrize(
    ("csv", "words"),
    [
        ("", "There is no row"),
        ("product_name\n", "There is no row"),
        ("product_name,price\nKite,3\n", "column 'price' names no field"),
        ("product_name,Product name\nKite,3\n", "comes twice"),
        ("product_name\n" + "Kite\n" * 1001, "1,001 rows"),
    ],
)
def test_a_file_that_cannot_be_meant_is_refused_whole(csv: str, words: str) -> None:
    """With what is wrong, and what there is."""
    with pytest.raises(RowsInvalid, match=words):
        rows_of(None, csv, FIELDS)
