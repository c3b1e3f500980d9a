"""``playhead keys``: API keys. Works on the data folder, with the server running or not."""

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from playhead.cli.options import AsJson
from playhead.cli.spans import length_s
from playhead.cli.terminal import Terminal
from playhead.errors import InvalidInput, NotFound

if TYPE_CHECKING:
    from playhead.access.access import Access
    from playhead.access.api_keys import NewKey
    from playhead.access.principals import Scope
    from playhead.access.tables import ApiKeyRow

app = typer.Typer(no_args_is_help=True, help="Manage API keys, on the server's own host.")


@app.command("create")
def create_key(
    context: typer.Context,
    name: Annotated[str, typer.Option(help="What it is for.")],
    user: Annotated[
        str | None, typer.Option(metavar="EMAIL", help="Whose it is; the first admin's by default.")
    ] = None,
    scope: Annotated[
        list[str] | None, typer.Option(help="What it may do, such as videos:read; once for each. All by default.")
    ] = None,
    expires: Annotated[str | None, typer.Option(metavar="LENGTH", help="How long it is good for, such as 90d.")] = None,
    as_json: AsJson = False,
) -> None:
    """Make an API key. Prints it; it is shown this once and kept nowhere.

    \b
    Examples:
      playhead keys create --name laptop
      playhead keys create --name ci --scope videos:write --scope videos:read --expires 90d
      export PLAYHEAD_API_KEY="$(playhead keys create --name shell)"
      playhead keys create --name shell --json | jq -r .key
    """
    from playhead.access.shapes import CreatedKey, Key
    from playhead.cli.data_folder import with_access

    terminal: Terminal = context.obj
    wanted = scopes_of(scope) if scope else None
    lifetime = _lifetime(expires)
    made = with_access(lambda access: make_key(access, name=name, user=user, scopes=wanted, expires_in=lifetime))
    if as_json:
        shape = CreatedKey(**Key.model_validate(made.row).model_dump(), key=made.key)
        terminal.json(shape.model_dump(mode="json"))
    else:
        terminal.data(made.key)


@app.command("list")
def list_keys(
    context: typer.Context,
    user: Annotated[str | None, typer.Option(metavar="EMAIL", help="Of this user alone.")] = None,
    as_json: AsJson = False,
) -> None:
    """List API keys, newest first, revoked ones too.

    \b
    Examples:
      playhead keys list
      playhead keys list --user ada@example.org --json
    """
    from playhead.access.shapes import Key
    from playhead.cli.data_folder import with_access

    terminal: Terminal = context.obj
    rows = with_access(lambda access: _all_keys(access, user))
    keys = [Key.model_validate(row).model_dump(mode="json") for row in rows]
    if as_json:
        terminal.json(keys)
        return
    table = [[k["id"], k["name"], k["prefix"], k["user_id"], _state(k), k["last_used_at"]] for k in keys]
    terminal.table(["id", "name", "prefix", "user", "state", "last used"], table, empty="No API keys yet.")


@app.command("revoke")
def revoke_key(
    context: typer.Context, key_id: Annotated[str, typer.Argument(metavar="KEY", help="Its id, key_...")]
) -> None:
    """End a key for good.

    \b
    Examples:
      playhead keys revoke key_01k3q9h2v7e8t9m5x0c4d6f8ga
    """
    from playhead.cli.data_folder import with_access

    terminal: Terminal = context.obj
    with_access(lambda access: access.keys.revoke(None, key_id))
    terminal.say(f"Revoked {key_id}")


async def make_key(
    access: "Access", *, name: str, user: str | None, scopes: "list[Scope] | None", expires_in: timedelta | None
) -> "NewKey":
    """Make a key for a user, or for the first admin.

    Raises:
        NotFound: no such user, or no admin yet.
    """
    from playhead.cli.data_folder import user_named

    owner = await user_named(access, user) if user is not None else await access.users.first_admin()
    if owner is None:
        raise NotFound("There is no admin yet.", hint="Add one: playhead users add EMAIL --admin")
    return await access.keys.create(None, user_id=owner.id, name=name, scopes=scopes, expires_in=expires_in)


def scopes_of(names: list[str]) -> "list[Scope]":
    """Read scopes.

    Raises:
        InvalidInput: there is none of that name.
    """
    from playhead.access.principals import SCOPES

    known: dict[str, Scope] = {scope: scope for scope in SCOPES}
    unknown = sorted(set(names) - set(known))
    if unknown:
        raise InvalidInput(f"There is no scope {', '.join(unknown)}.", hint=f"The scopes are {', '.join(SCOPES)}.")
    return [known[name] for name in names]


def _lifetime(text: str | None) -> timedelta | None:
    if text is None:
        return None
    try:
        return timedelta(seconds=length_s(text))
    except (ValueError, OverflowError) as error:
        raise typer.BadParameter(str(error), param_hint="--expires") from error


async def _all_keys(access: "Access", user: str | None) -> "list[ApiKeyRow]":
    from playhead.cli.data_folder import user_named

    owner = (await user_named(access, user)).id if user is not None else None
    keys: list[ApiKeyRow] = []
    while True:
        page = await access.keys.page(user_id=owner, before=keys[-1].id if keys else None, limit=200)
        keys += page.items
        if page.next_cursor is None:
            return keys


def _state(key: dict[str, Any]) -> str:
    if key["revoked_at"]:
        return "revoked"
    return f"until {key['expires_at']}" if key["expires_at"] else "active"
