"""``playhead workers``: the processes that run the jobs."""

from typing import Any

import typer

from playhead.cli.options import AsJson
from playhead.cli.server import connect
from playhead.cli.terminal import Terminal


def workers(context: typer.Context, as_json: AsJson = False) -> None:
    """List the workers, and why jobs wait.

    Exit code 1 when no worker accepts jobs.

    \b
    Examples:
      playhead workers
      playhead workers --json | jq -r .problem.reason

    Only admins see names, hosts and jobs; others see the number of workers.
    """
    from playhead.cli.follow import no_worker

    terminal: Terminal = context.obj
    with connect(terminal) as api:
        found = api.get("/workers")
    if as_json:
        terminal.json(found)
    elif found["items"] is None:
        terminal.fields([(state, count) for state, count in found["counts"].items() if count])
    else:
        columns = ["id", "host", "pid", "state", "version", "since", "runs", "reason"]
        terminal.table(columns, [_row(one) for one in found["items"]], empty="No workers.")
    if found["problem"]:
        terminal.warn(no_worker(found["problem"]))
        raise typer.Exit(1)


def _row(one: dict[str, Any]) -> list[object]:
    runs = ", ".join(job["id"] for job in one["jobs"]) or None
    facts = [one[name] for name in ("id", "host", "pid", "state", "version", "started_at")]
    return [*facts, runs, one["reason"]]
