"""Environment variables as people mean them, whichever file or tool carried them here."""

from collections.abc import Mapping


def variable(environ: Mapping[str, str], name: str) -> str | None:
    """The value of a variable; None where it is not set or empty, as of ``${HOST:-}`` in a compose file.

    Blanks around it are dropped, among them the CR of a file with DOS line ends, and then one pair of quotes, which
    ``docker run --env-file`` keeps; blanks within the quotes belong to the value.
    """
    value = environ.get(name, "").strip()
    if len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'":
        value = value[1:-1]
    return value or None
