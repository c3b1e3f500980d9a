"""Environment variables as people mean them: values as any file or tool writes them, and which ones are settings.

Kubernetes and Docker add variables of our prefix: a Service named ``playhead`` or ``playhead-api`` gives every pod
beside it ``PLAYHEAD_PORT=tcp://10.96.0.12:80``, ``PLAYHEAD_API_SERVICE_HOST`` and the like; ``docker run --link
db:playhead`` does the same and adds ``PLAYHEAD_NAME`` and ``PLAYHEAD_ENV_*``.
"""

import re
from collections.abc import Mapping

PREFIX = "PLAYHEAD_"
NOT_SETTINGS = frozenset({"PLAYHEAD_CONFIG", "PLAYHEAD_URL", "PLAYHEAD_API_KEY", "PLAYHEAD_SKIP_UI"})
"""Read by the client, the build or the settings module itself."""

_PROTOCOL = "(?:tcp|udp|sctp)"
_ADDRESS = r"(?:[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9a-fA-F:]*:[0-9a-fA-F:.]*)"
_ENDPOINT = rf"{_PROTOCOL}://\S+:[0-9]+"
_PORT = "PORT_[0-9]+_(?:TCP|UDP|SCTP)"
_SHAPES = tuple(
    (re.compile(rf"PLAYHEAD(?:_[A-Z0-9_]+)?_{name}"), re.compile(value))
    for name, value in (
        ("SERVICE_HOST", _ADDRESS),
        ("SERVICE_PORT(?:_[A-Z0-9_]+)?", "[0-9]+"),
        (rf"(?:PORT|{_PORT})(?:_START|_END)?", _ENDPOINT),
        (f"{_PORT}_PROTO", _PROTOCOL),
        (f"{_PORT}_PORT(?:_START|_END)?", "[0-9]+"),
        (f"{_PORT}_ADDR", _ADDRESS),
    )
)
_LINK_NAME = re.compile(r"/\S+/\S+")


def service_links(environ: Mapping[str, str]) -> frozenset[str]:
    """Names of the variables that Kubernetes or Docker made, by the shape of both name and value."""
    found = {name for name, value in environ.items() if _is_endpoint(name, value)}
    for name, value in environ.items():
        link = name.removesuffix("_NAME")
        if link != name and f"{link}_PORT" in found and _LINK_NAME.fullmatch(value):
            found.add(name)
            found.update(other for other in environ if other.startswith(f"{link}_ENV_"))
    return frozenset(found)


def given(environ: Mapping[str, str]) -> dict[str, str]:
    """The variables that are meant as settings, known or not, in capitals, with their values but for empty ones."""
    others = NOT_SETTINGS | service_links(environ)
    names = (name for name in environ if name.upper().startswith(PREFIX) and name.upper() not in others)
    return {name.upper(): value for name in names if (value := variable(environ, name)) is not None}


def _is_endpoint(name: str, value: str) -> bool:
    return any(shape.fullmatch(name) and meant.fullmatch(value) for shape, meant in _SHAPES)


def variable(environ: Mapping[str, str], name: str) -> str | None:
    """The value of a variable; None where it is not set or empty, as of ``${HOST:-}`` in a compose file.

    Blanks around it are dropped, among them the CR of a file with DOS line ends, and then one pair of quotes, which
    ``docker run --env-file`` keeps; blanks within the quotes belong to the value.
    """
    value = environ.get(name, "").strip()
    if len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'":
        value = value[1:-1]
    return value or None
