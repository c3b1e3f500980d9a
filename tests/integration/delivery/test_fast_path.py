"""The short way answers as the application does, and only what it may."""

import asyncio
import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing
from typing import Any

import httpx2
import pytest
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from playhead.catalog.files import FileKind, MediaFile
from playhead.delivery.connections.protocol import MediaProtocol
from playhead.delivery.links.target import Target
from playhead.kit.units import KIB
from tests.fixtures.media_site import Site, serving, wait_for

pytestmark = pytest.mark.skipif(not hasattr(os, "RWF_NOWAIT"), reason="the protocol is for Linux")

CONTENT = bytes(range(256)) * 2048


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with serving(tmp_path_factory.mktemp("fast")) as site:
        yield site


def answered_directly(client: httpx2.Client, link: str, direct: list[bool]) -> None:
    """Ask until the file is known and open; on a slow machine it may be closed again between two requests."""
    wait_for(lambda: client.get(link).status_code == 200 and direct[-1], "it is answered directly")


def fields(response: httpx2.Response) -> list[tuple[str, str]]:
    """Headers but those that are of the moment."""
    moment = {"date", "x-request-id", "cache-control"}
    found = [(name, value) for name, value in response.headers.multi_items() if name not in moment]
    return sorted((name, "*" if "boundary" in value else value) for name, value in found)


@pytest.mark.parametrize("kind", ["file", "poster"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Range": "bytes=0-99"},
        {"Range": "bytes=-5"},
        {"Range": "bytes=100-200000,300000-"},
        {"If-None-Match": "*"},
        {"If-Modified-Since": "Wed, 01 May 2024 12:00:00 GMT"},
        {"Origin": "https://other.example"},
    ],
)
def test_it_answers_as_the_application_does(
    site: Site,
    client: httpx2.Client,
    direct: list[bool],
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    method: str,
    headers: dict[str, str],
) -> None:
    video_id = site.add(CONTENT, kind="poster" if kind == "poster" else "file", filename="Fil\u00ebm.mp4")
    link = site.links.sign(Target("poster", video_id)).path if kind == "poster" else site.link(video_id)

    with monkeypatch.context() as patch:
        patch.setattr(MediaProtocol, "_direct_response", lambda _: None)
        full = client.request(method, link, headers=headers)
    assert direct == []

    def ask() -> httpx2.Response | None:
        answered_directly(client, link, direct)
        answer = client.request(method, link, headers=headers)
        return answer if direct[-1] else None

    fast = next(answer for answer in iter(ask, object()) if answer is not None)
    assert (fast.status_code, fields(fast)) == (full.status_code, fields(full))
    if "boundary" not in full.headers.get("content-type", ""):
        assert fast.content == full.content
    assert fast.headers["cache-control"].split("=")[0] == full.headers["cache-control"].split("=")[0]
    assert fast.headers["x-request-id"] != full.headers["x-request-id"]


def test_many_who_come_at_once_cost_one_look(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    link, looks, left = site.link(site.add(CONTENT)), list[str](), list[object]()
    look, start = site.catalog.find, HttpToolsProtocol._start_asgi_task

    async def looked(video_id: str, kind: FileKind, rendition: str = "") -> MediaFile | None:
        looks.append(video_id)
        await asyncio.sleep(0.1)  # so that all of them come before it is known
        return await look(video_id, kind, rendition)

    def started(protocol: HttpToolsProtocol, cycle: Any, app: Any) -> None:
        left.append(cycle)
        start(protocol, cycle, app)

    monkeypatch.setattr(site.catalog, "find", looked)
    monkeypatch.setattr(HttpToolsProtocol, "_start_asgi_task", started)
    with ExitStack() as stack:
        connections = [
            stack.enter_context(closing(socket.create_connection(("127.0.0.1", site.port)))) for _ in range(30)
        ]
        for connection in connections:
            connection.sendall(f"GET {link} HTTP/1.1\r\nHost: x\r\nRange: bytes=0-9\r\n\r\n".encode())
        answers = [connection.recv(4096) for connection in connections]

    assert {answer[:12] for answer in answers} == {b"HTTP/1.1 206"}
    assert (len(looks), left) == (1, [])


@pytest.mark.parametrize(
    ("change", "status"),
    [
        (lambda link: link[:-1] + ("A" if link[-1] != "A" else "B"), 403),
        (lambda link: link.replace("e=", "e=1"), 403),
        (lambda link: link + "&d=1", 403),
        (lambda link: link + "&e=1", 403),
        (lambda link: link.replace("original", "%6Friginal"), 200),
        (lambda link: link.replace("original", "../original"), 404),
    ],
)
def test_what_is_not_plain_is_left_to_the_application(
    site: Site, client: httpx2.Client, direct: list[bool], change: "object", status: int
) -> None:
    link = site.link(site.add(CONTENT))
    answered_directly(client, link, direct)
    assert callable(change)
    direct.clear()

    response = client.get(change(link))

    assert response.status_code == status
    assert direct in ([False], [])


@pytest.mark.parametrize(("headers", "status"), [({"If-Match": '"other"'}, 412), ({"Range": "bytes=99999999-"}, 416)])
def test_a_refusal_is_a_problem_document(
    site: Site, client: httpx2.Client, headers: dict[str, str], status: int
) -> None:
    link = site.link(site.add(CONTENT))
    client.get(link)

    response = client.get(link, headers=headers)

    assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json")


def test_a_file_that_went_away_is_missed_after_a_moment(site: Site, client: httpx2.Client) -> None:
    video_id = site.add(CONTENT)
    link = site.link(video_id)
    client.get(link)
    site.path_of(video_id).unlink()

    wait_for(lambda: client.get(link, headers={"Range": "bytes=0-0"}).status_code == 404, "it is missed")


def test_links_that_were_ended_end_at_once(site: Site, client: httpx2.Client, direct: list[bool]) -> None:
    video_id = site.add(CONTENT)
    link = site.link(video_id)
    answered_directly(client, link, direct)

    site.catalog.generations[video_id] = 1
    site.media.forget()

    assert client.get(link).status_code == 403


def test_a_transfer_of_the_short_way_is_listed_while_it_goes_on(site: Site, client: httpx2.Client) -> None:
    link = site.link(site.add_sparse(256 * KIB * KIB))
    client.get(link, headers={"Range": "bytes=0-0"})
    with client.stream("GET", link, headers={"User-Agent": "a player"}) as response:
        assert response.status_code == 200
        (transfer,) = site.transfer_list.active
        assert transfer.viewer.user_agent == "a player"
        assert transfer.expected_bytes == 256 * KIB * KIB
    wait_for(lambda: not site.transfer_list.active, "it has ended")
    assert site.transfer_list.recent[0].outcome == "gone"
