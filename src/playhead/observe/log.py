"""Logging: one JSON object per line on stderr, or colours on a terminal, for our lines and those of libraries.

Keys of a line: ``timestamp`` (RFC 3339, UTC), ``level``, ``logger``, ``event``, ``request_id`` where there is
one, then the fields of the event (``observe.events``).
"""

import asyncio
import json
import logging
import os
import sys
from contextlib import suppress
from datetime import UTC, datetime
from typing import IO, Literal

import structlog
from structlog.typing import Processor

from playhead.observe.redact import redact_event

Style = Literal["auto", "json", "console"]

_encode = json.JSONEncoder(ensure_ascii=False, separators=(", ", ": ")).encode

_PLAIN: dict[str, IO[str] | None] = {"stream": None}
"""Where `PlainLogger` writes JSON lines itself; None where lines must look otherwise."""

_OURS = "playhead"


def configure_logging(*, level: str = "INFO", style: Style = "auto", stream: IO[str] | None = None) -> None:
    """Configure structlog and the standard library's logging; may be called again.

    Start uvicorn with ``log_config=None, access_log=False``, so that its lines come here too.

    Args:
        level: ``DEBUG``, ``INFO``, ``WARNING`` or ``ERROR``; below WARNING only for our own loggers.
        style: ``auto`` is ``console`` on a terminal, else ``json``.
        stream: Default stderr: stdout belongs to data.
    """
    target = stream if stream is not None else sys.stderr
    structlog.configure(
        processors=[*_shared(), structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(target)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.ExtraAdder(), *_shared()], processors=_last(style, target)
        )
    )
    handler.addFilter(_is_fit)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    _PLAIN["stream"] = target if _is_json(style, target) and root.isEnabledFor(logging.INFO) else None
    _take_over()


class PlainLogger:
    """A logger for thousands of lines per second, at a tenth of the cost of structlog's.

    Their values are ours: ids, numbers, addresses. Nothing is redacted, no context is added.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._slow = structlog.get_logger(name)

    def info(self, event: str, **values: str | float | None) -> None:
        """Log a line of level ``info``."""
        stream = _PLAIN["stream"]
        if stream is None:
            self._slow.info(event, **values)
            return
        now = datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
        line = {**values, "event": event, "logger": self._name, "level": "info", "timestamp": now}
        with suppress(OSError):  # a log on a full disk has a gap; requests go on
            stream.write(_encode(line) + "\n")

    def error(self, event: str, **values: str | float | None) -> None:
        """Log a line of level ``error``."""
        self._slow.error(event, **values)


def _shared() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]


def _is_json(style: Style, target: IO[str]) -> bool:
    return style == "json" or (style == "auto" and not target.isatty())


def _last(style: Style, target: IO[str]) -> list[Processor]:
    first: list[Processor] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.format_exc_info,
        redact_event,
    ]
    if _is_json(style, target):
        return [*first, structlog.processors.JSONRenderer(default=str, ensure_ascii=False)]
    colors = target.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"
    plain = structlog.dev.plain_traceback  # it is text already, and redacted
    return [*first, structlog.dev.ConsoleRenderer(colors=colors, exception_formatter=plain)]


def _take_over() -> None:
    for name in list(logging.Logger.manager.loggerDict):
        if name.split(".")[0] in {"uvicorn", "sqlalchemy", "alembic", "dbos", "fastapi"}:
            other = logging.getLogger(name)
            other.handlers, other.propagate = [], True
    # One access line a request is enough: ours knows the route.
    logging.getLogger("uvicorn.access").setLevel(logging.CRITICAL)
    for name in ("uvicorn.error", "sqlalchemy", "aiosqlite", "psycopg", "asyncio"):  # saves them the work
        logging.getLogger(name).setLevel(logging.WARNING)


def _is_fit(record: logging.LogRecord) -> bool:
    """Whether a line is ours, or a warning of a library.

    Libraries debug with what they were given: statements with the hashes of passwords, URLs with their signatures.
    A cancellation is not a failure: uvicorn logs a traceback for each request that a stop ends, and for the lifespan,
    as text.
    """
    if record.name.partition(".")[0] == _OURS:
        return True
    kind = record.exc_info[0] if record.exc_info else None
    canceled = kind is not None and issubclass(kind, asyncio.CancelledError)
    canceled = canceled or record.getMessage().endswith("asyncio.exceptions.CancelledError\n")
    return record.levelno >= logging.WARNING and not canceled
