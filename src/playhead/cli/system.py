"""``playhead system``: health, storage, workers and waiting jobs of a server."""

from typing import Any

import typer

from playhead.cli.options import AsJson
from playhead.cli.server import connect
from playhead.cli.terminal import Terminal
from playhead.kit.units import format_bytes


def system(context: typer.Context, as_json: AsJson = False) -> None:
    """Show health, storage, workers and changed settings.

    Waiting jobs, too. Admins only.

    \b
    Examples:
      playhead system
      playhead system --json | jq '.storage.uses[] | {name, size_bytes}'
      playhead system --json | jq -r '.workers[] | select(.state == "lost").id'
    """
    terminal: Terminal = context.obj
    with connect(terminal) as api:
        found = api.get("/system")
    if as_json:
        terminal.json(found)
        return
    terminal.fields([("version", found["version"]), *_checks(found), *_storage(found["storage"]), _database(found)])
    terminal.data("")
    rows = [[one["id"], one["state"], _up(one), _jobs(one), one["problem"]] for one in found["workers"]]
    terminal.table(["worker", "state", "uptime", "jobs", "problem"], rows, empty="No workers in the last 24 hours.")
    terminal.data("")
    waits = [[one["kind"], one["queued"], one["running"], one["oldest_queued_at"]] for one in found["queues"]]
    terminal.table(["jobs", "waiting", "running", "oldest waiting since"], waits, empty="No waiting or running jobs.")
    terminal.data("")
    changed = [[one["name"], one["text"], one["origin"]] for one in found["settings"] if one["origin"] != "default"]
    terminal.table(["setting", "value", "origin"], changed, empty="All settings are at their defaults.")


def _checks(found: dict[str, Any]) -> list[tuple[str, object]]:
    words = {True: "ok", False: "FAILS"}
    return [(one["name"], ": ".join(filter(None, (words[one["ok"]], one["detail"])))) for one in found["checks"]]


def _storage(storage: dict[str, Any]) -> list[tuple[str, object]]:
    uses = [use for use in storage["uses"] if use["count"]]
    used = [(use["name"], f"{format_bytes(use['size_bytes'])} ({use['count']})") for use in uses]
    headroom = f"{format_bytes(storage['headroom_bytes'])} kept free"
    return [*used, ("stored at", storage["store_place"]), ("headroom", headroom)]


def _database(found: dict[str, Any]) -> tuple[str, object]:
    database = found["database"]
    return "database", f"{database['kind']} {database['version']}, {format_bytes(database['size_bytes'])}"


def _up(worker: dict[str, Any]) -> str:
    minutes = int(worker["up_s"]) // 60
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"


def _jobs(worker: dict[str, Any]) -> str | None:
    return ", ".join(f"{job['kind']} of {job['title']}" for job in worker["jobs"]) or None
