"""``playhead generate``: the prompts of a project become clips."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from playhead.cli import takes
from playhead.cli.money import estimate_words, money
from playhead.cli.options import AsJson, Yes
from playhead.cli.server import connect
from playhead.cli.terminal import Terminal
from playhead.errors import InvalidInput, NotFound

if TYPE_CHECKING:
    from playhead.cli.client import Api


def generate(
    context: typer.Context,
    project_id: Annotated[str, typer.Argument(metavar="PROJECT", help="Project id, prj_...")],
    clip: Annotated[
        list[str] | None, typer.Option(metavar="N|CLIP", help="Only this clip, by number or id; repeat for more.")
    ] = None,
    prompt: Annotated[
        list[str] | None, typer.Option(metavar="TEXT", help="Append this prompt as a clip; repeat for more.")
    ] = None,
    prompts: Annotated[
        str | None, typer.Option(metavar="FILE", help="Append the prompts of a file, one a line; - for stdin.")
    ] = None,
    provider: Annotated[str | None, typer.Option(help="Provider of the appended prompts.")] = None,
    model: Annotated[str | None, typer.Option(help="Model of the appended prompts.")] = None,
    param: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=VALUE", help="Parameter of the appended prompts, such as duration=4."),
    ] = None,
    again: Annotated[bool, typer.Option("--again", help="Another take, even while one of the clip runs.")] = False,
    max_cost: Annotated[
        float | None, typer.Option(min=0, metavar="DOLLARS", help="Make nothing if the estimate is above this.")
    ] = None,
    wait: Annotated[bool, typer.Option("--wait", help="Follow the takes until they end.")] = False,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Generate the clips of a project from their prompts.

    Shows what it will cost, and asks unless that is nothing or at most --max-cost. Without --clip, --prompt and
    --prompts it takes all clips without a video. With --wait the exit code is 1 if a take did not succeed.

    \b
    Examples:
      playhead generate PROJECT --prompt "A lighthouse in fog" --prompt "Waves on rocks" --wait
      playhead generate PROJECT --prompts shots.txt --provider replicate --model google/veo-3.1-fast --param duration=4
      playhead generate PROJECT --clip 3 --again --max-cost 2 --yes
    """
    terminal: Terminal = context.obj
    choice = {"provider": provider, "model": model, "parameters": dict(map(_parameter, param or []))}
    texts = [*(prompt or []), *_lines(prompts)]
    if not texts and any(choice.values()):
        raise InvalidInput(
            "--provider, --model and --param are for prompts that are appended.", hint="Add --prompt or --prompts."
        )
    with connect(terminal) as api:
        clip_ids = _clip_ids(api, project_id, clip or [])
        if texts:
            clip_ids += _append(terminal, api, project_id, texts, choice)
        wanted: dict[str, Any] = {"clip_ids": clip_ids} if clip_ids else {}
        estimate = api.send("POST", f"/projects/{project_id}/estimate", json=wanted)
        if not _agreed(terminal, estimate, max_cost=max_cost, yes=yes):
            raise typer.Exit(1)
        wanted |= {"again": again, "accept_unknown_cost": estimate["estimated"]["unknown"] > 0, "max_cost": max_cost}
        made = api.send("POST", f"/projects/{project_id}/generate", json=wanted)
        for each in made["skipped"]:
            terminal.warn(f"Clip {each['position']} was left out: {each['message']}")
        items = _waited(terminal, api, made["items"]) if wait else made["items"]
    terminal.items(items, takes.COLUMNS, takes.row, as_json=as_json, empty="Nothing to generate.")
    failed = [take for take in items if wait and take["state"] != "succeeded"]
    for take in failed:
        terminal.warn(f"{take['id']}: {takes.why(take)}")
    if failed:
        raise typer.Exit(1)


def _clip_ids(api: "Api", project_id: str, named: Sequence[str]) -> list[str]:
    """Ids of clips that are named by number, from 1, or by id."""
    if not any(name.isdecimal() for name in named):
        return list(named)
    ids = [clip["id"] for clip in api.get(f"/projects/{project_id}")["clips"]]
    found = []
    for name in named:
        if name.isdecimal() and not 1 <= int(name) <= len(ids):
            raise NotFound(f"There is no clip {name}; the project has {len(ids)}.")
        found.append(ids[int(name) - 1] if name.isdecimal() else name)
    return found


def _append(terminal: Terminal, api: "Api", project_id: str, texts: Sequence[str], choice: dict[str, Any]) -> list[str]:
    given = {name: value for name, value in choice.items() if value}
    added = api.send("POST", f"/projects/{project_id}/prompts", json={"prompts": list(texts), **given})
    ids: list[str] = added["clip_ids"]
    terminal.say(f"Added {len(ids)} {'prompt' if len(ids) == 1 else 'prompts'} to {project_id}")
    return ids


def _agreed(terminal: Terminal, estimate: dict[str, Any], *, max_cost: float | None, yes: bool) -> bool:
    """Show the estimate, and ask where it is not nothing."""
    items, estimated = estimate["items"], estimate["estimated"]
    for item in items:
        if item["problem"]:
            words = " ".join(filter(None, (item["problem"]["message"], item["problem"]["hint"])))
            terminal.warn(f"Clip {item['position']}: {words}")
    if any(item["problem"] for item in items):
        return False
    if not items:
        return True
    count = f"{len(items)} {'take' if len(items) == 1 else 'takes'}"
    terminal.say(f"{count}: {estimate_words(estimated)} ({_models(items)})")
    is_free = estimated["amount"] == 0 and not estimated["unknown"]
    is_within = max_cost is not None and not estimated["unknown"]  # above the limit the server refuses
    return is_free or is_within or terminal.confirm(f"Generate {count} for {estimate_words(estimated)}?", yes=yes)


def _models(items: Sequence[dict[str, Any]]) -> str:
    """Each model with what one take of it costs: ``replicate google/veo-3.1 at $0.80``."""
    prices = {(f"{item['provider']} {item['model']}", money(item["amount"])) for item in items}
    shown = [f"{model} at {price}" for model, price in sorted(prices)]
    return ", ".join(shown[:3]) + (f" and {len(shown) - 3} more" if len(shown) > 3 else "")


def _waited(terminal: Terminal, api: "Api", made: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Wait with a bar; Ctrl-C ends the waiting, not the takes."""
    from playhead.cli import progress

    try:
        with progress.job(terminal, "Generating") as on_progress:
            return takes.wait_for_takes(api, made, lambda found: on_progress(*_progress(found)))
    except KeyboardInterrupt:
        terminal.warn("The takes go on: playhead generations list")
        raise


def _progress(found: Sequence[dict[str, Any]]) -> tuple[float, str]:
    ended = [take for take in found if take["state"] not in takes.ACTIVE]
    parts = [1.0 if take in ended else take["progress"] or 0.0 for take in found]
    return sum(parts) / len(found) if found else 1.0, f"{len(ended)} of {len(found)} have ended"


def _lines(file: str | None) -> list[str]:
    """Prompts of a file, one a line."""
    if file is None:
        return []
    try:
        text = sys.stdin.read() if file == "-" else Path(file).expanduser().read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise NotFound(f"The file {file} cannot be read: {error}.") from error
    found = [line.strip() for line in text.splitlines() if line.strip()]
    if not found:
        raise InvalidInput(f"There is no prompt in {'stdin' if file == '-' else file}.", hint="Write one a line.")
    return found


def _parameter(text: str) -> tuple[str, Any]:
    """``duration=4``; numbers, true and false are read as such."""
    import json

    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise InvalidInput(f"--param {text!r} is no NAME=VALUE.", hint="Such as --param duration=4.")
    try:
        read = json.loads(value)
    except ValueError:
        read = value
    return name.strip(), read if isinstance(read, str | int | float | bool) else value
