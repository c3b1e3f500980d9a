"""The choice that a prompt makes: its model, what that takes, and what it will cost. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from playhead.generate.catalogue import Catalogue
from playhead.generate.model import Model
from playhead.generate.tables import GenerationRow
from playhead.reels.prompt_shapes import Prompt


@dataclass(frozen=True, slots=True)
class Chosen:
    """A prompt that its model takes.

    Args:
        parameters: As the model takes them.
        estimated: Micros; None when nobody knows.
    """

    model: Model
    parameters: Mapping[str, Any]
    estimated: int | None


class Choices:
    """Checks prompts against the catalogue.

    Args:
        provider: Of prompts that name none.
    """

    def __init__(self, catalogue: Catalogue, provider: str) -> None:
        self._catalogue = catalogue
        self._provider = provider

    def provider_of(self, prompt: Prompt) -> str:
        """Name of the provider that a prompt goes to."""
        return prompt.provider or self._provider

    def model_of(self, prompt: Prompt, today: date) -> Model:
        """The model that a prompt goes to, where it takes the prompt's parameters.

        Raises:
            ModelRetired, InvalidInput
        """
        model = self._catalogue.get(self.provider_of(prompt), prompt.model, today=today)
        self._catalogue.common(model, prompt.parameters)
        return model

    def choose(self, prompt: Prompt, inputs: Sequence[Mapping[str, Any]], today: date) -> Chosen:
        """Check a prompt with its files, and estimate its cost.

        Raises:
            ModelRetired: the model is gone; with the one to use instead.
            InvalidInput: an unknown model, or a parameter or file that it does not take.
        """
        model = self._catalogue.get(self.provider_of(prompt), prompt.model, today=today)
        parameters = self._catalogue.check(model, prompt.parameters, inputs)
        return Chosen(model, parameters, self._catalogue.estimate(model, prompt.parameters))

    def again(self, row: GenerationRow, today: date, *, another_seed: bool = False) -> Chosen:
        """Choose as an earlier generation did; its model may be gone by now.

        Raises:
            ModelRetired, InvalidInput
        """
        model = self._catalogue.get(row.provider, row.model, today=today)
        parameters = dict(row.parameters)
        seed = model.parameter("seed")
        if another_seed and seed is not None:
            parameters.pop(seed.sent_as, None)
        checked = self._catalogue.check(model, parameters, row.inputs)
        return Chosen(model, checked, self._catalogue.estimate(model, checked))
