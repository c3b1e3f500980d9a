"""The catalogue of models: which there are, what they take, and what they cost. No I/O after it was read."""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Self

from playhead.errors import InvalidInput
from playhead.generate.errors import ModelRetired
from playhead.generate.model import Model, ParameterRefused
from playhead.generate.provider import Status


class Catalogue:
    """All models. A provider called ``replicate-work`` has those of ``replicate`` after its own.

    Args:
        models: Of two of one provider and name the last counts.
    """

    def __init__(self, models: Sequence[Model]) -> None:
        self._models: dict[str, dict[str, Model]] = {}
        for model in models:
            self._models.setdefault(model.provider, {})[model.name] = model

    @classmethod
    def read(cls, path: Path | None = None) -> Self:
        """Read the models that come with Playhead, and those of a file, which win.

        Raises:
            SettingsInvalid: the file cannot be read or understood; with the line.
        """
        from playhead.generate.models_file import OWN, merged, read_models

        return cls(merged(read_models(OWN), read_models(path) if path else []))

    @property
    def providers(self) -> Sequence[str]:
        """Names of providers with models of their own."""
        return tuple(self._models)

    def models(self, provider: str | None = None) -> Sequence[Model]:
        """Models of a provider, or all, the retired ones too; the first of a provider is its default."""
        if provider is None:
            return [model for models in self._models.values() for model in models.values()]
        return list(self._of(provider).values())

    def default(self, provider: str, *, today: date) -> Model:
        """The first model of a provider that is neither retired nor a pattern.

        Raises:
            InvalidInput: it has none.
        """
        for model in self.models(provider):
            if not (model.is_retired(today) or model.is_pattern):
                return model
        raise InvalidInput(
            f"No model of a provider {provider!r:.80} is known.",
            hint=f"There are models of {', '.join(self.providers)}. The operator can add some to the file that "
            "generate_models names.",
            code="model_unknown",
            title="Unknown model",
        )

    def get(self, provider: str, name: str | None, *, today: date) -> Model:
        """A model by its name, or the provider's own name of it; None for the provider's default.

        Raises:
            ModelRetired: it is gone.
            InvalidInput: none is called so; with the nearest name.
        """
        if name is None:
            return self.default(provider, today=today)
        models = self._of(provider)
        found = models.get(name) or next((each for each in models.values() if each.external == name), None)
        found = found or _by_pattern(models, name)
        if found is None:
            raise self._unknown(provider, name, today)
        if found.is_retired(today):
            raise ModelRetired(
                f"{found.title or name} ({provider}) was retired on {found.retires_at}.", replaced_by=found.replaced_by
            )
        return found

    def check(
        self, model: Model, parameters: Mapping[str, Any], inputs: Sequence[Mapping[str, Any]] = ()
    ) -> dict[str, Any]:
        """Check what a prompt asks for, with defaults filled in.

        Args:
            parameters: By common name or the model's own; null is nothing said.
            inputs: Each names its ``parameter``.

        Returns:
            Parameters as the model takes them: its own names and values. Checked again they stay the same.

        Raises:
            InvalidInput: an unknown parameter, one beyond its limits, or a missing one, by name.
        """
        found = self._read(model, parameters)
        self._check_inputs(model, inputs)
        sent = {}
        for name, value in found.items():
            parameter = model.parameters.get(name)
            sent[parameter.sent_as if parameter else name] = parameter.write(value) if parameter else value
        return sent

    def common(self, model: Model, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Parameters in the spelling of prompts, with defaults.

        Raises:
            InvalidInput: as `check`.
        """
        return self._read(model, parameters)

    def estimate(self, model: Model, parameters: Mapping[str, Any]) -> int | None:
        """Micros that a generation will cost; None when it is not known, which is not zero.

        Raises:
            InvalidInput: as `check`.
        """
        return model.price.estimate(self._read(model, parameters)) if model.price else None

    def charged(self, model: Model, parameters: Mapping[str, Any], status: Status) -> int | None:
        """Micros that a generation which ended was charged; None when nobody knows.

        The provider's own figure; else by the rule when it succeeded, and nothing where the rule says so. It never
        fails, as a cost that is not known must not discard a result.
        """
        if status.cost_micros is not None:
            return status.cost_micros
        if model.price is None:
            return None
        try:
            estimated = model.price.estimate(self._read(model, parameters))
        except InvalidInput:  # the file of models was changed since
            estimated = None
        if status.state == "succeeded" or estimated == 0:
            return estimated
        return 0 if status.state in model.price.free or status.words in model.price.free else None

    def _of(self, provider: str) -> dict[str, Model]:
        family = provider.partition("-")[0]
        shared = self._models.get(family, {}) if family != provider else {}
        return {
            **self._models.get(provider, {}),
            **{
                name: replace(model, provider=provider)
                for name, model in shared.items()
                if name not in self._models.get(provider, {})
            },
        }

    def _unknown(self, provider: str, name: str, today: date) -> InvalidInput:
        names = [each.name for each in self.models(provider) if not (each.is_retired(today) or each.is_pattern)]
        near = difflib.get_close_matches(name, names, n=1)
        hint = f"Did you mean {near[0]}?" if near else f"There are {', '.join(names[:10])}." if names else None
        return InvalidInput(
            f"The provider {provider} has no model {name!r:.100} that is known here.",
            hint=hint or "The operator can add models to the file that generate_models names.",
            code="model_unknown",
            title="Unknown model",
        )

    def _read(self, model: Model, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Parameters by common name, in our spelling, with defaults."""
        found: dict[str, Any] = {}
        for name, value in parameters.items():
            parameter = model.parameter(name)
            if parameter is None and not model.open:
                raise _refused(f"{_title(model)} has no parameter {name!r:.80}; it has {_names(model)}.")
            if value is None:
                continue
            if parameter is None:
                found[name] = value
                continue
            try:
                found[parameter.name] = parameter.read(value)
            except ParameterRefused as refused:
                raise _refused(f"{_title(model)}: {refused}") from None
        for parameter in model.parameters.values():
            if parameter.name not in found and parameter.default is not None:
                found[parameter.name] = parameter.read(parameter.default)
        for parameter in model.parameters.values():
            if parameter.required and parameter.name not in found:
                raise _refused(f"{_title(model)} needs the parameter {parameter.name}: {parameter.limits}.")
        return found

    def _check_inputs(self, model: Model, inputs: Sequence[Mapping[str, Any]]) -> None:
        given = [str(each.get("parameter")) for each in inputs]
        for name in given:
            if name not in model.inputs and not model.open:
                names = ", ".join(model.inputs) or "none"
                raise _refused(f"{_title(model)} takes no input file {name!r:.80}; it takes {names}.", "input_refused")
        for name, rule in model.inputs.items():
            if rule.required and name not in given:
                raise _refused(
                    f"{_title(model)} needs an input file {name}: {rule.title or rule.kind}.", "input_missing"
                )


def _by_pattern(models: Mapping[str, Model], name: str) -> Model | None:
    for model in models.values():
        if model.is_pattern and fnmatchcase(name, model.name):
            return replace(model, name=name, external=name)
    return None


def _title(model: Model) -> str:
    return model.title or model.name


def _names(model: Model) -> str:
    return ", ".join(model.parameters) or "none"


def _refused(detail: str, code: str = "parameter_refused") -> InvalidInput:
    return InvalidInput(detail, code=code, title="The model does not take this")
