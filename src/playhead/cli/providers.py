"""``playhead providers``: who generates clips from prompts, with which key."""

import sys
from typing import Annotated, Any

import typer

from playhead.cli.options import AsJson, Yes
from playhead.cli.server import connect
from playhead.cli.terminal import Terminal
from playhead.errors import InvalidInput, PlayheadError

app = typer.Typer(no_args_is_help=True, help="Set up who generates clips from prompts.")

Name = Annotated[str, typer.Argument(metavar="PROVIDER", help="Such as replicate, or replicate-work for another key.")]


class TestFailed(PlayheadError):
    """A test that failed."""

    code = "provider_test_failed"
    title = "The provider does not work"
    fault = "provider"


@app.command("list")
def list_providers(context: typer.Context, as_json: AsJson = False) -> None:
    """List providers, and whether they can be used.

    \b
    Examples:
      playhead providers list
      playhead providers list --json | jq -r '.[] | select(.configured).name'
    """
    terminal: Terminal = context.obj
    with connect(terminal) as api:
        found = api.get("/providers")
    columns = ["provider", "speaks", "state", "key", "last test"]
    terminal.items(found["items"], columns, _row, as_json=as_json, empty="No providers.")
    if not as_json:
        missing = [
            one["name"] for one in found["known"] if one["name"] not in {each["name"] for each in found["items"]}
        ]
        if missing:
            terminal.say(f"Not set up: {', '.join(missing)}. `playhead providers set NAME` adds one.")


@app.command("show")
def show_provider(context: typer.Context, name: Name, as_json: AsJson = False) -> None:
    """Show the settings of a provider. Its key is never shown.

    \b
    Examples:
      playhead providers show replicate
    """
    terminal: Terminal = context.obj
    with connect(terminal) as api:
        found = api.get(f"/providers/{name}")
    if as_json:
        terminal.json(found)
        return
    test = found["last_test"]
    able = [ability for ability, can in found["abilities"].items() if can]
    terminal.fields(
        [
            *((field, found[field] or None) for field in ("name", "title", "adapter", "base_url")),
            ("state", _state(found)),
            ("key", _key(found)),
            ("webhook secret", "set" if found["webhook_secret"] else None),
            *sorted(found["options"].items()),
            ("can", ", ".join(able)),
            ("last test", test and f"{test['at']}: {test['detail']}"),
        ]
    )


@app.command("set")
def set_provider(
    context: typer.Context,
    name: Name,
    key_stdin: Annotated[
        bool, typer.Option("--key-stdin", help="Read the key from stdin instead of prompting.")
    ] = False,
    key_env: Annotated[
        str | None, typer.Option("--key-env", metavar="VARIABLE", help="Variable of the server that holds the key.")
    ] = None,
    adapter: Annotated[
        str | None, typer.Option(help="What it speaks: replicate, cog, fal, runway or google; else by its name.")
    ] = None,
    base_url: Annotated[str | None, typer.Option("--base-url", help="Another address than its own.")] = None,
    webhook_secret_stdin: Annotated[
        bool, typer.Option("--webhook-secret-stdin", help="Read the secret of its callbacks from stdin, after the key.")
    ] = False,
    option: Annotated[
        list[str] | None, typer.Option("--option", metavar="NAME=VALUE", help="What its adapter alone knows.")
    ] = None,
    enable: Annotated[bool | None, typer.Option("--enable/--disable", help="Whether it is used.")] = None,
    as_json: AsJson = False,
) -> None:
    """Add a provider, or change its settings. A key is never an argument: others could read it.

    \b
    Examples:
      playhead providers set replicate                          prompts for the key
      pass show fal | playhead providers set fal --key-stdin
      playhead providers set runway --key-env STUDIO_RUNWAY_TOKEN
      playhead providers set cog-attic --base-url https://gpu.example.org
      playhead providers set replicate --disable
    """
    terminal: Terminal = context.obj
    wanted: dict[str, Any] = {"key_env": key_env, "base_url": base_url, "enabled": enable}
    given = {field: value for field, value in wanted.items() if value is not None}
    if option:
        given["options"] = dict(_option(each) for each in option)
    if key_stdin:
        given["key"] = _line("key")
    if webhook_secret_stdin:
        given["webhook_secret"] = _line("secret")
    with connect(terminal) as api:
        known = {one["name"]: one for one in api.get("/providers")["items"]}
        if not given and adapter is None:
            given["key"] = _prompted(terminal)
        new = name not in known
        body = {**given, **({"adapter": adapter} if adapter else {})}
        found = api.send("PUT" if new or adapter else "PATCH", f"/providers/{name}", json=body)
    if as_json:
        terminal.json(found)
    else:
        terminal.say(f"{'Added' if new else 'Changed'} {name}: {_state(found)}, key {_key(found)}")


@app.command("test")
def try_provider(context: typer.Context, name: Name, as_json: AsJson = False) -> None:
    """Test key and address of a provider. Costs nothing; exit code 1 when it does not work.

    \b
    Examples:
      playhead providers test replicate
    """
    terminal: Terminal = context.obj
    with connect(terminal) as api:
        found = api.send("POST", f"/providers/{name}/test")
    if as_json:
        terminal.json(found)
    elif found["works"]:
        terminal.say(found["detail"])
    if not found["works"]:
        raise TestFailed(found["detail"])


@app.command("remove")
def remove_provider(context: typer.Context, name: Name, yes: Yes = False) -> None:
    """Remove the settings of a provider with its key.

    \b
    Examples:
      playhead providers remove replicate --yes
    """
    terminal: Terminal = context.obj
    if not terminal.confirm(f"Remove the settings and the key of {name}?", yes=yes):
        raise typer.Exit(1)
    with connect(terminal) as api:
        api.send("DELETE", f"/providers/{name}")
    terminal.say(f"Removed {name}")


@app.command("models")
def list_models(
    context: typer.Context,
    name: Annotated[str | None, typer.Argument(metavar="PROVIDER", help="Of this provider alone.")] = None,
    model: Annotated[str | None, typer.Argument(metavar="MODEL", help="One model, with its parameters.")] = None,
    retired: Annotated[bool, typer.Option("--retired", help="Those that are gone, too.")] = False,
    as_json: AsJson = False,
) -> None:
    """List models with their prices, or the parameters of one.

    \b
    Examples:
      playhead providers models
      playhead providers models fal fal-ai/veo3.1
      playhead providers models --json | jq -r '.[] | select(.price == null).name'
    """
    terminal: Terminal = context.obj
    with connect(terminal) as api:
        found = api.get("/models", provider=name, retired=retired or model is not None)["items"]
    if model is not None:
        found = [one for one in found if one["name"] == model]
        if not found:
            raise InvalidInput(f"{name} has no model {model}.", hint=f"`playhead providers models {name}` lists them.")
        if not as_json:
            _show_model(terminal, found[0])
            return
    columns = ["provider", "model", "title", "price", "usable"]
    terminal.items(found, columns, _model_row, as_json=as_json, empty="No models.")


def _show_model(terminal: Terminal, found: dict[str, Any]) -> None:
    terminal.fields([(field, found[field] or None) for field in ("provider", "name", "title", "description")])
    terminal.fields([("price", _price(found)), ("retired", found["retires_at"]), ("use instead", found["replaced_by"])])
    terminal.data("")
    rows = [[one["name"], one["limits"], _value(one["default"]), one["title"]] for one in found["parameters"]]
    rows += [
        [one["parameter"], f"{one['kind']}{', required' if one['required'] else ''}", None, one["title"]]
        for one in found["inputs"]
    ]
    terminal.table(["parameter", "takes", "default", "what"], rows, empty="No parameters.")


def _value(value: object) -> object:
    return str(value).lower() if isinstance(value, bool) else value


def _option(text: str) -> tuple[str, str | float]:
    name, equals, value = text.partition("=")
    if not equals:
        raise typer.BadParameter(f"{text!r} is not NAME=VALUE", param_hint="--option")
    try:
        return name, float(value)
    except ValueError:
        return name, value


def _line(what: str) -> str:
    line = sys.stdin.readline().strip()
    if not line:
        raise InvalidInput(f"stdin holds no {what}.")
    return line


def _prompted(terminal: Terminal) -> str:
    if not terminal.ask or not sys.stdin.isatty():
        raise InvalidInput(
            "Cannot prompt for the key without a terminal.", hint="Pipe it in with --key-stdin, or name --key-env."
        )
    import getpass

    key = getpass.getpass("Key: ", stream=sys.stderr).strip()
    if not key:
        raise InvalidInput("No key was entered.")
    return key


def _row(one: dict[str, Any]) -> list[object]:
    test = one["last_test"]
    return [
        one["name"],
        one["adapter"],
        _state(one),
        _key(one),
        test and ("works" if test["works"] else test["detail"]),
    ]


def _state(one: dict[str, Any]) -> str:
    if not one["configured"]:
        return "no key" if one["enabled"] else "off"
    return "failing" if one["last_test"] and not one["last_test"]["works"] else "ready"


def _key(one: dict[str, Any]) -> str:
    if one["key"] == "environment":
        return one["key_env"] or "environment"
    return {"kept": "kept", "none": "not needed"}.get(one["key"], "missing")


def _model_row(one: dict[str, Any]) -> list[object]:
    usable = f"gone since {one['retires_at']}" if one["retired"] else "yes" if one["available"] else "not set up"
    return [one["provider"], one["name"], one["title"], _price(one), usable]


def _price(one: dict[str, Any]) -> str | None:
    if one["price"] is None:
        return None if one["retired"] else "unknown"
    return str(one["price"]["words"])
