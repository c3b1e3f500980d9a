"""What happens on the fake Twitch: streams begin and end, and messages go out over webhooks and WebSockets."""

import asyncio
import json
import secrets
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx2
from starlette.websockets import WebSocket, WebSocketDisconnect

from playhead.live.fakes.messages import broadcaster, now, session_facts, signed_headers

RETRIES_S = (0.0, 0.2, 0.5)
"""When a message is sent to a webhook again, after each answer that is not 2xx; Twitch's own times are not known."""


@dataclass(slots=True)
class Stream:
    """A stream that is live."""

    id: str
    user_id: str
    login: str
    title: str
    category: str
    started_at: str
    type: str = "live"


@dataclass(slots=True, eq=False)
class Session:
    """A session of a WebSocket."""

    id: str
    keepalive_s: float
    socket: WebSocket | None = None
    sent_at: float = 0.0
    silent: bool = False
    connections: int = 0


@dataclass(slots=True)
class Twitch:
    """The state of the fake, and what a test does with it.

    Attributes:
        sent: Messages to webhooks: id, retry, type of the subscription, status of the answer.
        lag: Whether ``GET /streams`` does not list new streams yet.
        calls: Requests to Helix: method and path.
    """

    client_id: str = "fake-client"
    client_secret: str = "fake-secret"  # noqa: S105
    user_token: str = "fake-user-token"  # noqa: S105
    users: dict[str, str] = field(default_factory=dict)
    streams: dict[str, Stream] = field(default_factory=dict)
    subscriptions: dict[str, dict[str, Any]] = field(default_factory=dict)
    secrets_of: dict[str, str] = field(default_factory=dict)
    conduits: dict[str, dict[str, Any]] = field(default_factory=dict)
    sessions: dict[str, Session] = field(default_factory=dict)
    tokens: set[str] = field(default_factory=set)
    sent: list[dict[str, Any]] = field(default_factory=list)
    calls: list[tuple[str, str]] = field(default_factory=list)
    lag: bool = False
    url: str = ""
    _tasks: set["asyncio.Task[None]"] = field(default_factory=set)

    # what a test says

    def add_user(self, login: str, user_id: str | None = None) -> str:
        """Add a streamer; their user id."""
        return self.users.setdefault(login, user_id or str(1000 + len(self.users)))

    async def go_live(
        self,
        login: str,
        *,
        stream_id: str | None = None,
        title: str = "A title",
        category: str = "Just Chatting",
        type_: str = "live",
        notify: bool = True,
    ) -> Stream:
        """Begin a stream, and send ``stream.online``."""
        user_id = self.add_user(login)
        stream = Stream(
            stream_id or str(40_000_000_000 + secrets.randbelow(10**9)), user_id, login, title, category, now(), type_
        )
        self.streams[user_id] = stream
        event = {"id": stream.id, **broadcaster(user_id, login), "type": type_, "started_at": stream.started_at}
        if notify:
            await self.notify("stream.online", user_id, event)
        return stream

    async def go_offline(self, login: str, *, notify: bool = True) -> None:
        """End a stream, and send ``stream.offline``."""
        user_id = self.users[login]
        self.streams.pop(user_id, None)
        if notify:
            await self.notify("stream.offline", user_id, broadcaster(user_id, login))

    async def update(self, login: str, *, title: str, category: str, notify: bool = True) -> None:
        """Change title and category, and send ``channel.update``."""
        user_id = self.users[login]
        if stream := self.streams.get(user_id):
            stream.title, stream.category = title, category
        event = broadcaster(user_id, login) | {
            "title": title,
            "language": "en",
            "category_id": "509658",
            "category_name": category,
            "content_classification_labels": [],
        }
        if notify:
            await self.notify("channel.update", user_id, event)

    async def notify(self, type_: str, user_id: str, event: dict[str, Any]) -> None:
        """Send an event to every subscription for it, each to its transport."""
        for subscription in list(self.subscriptions.values()):
            condition = subscription["condition"]
            if (subscription["type"], condition.get("broadcaster_user_id"), subscription["status"]) == (
                type_,
                user_id,
                "enabled",
            ):
                await self.send(subscription, {"subscription": subscription, "event": event}, "notification")

    async def revoke(self, status: str = "authorization_revoked") -> None:
        """Revoke all subscriptions to ``stream.online``."""
        for subscription in list(self.subscriptions.values()):
            if subscription["type"] == "stream.online":
                subscription["status"] = status
                await self.send(subscription, {"subscription": subscription}, "revocation")

    def expire_tokens(self) -> None:
        """Refuse all app tokens that were given out."""
        self.tokens.clear()

    async def drop_sockets(self) -> None:
        """Cut all WebSocket connections; their shards are dead, and plain subscriptions too."""
        for session in list(self.sessions.values()):
            if session.socket is not None:
                with suppress(RuntimeError):
                    await session.socket.close(4000)
            self._end_session(session)

    async def move_sockets(self) -> None:
        """Ask all clients to reconnect elsewhere, as before a restart of a server."""
        for session in list(self.sessions.values()):
            url = f"{self.url.replace('http', 'ws')}/ws?session={session.id}"
            await self._say(
                session,
                "session_reconnect",
                {"session": session_facts(session.id, session.keepalive_s, "reconnecting", url)},
            )

    def silence_sockets(self) -> None:
        """Send nothing more on open connections, not even keepalives."""
        for session in self.sessions.values():
            session.silent = True

    async def disable_shards(self) -> None:
        """Disable the shards, and say so by ``conduit.shard.disabled``."""
        for conduit in self.conduits.values():
            shard = conduit["shards"].get("0")
            if shard is None:
                continue
            shard["status"] = "websocket_failed_ping_pong"
            event = {"conduit_id": conduit["id"], "shard_id": "0", "status": shard["status"], "transport": {}}
            for subscription in list(self.subscriptions.values()):
                if subscription["type"] == "conduit.shard.disabled":
                    payload = {"subscription": subscription, "event": event}
                    await self._to_session(shard["transport"].get("session_id", ""), payload, "notification")

    # sending

    async def send(self, subscription: dict[str, Any], payload: dict[str, Any], type_: str) -> None:
        """Send a message over a subscription's transport."""
        transport = subscription["transport"]
        if transport["method"] == "webhook":
            self._start(self._post(subscription, payload, type_))
        elif transport["method"] == "conduit":
            conduit = self.conduits.get(transport["conduit_id"])
            shard = conduit["shards"].get("0") if conduit else None
            if shard and shard["status"] == "enabled":
                await self._to_session(shard["transport"]["session_id"], payload, type_)
        else:
            await self._to_session(transport["session_id"], payload, type_)

    async def _to_session(self, session_id: str, payload: dict[str, Any], type_: str) -> None:
        if (session := self.sessions.get(session_id)) is not None:
            subscription = payload["subscription"]
            facts = {"subscription_type": subscription["type"], "subscription_version": subscription["version"]}
            await self._say(session, type_, payload, facts)

    async def _say(
        self, session: Session, type_: str, payload: dict[str, Any], facts: dict[str, str] | None = None
    ) -> None:
        if session.socket is None or session.silent:
            return
        metadata = {"message_id": str(uuid4()), "message_type": type_, "message_timestamp": now(), **(facts or {})}
        with suppress(RuntimeError, WebSocketDisconnect):
            await session.socket.send_text(json.dumps({"metadata": metadata, "payload": payload}))
            session.sent_at = time.monotonic()

    async def _post(self, subscription: dict[str, Any], payload: dict[str, Any], type_: str) -> None:
        """Post a signed message to a webhook, again with the same id while it is not accepted."""
        message_id, timestamp, body = str(uuid4()), now(), json.dumps(payload, separators=(",", ":")).encode()
        secret = self.secrets_of[subscription["id"]]
        answers: list[int] = []
        async with httpx2.AsyncClient(timeout=10, trust_env=False) as client:
            for retry, wait_s in enumerate(RETRIES_S):
                await asyncio.sleep(wait_s)
                headers = signed_headers(secret, message_id, timestamp, body, type_, subscription, retry)
                try:
                    answer = await client.post(subscription["transport"]["callback"], content=body, headers=headers)
                except httpx2.HTTPError:
                    answers.append(0)
                    continue
                answers.append(answer.status_code)
                sent = {"id": message_id, "retry": retry, "topic": subscription["type"], "type": type_}
                self.sent.append({**sent, "status": answer.status_code})
                if answer.is_success:
                    self._accepted(subscription, payload, type_, answer)
                    return
        if type_ == "webhook_callback_verification":
            subscription["status"] = "webhook_callback_verification_failed"
        elif type_ == "notification":
            subscription["status"] = "notification_failures_exceeded"

    def _accepted(
        self, subscription: dict[str, Any], payload: dict[str, Any], type_: str, answer: "httpx2.Response"
    ) -> None:
        if type_ != "webhook_callback_verification":
            return
        media_type = answer.headers.get("Content-Type", "").partition(";")[0]
        is_right = answer.text == payload["challenge"] and media_type == "text/plain"
        subscription["status"] = "enabled" if is_right else "webhook_callback_verification_failed"

    def verify(self, subscription: dict[str, Any]) -> None:
        """Send the challenge of a new webhook subscription."""
        challenge = {"challenge": secrets.token_urlsafe(24), "subscription": dict(subscription)}
        self._start(self._post(subscription, challenge, "webhook_callback_verification"))

    def _start(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _end_session(self, session: Session) -> None:
        self.sessions.pop(session.id, None)
        for conduit in self.conduits.values():
            for shard in conduit["shards"].values():
                if shard["transport"].get("session_id") == session.id:
                    shard["status"] = "websocket_disconnected"
        for subscription in list(self.subscriptions.values()):
            if subscription["transport"].get("session_id") == session.id:
                self.subscriptions.pop(subscription["id"])

    # the WebSocket

    async def serve_socket(self, socket: WebSocket) -> None:
        """One connection: welcome, then keepalives until it ends."""
        await socket.accept()
        known = self.sessions.get(socket.query_params.get("session", ""))
        if known is None:
            known = Session(str(uuid4()), float(socket.query_params.get("keepalive_timeout_seconds", "10")))
            self.sessions[known.id] = known
        known.socket, known.connections = socket, known.connections + 1
        await self._say(
            known, "session_welcome", {"session": session_facts(known.id, known.keepalive_s, "connected", None)}
        )
        keepalive = asyncio.create_task(self._keep_alive(known))
        try:
            while True:
                await socket.receive_text()
                await socket.close(4001)  # clients must not send anything
                break
        except (WebSocketDisconnect, RuntimeError):
            pass
        finally:
            keepalive.cancel()
            if known.socket is socket:
                self._end_session(known)

    async def _keep_alive(self, session: Session) -> None:
        while True:
            await asyncio.sleep(min(1.0, session.keepalive_s / 4))
            if time.monotonic() - session.sent_at >= session.keepalive_s * 0.8:
                await self._say(session, "session_keepalive", {})
