"""``playhead webhooks``: where a server sends events, and what it sent."""

import sys
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from playhead.cli.options import AsJson, Limit, Yes
from playhead.cli.parsers import lifetime
from playhead.cli.server import connect
from playhead.cli.terminal import Terminal
from playhead.errors import InvalidInput, PlayheadError

if TYPE_CHECKING:
    from playhead.cli.client import Api

app = typer.Typer(no_args_is_help=True, help="Send events to other programs and to people.")

TEST_S = 90.0
"""How long a test is waited for: an attempt may take a minute."""

WebhookId = Annotated[str, typer.Argument(metavar="WEBHOOK", help="Webhook id, whk_...")]
Event = Annotated[
    list[str] | None, typer.Option("--event", help="Type of event, such as recording.finished; repeat for more.")
]
Describe = Annotated[str | None, typer.Option("--description", help="What it is for.")]


class TestFailed(PlayheadError):
    """A test that was not accepted."""

    code = "webhook_test_failed"
    title = "The test was not accepted"
    fault = "destination"


@app.command("add")
def add_webhook(
    context: typer.Context,
    url: Annotated[str, typer.Argument(help="https://..., a URL of Apprise, or - to read it from stdin.")],
    event: Event = None,
    description: Describe = None,
    as_json: AsJson = False,
) -> None:
    """Add a webhook, and print its secret.

    The secret cannot be shown again. URLs other than http:// and https:// are of Apprise; they contain secrets
    themselves, so pipe them in.

    \b
    Examples:
      playhead webhooks add https://example.org/hooks
      playhead webhooks add https://example.org/hooks --event recording.finished --event recording.failed
      pass show discord | playhead webhooks add - --event channel.live
    """
    terminal: Terminal = context.obj
    wanted = {"url": _read_url(url), "description": description or "", "event_types": event or None}
    with connect(terminal) as api:
        made = api.send("POST", "/webhooks", json=wanted)
    if as_json:
        terminal.json(made)
    else:
        terminal.fields([("id", made["id"]), ("secret", made["secret"])])


@app.command("list")
def list_webhooks(context: typer.Context, limit: Limit = 50, as_json: AsJson = False) -> None:
    """List your webhooks, newest first.

    \b
    Examples:
      playhead webhooks list
      playhead webhooks list --json | jq -r '.[] | select(.failing_since).url'
    """
    terminal: Terminal = context.obj
    with connect(terminal) as api:
        found = api.items("/webhooks", limit=limit)
    columns = ["id", "url", "events", "state", "description"]
    terminal.items(found, columns, _row, as_json=as_json, empty="No webhooks yet.")


@app.command("types")
def list_types(context: typer.Context, as_json: AsJson = False) -> None:
    """List the types of events.

    \b
    Examples:
      playhead webhooks types
      playhead webhooks types --json | jq '.[] | select(.type == "video.ready").example'
    """
    terminal: Terminal = context.obj
    with connect(terminal) as api:
        found = api.get("/webhooks/types")["items"]
    terminal.items(
        found, ["type", "meaning"], lambda one: [one["type"], one["meaning"]], as_json=as_json, empty="None."
    )


@app.command("show")
def show_webhook(context: typer.Context, webhook_id: WebhookId, as_json: AsJson = False) -> None:
    """Show a webhook and its latest deliveries.

    \b
    Examples:
      playhead webhooks show whk_01k3q9h2v7e8t9m5x0c4d6f8ga
    """
    terminal: Terminal = context.obj
    with connect(terminal) as api:
        found = api.get(f"/webhooks/{webhook_id}")
        latest = api.items(f"/webhooks/{webhook_id}/deliveries", limit=5)
    if as_json:
        terminal.json({**found, "deliveries": latest})
        return
    names = ("id", "kind", "url", "description")
    terminal.fields(
        [
            *((name, found[name] or None) for name in names),
            ("events", _events(found)),
            ("state", _state(found)),
            ("failing since", found["failing_since"]),
            ("previous secret until", found["previous_secret_until"]),
        ]
    )
    terminal.data("")
    terminal.table(_DELIVERY_COLUMNS, [_delivery(one) for one in latest], empty="No deliveries yet.")


@app.command("edit")
def edit_webhook(
    context: typer.Context,
    webhook_id: WebhookId,
    url: Annotated[str | None, typer.Option(help="Another URL; - reads it from stdin.")] = None,
    event: Event = None,
    all_events: Annotated[bool, typer.Option("--all-events", help="All types of events.")] = False,
    description: Describe = None,
    enable: Annotated[bool | None, typer.Option("--enable/--disable", help="Whether events are sent.")] = None,
    new_secret: Annotated[bool, typer.Option("--new-secret", help="Replace the secret; both sign for a day.")] = False,
    as_json: AsJson = False,
) -> None:
    """Change a webhook.

    \b
    Examples:
      playhead webhooks edit WEBHOOK --event video.ready --event video.errored
      playhead webhooks edit WEBHOOK --disable
      playhead webhooks edit WEBHOOK --new-secret
    """
    terminal: Terminal = context.obj
    changes = {
        "url": url and _read_url(url),
        "description": description,
        "enabled": enable,
        "event_types": event or None,
    }
    given: dict[str, Any] = {name: value for name, value in changes.items() if value is not None}
    if all_events:
        given["event_types"] = None
    with connect(terminal) as api:
        found = (
            api.send("PATCH", f"/webhooks/{webhook_id}", json=given) if given else api.get(f"/webhooks/{webhook_id}")
        )
        secret = api.send("POST", f"/webhooks/{webhook_id}/secret") if new_secret else {}
    if as_json:
        terminal.json({**found, **secret})
    elif secret:
        terminal.data(secret["secret"])
    else:
        terminal.say(f"Changed {webhook_id}")


@app.command("remove")
def remove_webhook(context: typer.Context, webhook_id: WebhookId, yes: Yes = False) -> None:
    """Remove a webhook with the log of its deliveries.

    \b
    Examples:
      playhead webhooks remove WEBHOOK --yes
    """
    terminal: Terminal = context.obj
    with connect(terminal) as api:
        found = api.get(f"/webhooks/{webhook_id}")
        if not terminal.confirm(f"Remove {found['url']} ({webhook_id})?", yes=yes):
            raise typer.Exit(1)
        api.send("DELETE", f"/webhooks/{webhook_id}")
    terminal.say(f"Removed {webhook_id}")


@app.command("test")
def send_test(context: typer.Context, webhook_id: WebhookId, as_json: AsJson = False) -> None:
    """Send a test, and wait for the response. Exit code 1 when it is not accepted.

    \b
    Examples:
      playhead webhooks test WEBHOOK
      playhead webhooks test WEBHOOK --json | jq -r '.log[0].response_body'
    """
    terminal: Terminal = context.obj
    with connect(terminal) as api:
        path = f"/webhooks/{webhook_id}"
        made = api.send("POST", f"{path}/test")
        ended = _ended(api, f"{path}/deliveries/{made['id']}")
    if as_json:
        terminal.json(ended)
    elif ended["state"] == "delivered":
        status = ended["log"][-1]["status"]
        terminal.say("Accepted" + (f" with {status}" if status else ""))
    if ended["state"] != "delivered":
        raise TestFailed(
            ended["log"][-1]["error"] if ended["log"] else f"The test was not sent within {TEST_S:g} s.",
            hint=None if ended["log"] else "A worker sends it: `playhead workers` lists them.",
        )


@app.command("deliveries")
def list_deliveries(
    context: typer.Context,
    webhook_id: WebhookId,
    delivery_id: Annotated[str | None, typer.Argument(metavar="DELIVERY", help="One of them, dlv_...")] = None,
    state: Annotated[str | None, typer.Option(help="pending, delivered, failed or canceled.")] = None,
    limit: Limit = 50,
    as_json: AsJson = False,
) -> None:
    """List deliveries, newest first, or the attempts at one.

    \b
    Examples:
      playhead webhooks deliveries WEBHOOK --state failed
      playhead webhooks deliveries WEBHOOK DELIVERY
    """
    terminal: Terminal = context.obj
    path = f"/webhooks/{webhook_id}/deliveries"
    with connect(terminal) as api:
        if delivery_id is None:
            found = api.items(path, limit=limit, state=state)
            terminal.items(found, _DELIVERY_COLUMNS, _delivery, as_json=as_json, empty="No deliveries.")
            return
        one = api.get(f"{path}/{delivery_id}")
    if as_json:
        terminal.json(one)
        return
    terminal.fields([(name, one[name]) for name in ("id", "event_id", "event_type", "state", "due_at")])
    terminal.data("")
    rows = [
        [each["number"], each["at"], each["status"], f"{each['duration_s']:.2f} s", each["error"]]
        for each in one["log"]
    ]
    terminal.table(["attempt", "at", "status", "took", "error"], rows, empty="No attempts yet.")


@app.command("replay")
def replay(
    context: typer.Context,
    webhook_id: WebhookId,
    delivery_id: Annotated[str | None, typer.Argument(metavar="DELIVERY", help="One delivery, dlv_...")] = None,
    since: Annotated[
        timedelta | None,
        typer.Option(parser=lifetime, metavar="LENGTH", help="All of this time that were not received, such as 2d."),
    ] = None,
    delivered: Annotated[bool, typer.Option("--delivered", help="With --since: received ones, too.")] = False,
) -> None:
    """Send a delivery again, or all that a webhook has not received.

    \b
    Examples:
      playhead webhooks replay WEBHOOK DELIVERY
      playhead webhooks replay WEBHOOK --since 2d
    """
    terminal: Terminal = context.obj
    if (delivery_id is None) == (since is None):
        raise typer.BadParameter("name a delivery, or pass --since", param_hint="DELIVERY")
    with connect(terminal) as api:
        if since is None:
            api.send("POST", f"/webhooks/{webhook_id}/deliveries/{delivery_id}/replay")
            number = 1
        else:
            span = {"since": (datetime.now(UTC) - since).isoformat(), "delivered": delivered}
            number = api.send("POST", f"/webhooks/{webhook_id}/replay", json=span)["deliveries"]
    terminal.say(f"Sending {number} {'delivery' if number == 1 else 'deliveries'} again")


def _read_url(url: str) -> str:
    if url != "-":
        return url
    line = sys.stdin.readline().strip()
    if not line:
        raise InvalidInput("stdin holds no URL.")
    return line


def _ended(api: "Api", path: str) -> dict[str, Any]:
    limit = time.monotonic() + TEST_S
    while True:
        found: dict[str, Any] = api.get(path)
        if found["state"] != "pending" or time.monotonic() > limit:
            return found
        time.sleep(0.5)


def _row(one: dict[str, Any]) -> list[object]:
    return [one["id"], one["url"], _events(one), _state(one), one["description"] or None]


def _events(one: dict[str, Any]) -> str:
    return "all" if one["event_types"] is None else ", ".join(one["event_types"])


def _state(one: dict[str, Any]) -> str:
    if one["enabled"]:
        return "failing" if one["failing_since"] else "enabled"
    why = {"gone": "disabled: its endpoint is gone", "failing": "disabled: it failed for days"}
    return why.get(one["disabled_by"], "disabled")


_DELIVERY_COLUMNS = ["id", "event", "state", "attempts", "created", "next attempt"]


def _delivery(one: dict[str, Any]) -> list[object]:
    return [one[name] for name in ("id", "event_type", "state", "attempts", "created_at", "due_at")]
