"""``playhead keys``: API keys. Works on the data folder, whether or not the server runs."""

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from playhead.cli.options import AsJson
from playhead.cli.parsers import lifetime
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
    name: Annotated[str, typer.Option(help="Name of the key.")],
    user: Annotated[
        str | None, typer.Option(metavar="EMAIL", help="Owner of the key. [default: the first admin]")
    ] = None,
    scope: Annotated[
        list[str] | None, typer.Option(help="Permission, such as videos:read; repeat for more. [default: all]")
    ] = None,
    expires: Annotated[
        timedelta | None, typer.Option(parser=lifetime, metavar="LENGTH", help="Lifetime, such as 90d.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Create an API key, and print it.

    It cannot be shown again.

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
    made = with_access(lambda access: make_key(access, name=name, user=user, scopes=wanted, expires_in=expires))
    if as_json:
        shape = CreatedKey(**Key.model_validate(made.row).model_dump(), key=made.key)
        terminal.json(shape.model_dump(mode="json"))
    else:
        terminal.data(made.key)


@app.command("list")
def list_keys(
    context: typer.Context,
    user: Annotated[str | None, typer.Option(metavar="EMAIL", help="Only this user.")] = None,
    as_json: AsJson = False,
) -> None:
    """List API keys, newest first, revoked ones included.

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
    columns = ["id", "name", "prefix", "user", "state", "last used"]
    terminal.items(keys, columns, _row, as_json=as_json, empty="No API keys yet.")


@app.command("revoke")
def revoke_key(
    context: typer.Context, key_id: Annotated[str, typer.Argument(metavar="KEY", help="API key id, key_...")]
) -> None:
    """Revoke an API key permanently.

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
    """Create a key for a user, or for the first admin.

    Raises:
        NotFound: there is no such user, or no admin yet.
    """
    from playhead.cli.data_folder import user_named

    owner = await user_named(access, user) if user is not None else await access.users.first_admin()
    if owner is None:
        raise NotFound("There is no admin yet.", hint="Add one: playhead users add EMAIL --admin")
    return await access.keys.create(None, user_id=owner.id, name=name, scopes=scopes, expires_in=expires_in)


def scopes_of(names: list[str]) -> "list[Scope]":
    """Parse scopes.

    Raises:
        InvalidInput: a name is unknown.
    """
    from playhead.access.principals import SCOPES

    known: dict[str, Scope] = {scope: scope for scope in SCOPES}
    unknown = sorted(set(names) - set(known))
    if unknown:
        raise InvalidInput(f"There is no scope {', '.join(unknown)}.", hint=f"The scopes are {', '.join(SCOPES)}.")
    return [known[name] for name in names]


async def _all_keys(access: "Access", user: str | None) -> "list[ApiKeyRow]":
    from playhead.cli.data_folder import user_named

    owner = (await user_named(access, user)).id if user is not None else None
    keys: list[ApiKeyRow] = []
    cursor: str | None = None
    while True:
        page = await access.keys.page(user_id=owner, limit=200, cursor=cursor)
        keys += page.items
        cursor = page.next_cursor
        if cursor is None:
            return keys


def _row(key: dict[str, Any]) -> list[object]:
    return [key["id"], key["name"], key["prefix"], key["user_id"], _state(key), key["last_used_at"]]


def _state(key: dict[str, Any]) -> str:
    if key["revoked_at"]:
        return "revoked"
    return f"until {key['expires_at']}" if key["expires_at"] else "active"
