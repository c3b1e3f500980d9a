"""Edits and their effects as JSON-safe facts, and back; what is as by default is left out."""

import functools
import types
from collections.abc import Callable, Hashable
from dataclasses import fields, is_dataclass
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

_Read = TypeVar("_Read")


def facts_of(value: Any) -> Any:
    """JSON-safe facts of one of the dataclasses of this folder."""
    if is_dataclass(value):
        kind: Any = type(value)
        shown = {field.name: getattr(value, field.name) for field in fields(value) if field.repr}
        return {name: facts_of(one) for name, one in shown.items() if one != _defaults(kind)[name]}
    if isinstance(value, tuple):
        return [facts_of(one) for one in value]
    return value


def read_facts(kind: Callable[..., _Read], facts: dict[str, Any]) -> _Read:
    """The inverse of `facts_of`; facts that this version does not know are ignored.

    Raises:
        KeyError: a fact without a default is missing.
    """
    known: dict[str, Any] = _hints(kind)
    return kind(**{name: _read(known[name], fact) for name, fact in facts.items() if name in known})


def _read(kind: Any, fact: Any) -> Any:
    origin = get_origin(kind)
    if fact is None or origin is Literal:
        return fact
    if origin is tuple:
        return tuple(_read(get_args(kind)[0], one) for one in fact)
    if origin in (Union, types.UnionType):
        return _read(_which(get_args(kind), fact), fact)
    made: Callable[..., Any] = kind
    return read_facts(made, fact) if is_dataclass(kind) else fact


def _which(kinds: tuple[Any, ...], fact: Any) -> Any:
    """The member of a union that has all of the facts' names."""
    classes: list[Any] = [kind for kind in kinds if is_dataclass(kind)]
    if not classes or not isinstance(fact, dict):
        return next(kind for kind in kinds if kind is not types.NoneType and not is_dataclass(kind))
    return next((kind for kind in classes if fact.keys() <= _hints(kind).keys()), classes[0])


@functools.cache
def _hints(kind: Hashable) -> dict[str, Any]:
    made: Any = kind
    return get_type_hints(made)


@functools.cache
def _defaults(kind: Hashable) -> dict[str, Any]:
    made: Any = kind
    return {field.name: field.default for field in fields(made)}
