"""Prompts that are pasted many at once, one a line. Pure."""

from typing import Any

from playhead.errors import InvalidInput
from playhead.generate.shapes.generations import MOST_AT_ONCE, PromptsInput
from playhead.kit.text import plain_text
from playhead.reels.prompt_shapes import LONGEST_PROMPT, Prompt


def prompts_of(wanted: PromptsInput) -> list[Prompt]:
    """The prompts of a request, each with the provider, model and parameters that it does not name itself.

    Raises:
        InvalidInput: there is none, there are too many, or one is too long.
    """
    given = wanted.prompts if wanted.prompts is not None else list(_lines(wanted.text or ""))
    if not given:
        raise _invalid("There is no prompt in this text.", "Write one prompt a line.")
    if len(given) > MOST_AT_ONCE:
        raise _invalid(
            f"These are {len(given)} prompts; at most {MOST_AT_ONCE} are taken at once.", "Send the rest afterwards."
        )
    return [_completed(each, wanted) for each in given]


def _lines(text: str) -> list[str]:
    lines = []
    for number, line in enumerate(plain_text(text).split("\n"), start=1):
        if len(line) > LONGEST_PROMPT:
            raise _invalid(
                f"Line {number} has {len(line):,} characters; a prompt has at most {LONGEST_PROMPT:,}.", "Shorten it."
            )
        if line:
            lines.append(line)
    return lines


def _completed(given: Prompt | str, wanted: PromptsInput) -> Prompt:
    prompt = given if isinstance(given, Prompt) else Prompt(text=given, parameters={}, inputs=[])
    # A model belongs to its provider: one that names another provider gets neither model nor parameters of this one.
    shared: dict[str, Any] = {}
    if prompt.provider in (None, wanted.provider):
        shared = {"provider": wanted.provider, "model": prompt.model or wanted.model}
        if prompt.model in (None, wanted.model):
            shared["parameters"] = {**wanted.parameters, **prompt.parameters}
    return prompt.model_copy(update=shared)


def _invalid(detail: str, hint: str) -> InvalidInput:
    return InvalidInput(detail, hint=hint, code="prompts_invalid", title="Some prompts cannot be used")
