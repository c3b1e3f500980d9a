"""Rows of values for a template, from a CSV file as spreadsheets write it, or from a list. Pure."""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from playhead.errors import InvalidInput
from playhead.generate.merge_fields import FieldInvalid, as_column, filled
from playhead.generate.shapes.templates import Field, Given, RowProblem
from playhead.kit.text import one_line, shorten
from playhead.reels.shapes import ProjectInput

MOST_ROWS: Final = 1000
TITLE: Final = "title"
"""A column of the project's title, where the template has no field of that name."""

_DELIMITERS: Final = ",;\t"


class RowsInvalid(InvalidInput):
    """Rows of which some make no project."""

    code = "rows_invalid"
    title = "Some rows cannot be used"


@dataclass(frozen=True, slots=True)
class Row:
    """Values of one project.

    Attributes:
        line: Where it is: in a CSV file the head is 1.
        excess: Whether it has more cells than the head, as with a separator that is not quoted.
    """

    line: int
    values: Mapping[str, Given]
    excess: bool = False


@dataclass(frozen=True, slots=True)
class Filled:
    """The projects of the good rows, and why the others make none."""

    projects: Sequence[ProjectInput]
    problems: Sequence[RowProblem]


def rows_of(rows: Sequence[Mapping[str, Given]] | None, csv: str | None, fields: Sequence[Field]) -> list[Row]:
    """Rows from either form.

    Raises:
        RowsInvalid: a head that names no field, no row at all, or too many.
    """
    if csv is None:
        found = [Row(number, values) for number, values in enumerate(rows or (), start=1)]
    else:
        found = list(_read_csv(csv, fields))
    if not found:
        raise RowsInvalid("There is no row.", hint="Put the names of the fields into the first line, values below it.")
    if len(found) > MOST_ROWS:
        raise RowsInvalid(f"There are {len(found):,} rows; a campaign takes {MOST_ROWS:,}.", hint="Split the file.")
    return found


def fill_rows(content: Mapping[str, Any], fields: Sequence[Field], rows: Sequence[Row]) -> Filled:
    """The projects that rows make. Projects that would all have one title are numbered."""
    projects: list[ProjectInput] = []
    problems: list[RowProblem] = []
    own_title = any(field.name == TITLE for field in fields)
    for row in rows:
        values = dict(row.values)
        title = None if own_title else values.pop(TITLE, None)
        if row.excess:
            problems.append(RowProblem(line=row.line, field=None, message="It has more cells than the first line."))
            continue
        try:
            project = filled(content, fields, values)
        except InvalidInput as error:
            named = error.extra["field"] if isinstance(error, FieldInvalid) and error.extra else None
            problems.append(RowProblem(line=row.line, field=named, message=error.detail))
            continue
        if title not in (None, ""):
            project.title = shorten(one_line(str(title)), 500)
        projects.append(project)
    if len(projects) > 1 and len({project.title for project in projects}) == 1:
        for number, project in enumerate(projects, start=1):
            project.title = f"{shorten(project.title, 490)} {number}"
    return Filled(projects, problems)


def all_good(filled_rows: Filled) -> Sequence[ProjectInput]:
    """The projects of rows that must all be good.

    Raises:
        RowsInvalid: it names each bad line with the reason.
    """
    problems = filled_rows.problems
    if problems:
        first = problems[0]
        more = f", and {len(problems) - 1} more" if len(problems) > 1 else ""
        raise RowsInvalid(
            f"Line {first.line}: {first.message.rstrip('.')}{more}. Nothing was made.",
            hint="Mend these rows, or leave them out (skip_bad).",
            extra={"rows": [problem.model_dump() for problem in problems]},
        )
    return filled_rows.projects


def _read_csv(text: str, fields: Sequence[Field]) -> Iterator[Row]:
    import csv

    text = text.removeprefix("\ufeff").replace("\0", "")
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), skipinitialspace=True)
    try:
        head = next((line for line in lines if any(cell.strip() for cell in line)), [])
        names = _names(head, fields)
        for cells in lines:
            if not any(cell.strip() for cell in cells):
                continue
            yield Row(lines.line_num, dict(zip(names, cells, strict=False)), excess=len(cells) > len(names))
    except csv.Error as error:
        raise RowsInvalid(f"Line {lines.line_num} of the CSV file cannot be read: {error}.") from error


def _delimiter(text: str) -> str:
    """The separator of the first line: the one that it has most of outside of quotes."""
    outside = "".join(text.lstrip().split("\n", 1)[0].split('"')[::2])
    return max(_DELIMITERS, key=outside.count)


def _names(head: Sequence[str], fields: Sequence[Field]) -> list[str]:
    known = {field.name for field in fields} | {TITLE}
    names = [as_column(cell) for cell in head]
    for cell, name in zip(head, names, strict=True):
        if name not in known:
            listed = ", ".join(sorted(known))
            raise RowsInvalid(f"The column {cell[:60]!r} names no field; there are {listed}.")
        if names.count(name) > 1:
            raise RowsInvalid(f"The column {cell[:60]!r} comes twice.")
    return names
