"""``playhead projects``: ordered clips to stitch into a reel."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from playhead.cli.money import money
from playhead.cli.options import AsJson, Limit, Search, Yes
from playhead.cli.parsers import ClipSpan, clip_of, frame_size
from playhead.cli.server import connect
from playhead.cli.terminal import Terminal
from playhead.kit.names import codec_name, video_format_name
from playhead.kit.text import one_line, shorten
from playhead.kit.units import format_duration, format_estimate

app = typer.Typer(no_args_is_help=True, help="Create projects and arrange their clips.")

ProjectId = Annotated[str, typer.Argument(metavar="PROJECT", help="Project id, prj_...")]
Clips = Annotated[
    list[ClipSpan],
    typer.Argument(parser=clip_of, metavar="VIDEO[:START-END]", help="Clips in order; times are 12.5 or 1:30."),
]


@app.command("list")
def list_projects(
    context: typer.Context,
    search: Search = None,
    limit: Limit = 50,
    as_json: AsJson = False,
) -> None:
    """List projects, newest first.

    \b
    Examples:
      playhead projects list
      playhead projects list --search trip --json | jq -r '.[].id'
    """
    terminal: Terminal = context.obj
    with connect(terminal) as api:
        projects = api.items("/projects", limit=limit, search=search)
    columns = ["id", "title", "status", "clips", "ready", "duration", "updated"]
    terminal.items(projects, columns, _row, as_json=as_json, empty="No projects.")


@app.command("show")
def show_project(context: typer.Context, project_id: ProjectId, as_json: AsJson = False) -> None:
    """Show a project with its clips and its reel.

    \b
    Examples:
      playhead projects show prj_01k3q9h2v7e8t9m5x0c4d6f8ga
      playhead projects show prj_01k3q9h2v7e8t9m5x0c4d6f8ga --json | jq .reel.video_id
    """
    terminal: Terminal = context.obj
    with connect(terminal) as api:
        project = api.get(f"/projects/{project_id}")
    _print(terminal, project, as_json=as_json)


@app.command("create")
def create_project(
    context: typer.Context,
    title: Annotated[str, typer.Argument(metavar="TITLE")],
    clip: Annotated[
        list[ClipSpan] | None,
        typer.Option(parser=clip_of, metavar="VIDEO[:START-END]", help="A clip; repeat for more, in order."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Create a project, and print its id.

    \b
    Examples:
      playhead projects create "Trip"
      playhead projects create "Trip" --clip VIDEO:0-4 --clip VIDEO:1:30- --clip VIDEO
    """
    terminal: Terminal = context.obj
    with connect(terminal) as api:
        project = api.send("POST", "/projects", json={"title": title, **({"clips": clip} if clip else {})})
    if as_json:
        terminal.json(project)
    else:
        terminal.data(project["id"])


@app.command("add")
def add_clips(context: typer.Context, project_id: ProjectId, clips: Clips, as_json: AsJson = False) -> None:
    """Append clips to a project.

    \b
    Examples:
      playhead projects add PROJECT VIDEO
      playhead projects add PROJECT VIDEO:0:10-0:20 VIDEO:-4
    """
    _change_clips(context.obj, project_id, clips, keep=True, as_json=as_json)


@app.command("set-clips")
def set_clips(context: typer.Context, project_id: ProjectId, clips: Clips, as_json: AsJson = False) -> None:
    """Replace all clips of a project.

    \b
    Examples:
      playhead projects set-clips PROJECT VIDEO:0-4 VIDEO VIDEO:12.5-
    """
    _change_clips(context.obj, project_id, clips, keep=False, as_json=as_json)


@app.command("settings")
def change_settings(
    context: typer.Context,
    project_id: ProjectId,
    size: Annotated[
        str | None, typer.Option(metavar="WIDTHxHEIGHT", help="Frame size; auto: that of most clips.")
    ] = None,
    fps: Annotated[str | None, typer.Option(metavar="RATE", help="Frames a second; auto: that of most clips.")] = None,
    background: Annotated[
        str | None, typer.Option(metavar="#RRGGBB", help="Colour beside clips of another shape.")
    ] = None,
    codec: Annotated[str | None, typer.Option(help="h264, hevc or av1.")] = None,
    timing: Annotated[
        str | None, typer.Option(help="constant, or variable: each clip keeps the times of its frames.")
    ] = None,
    sound: Annotated[
        str | None, typer.Option(help="copy: what fits is copied; encode: the whole audio track is encoded.")
    ] = None,
    loudness: Annotated[
        str | None,
        typer.Option(metavar="LUFS", help="Loudness of each clip, such as -16 with --sound encode; off."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show the settings of the reel, or change some of them.

    \b
    Examples:
      playhead projects settings PROJECT
      playhead projects settings PROJECT --size 1280x720 --fps 25
      playhead projects settings PROJECT --codec hevc --sound encode --loudness -16
    """
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
    """Show what a stitch would copy and encode, why, and how long it would take.

    \b
    Examples:
      playhead projects plan PROJECT
      playhead projects plan PROJECT --json | jq -r '.clips[] | select(.action != "copy") | .reason'
    """
    terminal: Terminal = context.obj
    with connect(terminal) as api:
        plan = api.get(f"/projects/{project_id}/plan")
    if as_json:
        terminal.json(plan)
        return
    form = plan["format"]
    video = f"{video_format_name(form['width'], form['height'], form['fps'])}, {codec_name(form['codec'])}"
    terminal.fields(
        [
            ("plan", plan["summary"]),
            ("reel", f"{format_duration(plan['duration_s'])}, {video}"),
            ("encoded", f"{plan['encoded_s']:.1f} s of video"),
            ("estimate", format_estimate(plan["estimate_s"], plan["estimate_low_s"], plan["estimate_high_s"])),
            *(("remark", remark) for remark in plan["remarks"]),
        ]
    )
    terminal.data("")
    rows = [[number, c["action"], f"{c['encoded_s']:.1f}", c["reason"]] for number, c in enumerate(plan["clips"], 1)]
    terminal.table(["clip", "action", "encoded_s", "reason"], rows, empty="No clips.")


@app.command("duplicate")
def duplicate_project(
    context: typer.Context,
    project_id: ProjectId,
    title: Annotated[str | None, typer.Option(help="Of the copy. [default: the same, with (copy)]")] = None,
    as_json: AsJson = False,
) -> None:
    """Make another project of the same edit, and print its id.

    \b
    Examples:
      playhead projects duplicate PROJECT --title "Trip, short"
    """
    terminal: Terminal = context.obj
    with connect(terminal) as api:
        copy = api.send("POST", f"/projects/{project_id}/duplicate", json={"title": title} if title else {})
    terminal.json(copy) if as_json else terminal.data(copy["id"])


@app.command("export")
def export_project(context: typer.Context, project_id: ProjectId) -> None:
    """Write the edit of a project as JSON, for an editor of text and for projects apply.

    Ids are those of this server; what is at its default is left out.

    \b
    Examples:
      playhead projects export PROJECT > edit.json
    """
    from playhead.cli.edits import exported

    terminal: Terminal = context.obj
    with connect(terminal) as api:
        terminal.json(exported(api.get(f"/projects/{project_id}")))


@app.command("apply")
def apply_edit(
    context: typer.Context,
    project_id: ProjectId,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="JSON as of projects export; - reads stdin.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would change.")] = False,
    yes: Yes = False,
) -> None:
    """Give a project the edit of a file: it is checked, what changes is shown, then it is changed.

    Clips keep their takes by their id. What the file leaves out gets its default.

    \b
    Examples:
      playhead projects apply PROJECT edit.json
      playhead projects export ONE | jq 'del(.clips[].id)' | playhead projects apply OTHER - --yes
    """
    from playhead.cli.edits import change, differences, read_edit

    terminal: Terminal = context.obj
    with connect(terminal) as api:
        project = api.get(f"/projects/{project_id}")
        edit = read_edit(file)
        lines = differences(project, edit)
        for line in lines:
            terminal.data(line)
        if not lines:
            terminal.say("Nothing changes.")
        elif not dry_run:
            if not terminal.confirm(f"Change {project['title']} ({project_id})?", yes=yes):
                raise typer.Exit(1)
            changed = change(api, project, edit)
            terminal.say(f"Changed {project_id}; it is at version {changed['version']}.")


@app.command("delete")
def delete_project(context: typer.Context, project_id: ProjectId, yes: Yes = False) -> None:
    """Delete a project; its videos stay in the library.

    \b
    Examples:
      playhead projects delete prj_01k3q9h2v7e8t9m5x0c4d6f8ga --yes
    """
    terminal: Terminal = context.obj
    with connect(terminal) as api:
        title = api.get(f"/projects/{project_id}")["title"]
        if not terminal.confirm(f"Delete the project {title} ({project_id})?", yes=yes):
            raise typer.Exit(1)
        api.send("DELETE", f"/projects/{project_id}")
    terminal.say(f"Deleted {project_id}")


def _change_clips(terminal: Terminal, project_id: str, clips: Sequence[ClipSpan], *, keep: bool, as_json: bool) -> None:
    with connect(terminal) as api:
        project = api.get(f"/projects/{project_id}")
        kept = [_kept(clip) for clip in project["clips"]]
        changed = api.send(
            "PUT",
            f"/projects/{project_id}/clips",
            json=[*(kept if keep else []), *clips],
            headers={"If-Match": f'"{project["version"]}"'},
        )
    _print(terminal, changed, as_json=as_json)


def _kept(clip: dict[str, Any]) -> dict[str, Any]:
    """A clip as it stays; its effects need not be repeated."""
    names = ("id", "video_id", "image_id", "card", "start_s", "end_s")
    return {name: clip[name] for name in names if clip[name] is not None}


def _number(name: str, text: str | None, none: str) -> dict[str, float | None]:
    """A numeric setting, or None for the word that unsets it."""
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
    try:
        return frame_size(text)._asdict()
    except ValueError as error:
        raise typer.BadParameter(f"{error}, or auto", param_hint="--size") from error


def _row(project: dict[str, Any]) -> list[object]:
    duration = format_duration(project["duration_s"] or 0)
    facts = [project[name] for name in ("id", "title", "status", "clip_count", "ready_count")]
    return [*facts, duration, project["updated_at"]]


def _print(terminal: Terminal, project: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        terminal.json(project)
        return
    reel = project["reel"]
    form = project["format"]
    active = project["active_job"]
    terminal.fields(
        [
            ("id", project["id"]),
            ("title", project["title"]),
            ("status", project["status"]),
            ("version", project["version"]),
            ("duration", format_duration(project["duration_s"] or 0)),
            ("format", video_format_name(form["width"], form["height"], form["fps"]) if form else None),
            ("reel", f"{reel['video_id']}{' (stale)' if reel['stale'] else ''}" if reel else None),
            ("cost", _cost(project["cost"])),
            ("job", f"{active['id']} ({active['state']})" if active else None),
        ]
    )
    rows = [[number, *_cells(clip)] for number, clip in enumerate(project["clips"], 1)]
    if rows:
        terminal.data("")
    terminal.table(["clip", "video", "title", "start_s", "end_s", "problem"], rows, empty="No clips yet.")
    for problem in project["problems"]:
        terminal.data(f"problem: {problem['message']}")
    for variant in project["variants"]:
        state = "stale" if variant["stale"] else "up to date" if variant["video_id"] else variant["job_state"]
        terminal.data(f"{variant['aspect']}: {variant['video_id'] or 'no reel yet'} ({state})")


def _cells(clip: dict[str, Any]) -> list[object]:
    video, problem, prompt = clip["video"] or {}, clip["problem"] or {}, clip["prompt"] or {}
    words = prompt.get("text") or (clip["card"] or {}).get("text") or (clip["image"] or {}).get("title") or ""
    title = video.get("title") or shorten(one_line(words), 60) or None
    return [
        clip["video_id"] or clip["image_id"] or ("card" if clip["card"] else None),
        title,
        clip["start_s"],
        clip["end_s"],
        problem.get("message"),
    ]


def _cost(cost: dict[str, Any] | None) -> str | None:
    """What the takes cost: ``$1.20, $0.80 reserved, 1 unknown``."""
    if cost is None:
        return None
    words = [money(cost["actual"] - cost["refunded"])]
    words += [f"{money(cost['reserved'])} reserved"] if cost["reserved"] else []
    words += [f"{cost['unknown']} unknown"] if cost["unknown"] else []
    return ", ".join(words)
