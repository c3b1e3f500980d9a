"""Every route has a principal, or is on this list."""

import re
from pathlib import Path
from typing import Any

from playhead.access.dependencies import guards_of
from playhead.app.openapi import document
from playhead.kit.ids import new_id
from tests.fixtures.site import Site

PUBLIC = {
    ("GET", "/livez"),
    ("GET", "/readyz"),
    ("GET", "/metrics"),
    ("GET", "/favicon.ico"),
    ("GET", "/oembed"),  # by the share link that it is asked about
    ("GET", "/s/{token}"),  # the page of the interface; what it shows is asked by the link
    ("HEAD", "/s/{token}"),
    ("GET", "/embed/{token}"),
    ("HEAD", "/embed/{token}"),
    ("GET", "/api/v1/status"),
    ("POST", "/api/v1/setup"),  # by a one-time token
    ("POST", "/api/v1/setup/check"),  # whether that token is good
    ("POST", "/api/v1/session"),  # signing in
    ("OPTIONS", "/api/v1/uploads"),  # which parts of tus this server speaks
    ("OPTIONS", "/api/v1/uploads/{upload_id}"),
    ("GET", "/api/v1/shared/{token}"),  # by the link itself, and its password
    ("POST", "/api/v1/shared/{token}/playback"),
    ("GET", "/api/v1/shared/{token}/comments"),
    ("POST", "/api/v1/shared/{token}/comments"),
    ("PATCH", "/api/v1/shared/{token}/comments/{comment_id}"),  # and by the secret of the visitor who wrote it
    ("DELETE", "/api/v1/shared/{token}/comments/{comment_id}"),
    ("GET", "/api/v1/assets/{asset_id}"),  # by a token in the URL; without one it asks for a principal
    ("HEAD", "/api/v1/assets/{asset_id}"),
    ("POST", "/api/v1/webhooks/twitch"),  # by Twitch's signature of the message
    ("POST", "/api/v1/webhooks/{provider}"),  # by our token in its URL, and the provider's signature
    ("POST", "/api/v1/webhooks/{provider}/"),
    ("GET", "/v/{video_id}/{name}"),  # by its signature
    ("HEAD", "/v/{video_id}/{name}"),
    *(
        (method, f"/v/{{video_id}}/{name}")
        for method in ("GET", "HEAD")
        for name in ("thumbnail.jpg", "storyboard.jpg", "storyboard.vtt", "preview.webp")
    ),
}
CATCH_ALL = {"/api/{rest:path}", "/v/{rest:path}", "/{rest:path}"}
"""They answer 404, or with the notice that the interface was not built."""


def routes_of(site: Site) -> dict[tuple[str, str], Any]:
    """Every route of ours by method and path, however deep it was included."""
    found: dict[tuple[str, str], Any] = {}
    every: list[Any] = list(site.app.routes)
    for route in every:
        contexts = getattr(route, "effective_route_contexts", None)
        for each in contexts() if contexts is not None else [route]:
            if hasattr(each, "dependant") and each.path not in CATCH_ALL:
                found.update({(method, each.path): each for method in each.methods})
    return found


async def test_a_route_without_a_principal_is_on_the_list(site: Site) -> None:
    """A new public route is a decision, written down above."""
    routes = routes_of(site)

    assert len(routes) > 40
    assert {key for key, route in routes.items() if not any(guards_of(route))} == PUBLIC


async def test_nobody_gets_past_a_guarded_route(site: Site) -> None:
    """Without a credential each answers 401 as a problem, whatever the body, and says how to sign in."""
    for method, path in sorted(routes_of(site).keys() - PUBLIC):
        url = re.sub(r"\{(\w+?)(_id)?\}", lambda _: new_id("vid"), path)
        answer = await site.anonymous.request(method, url, content=b"\x00not json")

        assert answer.status_code == 401, (method, path)
        assert answer.headers["www-authenticate"].startswith("Bearer"), (method, path)
        assert answer.headers["cache-control"] == "no-store", (method, path)
        if method != "HEAD":
            assert answer.json()["code"] == "not_signed_in", (method, path)


async def test_head_works_wherever_get_does(site: Site) -> None:
    """The status and headers of GET without a body (RFC 9110 section 9.3.2); only feeds that never end have no HEAD."""
    client = site.ann.client
    paths = {path for method, path in routes_of(site) if method == "GET"}
    for path in sorted(paths):
        head = await client.head(re.sub(r"\{(\w+?)(_id)?\}", lambda _: new_id("vid"), path))

        assert head.content == b"", path
        assert (head.status_code == 405) == path.endswith("/events"), path
    for path in ("/", "/openapi.json", "/favicon.ico", "/livez", "/api/v1/videos", "/api/v1/nothing"):
        got, head = await client.get(path), await client.head(path)

        assert head.status_code == got.status_code, path
        assert head.headers.get("content-length") == got.headers.get("content-length"), path


async def test_every_documented_error_is_a_problem(site: Site) -> None:
    """What OpenAPI says of errors has the one media type, and every guarded route tells of 401."""
    document = site.app.openapi()
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            for status, response in operation["responses"].items():
                if status >= "400" and path != "/readyz":
                    assert set(response["content"]) == {"application/problem+json"}, (path, method, status)
            if (method.upper(), path) not in PUBLIC:
                assert "401" in operation["responses"], (path, method)


async def test_no_two_routes_share_a_name(site: Site) -> None:
    """The generated client has one method for each operation."""
    names = [
        operation["operationId"]
        for operations in site.app.openapi()["paths"].values()
        for operation in operations.values()
    ]

    assert len(names) == len(set(names))


def test_the_committed_document_is_fresh() -> None:
    """The TypeScript client is generated from ``web/openapi.json``; `make gen` writes both anew."""
    assert Path("web/openapi.json").read_text() == document(), "stale: run make gen and commit what changes"
