"""``playhead jobs``: background work."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from playhead.cli.options import AsJson, Limit
from playhead.cli.server import connect
from playhead.cli.terminal import Terminal

if TYPE_CHECKING:
    from playhead.cli.client import Api

app = typer.Typer(no_args_is_help=True, help="List, watch, cancel and retry jobs.")

JobId = Annotated[str, typer.Argument(metavar="JOB", help="Job id, job_...")]


@app.command("list")
def list_jobs(
    context: typer.Context,
    state: Annotated[str | None, typer.Option(help="queued, running, succeeded, failed or canceled.")] = None,
    kind: Annotated[str | None, typer.Option(help="Such as stitch, ingest, renditions, samples or thumbnails.")] = None,
    all_kinds: Annotated[bool, typer.Option("--all", help="Include background jobs, such as thumbnails.")] = False,
    project: Annotated[str | None, typer.Option(metavar="PROJECT", help="Only this project.")] = None,
    groups: Annotated[bool, typer.Option("--groups", help="What was done, small jobs of a kind as one line.")] = False,
    limit: Limit = 50,
    as_json: AsJson = False,
) -> None:
    """List jobs, newest first.

    \b
    Examples:
      playhead jobs list
      playhead jobs list --kind stitch --state running
      playhead jobs list --groups
      playhead jobs list --all --state failed --json | jq -r '.[].error.message'
    """
    terminal: Terminal = context.obj
    with connect(terminal) as api:
        words = _kind_words(api)
        names = {word.lower(): name for name, word in words.items()}
        wanted = names.get(kind.lower(), kind) if kind else None
        folded = None if all_kinds or wanted else False
        filters = {"state": state, "kind": wanted, "background": folded, "project_id": project}
        if groups:
            found = api.items("/jobs/groups", limit=limit, **filters)
            terminal.items(found, ["id", "job", "jobs", "done", "created"], _group, as_json=as_json, empty="No jobs.")
            return
        jobs = api.items("/jobs", limit=limit, **filters)
    columns = ["id", "kind", "title", "state", "done", "created"]
    terminal.items(jobs, columns, lambda job: _row(job, words), as_json=as_json, empty="No jobs.")


@app.command("show")
def show_job(context: typer.Context, job_id: JobId, as_json: AsJson = False) -> None:
    """Show a job and its steps.

    \b
    Examples:
      playhead jobs show job_01k3q9h2v7e8t9m5x0c4d6f8ga
      playhead jobs show job_01k3q9h2v7e8t9m5x0c4d6f8ga --json | jq -r .log_tail
    """
    terminal: Terminal = context.obj
    with connect(terminal) as api:
        job = api.get(f"/jobs/{job_id}")
        steps = api.get(f"/jobs/{job_id}/steps")["items"]
        words = _kind_words(api)
    if as_json:
        terminal.json({**job, "steps": steps})
        return
    _print(terminal, job, words)
    if steps:
        terminal.data("")
    rows = [[s["title"], s["state"], s["started_at"], s["finished_at"], s["error"]] for s in steps]
    terminal.table(["step", "state", "started", "finished", "error"], rows, empty="No steps yet.")


@app.command("watch")
def watch_job(context: typer.Context, job_id: JobId, as_json: AsJson = False) -> None:
    """Follow a job until it ends. Exit code 1 when it fails.

    \b
    Examples:
      playhead jobs watch job_01k3q9h2v7e8t9m5x0c4d6f8ga
    """
    from playhead.cli.stitch import wait_with_bar

    terminal: Terminal = context.obj
    with connect(terminal) as api:
        job = wait_with_bar(terminal, api, job_id, "Working")
        words = _kind_words(api)
    terminal.json(job) if as_json else _print(terminal, job, words)


@app.command("cancel")
def cancel_job(context: typer.Context, job_id: JobId, as_json: AsJson = False) -> None:
    """Cancel a queued or running job.

    \b
    Examples:
      playhead jobs cancel job_01k3q9h2v7e8t9m5x0c4d6f8ga
    """
    _act(context.obj, job_id, "cancel", as_json=as_json)


@app.command("retry")
def retry_job(context: typer.Context, job_id: JobId, as_json: AsJson = False) -> None:
    """Run a failed or canceled job again.

    \b
    Examples:
      playhead jobs retry job_01k3q9h2v7e8t9m5x0c4d6f8ga
    """
    _act(context.obj, job_id, "retry", as_json=as_json)


def _act(terminal: Terminal, job_id: str, action: str, *, as_json: bool) -> None:
    with connect(terminal) as api:
        job = api.send("POST", f"/jobs/{job_id}/{action}")
    if as_json:
        terminal.json(job)
    else:
        terminal.say(f"{job['id']} is {job['state']}")


def _kind_words(api: "Api") -> dict[str, str]:
    """Titles of the kinds of job, by name."""
    return {kind["kind"]: kind["title"] for kind in api.get("/jobs/kinds")["items"]}


def _group(group: dict[str, Any]) -> list[object]:
    return [group["id"], group["title"], group["count"], f"{int(group['progress'] * 100)} %", group["created_at"]]


def _row(job: dict[str, Any], words: dict[str, str]) -> list[object]:
    kind = words.get(job["kind"], job["kind"])
    return [job["id"], kind, job["title"], job["state"], f"{job['progress']:.0%}", job["created_at"]]


def _print(terminal: Terminal, job: dict[str, Any], words: dict[str, str]) -> None:
    error = job["error"] or {}
    terminal.fields(
        [
            ("id", job["id"]),
            ("kind", words.get(job["kind"], job["kind"])),
            ("title", job["title"]),
            ("state", job["state"]),
            ("done", f"{job['progress']:.0%}"),
            ("step", job["step"]),
            ("attempts", job["attempts"]),
            ("error", " ".join(filter(None, (error.get("message"), error.get("hint")))) or None),
            ("project", job["project_id"]),
            ("version", job["project_version"]),
            ("video", job["video_id"]),
            ("created", job["created_at"]),
            ("started", job["started_at"]),
            ("finished", job["finished_at"]),
        ]
    )
