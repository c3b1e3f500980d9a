"""Typer's reading of values, which imports pydantic only for the types that need it.

Typer 0.29 builds a pydantic adapter for each parameter of a command, also for one that was left out and for ``--help``.
The import takes 60 ms, longer than most commands run (decision 0018).
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from typer import BadParameter, core
from typer._coercion import RuntimeParam, TypeDescriptor, build_runtime_param

if TYPE_CHECKING:
    from typer._click import Context


def read_without_pydantic() -> None:
    """Let commands that are built from now on read defaults, strings, paths and parsed values by themselves."""
    core.build_runtime_param = _PlainParam.of  # type: ignore[attr-defined]


@dataclass(frozen=True)
class _PlainParam(RuntimeParam):
    descriptor: TypeDescriptor

    @classmethod
    def of(cls, descriptor: TypeDescriptor) -> "_PlainParam":
        return cls(descriptor.parameter_info, descriptor.annotation, descriptor)

    def _coerce_value(self, value: Any, param: Any, ctx: "Context") -> Any:
        read = self._reader()
        if value == param.default or (self.descriptor.choices and value in self.descriptor.choices):
            return value
        if read is None:
            return build_runtime_param(self.descriptor)._coerce_value(value, param, ctx)
        try:
            return [read(each) for each in value] if self.descriptor.is_list else read(value)
        except ValueError as error:
            raise BadParameter(str(error), ctx=ctx, param=param) from error

    def _reader(self) -> Callable[[str], Any] | None:
        plain = (kind for kind in (str, Path) if self.annotation in (kind, list[kind]))  # type: ignore[valid-type]
        return self.parameter_info.parser or next(plain, None)
