"""The part of the demo that generates: prompts become clips by the local provider, and clips a reel."""

import time
from typing import TYPE_CHECKING, Any, Final

from playhead.cli.stitch import wait_with_bar
from playhead.cli.terminal import Terminal
from playhead.errors import PlayheadError

if TYPE_CHECKING:
    from playhead.cli.client import Api

TITLE: Final = "Generated titles"
PROMPTS: Final = ("A lighthouse in a storm", "The sea at dawn", "A red kite over the dunes")
PARAMETERS: Final = {"duration": 2, "resolution": "360p"}
PATIENCE_S: Final = 120.0

TEMPLATE: Final[dict[str, Any]] = {
    "title": "{{product}} ad",
    "clips": [
        {"prompt": {"text": "A {{colour}} {{product}}", "parameters": PARAMETERS}},
        {"prompt": {"text": "Get your {{product}} today", "parameters": PARAMETERS}},
    ],
    "fields": [
        {"name": "product", "default": "Kite"},
        {"name": "colour", "type": "choice", "choices": ["red", "blue", "golden"], "default": "red"},
    ],
}


class NotGenerated(PlayheadError):
    """The prompts of the demo became no clips."""

    code = "demo_not_generated"
    title = "The demo's prompts became no clips"


def make_generated(terminal: Terminal, api: "Api") -> dict[str, Any]:
    """A project of three prompts, generated and stitched; and a template to try.

    Raises:
        NotGenerated, JobFailed
    """
    terminal.say(f"Generating {len(PROMPTS)} clips from prompts, by the local provider")
    api.send("POST", "/templates", json={"title": "Product ad", "document": TEMPLATE})
    project = api.send("POST", "/projects", json={"title": TITLE})
    path = f"/projects/{project['id']}"
    api.send("POST", f"{path}/prompts", json={"prompts": list(PROMPTS), "parameters": PARAMETERS, "generate": True})
    _wait_until_ready(api, path)
    job = api.send("POST", f"{path}/stitch", json={})
    wait_with_bar(terminal, api, job["id"], "Stitching")
    made: dict[str, Any] = api.get(path)
    return made


def _wait_until_ready(api: "Api", path: str) -> None:
    until = time.monotonic() + PATIENCE_S
    while (status := api.get(path)["status"]) != "ready":
        if status != "generating" or time.monotonic() > until:
            raise NotGenerated(f"The project of prompts is {status}.")
        time.sleep(0.5)
