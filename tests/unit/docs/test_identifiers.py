"""Identifiers use the terms of the glossary."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import playhead

SOURCE = Path(playhead.__file__).parent
GLOSSARY = Path(__file__).parents[3] / "docs" / "glossary.md"

CLEAN = [
    *("access", "api", "app", "catalog", "cli", "db", "delivery", "errors.py", "jobs", "kit"),
    *("media", "notify", "observe", "outbox", "reels", "retention", "services.py", "settings.py", "storage"),
]
"""Packages and modules of ``playhead`` without a refused word; a package that has been cleaned belongs here."""

KEPT = {"sound"}
"""Words that the API and the command line use in public names."""

WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


def refused() -> set[str]:
    """The words that the glossary refuses, with their plural."""
    text = GLOSSARY.read_text().partition("## Names in the code")[2]
    words = {word for line in re.findall(r"Not (`.*`)\.", text) for word in re.findall(r"`(\w+)`", line)}
    return words | {f"{word}s" for word in words}


def identifiers(path: Path) -> Iterator[str]:
    """The names that a module defines, with its own."""
    yield path.stem
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.attr


def test_the_glossary_refuses_words() -> None:
    assert {"picture", "sounds", "wire", "told"} <= refused()


@pytest.mark.parametrize("part", CLEAN)
def test_no_identifier_uses_a_refused_word(part: str) -> None:
    words = refused()
    paths = [SOURCE / part] if part.endswith(".py") else sorted((SOURCE / part).rglob("*.py"))
    found = [
        f"{path.relative_to(SOURCE)}: {name}"
        for path in paths
        for name in sorted(set(identifiers(path)))
        if words & {word.lower() for word in WORD.findall(name)} and name.lower() not in KEPT
    ]

    assert (paths != [], found) == (True, [])
