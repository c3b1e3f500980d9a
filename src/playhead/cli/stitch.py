"""``playhead stitch``: a project into a reel."""

from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from playhead.cli.options import AsJson, Wait
from playhead.cli.server import connect
from playhead.cli.terminal import Terminal

if TYPE_CHECKING:
    from playhead.cli.client import Api


def stitch(
    context: typer.Context,
    project_id: Annotated[str, typer.Argument(metavar="PROJECT", help="Project id, prj_...")],
    aspect: Annotated[
        Literal["9:16", "4:5", "1:1", "16:9"] | None,
        typer.Option(help="A reel in another shape, beside the project's own; clips fill it."),
    ] = None,
    wait: Wait = False,
    as_json: AsJson = False,
) -> None:
    """Stitch a project into a reel.

    Prints the id of the job; with --wait, the video id of the reel.

    \b
    Examples:
      playhead stitch PROJECT --wait
      playhead url "$(playhead stitch PROJECT --wait)"
      playhead stitch PROJECT --aspect 9:16 --wait

    Repeating the command for an unchanged project returns the same job. Ctrl-C while waiting leaves the job running.
    """
    terminal: Terminal = context.obj
    with connect(terminal) as api:
        body = {} if aspect is None else {"aspect": aspect}
        job = api.send("POST", f"/projects/{project_id}/stitch", json=body)
        if not wait:
            terminal.json(job) if as_json else terminal.data(job["id"])
            return
        ended = wait_with_bar(terminal, api, job["id"], "Stitching")
        reel = _reel(api.get(f"/projects/{project_id}"), aspect)
    if as_json:
        terminal.json({"job": ended, "reel": reel})
    else:
        terminal.data(reel["video_id"])


def _reel(project: dict[str, Any], aspect: str | None) -> dict[str, Any]:
    """The reel in a shape."""
    if aspect is None:
        found: dict[str, Any] = project["reel"]
        return found
    return next(variant for variant in project["variants"] if variant["aspect"] == aspect)


def wait_with_bar(terminal: Terminal, api: "Api", job_id: str, label: str) -> dict[str, Any]:
    """Follow a job that has to succeed; Ctrl-C ends the waiting, not the job.

    Raises:
        JobFailed: it failed or was canceled.
    """
    from playhead.cli import progress
    from playhead.cli.follow import wait_for

    try:
        with progress.job(terminal, label) as on_progress:
            return wait_for(api, job_id, lambda job: on_progress(job["progress"], job["step"]), terminal.warn)
    except KeyboardInterrupt:
        terminal.warn(f"The job keeps running: playhead jobs watch {job_id} (or jobs cancel {job_id})")
        raise
