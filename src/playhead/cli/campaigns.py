"""``playhead campaigns``: groups of projects, generated and stitched together."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from playhead.cli.options import AsJson, Limit, Wait, Yes
from playhead.cli.server import connect
from playhead.cli.templates import AcceptUnknown, Aspects
from playhead.cli.terminal import Terminal
from playhead.errors import InvalidInput

if TYPE_CHECKING:
    from playhead.cli.client import Api, Refused

app = typer.Typer(no_args_is_help=True, help="Make projects from CSV rows, generate and stitch them.")

CampaignId = Annotated[str, typer.Argument(metavar="CAMPAIGN", help="Campaign id, cmp_...")]

_MOST_BYTES = 5_000_000
_POLL_S = 1.0


@app.command("list")
def list_campaigns(context: typer.Context, limit: Limit = 50, as_json: AsJson = False) -> None:
    """List campaigns, newest first.

    \b
    Examples:
      playhead campaigns list
    """
    terminal: Terminal = context.obj
    with connect(terminal) as api:
        found = api.items("/campaigns", limit=limit)
    columns = ["id", "title", "projects", "cost", "created"]
    terminal.items(found, columns, _row, as_json=as_json, empty="No campaigns.")


@app.command("show")
def show_campaign(context: typer.Context, campaign_id: CampaignId, as_json: AsJson = False) -> None:
    """Show a campaign: where its projects stand, what it cost, and how the latest bulk action ended.

    \b
    Examples:
      playhead campaigns show CAMPAIGN
      playhead projects list --json | jq '.[] | select(.campaign_id == "CAMPAIGN") | .title'
    """
    terminal: Terminal = context.obj
    with connect(terminal) as api:
        campaign = api.get(f"/campaigns/{campaign_id}")
    terminal.json(campaign) if as_json else _print(terminal, campaign)


@app.command("create")
def create_campaign(
    context: typer.Context,
    template_id: Annotated[str, typer.Argument(metavar="TEMPLATE", help="Template id, tpl_...")],
    csv: Annotated[
        Path,
        typer.Option(
            "--csv", exists=True, dir_okay=False, allow_dash=True, help="One project a row; the head names the fields."
        ),
    ],
    title: Annotated[str | None, typer.Option(help="Title of the campaign; the file's name without it.")] = None,
    aspect: Aspects = None,
    skip_bad: Annotated[bool, typer.Option("--skip-bad", help="Leave rows out that cannot be used.")] = False,
    as_json: AsJson = False,
) -> None:
    """Make a campaign from a template and a CSV file, and print its id. One bad row makes nothing.

    \b
    Examples:
      playhead campaigns create TEMPLATE --csv products.csv
      playhead campaigns create TEMPLATE --csv - --title Spring --aspect 16:9 --aspect 9:16 < products.csv
    """
    from playhead.cli.client import Refused

    terminal: Terminal = context.obj
    body = {
        "title": title or ("Campaign" if str(csv) == "-" else csv.stem),
        "csv": _read(csv),
        "aspects": aspect or [],
        "skip_bad": skip_bad,
    }
    with connect(terminal) as api:
        try:
            made = api.send("POST", f"/templates/{template_id}/campaign", json=body)
        except Refused as error:
            _say_rows(terminal, error)
            raise
    for row in made["skipped"]:
        terminal.say(f"Line {row['line']} was left out: {row['message']}")
    terminal.json(made) if as_json else terminal.data(made["campaign"]["id"])


@app.command("generate")
def generate_campaign(
    context: typer.Context,
    campaign_id: CampaignId,
    wait: Annotated[bool, typer.Option("--wait", help="Wait until all takes have ended.")] = False,
    max_cost: Annotated[
        float | None, typer.Option(min=0, metavar="DOLLARS", help="Generate nothing if the estimate is above this.")
    ] = None,
    accept_unknown_cost: AcceptUnknown = False,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Generate all clips of a campaign that have a prompt and no video. Shows the price first.

    \b
    Examples:
      playhead campaigns generate CAMPAIGN --wait
      playhead campaigns generate CAMPAIGN --yes --max-cost 20
    """
    terminal: Terminal = context.obj
    wanted = {"accept_unknown_cost": accept_unknown_cost, "max_cost": max_cost}
    with connect(terminal) as api:
        estimate = api.send("POST", f"/campaigns/{campaign_id}/estimate", json={})
        if not estimate["clips"]:
            terminal.say("Nothing to generate: each clip has a video, a take under way, or no prompt.")
            return
        question = f"Generate {estimate['clips']} clips of {estimate['projects']} projects for {_price(estimate)}?"
        is_free = estimate["amount"] == 0 and not estimate["unknown"]
        if not is_free and not terminal.confirm(question, yes=yes):
            raise typer.Exit(1)
        job = api.send("POST", f"/campaigns/{campaign_id}/generate", json=wanted)
        _finish(terminal, api, campaign_id, job, "generating" if wait else None, as_json=as_json)


@app.command("stitch")
def stitch_campaign(
    context: typer.Context, campaign_id: CampaignId, wait: Wait = False, as_json: AsJson = False
) -> None:
    """Stitch all projects of a campaign that can be; the others are named.

    \b
    Examples:
      playhead campaigns stitch CAMPAIGN --wait
    """
    terminal: Terminal = context.obj
    with connect(terminal) as api:
        job = api.send("POST", f"/campaigns/{campaign_id}/stitch", json={})
        _finish(terminal, api, campaign_id, job, "stitching" if wait else None, as_json=as_json)


@app.command("remove")
def remove_campaign(context: typer.Context, campaign_id: CampaignId, yes: Yes = False) -> None:
    """Remove a campaign; its projects stay.

    \b
    Examples:
      playhead campaigns remove CAMPAIGN --yes
    """
    terminal: Terminal = context.obj
    with connect(terminal) as api:
        title = api.get(f"/campaigns/{campaign_id}")["title"]
        if not terminal.confirm(f"Remove the campaign {title} ({campaign_id})? Its projects stay.", yes=yes):
            raise typer.Exit(1)
        api.send("DELETE", f"/campaigns/{campaign_id}")
    terminal.say(f"Removed {campaign_id}")


def _finish(
    terminal: Terminal, api: "Api", campaign_id: str, job: dict[str, Any], until: str | None, *, as_json: bool
) -> None:
    """Print the job; or wait for it, and until no project is in a status, and print the campaign."""
    from playhead.cli.stitch import wait_with_bar

    if until is None:
        terminal.json(job) if as_json else terminal.data(job["id"])
        return
    wait_with_bar(terminal, api, job["id"], "Campaign")
    campaign = api.get(f"/campaigns/{campaign_id}")
    while campaign["statuses"].get(until):
        time.sleep(_POLL_S)
        campaign = api.get(f"/campaigns/{campaign_id}")
    terminal.json(campaign) if as_json else _print(terminal, campaign)
    if campaign["statuses"].get("failed"):
        raise typer.Exit(1)


def _read(path: Path) -> str:
    import sys

    raw = sys.stdin.buffer.read(_MOST_BYTES + 1) if str(path) == "-" else path.read_bytes()
    if len(raw) > _MOST_BYTES:
        raise InvalidInput(f"{path} is larger than {_MOST_BYTES // 1_000_000} MB.", hint="Split the file.")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")  # as spreadsheets on Windows save it


def _say_rows(terminal: Terminal, error: "Refused") -> None:
    for row in error.body.get("rows") or []:
        terminal.warn(f"Line {row['line']}: {row['message']}")


def _price(estimate: dict[str, Any]) -> str:
    known = "an unknown price" if estimate["amount"] is None else f"about ${estimate['amount']:.2f}"
    return known + (f" and {estimate['unknown']} of unknown price" if estimate["unknown"] else "")


def _cost(cost: dict[str, Any] | None) -> str | None:
    if cost is None:
        return None
    words = f"${cost['actual'] - cost['refunded']:.2f}"
    words += f", ${cost['reserved']:.2f} reserved" if cost["reserved"] else ""
    return words + (f", {cost['unknown']} unknown" if cost["unknown"] else "")


def _latest(outcome: dict[str, Any]) -> str:
    if outcome["error"]:
        return f"{outcome['action']} failed: {outcome['error']}"
    return f"{outcome['action']}: {outcome['done']} done, {outcome['skipped_count']} left out"


def _row(campaign: dict[str, Any]) -> list[object]:
    facts = [campaign["id"], campaign["title"], campaign["project_count"]]
    return [*facts, _cost(campaign["cost"]), campaign["created_at"]]


def _print(terminal: Terminal, campaign: dict[str, Any]) -> None:
    statuses = ", ".join(f"{count} {status}" for status, count in sorted(campaign["statuses"].items()))
    outcome, job = campaign["outcome"], campaign["active_job"]
    terminal.fields(
        [
            ("id", campaign["id"]),
            ("title", campaign["title"]),
            ("projects", f"{campaign['project_count']} ({statuses})" if statuses else 0),
            ("clips", f"{campaign['ready_count']} of {campaign['clip_count']} ready"),
            ("reels", campaign["reel_count"]),
            ("cost", _cost(campaign["cost"])),
            ("job", f"{job['id']} ({job['state']})" if job else None),
            ("latest", _latest(outcome) if outcome else None),
        ]
    )
    for skipped in (outcome or {}).get("skipped", []):
        terminal.say(f"{skipped['title']} ({skipped['project_id']}): {skipped['message']}")
