"""Reading the settings: what is refused, with the nearest known name, and where each value came from."""

import difflib
import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from pydantic import SecretStr, ValidationError

from playhead.kit.environment import PREFIX, given, service_links
from playhead.settings import Settings, SettingsInvalid, config_file

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Setting:
    """One line of ``config show``."""

    name: str
    value: Any
    origin: str


def note_service_links(environ: Mapping[str, str]) -> None:
    """Log which variables were ignored."""
    if links := service_links(environ):
        log.debug("service_links_ignored", variables=sorted(links))


def load(**overrides: Any) -> Settings:
    """Read the settings.

    Args:
        overrides: Values of command-line flags; None means not given.

    Raises:
        SettingsInvalid: an unknown key or a value that does not read, each named with what would be right.
    """
    _refuse_unknown(given(os.environ), [PREFIX + name.upper() for name in Settings.model_fields])
    try:
        return Settings(**{name: value for name, value in overrides.items() if value is not None})
    except ValidationError as error:
        raise SettingsInvalid("; ".join(_sentence(item) for item in error.errors())) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsInvalid(f"{config_file(os.environ)} is not TOML: {error}.") from error
    except OSError as error:
        raise SettingsInvalid(f"{config_file(os.environ)} cannot be read: {error.strerror}.") from error


def explain(settings: Settings) -> list[Setting]:
    """Every setting with its value and where it came from: ``environment``, a file's name, or ``default``."""
    from_file = _file_keys()
    file, variables = config_file(os.environ), given(os.environ)
    rows = []
    for name in Settings.model_fields:
        if PREFIX + name.upper() in variables:
            origin = f"environment {PREFIX}{name.upper()}"
        elif name in from_file:
            origin = str(file)
        else:
            origin = "default"
        rows.append(Setting(name, _shown(getattr(settings, name)), origin))
    return rows


def _file_keys() -> set[str]:
    file = config_file(os.environ)
    return set(tomllib.loads(file.read_text("utf-8"))) if file else set()


_SECRET_OPTION = re.compile(r"([?&](?:[^=&#]*(?:passw|pwd|secret|token|key|sig)[^=&#]*)=)[^&#]*", re.IGNORECASE)


def _shown(value: Any) -> Any:
    if isinstance(value, SecretStr):
        return "********"
    if isinstance(value, str) and "?" in value and "://" in value:
        value = _SECRET_OPTION.sub(r"\1********", value)
    if isinstance(value, str) and "@" in value and "://" in value:
        scheme, _, rest = value.partition("://")
        user, _, host = rest.rpartition("@")
        return f"{scheme}://{user.partition(':')[0]}{':********' if ':' in user else ''}@{host}"
    return value


def _refuse_unknown(names: Iterable[str], known: list[str]) -> None:
    for name in names:
        if name.upper() not in known:
            near = _nearest(name.removeprefix(PREFIX))
            raise SettingsInvalid(
                f"{name} is not a setting.",
                hint=f"Did you mean {PREFIX}{near.upper()}?" if near else "playhead config show lists them.",
            )


def _nearest(name: str) -> str | None:
    found = difflib.get_close_matches(name.lower(), list(Settings.model_fields), n=1)
    return found[0] if found else None


def _sentence(item: Any) -> str:
    name = ".".join(str(part) for part in item["loc"])
    if item["type"] == "extra_forbidden":
        near = _nearest(name)
        return f"{name} is not a setting" + (f"; did you mean {near}?" if near else "")
    if item["type"] == "time_delta_parsing":
        return f"{name}: write a length of time as PT30S, PT5M, PT1H or P7D (it is {item['input']!r})"
    return f"{name}: {item['msg']} (it is {item['input']!r})"
