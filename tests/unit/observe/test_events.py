"""The registry of log events and the calls that log them."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

import playhead
from playhead.observe.events import EVENTS

SOURCE = Path(playhead.__file__).parent
LEVELS = {"debug", "info", "warning", "error", "exception", "critical"}

FORWARDS = {"observe/log.py", "observe/storms.py"}
"""Files that log what they are given."""

EVERYWHERE = {"exc_info"}


class Call(NamedTuple):
    """A call that logs: its place, its event (None where it is not a literal) and its fields."""

    place: str
    event: str | None
    fields: frozenset[str]


def calls() -> Iterator[Call]:
    for path in sorted(SOURCE.rglob("*.py")):
        name = path.relative_to(SOURCE).as_posix()
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and name not in FORWARDS and (at := event_at(node)) is not None:
                event = node.args[at] if len(node.args) > at else None
                literal = str(event.value) if isinstance(event, ast.Constant) else None
                fields = frozenset(str(word.arg) for word in node.keywords) - EVERYWHERE
                yield Call(f"{name}:{node.lineno}", literal, fields)


def event_at(node: ast.Call) -> int | None:
    """The position of the event in a call that logs; None for any other call."""
    callee = node.func
    if isinstance(callee, ast.Name):
        return 1 if callee.id == "Storm" else None
    if isinstance(callee, ast.IfExp):  # (log.error if ... else log.info)(...)
        callee = callee.body
    if isinstance(callee, ast.Call) and ast.unparse(callee.func) == "getattr":  # getattr(log, level)(...)
        return 0 if is_logger(callee.args[0]) else None
    return 0 if isinstance(callee, ast.Attribute) and callee.attr in LEVELS and is_logger(callee.value) else None


def is_logger(node: ast.expr) -> bool:
    return ast.unparse(node).rpartition(".")[2].lstrip("_") in {"log", "logger"}


CALLS = list(calls())


def test_calls_are_found() -> None:
    assert {"request", "transfer", "job_failed", "connections_refused"} <= {call.event for call in CALLS}


@pytest.mark.parametrize("call", CALLS, ids=[call.place for call in CALLS])
def test_every_line_has_a_registered_event_and_registered_fields(call: Call) -> None:
    assert call.event in EVENTS
    assert call.fields <= set(EVENTS[call.event].fields.split())


def test_every_registered_event_is_logged() -> None:
    assert EVENTS.keys() - {call.event for call in CALLS} == set()


def test_names_are_snake_case_and_meanings_are_sentences() -> None:
    assert [name for name in EVENTS if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name)] == []
    assert [name for name, event in EVENTS.items() if not re.fullmatch(r"[A-Z].*\.", event.meaning)] == []
