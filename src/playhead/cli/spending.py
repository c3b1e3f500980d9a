"""``playhead spending``: what generations cost."""

from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from playhead.cli.options import AsJson, Limit
from playhead.cli.server import connect
from playhead.cli.terminal import Terminal

GROUPS = ("day", "provider", "model", "project", "user")


def spending(
    context: typer.Context,
    by: Annotated[str, typer.Option(help="day, provider, model, project or user.")] = "day",
    since: Annotated[str | None, typer.Option("--from", metavar="DATE", help="First day (UTC).")] = None,
    until: Annotated[str | None, typer.Option("--to", metavar="DATE", help="Day after the last one (UTC).")] = None,
    entries: Annotated[bool, typer.Option("--entries", help="The entries of the ledger, newest first.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="All entries as CSV, oldest first.")] = False,
    limit: Limit = 50,
    as_json: AsJson = False,
) -> None:
    """Show what generations cost: yours, for an admin all.

    \b
    Examples:
      playhead spending
      playhead spending --by project --from 2026-11-01
      playhead spending --csv > spending.csv
    """
    terminal: Terminal = context.obj
    if by not in GROUPS:
        raise typer.BadParameter(f"{by!r} is none of {', '.join(GROUPS)}", param_hint="--by")
    span = {"from": _day(since, "--from"), "to": _day(until, "--to")}
    with connect(terminal) as api:
        if as_csv:
            terminal.data(api.request("GET", "/spending/entries", params={**span, "format": "csv"}).text.rstrip())
            return
        if entries:
            found = api.items("/spending/entries", limit=limit, **span)
            columns = ["at", "entry", "amount", "provider", "model", "generation", "note"]
            terminal.items(found, columns, _entry, as_json=as_json, empty="No entries.")
            return
        sums = api.get("/spending", group=by, **span)
    if as_json:
        terminal.json(sums)
        return
    rows = [_sum(one) for one in sums["groups"]]
    if len(rows) > 1:
        rows.append(["total", *_sum(sums["total"])[1:]])
    columns = [by, "generations", "charged", "reserved", "refunded", "unknown"]
    terminal.table(columns, rows, empty="Nothing was generated.")
    for cap in sums["caps"]:
        if cap["name"] in ("day", "user"):
            where = "today, the whole installation" if cap["name"] == "day" else "you, this month"
            terminal.say(f"Limit ({where}): {_dollars(cap['counted'])} of {_dollars(cap['limit'])}")


def _day(text: str | None, option: str) -> str | None:
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no date, such as 2026-11-30", param_hint=option) from None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).isoformat()


def _sum(one: dict[str, Any]) -> list[object]:
    amounts = [_dollars(one[name]) for name in ("actual", "reserved", "refunded")]
    if one["unknown"] == one["generations"]:
        amounts[0] = "unknown"
    return [one["title"] or one["key"], one["generations"], *amounts, one["unknown"] or None]


def _entry(one: dict[str, Any]) -> list[object]:
    amount = "unknown" if one["amount"] is None else _dollars(one["amount"])
    return [one["at"], one["kind"], amount, one["provider"], one["model"], one["generation_id"], one["note"]]


def _dollars(amount: float) -> str:
    return f"${amount:,.2f}" if round(amount, 2) == round(amount, 6) else f"${amount:,.4f}"
