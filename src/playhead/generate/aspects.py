"""One edit in several aspect ratios: the size of the reel, and the aspect that its prompts ask for. Pure."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from playhead.errors import PlayheadError
from playhead.generate.catalogue import Catalogue
from playhead.generate.shapes.templates import Aspect
from playhead.kit.text import shorten
from playhead.reels.prompt_shapes import Prompt
from playhead.reels.shapes import ProjectInput

RATIOS: Final[Mapping[Aspect, tuple[int, int]]] = {"16:9": (16, 9), "9:16": (9, 16), "1:1": (1, 1)}
SHORT_SIDE: Final = 720
"""Pixels, where the template says no size."""


def in_aspect(
    project: ProjectInput, aspect: Aspect, catalogue: Catalogue, *, provider: str, today: date, named: bool
) -> ProjectInput:
    """A project in an aspect ratio. A model that has no such aspect keeps its own, and the reel frames its clips.

    Args:
        provider: Of prompts that name none.
        named: Whether the title says the aspect, as there are several.
    """
    across, down = RATIOS[aspect]
    short = min(project.settings.width or SHORT_SIDE, project.settings.height or SHORT_SIDE)
    long = round(short * max(across, down) / min(across, down) / 2) * 2
    width, height = (long, short) if across >= down else (short, long)
    settings = project.settings.model_copy(update={"width": width, "height": height})
    clips = []
    for clip in project.clips:
        prompt = clip.prompt and _prompt_in(clip.prompt, aspect, catalogue, provider, today)
        clips.append(clip.model_copy(update={"prompt": prompt}) if prompt else clip)
    title = f"{shorten(project.title, 490)} {aspect}" if named else project.title
    return project.model_copy(update={"title": title, "settings": settings, "clips": clips})


def _prompt_in(prompt: Prompt, aspect: Aspect, catalogue: Catalogue, provider: str, today: date) -> Prompt:
    try:
        model = catalogue.get(prompt.provider or provider, prompt.model, today=today)
    except PlayheadError:  # said when it is generated
        return prompt
    parameter = model.parameter("aspect")
    if parameter is None or (parameter.choices and aspect not in parameter.choices):
        return prompt
    given: dict[str, Any] = {name: value for name, value in prompt.parameters.items() if name != parameter.external}
    return prompt.model_copy(update={"parameters": {**given, "aspect": aspect}})
