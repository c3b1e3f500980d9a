"""``playhead projects``: ordered clips that become a reel."""

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from playhead.cli.options import AsJson, Limit, Yes
from playhead.cli.spans import clip_of
from playhead.cli.terminal import Terminal
from playhead.kit.names import codec_name, video_format_name
from playhead.kit.units import format_duration, format_estimate

app = typer.Typer(no_args_is_help=True, help="Make projects and arrange their clips.")

ProjectId = Annotated[str, typer.Argument(metavar="PROJECT", help="Its id, prj_...")]
Clips = Annotated[
    list[str], typer.Argument(metavar="VIDEO[:START-END]...", help="Clips in order, times as 12.5 or 1:30.")
]


@app.command("list")
def list_projects(
    context: typer.Context,
    search: Annotated[str | None, typer.Option(help="Words of the title.")] = None,
    limit: Limit = 50,
    as_json: AsJson = False,
) -> None:
    """List projects, newest first.

    \b
    Examples:
      playhead projects list
      playhead projects list --search trip --json | jq -r '.[].id'
    """
    from playhead.cli.client import connect

    terminal: Terminal = context.obj
    with connect(terminal) as api:
        projects = api.items("/projects", limit=limit, search=search)
    if as_json:
        terminal.json(projects)
        return
    rows = [
        [p["id"], p["title"], p["status"], p["clip_count"], format_duration(p["duration_s"] or 0), p["updated_at"]]
        for p in projects
    ]
    terminal.table(["id", "title", "status", "clips", "length", "updated"], rows, empty="No projects.")


@app.command("show")
def show_project(context: typer.Context, project_id: ProjectId, as_json: AsJson = False) -> None:
    """Show a project with its clips and its reel.

    \b
    Examples:
      playhead projects show prj_01k3q9h2v7e8t9m5x0c4d6f8ga
      playhead projects show prj_01k3q9h2v7e8t9m5x0c4d6f8ga --json | jq .reel.video_id
    """
    from playhead.cli.client import connect

    terminal: Terminal = context.obj
    with connect(terminal) as api:
        project = api.get(f"/projects/{project_id}")
    _print(terminal, project, as_json=as_json)


@app.command("create")
def create_project(
    context: typer.Context,
    title: Annotated[str, typer.Argument(metavar="TITLE")],
    clip: Annotated[
        list[str] | None, typer.Option(metavar="VIDEO[:START-END]", help="A clip; give it once for each, in order.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make a project. Prints its id.

    \b
    Examples:
      playhead projects create "Trip"
      playhead projects create "Trip" --clip VIDEO:0-4 --clip VIDEO:1:30- --clip VIDEO
    """
    from playhead.cli.client import connect

    terminal: Terminal = context.obj
    clips = _read(clip or [])
    with connect(terminal) as api:
        project = api.send("POST", "/projects", json={"title": title, **({"clips": clips} if clips else {})})
    if as_json:
        terminal.json(project)
    else:
        terminal.data(project["id"])


@app.command("add")
def add_clips(context: typer.Context, project_id: ProjectId, clips: Clips, as_json: AsJson = False) -> None:
    """Add clips at the end of a project.

    \b
    Examples:
      playhead projects add PROJECT VIDEO
      playhead projects add PROJECT VIDEO:0:10-0:20 VIDEO:-4
    """
    _change_clips(context.obj, project_id, _read(clips), keep=True, as_json=as_json)


@app.command("set-clips")
def set_clips(context: typer.Context, project_id: ProjectId, clips: Clips, as_json: AsJson = False) -> None:
    """Replace all clips of a project.

    \b
    Examples:
      playhead projects set-clips PROJECT VIDEO:0-4 VIDEO VIDEO:12.5-
    """
    _change_clips(context.obj, project_id, _read(clips), keep=False, as_json=as_json)


@app.command("settings")
def change_settings(
    context: typer.Context,
    project_id: ProjectId,
    size: Annotated[
        str | None, typer.Option(metavar="WIDTHxHEIGHT", help="Of the picture; auto: as most of the clips.")
    ] = None,
    fps: Annotated[str | None, typer.Option(help="Frames a second; auto: as most of the clips.")] = None,
    background: Annotated[str | None, typer.Option(metavar="#RRGGBB", help="Around clips of another shape.")] = None,
    codec: Annotated[str | None, typer.Option(help="h264, hevc or av1.")] = None,
    timing: Annotated[
        str | None, typer.Option(help="constant, or variable: each clip keeps the times of its frames.")
    ] = None,
    sound: Annotated[str | None, typer.Option(help="copy what fits, or encode the whole track anew.")] = None,
    loudness: Annotated[
        str | None, typer.Option(metavar="LUFS", help="Bring each clip to it, such as -16 (with --sound encode); off.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Change what the reel will be like; what is left out stays. Without options it shows the settings.

    \b
    Examples:
      playhead projects settings PROJECT
      playhead projects settings PROJECT --size 1280x720 --fps 25
      playhead projects settings PROJECT --codec hevc --sound encode --loudness -16
    """
    from playhead.cli.client import connect

    terminal: Terminal = context.obj
    words = {"background": background, "codec": codec, "timing": timing, "sound": sound}
    changes: dict[str, Any] = {name: word for name, word in words.items() if word is not None}
    changes |= _size(size) | _number("fps", fps, "auto") | _number("loudness_lufs", loudness, "off")
    with connect(terminal) as api:
        project = api.get(f"/projects/{project_id}")
        if changes:
            tag = {"If-Match": f'"{project["version"]}"'}
            project = api.send("PATCH", f"/projects/{project_id}", json={"settings": changes}, headers=tag)
    if as_json:
        terminal.json(project["settings"])
    else:
        terminal.fields(list(project["settings"].items()))


@app.command("plan")
def show_plan(context: typer.Context, project_id: ProjectId, as_json: AsJson = False) -> None:
    """Show what a stitch would copy, what it would encode and why, and about how long it would take.

    \b
    Examples:
      playhead projects plan PROJECT
      playhead projects plan PROJECT --json | jq -r '.clips[] | select(.action != "copy") | .reason'
    """
    from playhead.cli.client import connect

    terminal: Terminal = context.obj
    with connect(terminal) as api:
        plan = api.get(f"/projects/{project_id}/plan")
    if as_json:
        terminal.json(plan)
        return
    form = plan["format"]
    picture = f"{video_format_name(form['width'], form['height'], form['fps'])}, {codec_name(form['codec'])}"
    terminal.fields(
        [
            ("plan", plan["summary"]),
            ("reel", f"{format_duration(plan['duration_s'])}, {picture}"),
            ("encoded", f"{plan['encoded_s']:.1f} s of picture"),
            ("estimate", format_estimate(plan["estimate_s"], plan["estimate_low_s"], plan["estimate_high_s"])),
        ]
    )
    terminal.data("")
    rows = [[number, c["action"], f"{c['encoded_s']:.1f}", c["reason"]] for number, c in enumerate(plan["clips"], 1)]
    terminal.table(["clip", "action", "encoded_s", "why"], rows, empty="No clips.")


@app.command("delete")
def delete_project(context: typer.Context, project_id: ProjectId, yes: Yes = False) -> None:
    """Delete a project. Its videos stay in the library.

    \b
    Examples:
      playhead projects delete prj_01k3q9h2v7e8t9m5x0c4d6f8ga --yes
    """
    from playhead.cli.client import connect

    terminal: Terminal = context.obj
    with connect(terminal) as api:
        title = api.get(f"/projects/{project_id}")["title"]
        if not terminal.confirm(f"Delete the project {title} ({project_id})?", yes=yes):
            raise typer.Exit(1)
        api.send("DELETE", f"/projects/{project_id}")
    terminal.say(f"Deleted {project_id}")


def _change_clips(
    terminal: Terminal, project_id: str, clips: Sequence[dict[str, Any]], *, keep: bool, as_json: bool
) -> None:
    from playhead.cli.client import connect

    with connect(terminal) as api:
        project = api.get(f"/projects/{project_id}")
        kept = [{name: c[name] for name in ("id", "video_id", "start_s", "end_s")} for c in project["clips"]]
        changed = api.send(
            "PUT",
            f"/projects/{project_id}/clips",
            json=[*(kept if keep else []), *clips],
            headers={"If-Match": f'"{project["version"]}"'},
        )
    _print(terminal, changed, as_json=as_json)


def _number(name: str, text: str | None, none: str) -> dict[str, float | None]:
    """A setting that is a number, or nothing by a word that means so."""
    if text is None:
        return {}
    try:
        return {name: None if text == none else float(text)}
    except ValueError:
        raise typer.BadParameter(f"{name} is {text!r}; it must be a number or {none!r}") from None


def _size(text: str | None) -> dict[str, Any]:
    if text is None:
        return {}
    if text == "auto":
        return {"width": None, "height": None}
    width, _, height = text.partition("x")
    if not (width.isdecimal() and height.isdecimal()):
        raise typer.BadParameter(f"{text!r} is neither like 1280x720 nor 'auto'", param_hint="--size")
    return {"width": int(width), "height": int(height)}


def _read(clips: Sequence[str]) -> list[dict[str, Any]]:
    try:
        return [dict(clip_of(text)) for text in clips]
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="VIDEO[:START-END]") from error


def _print(terminal: Terminal, project: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        terminal.json(project)
        return
    reel = project["reel"]
    picture = project["format"]
    active = project["active_job"]
    terminal.fields(
        [
            ("id", project["id"]),
            ("title", project["title"]),
            ("status", project["status"]),
            ("version", project["version"]),
            ("length", format_duration(project["duration_s"] or 0)),
            ("picture", video_format_name(picture["width"], picture["height"], picture["fps"]) if picture else None),
            ("reel", f"{reel['video_id']}{' (stale)' if reel['stale'] else ''}" if reel else None),
            ("job", f"{active['id']} ({active['state']})" if active else None),
        ]
    )
    rows = [[number, *_cells(clip)] for number, clip in enumerate(project["clips"], 1)]
    if rows:
        terminal.data("")
    terminal.table(["clip", "video", "title", "start_s", "end_s", "problem"], rows, empty="No clips yet.")


def _cells(clip: dict[str, Any]) -> list[object]:
    video, problem = clip["video"] or {}, clip["problem"] or {}
    return [clip["video_id"], video.get("title"), clip["start_s"], clip["end_s"], problem.get("message")]
