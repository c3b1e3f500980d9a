"""The HTTP API of the fake Twitch: tokens and Helix, as far as Playhead uses them."""

import secrets
from dataclasses import asdict
from typing import Any
from uuid import uuid4

import httpx2
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from playhead.live.fakes.messages import now
from playhead.live.fakes.platform import Stream, Twitch

MAX_COST = 10_000
MAX_COST_OF_SOCKET = 10
MAX_CONDUITS = 5

VERSIONS = {
    "stream.online": "1",
    "stream.offline": "1",
    "channel.update": "2",
    "conduit.shard.disabled": "1",
}


class FakeHelix:
    """Answers requests."""

    def __init__(self, twitch: Twitch) -> None:
        self._twitch = twitch

    async def token(self, request: Request) -> Response:
        """``POST /oauth2/token``."""
        form = dict(httpx2.QueryParams((await request.body()).decode()))
        if (form.get("client_id"), form.get("client_secret")) != (self._twitch.client_id, self._twitch.client_secret):
            return _error(403, "invalid client secret")
        if form.get("grant_type") != "client_credentials":
            return _error(400, "missing grant type")
        token = secrets.token_hex(15)
        self._twitch.tokens.add(token)
        return JSONResponse({"access_token": token, "expires_in": 5_000_000, "token_type": "bearer"})

    def refusal(self, request: Request) -> Response | None:
        """The error of a request with a wrong token, or without one."""
        self._twitch.calls.append((request.method, request.url.path))
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if token not in self._twitch.tokens and token != self._twitch.user_token:
            return _error(401, "Invalid OAuth token")
        if request.headers.get("Client-Id") != self._twitch.client_id:
            return _error(401, "Client ID and OAuth token do not match")
        return None

    def rate_headers(self) -> dict[str, str]:
        """The rate bucket; a request costs one point of 800 a minute."""
        return {"Ratelimit-Limit": "800", "Ratelimit-Remaining": "790", "Ratelimit-Reset": "0"}

    def get_users(self, request: Request) -> dict[str, Any]:
        """``GET /users``."""
        logins = request.query_params.getlist("login")
        return {"data": [_user(login, self._twitch.users[login]) for login in logins if login in self._twitch.users]}

    def get_streams(self, request: Request) -> dict[str, Any]:
        """``GET /streams``: those of the users that are asked for."""
        ids = request.query_params.getlist("user_id")
        found = [] if self._twitch.lag else [self._twitch.streams[user] for user in ids if user in self._twitch.streams]
        return {"data": [_stream(stream) for stream in found], "pagination": {}}

    def list_subscriptions(self, request: Request) -> dict[str, Any]:
        """``GET /eventsub/subscriptions``, 100 a page."""
        mine = [each for each in self._twitch.subscriptions.values() if self._is_seen(request, each)]
        start = int(request.query_params.get("after", "0"))
        page = mine[start : start + 100]
        more = {"cursor": str(start + 100)} if start + 100 < len(mine) else {}
        return {**self._totals(request, mine), "data": page, "pagination": more}

    def create_subscription(self, request: Request, document: dict[str, Any]) -> dict[str, Any] | Response:
        """``POST /eventsub/subscriptions``."""
        type_, version, condition = document.get("type"), document.get("version"), document.get("condition") or {}
        transport: dict[str, Any] = document.get("transport") or {}
        if (refused := self._transport_refusal(request, transport)) is not None:
            return refused
        if VERSIONS.get(str(type_)) != version:
            return _error(400, "invalid subscription type and version")
        same = [
            each
            for each in self._twitch.subscriptions.values()
            if (each["type"], each["condition"]) == (type_, condition) and _shown(transport) == each["transport"]
        ]
        if same:
            return _error(409, "subscription already exists")
        mine = [each for each in self._twitch.subscriptions.values() if self._is_seen(request, each)]
        if self._totals(request, mine)["total_cost"] >= self._totals(request, mine)["max_total_cost"]:
            return _error(429, "number of subscriptions over limit")
        is_webhook = transport["method"] == "webhook"
        subscription: dict[str, Any] = {
            "id": str(uuid4()),
            "status": "webhook_callback_verification_pending" if is_webhook else "enabled",
            "type": type_,
            "version": version,
            "condition": condition,
            "created_at": now(),
            "transport": _shown(transport),
            "cost": 1,
        }
        self._twitch.subscriptions[subscription["id"]] = subscription
        if is_webhook:
            self._twitch.secrets_of[subscription["id"]] = transport["secret"]
            self._twitch.verify(subscription)
        return {"data": [dict(subscription)], **self._totals(request, [*mine, subscription])}

    def delete_subscription(self, request: Request) -> Response:
        """``DELETE /eventsub/subscriptions``."""
        found = self._twitch.subscriptions.pop(request.query_params.get("id", ""), None)
        return Response(status_code=204) if found else _error(404, "subscription not found")

    def list_conduits(self) -> dict[str, Any]:
        """``GET /eventsub/conduits``."""
        found = self._twitch.conduits.values()
        return {"data": [{"id": each["id"], "shard_count": each["shard_count"]} for each in found]}

    def create_conduit(self, document: dict[str, Any]) -> dict[str, Any] | Response:
        """``POST /eventsub/conduits``."""
        if len(self._twitch.conduits) >= MAX_CONDUITS:
            return _error(429, "conduit limit reached")
        conduit = {"id": str(uuid4()), "shard_count": document.get("shard_count", 1), "shards": {}}
        self._twitch.conduits[conduit["id"]] = conduit
        return {"data": [{"id": conduit["id"], "shard_count": conduit["shard_count"]}]}

    def list_shards(self, request: Request) -> dict[str, Any] | Response:
        """``GET /eventsub/conduits/shards``."""
        conduit = self._twitch.conduits.get(request.query_params.get("conduit_id", ""))
        if conduit is None:
            return _error(404, "conduit not found")
        return {"data": list(conduit["shards"].values()), "pagination": {}}

    def assign_shards(self, document: dict[str, Any]) -> dict[str, Any] | Response:
        """``PATCH /eventsub/conduits/shards``."""
        conduit = self._twitch.conduits.get(document.get("conduit_id", ""))
        if conduit is None:
            return _error(404, "conduit not found")
        data, errors = [], []
        for shard in document["shards"]:
            if shard["transport"].get("session_id") not in self._twitch.sessions:
                errors.append({"id": shard["id"], "message": "session not found", "code": "invalid"})
                continue
            conduit["shards"][shard["id"]] = {**shard, "status": "enabled"}
            data.append(conduit["shards"][shard["id"]])
        return {"data": data, "errors": errors}

    def _transport_refusal(self, request: Request, transport: dict[str, Any]) -> Response | None:
        method, by_user = transport.get("method"), self._by_user(request)
        if method == "websocket":
            if not by_user:
                return _error(400, "invalid transport and auth combination")
            return (
                None
                if transport.get("session_id") in self._twitch.sessions
                else _error(400, "websocket session is gone")
            )
        if by_user:
            return _error(400, "invalid transport and auth combination")
        if method == "conduit":
            return None if transport.get("conduit_id") in self._twitch.conduits else _error(400, "conduit not found")
        if method == "webhook" and 10 <= len(transport.get("secret", "")) <= 100 and transport.get("callback"):
            return None
        return _error(400, "invalid transport")

    def _by_user(self, request: Request) -> bool:
        return request.headers.get("Authorization") == f"Bearer {self._twitch.user_token}"

    def _is_seen(self, request: Request, subscription: dict[str, Any]) -> bool:
        is_on_socket: bool = subscription["transport"]["method"] == "websocket"
        return is_on_socket == self._by_user(request)

    def _totals(self, request: Request, mine: list[dict[str, Any]]) -> dict[str, int]:
        most = MAX_COST_OF_SOCKET if self._by_user(request) else MAX_COST
        cost = sum(each["cost"] for each in mine if each["status"] == "enabled" or "pending" in each["status"])
        return {"total": len(mine), "total_cost": cost, "max_total_cost": most}


def _error(status: int, message: str) -> JSONResponse:
    return JSONResponse({"error": "Error", "status": status, "message": message}, status)


def _user(login: str, user_id: str) -> dict[str, Any]:
    return {"id": user_id, "login": login, "display_name": login.capitalize(), "broadcaster_type": ""}


def _stream(stream: Stream) -> dict[str, Any]:
    facts = asdict(stream)
    return {
        "id": facts["id"],
        "user_id": facts["user_id"],
        "user_login": facts["login"],
        "game_id": "509658",
        "game_name": facts["category"],
        "type": facts["type"],
        "title": facts["title"],
        "viewer_count": 7,
        "started_at": facts["started_at"],
        "language": "en",
    }


def _shown(transport: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in transport.items() if name != "secret"}
