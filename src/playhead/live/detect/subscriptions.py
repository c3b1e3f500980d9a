"""EventSub subscriptions, kept as they should be: missing and dead ones are created, unwanted ones deleted."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import structlog

from playhead.live.detect.errors import TwitchRefused
from playhead.live.detect.helix import Helix

log = structlog.get_logger(__name__)

PATH: Final = "/eventsub/subscriptions"
WEBHOOK: Final = "/api/v1/webhooks/twitch"
"""Path of our webhook; a subscription that calls it under another host is one of ours from before a move."""

TOPICS: Final = (("stream.online", "1"), ("stream.offline", "1"), ("channel.update", "2"))
"""Types and versions for each channel. None of them needs the streamer's permission."""

ALIVE: Final = frozenset({"enabled", "webhook_callback_verification_pending"})


@dataclass(frozen=True, slots=True)
class Topic:
    """Something to subscribe to."""

    type: str
    version: str
    condition: Mapping[str, str]

    @property
    def key(self) -> tuple[str, frozenset[tuple[str, str]]]:
        """Its identity among the subscriptions of one transport."""
        return _key(self.type, self.condition)


@dataclass(slots=True)
class State:
    """The subscriptions of this client at Twitch.

    Attributes:
        statuses: How many of ours have which status.
        problems: Why some could not be created, in words.
    """

    wanted: int = 0
    statuses: dict[str, int] = field(default_factory=dict)
    cost: int = 0
    max_cost: int = 0
    problems: list[str] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        """Whether all that is wanted is enabled."""
        return not self.problems and self.statuses.get("enabled", 0) >= self.wanted


def topics_of(user_ids: Iterable[str]) -> list[Topic]:
    """What is subscribed to for some Twitch users."""
    return [Topic(type_, version, {"broadcaster_user_id": user}) for user in user_ids for type_, version in TOPICS]


class Subscriptions:
    """The subscriptions of this client.

    Args:
        as_user: Whether they belong to the user token, as those of a plain WebSocket do.
    """

    def __init__(self, helix: Helix, *, as_user: bool = False) -> None:
        self._helix, self._as_user = helix, as_user

    async def list(self) -> tuple[list[dict[str, Any]], int, int]:
        """All subscriptions of this client, their cost, and the most that they may cost."""
        answers = [await self._helix.request("GET", PATH, as_user=self._as_user)]
        while cursor := (answers[-1].get("pagination") or {}).get("cursor"):
            answers.append(await self._helix.request("GET", PATH, params=[("after", cursor)], as_user=self._as_user))
        found = [item for answer in answers for item in answer["data"]]
        return found, int(answers[-1].get("total_cost") or 0), int(answers[-1].get("max_total_cost") or 0)

    async def keep(self, transport: Mapping[str, str], topics: Sequence[Topic]) -> State:
        """Make the subscriptions of a transport those that are wanted.

        Args:
            transport: As Twitch takes it: ``method`` and ``callback``, ``conduit_id`` or ``session_id``; the secret of
                a webhook besides.

        Raises:
            TwitchUnavailable: Twitch does not answer.
        """
        wanted = {topic.key: topic for topic in topics}
        existing, _, _ = await self.list()
        there: set[tuple[str, frozenset[tuple[str, str]]]] = set()
        for each in existing:
            if not _is_ours(each.get("transport") or {}, transport):
                continue
            key = _key(str(each.get("type")), each.get("condition") or {})
            is_good = _is_on(each.get("transport") or {}, transport) and each.get("status") in ALIVE
            if is_good and key in wanted and key not in there:
                there.add(key)
            else:
                await self._delete(each)
        problems = [
            problem for key in wanted if key not in there if (problem := await self._create(transport, wanted[key]))
        ]
        return await self._state(transport, len(wanted), problems)

    async def _state(self, transport: Mapping[str, str], wanted: int, problems: Sequence[str]) -> State:
        found, cost, max_cost = await self.list()
        ours = Counter(str(each.get("status")) for each in found if _is_on(each.get("transport") or {}, transport))
        return State(wanted, dict(ours), cost, max_cost, list(dict.fromkeys(problems)))

    async def _create(self, transport: Mapping[str, str], topic: Topic) -> str | None:
        """Create one; why not, in words."""
        document = {
            "type": topic.type,
            "version": topic.version,
            "condition": dict(topic.condition),
            "transport": dict(transport),
        }
        try:
            await self._helix.request("POST", PATH, json=document, as_user=self._as_user)
        except TwitchRefused as error:
            if error.answer == 409:  # it exists: another process was faster
                return None
            log.warning("eventsub_not_subscribed", topic=topic.type, detail=error.detail)
            return f"{topic.type}: {error.detail}"
        log.info("eventsub_subscribed", topic=topic.type)
        return None

    async def _delete(self, each: Mapping[str, Any]) -> None:
        log.info("eventsub_unsubscribed", topic=str(each.get("type")), status=each.get("status"))
        try:
            await self._helix.request("DELETE", PATH, params=[("id", str(each["id"]))], as_user=self._as_user)
        except TwitchRefused as error:
            if error.answer != 404:
                raise


def _is_ours(theirs: Mapping[str, Any], ours: Mapping[str, str]) -> bool:
    """Whether a subscription is of this installation: other programs may use the same client id."""
    return _is_on(theirs, ours) or str(theirs.get("callback", "")).endswith(WEBHOOK)


def _is_on(theirs: Mapping[str, Any], ours: Mapping[str, str]) -> bool:
    names = ("method", "callback", "conduit_id", "session_id")
    return all(str(theirs.get(name, "")) == ours[name] for name in names if name in ours)


def is_of(transport: Mapping[str, Any], mode: str, callback: str | None, conduit_id: str) -> bool:
    """Whether a transport is the one of a way in which events come."""
    if mode == "webhook":
        return transport.get("callback") == callback
    if mode == "conduit":
        return transport.get("conduit_id") == conduit_id
    return transport.get("method") == mode


def _key(type_: str, condition: Mapping[str, Any]) -> tuple[str, frozenset[tuple[str, str]]]:
    return type_, frozenset((name, str(value)) for name, value in condition.items() if value not in (None, ""))
