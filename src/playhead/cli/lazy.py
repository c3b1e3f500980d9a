"""Command groups that import a command's module when it is called for."""

from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_group

if TYPE_CHECKING:
    from typer._click import Command, Context


class Entry(NamedTuple):
    """One command in a list of commands.

    Attributes:
        name: Word on the command line.
        target: ``module:attribute`` of its function, or of the `typer.Typer` with its subcommands.
        help: Line in the list: the first sentence of the command's own help.
    """

    name: str
    target: str
    help: str

    def load(self) -> "Command":
        """Import the module and build the command."""
        module, _, attribute = self.target.partition(":")
        found = getattr(import_module(module), attribute)
        outer = typer.Typer(rich_markup_mode=None)
        if isinstance(found, typer.Typer):
            outer.add_typer(found, name=self.name)
        else:
            outer.command(self.name)(found)
        return get_group(outer).commands[self.name]


class LazyGroup(TyperGroup):
    """A group whose commands stand in a list; help, suggestions and completion of names read that list alone."""

    entries: ClassVar[Sequence[Entry]] = ()

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = {
            entry.name: TyperCommand(name=entry.name, short_help=entry.help, rich_markup_mode=None)
            for entry in self.entries
        }

    def resolve_command(self, ctx: "Context", args: list[str]) -> "tuple[str | None, Command | None, list[str]]":
        """Replace the listed command with the real one; completion inside a command comes this way, too."""
        name, command, rest = super().resolve_command(ctx, args)
        entry = next((entry for entry in self.entries if entry.name == name), None)
        return name, entry.load() if entry else command, rest
