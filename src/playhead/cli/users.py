"""``playhead users``: accounts. Works on the data folder, whether or not the server runs."""

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from playhead.cli.options import AsJson
from playhead.cli.terminal import Terminal
from playhead.errors import InvalidInput

if TYPE_CHECKING:
    from playhead.access.access import Access
    from playhead.access.tables import UserRow

app = typer.Typer(no_args_is_help=True, help="Manage users, on the server's own host.")

Who = Annotated[str, typer.Argument(metavar="EMAIL", help="Email or id of the user.")]
FromStdin = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from the first line of stdin instead of prompting.")
]


@app.command("add")
def add_user(
    context: typer.Context,
    email: Annotated[str, typer.Argument(metavar="EMAIL")],
    admin: Annotated[bool, typer.Option("--admin", help="May manage users and keys.")] = False,
    name: Annotated[str | None, typer.Option(help="Display name instead of the email.")] = None,
    password_stdin: FromStdin = False,
    as_json: AsJson = False,
) -> None:
    """Add a user, and print the id.

    \b
    Examples:
      playhead users add ada@example.org --admin
      pass show playhead | playhead users add ada@example.org --password-stdin
    """
    from playhead.cli.data_folder import with_access

    terminal: Terminal = context.obj
    password = read_password(terminal, from_stdin=password_stdin)
    user = with_access(
        lambda access: access.users.add(
            None, email=email, password=password, role="admin" if admin else "member", name=name
        )
    )
    terminal.json(_shape(user)) if as_json else terminal.data(user.id)


@app.command("list")
def list_users(context: typer.Context, as_json: AsJson = False) -> None:
    """List all users, oldest first.

    \b
    Examples:
      playhead users list
      playhead users list --json | jq -r '.[] | select(.role == "admin") | .email'
    """
    from playhead.cli.data_folder import with_access

    terminal: Terminal = context.obj
    users = [_shape(user) for user in with_access(_all_users)]
    columns = ["id", "email", "name", "role", "state", "last sign-in"]
    terminal.items(users, columns, _row, as_json=as_json, empty="No users yet.")


@app.command("disable")
def disable_user(context: typer.Context, who: Who) -> None:
    """Disable a user: sessions end, API keys stop working, videos and projects stay.

    \b
    Examples:
      playhead users disable ada@example.org
    """
    _change(context.obj, who, "can no longer sign in", disabled=True)


@app.command("enable")
def enable_user(context: typer.Context, who: Who) -> None:
    """Enable a disabled user.

    \b
    Examples:
      playhead users enable ada@example.org
    """
    _change(context.obj, who, "can sign in again", disabled=False)


@app.command("set-password")
def set_password(context: typer.Context, who: Who, password_stdin: FromStdin = False) -> None:
    """Change the password of a user, and end the user's sessions.

    \b
    Examples:
      playhead users set-password ada@example.org
      pass show playhead | playhead users set-password ada@example.org --password-stdin
    """
    password = read_password(context.obj, from_stdin=password_stdin)
    _change(context.obj, who, "has a new password", password=password)


def read_password(terminal: Terminal, *, from_stdin: bool) -> str:
    """Read a password from stdin, or prompt for it twice without an echo.

    Raises:
        InvalidInput: stdin is empty or not a terminal, or the two passwords differ.
    """
    if from_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
        if not password:
            raise InvalidInput("stdin holds no password.")
        return password
    if not terminal.ask or not sys.stdin.isatty():
        raise InvalidInput("Cannot prompt for a password without a terminal.", hint="Pipe it in with --password-stdin.")
    import getpass

    password = getpass.getpass("Password: ", stream=sys.stderr)
    if getpass.getpass("Password again: ", stream=sys.stderr) != password:
        raise InvalidInput("The two passwords differ.")
    return password


def _change(terminal: Terminal, who: str, now: str, **change: Any) -> None:
    from playhead.cli.data_folder import user_named, with_access

    async def work(access: "Access") -> "UserRow":
        user = await user_named(access, who)
        return await access.users.change(None, user.id, **change)

    terminal.say(f"{with_access(work).email} {now}")


async def _all_users(access: "Access") -> "list[UserRow]":
    users: list[UserRow] = []
    cursor: str | None = None
    while True:
        page = await access.users.page(limit=200, cursor=cursor)
        users += page.items
        cursor = page.next_cursor
        if cursor is None:
            return users


def _row(user: dict[str, Any]) -> list[object]:
    state = "disabled" if user["disabled"] else "active"
    return [user["id"], user["email"], user["name"], user["role"], state, user["last_sign_in_at"]]


def _shape(user: "UserRow") -> dict[str, Any]:
    from playhead.access.shapes import User

    return User.model_validate(user).model_dump(mode="json")
