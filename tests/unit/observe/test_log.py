"""Log lines: JSON, everybody's, without secrets."""

import asyncio
import io
import json
import logging
import traceback
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from playhead.observe.log import configure_logging


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    """Leave logging as it was."""
    root = logging.getLogger()
    handlers, level, config = root.handlers, root.level, structlog.get_config()
    yield
    root.handlers = handlers
    root.setLevel(level)
    structlog.configure(**config)


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_is_one_json_object() -> None:
    stream = io.StringIO()
    configure_logging(stream=stream)

    structlog.get_logger("playhead.test").info("video ready", video="vid_1", title="a\nb ü", duration_s=1.5)

    (line,) = lines(stream)
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "video ready",
        "level": "info",
        "logger": "playhead.test",
        "video": "vid_1",
        "title": "a\nb ü",
        "duration_s": 1.5,
    }


def test_the_standard_library_writes_the_same_lines() -> None:
    stream = io.StringIO()
    configure_logging(stream=stream)

    logging.getLogger("uvicorn.error").warning("lost %s", "client", extra={"peer": "1.2.3.4"})

    (line,) = lines(stream)
    assert (line["event"], line["level"], line["logger"], line["peer"]) == (
        "lost client",
        "warning",
        "uvicorn.error",
        "1.2.3.4",
    )


def test_a_logger_that_had_its_own_handler_is_taken_over() -> None:
    stream, other = io.StringIO(), io.StringIO()
    uvicorn = logging.getLogger("uvicorn.error")
    uvicorn.addHandler(logging.StreamHandler(other))
    uvicorn.propagate = False

    configure_logging(stream=stream)
    uvicorn.error("once")

    assert (len(lines(stream)), other.getvalue()) == (1, "")


def test_what_is_bound_to_the_request_is_on_every_line() -> None:
    stream = io.StringIO()
    configure_logging(stream=stream)

    with structlog.contextvars.bound_contextvars(request_id="req_1"):
        structlog.get_logger("playhead.a").info("ours")
        logging.getLogger("dbos").warning("theirs")

    assert [line["request_id"] for line in lines(stream)] == ["req_1", "req_1"]


def test_secrets_are_blanked_in_values_messages_and_tracebacks() -> None:
    stream = io.StringIO()
    configure_logging(stream=stream)

    try:
        raise ValueError("no such key ph_abcd1234_S3cretS3cretS3cret")
    except ValueError:
        structlog.get_logger().exception("failed", password="hunter2")
    logging.getLogger("uvicorn").warning("GET /v/x?s=%s", "TheSignature")

    assert "Traceback" in lines(stream)[0]["exception"]
    assert not any(secret in stream.getvalue() for secret in ("S3cret", "hunter2", "TheSignature"))


def test_the_console_shows_words_and_blanks_secrets_too() -> None:
    stream = io.StringIO()
    configure_logging(stream=stream, style="console")

    try:
        raise ValueError("ph_abcd1234_S3cretS3cretS3cret")
    except ValueError:
        structlog.get_logger().exception("video failed", video="vid_1")

    text = stream.getvalue()
    assert "video failed" in text
    assert "video=vid_1" in text
    assert "Traceback" in text
    assert "S3cret" not in text
    assert "\x1b" not in text, "colours are for terminals"


@pytest.mark.parametrize(
    "library",
    [
        "aiosqlite",
        "sqlalchemy.engine.Engine",
        "psycopg.pool",
        "httpx2",
        "dbos",
        "botocore",
        "python_multipart",
        "uvicorn.error",
        "asyncio",
    ],
)
def test_libraries_never_say_what_they_were_given(library: str) -> None:
    """Whatever our level is, and theirs: statements come with the hashes of passwords, URLs with their signatures."""
    stream = io.StringIO()
    configure_logging(stream=stream, level="DEBUG")
    other, before = logging.getLogger(library), logging.getLogger(library).level
    other.setLevel(logging.DEBUG)

    structlog.get_logger("playhead.a").debug("shown")
    other.debug("INSERT INTO users %s", "$argon2id$v=19")
    other.info("GET https://store/key?X-Amz-Signature=abc")
    other.warning("went wrong")
    other.setLevel(before)

    assert [line["event"] for line in lines(stream)] == ["shown", "went wrong"]


def test_what_a_stop_cancels_is_no_failure() -> None:
    """uvicorn tells of each request that ends with the server, and of the lifespan, as of errors."""
    stream = io.StringIO()
    configure_logging(stream=stream)
    uvicorn = logging.getLogger("uvicorn.error")

    for error in (asyncio.CancelledError(), RuntimeError("went wrong")):
        try:
            raise error
        except BaseException:
            uvicorn.exception("Exception in ASGI application")
            uvicorn.error(traceback.format_exc())

    assert ["RuntimeError" in repr(line) for line in lines(stream)] == [True, True]


def test_setting_it_up_twice_writes_each_line_once() -> None:
    stream = io.StringIO()
    configure_logging(stream=stream)
    configure_logging(stream=stream)

    logging.getLogger("x").warning("once")

    assert len(lines(stream)) == 1
