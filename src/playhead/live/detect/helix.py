"""Twitch's HTTP API, Helix, with an app access token (client credentials)."""

import asyncio
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from playhead.live.detect.errors import TwitchRefused, TwitchUnavailable

if TYPE_CHECKING:
    import httpx2

BATCH: Final = 100
"""Ids and logins per request, the most that Helix takes."""

LONGEST_WAIT_S: Final = 60.0
"""The rate bucket is refilled within a minute."""

_SPARE_S = 60.0
"""A token is replaced this long before it expires."""

_SET_UP = (
    "Check PLAYHEAD_TWITCH_CLIENT_ID and PLAYHEAD_TWITCH_CLIENT_SECRET against https://dev.twitch.tv/console/apps."
)


@dataclass(frozen=True, slots=True)
class LiveStream:
    """A stream that is live, as ``GET /streams`` lists it."""

    id: str
    user_id: str
    title: str | None
    category: str | None
    started_at: datetime

    @classmethod
    def of(cls, item: dict[str, Any]) -> "LiveStream":
        """Read an item of the answer."""
        return cls(
            id=str(item["id"]),
            user_id=str(item["user_id"]),
            title=item.get("title") or None,
            category=item.get("game_name") or None,
            started_at=datetime.fromisoformat(item["started_at"]),
        )


@dataclass(slots=True)
class Rate:
    """The rate bucket, as the last answer's headers said."""

    limit: int | None = None
    remaining: int | None = None
    resets_at: float = 0.0


class Helix:
    """A client of Helix; ``close`` it at the end.

    Args:
        api_url: ``https://api.twitch.tv/helix``.
        id_url: ``https://id.twitch.tv``.
        user_token: A user access token for requests that need one; else the app's own token is used.
    """

    def __init__(
        self,
        client_id: str,
        client_secret: str,
        *,
        api_url: str,
        id_url: str,
        user_token: str | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.client_id = client_id
        self.rate = Rate()
        self._client_secret, self._user_token = client_secret, user_token
        self._api_url, self._id_url, self._clock = api_url.rstrip("/"), id_url.rstrip("/"), clock
        self._token, self._expires_at = "", 0.0
        self._lock = asyncio.Lock()
        self._opened: httpx2.AsyncClient | None = None

    async def streams(self, user_ids: Iterable[str]) -> dict[str, LiveStream]:
        """Streams that are live, by user id; 100 users per request. Reruns and premieres are not among them."""
        found: dict[str, LiveStream] = {}
        for batch in _batches(user_ids):
            params = [("first", str(BATCH)), *(("user_id", each) for each in batch)]
            for item in (await self.request("GET", "/streams", params=params))["data"]:
                if item.get("type", "live") == "live":
                    found[str(item["user_id"])] = LiveStream.of(item)
        return found

    async def users(self, logins: Iterable[str]) -> dict[str, str]:
        """User ids by login, in lower case; logins that do not exist are missing."""
        found: dict[str, str] = {}
        for batch in _batches(logins):
            answer = await self.request("GET", "/users", params=[("login", login) for login in batch])
            found |= {str(item["login"]).lower(): str(item["id"]) for item in answer["data"]}
        return found

    async def request(
        self,
        method: str,
        path: str,
        *,
        params: Sequence[tuple[str, str]] = (),
        json: dict[str, Any] | None = None,
        as_user: bool = False,
    ) -> dict[str, Any]:
        """Make a request; the token is renewed once when it is refused, and a full rate bucket is waited for once.

        Args:
            as_user: With the user's token, which is not renewed.

        Raises:
            TwitchUnavailable: no answer, or a 5xx.
            TwitchRefused: any other error.
        """
        answer = await self._send(method, path, params, json, as_user=as_user)
        if answer.status_code == 401 and not as_user:
            self._token = ""
            answer = await self._send(method, path, params, json, as_user=as_user)
        elif answer.status_code == 429 and self.rate.remaining == 0:  # else it is a limit of another kind
            await asyncio.sleep(min(max(self.rate.resets_at - self._clock(), 1.0), LONGEST_WAIT_S))
            answer = await self._send(method, path, params, json, as_user=as_user)
        return _read(answer, f"{method} {path}")

    async def close(self) -> None:
        """Close its connections."""
        if self._opened is not None:
            await self._opened.aclose()

    async def _send(
        self,
        method: str,
        path: str,
        params: Sequence[tuple[str, str]],
        json: dict[str, Any] | None,
        *,
        as_user: bool,
    ) -> "httpx2.Response":
        token = self._user_token if as_user else await self._app_token()
        headers = {"Authorization": f"Bearer {token}", "Client-Id": self.client_id}
        answer = await self._call(method, self._api_url + path, params=list(params), json=json, headers=headers)
        self._note_rate(answer)
        return answer

    async def _app_token(self) -> str:
        async with self._lock:
            if not self._token or self._clock() > self._expires_at - _SPARE_S:
                form = {
                    "client_id": self.client_id,
                    "client_secret": self._client_secret,
                    "grant_type": "client_credentials",
                }
                answer = await self._call("POST", f"{self._id_url}/oauth2/token", data=form)
                found = _read(answer, "POST /oauth2/token")
                self._token = str(found["access_token"])
                self._expires_at = self._clock() + float(found.get("expires_in", 3600))
            return self._token

    async def _call(self, method: str, url: str, **options: Any) -> "httpx2.Response":
        import httpx2

        if self._opened is None:
            self._opened = httpx2.AsyncClient(timeout=10)
        try:
            return await self._opened.request(method, url, **options)
        except httpx2.HTTPError as error:
            raise TwitchUnavailable(f"Twitch did not answer {method} {httpx2.URL(url).path}: {error!r}.") from error

    def _note_rate(self, answer: "httpx2.Response") -> None:
        limit, remaining, reset = (answer.headers.get(f"Ratelimit-{name}") for name in ("Limit", "Remaining", "Reset"))
        if limit and remaining and limit.isdigit() and remaining.isdigit():
            self.rate = Rate(int(limit), int(remaining), float(reset) if reset and reset.isdigit() else 0.0)


def _read(answer: "httpx2.Response", what: str) -> dict[str, Any]:
    status = answer.status_code
    if status >= 500:
        raise TwitchUnavailable(f"Twitch answered {what} with {status}.")
    if status >= 400:
        hint = _SET_UP if status in (401, 403) or what.endswith("/token") else None
        raise TwitchRefused(f"Twitch answered {what} with {status}: {_message(answer)}.", answer=status, hint=hint)
    if not answer.content:
        return {}
    try:
        found: dict[str, Any] = answer.json()
    except ValueError as error:
        raise TwitchUnavailable(f"Twitch's answer to {what} is not JSON.") from error
    return found


def _message(answer: "httpx2.Response") -> str:
    try:
        found = answer.json()
    except ValueError:
        return "no reason"
    reason = (found.get("message") or found.get("error")) if isinstance(found, dict) else None
    return str(reason or "no reason")[:300].rstrip(".")


def _batches(values: Iterable[str]) -> Iterator[list[str]]:
    every = list(values)
    return (every[start : start + BATCH] for start in range(0, len(every), BATCH))
