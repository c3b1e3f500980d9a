"""A fake Twitch: tokens, users, streams, and EventSub by webhook, conduit and WebSocket, over HTTP as the real one.

``python -m playhead.live.fakes.twitch`` prints the settings that point Playhead at it. What happens is said by requests
to it: ``curl -X POST http://127.0.0.1:8900/fake/live -d '{"login": "alice"}'``.
"""

import argparse
import asyncio
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute

from playhead.live.fakes.helix import FakeHelix
from playhead.live.fakes.platform import Twitch
from playhead.live.fakes.server import serving

CLIP_S = 16


def twitch_app(twitch: Twitch, more: list[BaseRoute] | None = None) -> Starlette:
    """The app: Helix under ``/helix``, tokens under ``/oauth2``, the WebSocket, and what makes things happen."""
    helix = FakeHelix(twitch)
    return Starlette(
        routes=[
            Route("/oauth2/token", helix.token, methods=["POST"]),
            _route(helix, "/helix/users", GET=lambda request, _: helix.get_users(request)),
            _route(helix, "/helix/streams", GET=lambda request, _: helix.get_streams(request)),
            _route(
                helix,
                "/helix/eventsub/subscriptions",
                GET=lambda request, _: helix.list_subscriptions(request),
                POST=helix.create_subscription,
                DELETE=lambda request, _: helix.delete_subscription(request),
            ),
            _route(
                helix,
                "/helix/eventsub/conduits",
                GET=lambda *_: helix.list_conduits(),
                POST=lambda _, document: helix.create_conduit(document),
            ),
            _route(
                helix,
                "/helix/eventsub/conduits/shards",
                GET=lambda request, _: helix.list_shards(request),
                PATCH=lambda _, document: helix.assign_shards(document),
            ),
            WebSocketRoute("/ws", twitch.serve_socket),
            Route("/fake/state", _state(twitch), methods=["GET"]),
            Route("/fake/{what}", _happen(twitch), methods=["POST"]),
            *(more or []),
        ]
    )


def settings_for(url: str, twitch: Twitch) -> dict[str, str]:
    """The settings that point Playhead at a fake."""
    return {
        "twitch_client_id": twitch.client_id,
        "twitch_client_secret": twitch.client_secret,
        "twitch_websocket_token": twitch.user_token,
        "twitch_api_url": f"{url}/helix",
        "twitch_id_url": url,
        "twitch_eventsub_url": f"{url.replace('http', 'ws', 1)}/ws",
    }


def _route(helix: FakeHelix, path: str, **methods: Callable[[Request, dict[str, Any]], Any]) -> Route:
    async def answer(request: Request) -> Response:
        if (refused := helix.refusal(request)) is not None:
            return refused
        body = await request.body()
        found = methods[request.method](request, json.loads(body) if body else {})
        if isinstance(found, Response):
            return found
        status = 202 if request.method in ("POST", "PATCH") and not path.endswith("/conduits") else 200
        return JSONResponse(found, status, headers=helix.rate_headers())

    return Route(path, answer, methods=list(methods))


def _state(twitch: Twitch) -> Callable[[Request], Any]:
    async def state(request: Request) -> Response:  # noqa: ARG001
        subscriptions = [f"{each['type']} {each['status']}" for each in twitch.subscriptions.values()]
        return JSONResponse({"subscriptions": subscriptions, "live": [each.login for each in twitch.streams.values()]})

    return state


def _happen(twitch: Twitch) -> Callable[[Request], Any]:
    """``/fake/live``, ``/fake/offline``, ``/fake/update``, ``/fake/drop``, ``/fake/move``, ``/fake/revoke``."""

    async def happen(request: Request) -> Response:
        body = await request.body()
        facts: dict[str, Any] = json.loads(body) if body else {}
        actions: dict[str, Callable[..., Any]] = {
            "live": twitch.go_live,
            "offline": twitch.go_offline,
            "update": twitch.update,
            "drop": twitch.drop_sockets,
            "move": twitch.move_sockets,
            "revoke": twitch.revoke,
        }
        what = request.path_params["what"]
        if what == "user":
            return JSONResponse({"id": twitch.add_user(**facts)})
        if what not in actions:
            return Response(f"The fake knows: user, {', '.join(actions)}.\n", 404)
        await actions[what](**facts)
        return Response(status_code=204)

    return happen


async def main(arguments: list[str]) -> None:
    """Serve until Ctrl-C."""
    parser = argparse.ArgumentParser(prog="python -m playhead.live.fakes.twitch", description="A fake Twitch.")
    parser.add_argument("--port", type=int, default=8900)
    parser.add_argument("--user", action="append", default=[], help="login of a streamer; may be repeated")
    parser.add_argument("--source", type=Path, help="folder for a live source, served at /live/live.m3u8")
    given = parser.parse_args(arguments)
    twitch = Twitch()
    more: list[BaseRoute] = []
    for login in given.user:
        twitch.add_user(login)
    if given.source:
        from playhead.live.fakes.source import LiveSource, make_clip

        more = [LiveSource(await make_clip(given.source, seconds=CLIP_S)).mount("/live")]
    async with serving(twitch_app(twitch, more), port=given.port) as url:
        twitch.url = url
        for name, value in settings_for(url, twitch).items():
            sys.stdout.write(f"export PLAYHEAD_{name.upper()}={value}\n")
        if given.source:
            sys.stdout.write("export PLAYHEAD_ALLOW_PRIVATE_URLS=true\n")
            sys.stdout.write(f"export PLAYHEAD_TWITCH_SOURCE_URL={url}/live/live.m3u8\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    try:
        asyncio.run(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(0)
