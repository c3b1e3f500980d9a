"""Which videos go, and why. Pure: the same plan is shown, and carried out.

Held videos never go, and count towards no limit: a channel that may keep ten recordings keeps ten besides those that
are marked to be kept.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from playhead.kit.units import format_bytes
from playhead.retention.errors import RetentionStopped

Rule = Literal["age", "count", "size", "space"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A video of the library.

    Attributes:
        channel_id: Channel that it was recorded from.
        size_bytes: The original, and what was made from it.
        holds: Reasons for which it stays, in words, by the name of the hold.
    """

    id: str
    title: str
    owner_id: str
    origin: str
    size_bytes: int
    created_at: datetime
    channel_id: str | None = None
    holds: Mapping[str, str] = field(default_factory=dict)

    @property
    def scopes(self) -> tuple[str, ...]:
        """Scopes of policies that could be for it; the first that has one decides."""
        channel = (f"channel:{self.channel_id}",) if self.channel_id else ()
        return (*channel, f"origin:{self.origin}", "all")


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How much stays of the videos of one scope.

    Attributes:
        name: The scope for people: ``all videos``, ``the channel Harbour``.
    """

    id: str
    scope: str
    name: str
    max_age: timedelta | None = None
    max_size_bytes: int | None = None
    max_count: int | None = None

    @property
    def is_limit(self) -> bool:
        """Whether it removes anything at all."""
        return any(limit is not None for limit in (self.max_age, self.max_size_bytes, self.max_count))


@dataclass(frozen=True, slots=True)
class Removal:
    """A video that goes, and why; one that is held would."""

    video: Candidate
    rule: Rule
    reason: str
    policy_id: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run removes.

    Attributes:
        remove: In the order in which they go.
        held: What would go as well, if nothing held it.
        videos: Videos of the library, whatever happens to them.
        size_bytes: Their bytes.
    """

    remove: Sequence[Removal] = ()
    held: Sequence[Removal] = ()
    videos: int = 0
    size_bytes: int = 0

    @property
    def removed_bytes(self) -> int:
        """Bytes of what goes."""
        return sum(removal.video.size_bytes for removal in self.remove)

    @property
    def is_more_than_half(self) -> bool:
        """Whether a person must confirm it."""
        return 2 * len(self.remove) > self.videos or 2 * self.removed_bytes > self.size_bytes

    def require_confirmed(self, *, force: bool) -> None:
        """Stop what would remove more than half.

        Raises:
            RetentionStopped: it would, and *force* is not set.
        """
        if self.remove and self.is_more_than_half and not force:
            raise RetentionStopped(len(self.remove), self.videos, self.removed_bytes, self.size_bytes)


def policy_of(video: Candidate, policies: Mapping[str, Policy]) -> Policy | None:
    """The one policy that is for a video: its channel's, else its origin's, else the one for all.

    Args:
        policies: By scope.
    """
    return next((policies[scope] for scope in video.scopes if scope in policies), None)


def plan_policies(videos: Sequence[Candidate], policies: Mapping[str, Policy], now: datetime) -> Plan:
    """Plan what policies remove: of each policy's videos the oldest first.

    Args:
        videos: The library, without the trash.
        policies: By scope.
    """
    groups: dict[str, list[Candidate]] = defaultdict(list)
    for video in sorted(videos, key=_age_order):
        if (policy := policy_of(video, policies)) is not None and policy.is_limit:
            groups[policy.scope].append(video)
    remove, held = list[Removal](), list[Removal]()
    for scope, group in groups.items():
        remove += _over(policies[scope], [video for video in group if not video.holds], now)
        held += (each for each in _over(policies[scope], group, now) if each.video.holds)
    return _plan(remove, held, videos)


def plan_space(videos: Sequence[Candidate], need_bytes: int) -> Plan:
    """Plan what goes to free space: the oldest, whatever the policies say, and no more than is needed.

    Args:
        videos: The library, without the trash.
    """
    oldest = sorted(videos, key=_age_order)
    remove = list(_until(need_bytes, [video for video in oldest if not video.holds]))
    held = [each for each in _until(need_bytes, oldest) if each.video.holds]
    return _plan(remove, held, videos)


def _over(policy: Policy, group: Sequence[Candidate], now: datetime) -> Iterator[Removal]:
    """The oldest of a group until the rest is within the limits of its policy."""
    count, size_bytes = len(group), sum(video.size_bytes for video in group)
    for video in group:
        rule = _rule(policy, now - video.created_at, count, size_bytes)
        if rule is None:
            return
        yield Removal(video, rule, _words(policy, rule), policy.id)
        count, size_bytes = count - 1, size_bytes - video.size_bytes


def _rule(policy: Policy, age: timedelta, count: int, size_bytes: int) -> Rule | None:
    if policy.max_age is not None and age > policy.max_age:
        return "age"
    if policy.max_count is not None and count > policy.max_count:
        return "count"
    if policy.max_size_bytes is not None and size_bytes > policy.max_size_bytes:
        return "size"
    return None


def _until(need_bytes: int, videos: Iterable[Candidate]) -> Iterator[Removal]:
    for video in videos:
        if need_bytes <= 0:
            return
        yield Removal(video, "space", "one of the oldest while the disk is nearly full")
        need_bytes -= video.size_bytes


def _words(policy: Policy, rule: Rule) -> str:
    if rule == "age":
        assert policy.max_age is not None
        return f"older than {_days(policy.max_age)}, the limit for {policy.name}"
    if rule == "count":
        return f"one of more than {policy.max_count}, the limit for {policy.name}"
    return f"beyond {format_bytes(policy.max_size_bytes or 0)}, the limit for {policy.name}"


def _days(age: timedelta) -> str:
    days = age / timedelta(days=1)
    return f"{days:g} {'day' if days == 1 else 'days'}" if days >= 1 else f"{age / timedelta(hours=1):g} h"


def _plan(remove: Sequence[Removal], held: Sequence[Removal], videos: Sequence[Candidate]) -> Plan:
    return Plan(remove, held, len(videos), sum(video.size_bytes for video in videos))


def _age_order(video: Candidate) -> tuple[datetime, str]:
    return video.created_at, video.id
