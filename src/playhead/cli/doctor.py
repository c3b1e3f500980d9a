"""``playhead doctor``: what has to hold, and what to do where it does not."""

from typing import TYPE_CHECKING, Any, Final

import typer

from playhead.cli.options import AsJson
from playhead.cli.server import connect
from playhead.cli.terminal import Terminal

if TYPE_CHECKING:
    from playhead.cli.client import Api

app = typer.Typer(no_args_is_help=True, help="Examine what Playhead depends on.")

WORDS: Final = {"ok": "ok", "warning": "CHECK", "failed": "FAILS", "off": "off"}


@app.command("live")
def live(context: typer.Context, as_json: AsJson = False) -> None:
    """Examine whether broadcasts are detected.

    The webhook, subscriptions with their cost, the conduit and its shard, the WebSocket, the last event, polling, and
    the versions of streamlink and yt-dlp. Exit code 1 when something fails. Admins only.

    \b
    Examples:
      playhead doctor live
      playhead doctor live --json | jq -r '.findings[] | select(.verdict == "failed").hint'
    """
    _examine(context.obj, "/live/doctor", as_json=as_json)


@app.command("public")
def public(context: typer.Context, as_json: AsJson = False) -> None:
    """Examine whether others can fetch files from this server.

    Providers fetch the input images and videos of a generation under public_url, and send their callbacks there. A
    signed file is fetched as they do. Exit code 1 when something fails. Admins only.

    \b
    Examples:
      playhead doctor public
      playhead doctor public --json | jq -r .verdict
    """
    _examine(context.obj, "/system/public-address", as_json=as_json)


def _examine(terminal: Terminal, path: str, *, as_json: bool) -> None:
    with connect(terminal) as api:
        found = api.get(path)
    if as_json:
        terminal.json(found)
    else:
        terminal.table(*_table(found["findings"]), empty="Nothing to examine.")
        for one in found["findings"]:
            if one["hint"] and one["verdict"] in ("warning", "failed"):
                terminal.say(_advice(one))
    if found["verdict"] == "failed":
        raise typer.Exit(1)


def _table(findings: list[dict[str, Any]]) -> tuple[list[str], list[list[Any]]]:
    columns, names = ["what", "state", "found"], ["title", "verdict", "detail"]
    if any("at" in one for one in findings):
        columns, names = [*columns, "last seen"], [*names, "at"]
    shown = [{**one, "verdict": WORDS[one["verdict"]]} for one in findings]
    return columns, [[one[name] for name in names] for one in shown]


@app.command("providers")
def providers(context: typer.Context, as_json: AsJson = False) -> None:
    """Examine whether providers of generated clips can be used.

    Tests the key of each that is on, which costs nothing. Exit code 1 when one has no key, or refuses it. Admins only.

    \b
    Examples:
      playhead doctor providers
    """
    terminal: Terminal = context.obj
    with connect(terminal) as api:
        found = [_examined(api, one) for one in api.get("/providers")["items"]]
    if as_json:
        terminal.json(found)
    else:
        rows = [[one["name"], WORDS[one["verdict"]], one["detail"]] for one in found]
        terminal.table(["provider", "state", "found"], rows, empty="No providers.")
    if any(one["verdict"] == "failed" for one in found):
        raise typer.Exit(1)


def _examined(api: "Api", one: dict[str, Any]) -> dict[str, str]:
    name = one["name"]
    if not one["enabled"]:
        return {"name": name, "verdict": "off", "detail": "Turned off."}
    if not one["configured"]:
        return {"name": name, "verdict": "failed", "detail": f"No key: `playhead providers set {name}`."}
    tested = api.send("POST", f"/providers/{name}/test")
    return {"name": name, "verdict": "ok" if tested["works"] else "failed", "detail": tested["detail"]}


def _advice(finding: dict[str, Any]) -> str:
    return f"{finding['title']}: {finding['hint']}"
