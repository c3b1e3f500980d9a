"""Requests made up from the API's own description: whatever comes, the answer is one that it describes."""

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import schemathesis
import uvicorn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import (
    content_type_conformance,
    not_a_server_error,
    response_schema_conformance,
    status_code_conformance,
)

from playhead.access.access import Access
from playhead.access.users import insert_user
from playhead.db.database import Database
from playhead.kit.clock import utc_now
from tests.fixtures.site import Member, Site, open_site
from tests.fixtures.tiers import thorough

DOCUMENT = json.loads((Path(__file__).parents[3] / "web" / "openapi.json").read_text())
SCHEMA = schemathesis.openapi.from_dict(DOCUMENT)

STREAMS = {"/api/v1/jobs/{job_id}/events"}
"""A live feed ends with its job, and no worker runs here: its one answer would never end. Acceptance tests read it."""

EXAMPLES = 20
HASHES = {
    *("/api/v1/users", "/api/v1/users/{user_id}", "/api/v1/session", "/api/v1/me", "/api/v1/setup"),
    *("/api/v1/videos/{video_id}/shares", "/api/v1/shares/{share_id}", "/api/v1/shared/{token}/playback"),
}
"""These may hash a password, which is slow on purpose; they get fewer tries."""

schemathesis.serializer.alias("application/offset+octet-stream", "application/octet-stream")

SAYS_5XX = {"/readyz", "/oembed"}
"""No worker runs: 503. oEmbed asks for 501 where a format is not offered."""

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]

PROBLEM_FIELDS = {"type", "title", "status", "detail", "instance", "code", "request_id"}

OPERATIONS = {
    f"{operation.method.upper()} {operation.path}": operation
    for operation in (result.ok() for result in SCHEMA.get_all_operations())  # type: ignore[union-attr]
    if operation.path not in STREAMS
}
CASES = [
    (name, mode)
    for name, operation in OPERATIONS.items()
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    if mode is GenerationMode.POSITIVE or operation.body or list(operation.iter_parameters())
]
"""Where nothing is asked for, nothing can be malformed."""


@dataclass(frozen=True)
class Target:
    """A server that listens, a key that may do everything, and ids of things that are there."""

    url: str
    key: str
    ids: dict[str, str]


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    """One installation for all operations: what one leaves behind is input for the next."""
    with _serving(tmp_path_factory.mktemp("fuzz")) as found:
        yield found


@thorough
@pytest.mark.parametrize(("name", "mode"), CASES, ids=[f"{name} {mode.value}" for name, mode in CASES])
def test_every_answer_is_described(target: Target, name: str, mode: GenerationMode) -> None:
    """No 500, no status or shape that the document does not name, and each error is a problem."""
    operation = OPERATIONS[name]
    tries = (EXAMPLES if operation.path not in HASHES else EXAMPLES // 3) // 2

    @settings(
        max_examples=tries, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(case=operation.as_strategy(generation_mode=mode), known=st.booleans())
    def ask(case: Any, known: bool) -> None:
        if known:  # most things can go wrong only with something that is there
            case.path_parameters = {**case.path_parameters, **_known(case.path_parameters, target.ids)}
        answer = case.call(base_url=target.url, headers={"Authorization": f"Bearer {target.key}"})
        case.validate_response(answer, checks=CHECKS[1:] if case.path in SAYS_5XX else CHECKS)
        if answer.status_code >= 400 and case.method != "HEAD" and case.path != "/readyz":
            assert answer.headers["content-type"] == ["application/problem+json"]
            assert answer.headers["cache-control"] == ["no-store"]
            problem = answer.json()
            assert problem.keys() >= PROBLEM_FIELDS
            assert problem["status"] == answer.status_code

    ask()


def _known(parameters: dict[str, Any], ids: dict[str, str]) -> dict[str, str]:
    return {name: ids[name] for name in parameters if name in ids}


@contextmanager
def _serving(folder: Path) -> Iterator[Target]:
    """Serve a site in a thread with a loop of its own, on a port of the system's choice."""
    ready = threading.Event()
    box: dict[str, Any] = {}

    async def serve() -> None:
        async with open_site(folder, f"sqlite:///{folder / 'playhead.db'}") as site:
            server = uvicorn.Server(
                uvicorn.Config(site.app, port=0, log_config=None, access_log=False, http="httptools", ws="none")
            )
            box["server"] = server
            task = asyncio.create_task(server.serve())
            while not server.started:
                await asyncio.sleep(0.01)
            port = server.servers[0].sockets[0].getsockname()[1]
            box["target"] = await _furnish(site, f"http://127.0.0.1:{port}")
            ready.set()
            await task

    thread = threading.Thread(target=lambda: asyncio.run(serve()), name="fuzz server")
    thread.start()
    assert ready.wait(60)
    yield box["target"]
    box["server"].should_exit = True
    thread.join(30)


async def _furnish(site: Site, url: str) -> Target:
    async with site.get(Database).write() as session:
        admin = await insert_user(
            session, email="eve@example.org", name=None, role="admin", password_hash="!", now=utc_now()
        )
    made = await site.get(Access).keys.create(None, user_id=admin.id, name="fuzz")
    video = await site.ready_video(Member(admin, site.anonymous))
    shared = await site.bob.client.post(
        f"/api/v1/videos/{video}/shares", json={}, headers={"Authorization": f"Bearer {made.key}"}
    )
    token = shared.json()["url"].rsplit("/", 1)[1]
    return Target(url, made.key, {"video_id": video, "share_id": shared.json()["id"], "token": token})
