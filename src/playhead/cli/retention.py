"""``playhead retention``: which videos stay, which go, and why."""

from collections.abc import Callable
from typing import Annotated, Any, Literal

import typer

from playhead.cli.options import AsJson, Limit, Wait
from playhead.cli.parsers import count_of, length_s, size_bytes
from playhead.cli.server import connect
from playhead.cli.terminal import Terminal
from playhead.kit.units import format_bytes

app = typer.Typer(no_args_is_help=True, help="Decide which videos stay; see what goes, and what went.")


def limit_of(parse: Callable[[str], int]) -> Callable[[str], int]:
    """A parser that takes ``none`` as well, as 0."""
    return lambda text: 0 if text.strip().lower() == "none" else parse(text)


Age = Annotated[
    int | None,
    typer.Option(
        "--max-age", parser=limit_of(length_s), metavar="LENGTH", help="Delete older ones: 30d, 12w, or none."
    ),
]
Size = Annotated[
    int | None,
    typer.Option(
        "--max-size", parser=limit_of(size_bytes), metavar="SIZE", help="Keep this much at most: 500GB, 2TB, or none."
    ),
]
Count = Annotated[
    int | None,
    typer.Option("--max-count", parser=limit_of(count_of), metavar="N", help="Keep this many at most, or none."),
]
Enabled = Annotated[bool | None, typer.Option("--enable/--disable", help="Switch the policy on or off.")]


@app.command("policies")
def policies(
    context: typer.Context,
    origin: Annotated[
        Literal["upload", "generation", "recording", "reel"] | None,
        typer.Option(help="Set the policy for videos of one origin."),
    ] = None,
    channel: Annotated[
        str | None, typer.Option(metavar="CHANNEL", help="Set the policy of one channel, chn_...")
    ] = None,
    max_age: Age = None,
    max_size: Size = None,
    max_count: Count = None,
    enabled: Enabled = None,
    delete: Annotated[str | None, typer.Option(metavar="POLICY", help="Delete a policy, pol_...")] = None,
    as_json: AsJson = False,
) -> None:
    """List the policies, set one, or delete one. Of a video the narrowest decides: channel, origin, all.

    \b
    Examples:
      playhead retention policies
      playhead retention policies --max-age 90d
      playhead retention policies --origin recording --max-size 2TB --max-age none
      playhead retention policies --channel CHANNEL --max-count 20
      playhead retention policies --channel CHANNEL --disable
      playhead retention policies --delete POLICY
    """
    terminal: Terminal = context.obj
    limits = {"max_age_s": max_age, "max_size_bytes": max_size, "max_count": max_count}
    changes: dict[str, Any] = {name: limit or None for name, limit in limits.items() if limit is not None}
    if enabled is not None:
        changes["enabled"] = enabled
    with connect(terminal) as api:
        if delete is not None:
            api.send("DELETE", f"/retention/policies/{delete}")
        elif changes or origin or channel:
            known = api.get("/retention/policies")["items"]
            held = next((one for one in known if (one["origin"], one["channel_id"]) == (origin, channel)), None)
            if held is not None:
                api.send("PATCH", f"/retention/policies/{held['id']}", json=changes)
            else:
                api.send("POST", "/retention/policies", json={"origin": origin, "channel_id": channel, **changes})
        items = api.get("/retention/policies")["items"]
    columns = ["id", "for", "age", "size", "count", "enabled"]
    terminal.items(items, columns, _policy_row, as_json=as_json, empty="No policies: everything stays.")


@app.command("plan")
def plan(context: typer.Context, as_json: AsJson = False) -> None:
    """Show what would go now and why, and what is held. Removes nothing.

    \b
    Examples:
      playhead retention plan
      playhead retention plan --json | jq -r '.remove[].id'
    """
    terminal: Terminal = context.obj
    with connect(terminal) as api:
        found = api.get("/retention/plan")
    if as_json:
        terminal.json(found)
        return
    terminal.table(
        ["id", "title", "size", "why"], [_planned(one) for one in found["remove"]], empty="Nothing would go."
    )
    if found["held"]:
        terminal.data("")
        rows = [[*_planned(one), "; ".join(hold["reason"] for hold in one["holds"])] for one in found["held"]]
        terminal.table(["id", "title", "size", "would go as", "held, as"], rows, empty="")
    terminal.say(
        f"{len(found['remove'])} of {found['videos']} videos would go, {format_bytes(found['remove_bytes'])} of "
        f"{format_bytes(found['size_bytes'])}; {len(found['held'])} are held."
    )
    if found["needs_force"]:
        terminal.warn("That is more than half: a run needs --force.")


@app.command("run")
def run(
    context: typer.Context,
    force: Annotated[bool, typer.Option("--force", help="Also when more than half would go.")] = False,
    wait: Wait = False,
    as_json: AsJson = False,
) -> None:
    """Apply the policies now. What goes can be restored from the trash for a while.

    \b
    Examples:
      playhead retention run --wait
    """
    from playhead.cli.stitch import wait_with_bar

    terminal: Terminal = context.obj
    with connect(terminal) as api:
        job = api.send("POST", "/retention/run", json={"force": force})
        if wait:
            job = wait_with_bar(terminal, api, job["id"], "Applying retention")
    if as_json:
        terminal.json(job)
    else:
        terminal.say(f"{job['id']} is {job['state']}")


@app.command("history")
def history(
    context: typer.Context,
    runs: Annotated[bool, typer.Option("--runs", help="List runs instead of videos.")] = False,
    limit: Limit = 50,
    as_json: AsJson = False,
) -> None:
    """List what was deleted and restored, by whom and why; newest first.

    \b
    Examples:
      playhead retention history
      playhead retention history --runs
    """
    terminal: Terminal = context.obj
    with connect(terminal) as api:
        found = api.items("/retention/runs" if runs else "/retention/history", limit=limit)
    columns = (
        ["at", "cause", "state", "removed", "freed", "detail"]
        if runs
        else ["at", "video", "title", "what", "by", "why"]
    )
    terminal.items(found, columns, _run_row if runs else _removal_row, as_json=as_json, empty="Nothing yet.")


def _policy_row(policy: dict[str, Any]) -> list[object]:
    age, size = policy["max_age_s"], policy["max_size_bytes"]
    return [
        policy["id"],
        policy["applies_to"],
        None if age is None else f"{age / 86_400:g} d",
        None if size is None else format_bytes(size),
        policy["max_count"],
        "yes" if policy["enabled"] else "no",
    ]


def _planned(video: dict[str, Any]) -> list[object]:
    return [video["id"], video["title"], format_bytes(video["size_bytes"]), video["reason"]]


def _run_row(one: dict[str, Any]) -> list[object]:
    return [
        one["created_at"],
        one["cause"],
        one["state"],
        one["removed"],
        format_bytes(one["removed_bytes"]),
        one["detail"],
    ]


def _removal_row(one: dict[str, Any]) -> list[object]:
    return [one["at"], one["video_id"], one["title"], one["action"], one["actor"], one["reason"]]
