"""What the protocol takes from uvicorn's internals: a new minor version must pass this before it is let in."""

import inspect
import re

import pytest
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import Server

OVERRIDDEN = {
    "connection_made": ["transport"],
    "connection_lost": ["exc"],
    "data_received": ["data"],
    "on_message_begin": [],
    "on_headers_complete": [],
    "on_response_complete": [],
    "shutdown": [],
    "handle_websocket_upgrade": [],
    "_start_asgi_task": ["cycle", "app"],
}


@pytest.mark.parametrize("name", OVERRIDDEN)
def test_what_is_overridden_is_still_called_so(name: str) -> None:
    parameters = inspect.signature(getattr(HttpToolsProtocol, name)).parameters

    assert list(parameters)[1:] == OVERRIDDEN[name]


def test_the_protocol_holds_what_is_read_from_it() -> None:
    source = inspect.getsource(HttpToolsProtocol)

    for attribute in (
        "url",
        "headers",
        "parser",
        "pipeline",
        "cycle",
        "flow",
        "transport",
        "loop",
        "client",
        "scheme",
        "server_state",
        "tasks",
    ):
        assert f"self.{attribute} = " in source or f"self.{attribute}: " in source, attribute
    assert "cycle, app = self.pipeline.pop()\n            self._start_asgi_task(cycle, app)" in source
    assert "self.pipeline.appendleft((self.cycle, app))" in source


def test_the_end_of_a_response_does_no_more_than_ours() -> None:
    """But for the timer of a kept connection, whose place `check_timeouts` takes."""
    source = inspect.getsource(HttpToolsProtocol.on_response_complete)
    lines = [line.strip() for line in source.splitlines() if line.strip() and not line.strip().startswith("#")]

    assert lines == [
        "def on_response_complete(self) -> None:",
        "self.server_state.total_requests += 1",
        "if self.transport.is_closing():",
        "return",
        "self._unset_keepalive_if_required()",
        "self.flow.resume_reading()",
        "if self.pipeline:",
        "cycle, app = self.pipeline.pop()",
        "self._start_asgi_task(cycle, app)",
        "else:",
        "self.timeout_keep_alive_task = self.loop.call_later(",
        "self.timeout_keep_alive, self.timeout_keep_alive_handler",
        ")",
    ]


def test_a_cycle_has_what_ours_imitates() -> None:
    """Each attribute of a cycle that the protocol, or the server, touches."""
    protocol = inspect.getsource(HttpToolsProtocol)

    for use in (
        "self.cycle.response_complete",
        "self.cycle.disconnected = True",
        "self.cycle.message_event.set()",
        "self.cycle.body += body",
        "self.cycle.more_body = False",
        "self.cycle.keep_alive = False",
    ):
        assert use in protocol, use
    touched = set()
    for line in protocol.splitlines():
        if "self.cycle." in line:
            touched.add(line.split("self.cycle.")[1].split(" ")[0].split(".")[0].split(")")[0].split(":")[0])
    assert touched == {"response_complete", "disconnected", "message_event", "body", "more_body", "keep_alive"}


def test_a_cycle_counts_the_body_down_and_sends_by_an_attribute() -> None:
    source = inspect.getsource(RequestResponseCycle)

    assert "self.expected_content_length -= num_bytes" in source
    assert "self.scope, self.receive, self.send" in source
    assert "if not self.keep_alive:\n                    self.transport.close()" in source


def test_the_rest() -> None:
    assert STATUS_LINE[206] == b"HTTP/1.1 206 Partial Content\r\n"
    assert {"drain", "pause_reading", "resume_reading"} <= set(dir(FlowControl))
    assert "self.read_paused" in inspect.getsource(FlowControl)
    assert "default_headers" in inspect.getsource(__import__("uvicorn.server", fromlist=["ServerState"]).ServerState)


def test_the_server_takes_our_way_to_accept_connections() -> None:
    """What `Acceptor` stands in for is closed and waited for; a protocol is made as uvicorn makes it."""
    source = inspect.getsource(Server)
    used = set(re.findall(r"for server in self\.servers:\n\s+(?:await )?server\.(\w+)\(\)", source))

    assert used == {"close", "wait_closed"}
    assert re.search(r"config=config,\s+server_state=self\.server_state,\s+app_state=self\.lifespan\.state", source)
    assert "for sock in sockets:\n" in source
