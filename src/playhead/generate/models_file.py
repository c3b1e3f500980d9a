"""Reading of files of models: TOML with a table ``[[model]]`` for each, as in ``models.toml``. Errors name the line."""

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playhead.generate.model import Model, ParameterRefused
from playhead.settings import SettingsInvalid

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

OWN = Path(__file__).with_name("models.toml")
"""The models that come with Playhead."""

MAX_BYTES = 1 << 20

_HEADER = re.compile(r"^[ \t]*\[\[\s*model\s*\]\]", re.MULTILINE)


def read_models(path: Path) -> list[Model]:
    """Read a file of models.

    Raises:
        SettingsInvalid: it cannot be read or understood; with the line.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise SettingsInvalid(f"The file of models {path} cannot be read: {error.strerror}.") from error
    if len(raw) > MAX_BYTES:
        raise SettingsInvalid(f"The file of models {path} has more than 1 MiB.")
    try:
        text = raw.decode()
        document = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsInvalid(f"The file of models {path} is not TOML: {error}.") from error
    if unknown := sorted(set(document) - {"model"}):
        raise SettingsInvalid(
            f"{path} holds {unknown[0]!r}, which is not read.", hint="Begin each model with [[model]]."
        )
    return _models(path, text, document.get("model", []))


def _models(path: Path, text: str, tables: Any) -> list[Model]:
    from pydantic import TypeAdapter, ValidationError  # heavy, and rarely needed

    if not isinstance(tables, list):
        raise SettingsInvalid(f"{path}: write [[model]] with two brackets, as there may be several.")
    adapter = TypeAdapter(list[Model])
    try:
        found = adapter.validate_python([_named(table) for table in tables])
    except ValidationError as error:
        raise _invalid(path, text, error.errors(include_url=False)[0]) from error
    _check_defaults(path, text, found)
    return found


def _named(table: Any) -> Any:
    """A table with the names of parameters and inputs written into them."""
    if not isinstance(table, dict):
        return table
    named = dict(table)
    for part in ("parameters", "inputs"):
        if isinstance(entries := named.get(part), dict):
            named[part] = {
                name: {**entry, "name": name} if isinstance(entry, dict) else entry for name, entry in entries.items()
            }
    return named


def _check_defaults(path: Path, text: str, models: Sequence[Model]) -> None:
    for number, model in enumerate(models):
        for parameter in model.parameters.values():
            if parameter.kind == "choice" and not parameter.choices:
                raise _error(path, text, number, f"parameters.{parameter.name}: a choice needs its choices")
            if parameter.default is not None:
                try:
                    parameter.read(parameter.default)
                except ParameterRefused as refused:
                    raise _error(path, text, number, f"its own default does not fit: {refused}") from None


def _invalid(path: Path, text: str, item: "ErrorDetails") -> SettingsInvalid:
    number, *place = item["loc"]
    where = ".".join(str(part) for part in place)
    message = "is not known" if item["type"] in ("unexpected_keyword_argument", "extra_forbidden") else item["msg"]
    return _error(path, text, int(number), f"{where}: {message}")


def _error(path: Path, text: str, number: int, what: str) -> SettingsInvalid:
    headers = [match.start() for match in _HEADER.finditer(text)]
    line = text.count("\n", 0, headers[number]) + 1 if number < len(headers) else 1
    return SettingsInvalid(f"{path}, the model that begins at line {line}: {what}.")


def merged(own: Sequence[Model], added: Sequence[Model]) -> list[Model]:
    """All models; of two of one provider and name the added one counts, at the place of the other."""
    wins = {(model.provider, model.name): model for model in added}
    kept = [wins.pop((model.provider, model.name), model) for model in own]
    return [*kept, *wins.values()]
