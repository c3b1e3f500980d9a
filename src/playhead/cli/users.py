"""``playhead users``: who may sign in. Works on the data folder, with the server running or not."""

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

Who = Annotated[str, typer.Argument(metavar="EMAIL", help="The user's email or id.")]
FromStdin = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from the first line of stdin; asked for otherwise.")
]


@app.command("add")
def add_user(
    context: typer.Context,
    email: Annotated[str, typer.Argument(metavar="EMAIL")],
    admin: Annotated[bool, typer.Option("--admin", help="May manage users and keys.")] = False,
    name: Annotated[str | None, typer.Option(help="Shown in place of the email.")] = None,
    password_stdin: FromStdin = False,
    as_json: AsJson = False,
) -> None:
    """Add a user. Prints its id.

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
    if as_json:
        terminal.json(users)
        return
    rows = [
        [u["id"], u["email"], u["name"], u["role"], "disabled" if u["disabled"] else "active", u["last_sign_in_at"]]
        for u in users
    ]
    terminal.table(["id", "email", "name", "role", "state", "last sign-in"], rows, empty="No users yet.")


@app.command("disable")
def disable_user(context: typer.Context, who: Who) -> None:
    """Let a user in no more: sessions end, keys stop working; what is theirs stays.

    \b
    Examples:
      playhead users disable ada@example.org
    """
    _change(context.obj, who, "can no longer sign in", disabled=True)


@app.command("enable")
def enable_user(context: typer.Context, who: Who) -> None:
    """Let a disabled user in again.

    \b
    Examples:
      playhead users enable ada@example.org
    """
    _change(context.obj, who, "can sign in again", disabled=False)


@app.command("set-password")
def set_password(context: typer.Context, who: Who, password_stdin: FromStdin = False) -> None:
    """Give a user another password. Ends the user's sessions.

    \b
    Examples:
      playhead users set-password ada@example.org
      pass show playhead | playhead users set-password ada@example.org --password-stdin
    """
    password = read_password(context.obj, from_stdin=password_stdin)
    _change(context.obj, who, "has a new password", password=password)


def read_password(terminal: Terminal, *, from_stdin: bool) -> str:
    """Take a password from stdin, or ask for it twice without showing it.

    Raises:
        InvalidInput: nobody can be asked, nothing came, or the two differ.
    """
    if from_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
        if not password:
            raise InvalidInput("No password came on stdin.")
        return password
    if not terminal.ask or not sys.stdin.isatty():
        raise InvalidInput("There is nobody to ask for the password.", hint="Say --password-stdin and pipe it in.")
    import getpass

    password = getpass.getpass("Password: ", stream=sys.stderr)
    if getpass.getpass("Again: ", stream=sys.stderr) != password:
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
    while True:
        page = await access.users.page(after=users[-1].id if users else None, limit=200)
        users += page.items
        if page.next_cursor is None:
            return users


def _shape(user: "UserRow") -> dict[str, Any]:
    from playhead.access.shapes import User

    return User.model_validate(user).model_dump(mode="json")
