"""The doctor of detection: everything that has to hold so that a broadcast is seen, each with what to do.

It asks Twitch itself, and reads what the job and the webhook noted, so it also shows what silently stopped.
"""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from sqlalchemy import func, select

from playhead.db.database import Database
from playhead.errors import PlayheadError
from playhead.jobs.tables import ACTIVE, JobRow
from playhead.jobs.workers import WorkerRegistry
from playhead.kit.clock import Clock, utc_now
from playhead.live.detect.callback import reach
from playhead.live.detect.conduit import Conduit
from playhead.live.detect.config import TwitchConfig, fits_twitch
from playhead.live.detect.detection import DETECT
from playhead.live.detect.helix import Helix
from playhead.live.detect.notes import Notes
from playhead.live.detect.subscriptions import Subscriptions, is_of
from playhead.live.errors import ToolMissing
from playhead.live.tables import ChannelRow
from playhead.live.tools import SiteTools

Verdict = Literal["ok", "warning", "failed", "off"]

SILENT: Final = timedelta(minutes=10)
"""Time without a poll after which polling counts as stopped; it is noted twice a minute."""

_OF_CHANNELS: Final = ("subscriptions", "conduit", "websocket", "challenge", "poll")
"""What exists only while a channel of Twitch is enabled."""

Facts = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Finding:
    """What the doctor found about one thing.

    Attributes:
        verdict: ``off`` is not used in this set-up.
        at: When it was last seen, for what is noted.
    """

    name: str
    title: str
    verdict: Verdict
    detail: str
    hint: str | None = None
    at: datetime | None = None


class Doctor:
    """Examines detection.

    Args:
        config: The application at Twitch, and its client; None without one.
    """

    def __init__(
        self,
        database: Database,
        notes: Notes,
        workers: WorkerRegistry,
        tools: SiteTools,
        config: TwitchConfig | None,
        helix: Helix | None,
        clock: Clock = utc_now,
    ) -> None:
        self._database, self._notes, self._workers, self._tools = database, notes, workers, tools
        self._config, self._helix, self._clock = config, helix, clock

    @property
    def mode(self) -> str:
        """How Twitch reports who is live; ``sources`` where its channels are opened like any page."""
        return self._config.mode if self._config else "sources"

    async def examine(self) -> list[Finding]:
        """All findings, in the order in which things depend on one another."""
        notes = await self._notes.read()
        groups = await asyncio.gather(self._job(notes), self._twitch(notes), self._sources(notes), self._versions())
        return [finding for group in groups for finding in group]

    async def _job(self, notes: Facts) -> Sequence[Finding]:
        async with self._database.read() as session:
            jobs = select(JobRow).where(JobRow.kind == DETECT, JobRow.state.in_(ACTIVE)).limit(1)
            job: JobRow | None = await session.scalar(jobs)
            channels = await session.scalar(select(func.count()).select_from(ChannelRow).where(ChannelRow.enabled))
        name, title = "detection", "Detection"
        ready = {worker.id for worker in await self._workers.seen() if worker.state == "ready"}
        if job is not None and job.state == "running" and job.worker in ready:
            problem = notes.get("problem:housekeeping")
            detail = f"Runs on worker {job.worker}, for {channels} channels."
            return [_unless_failed(Finding(name, title, "ok", detail), problem, self._clock())]
        if not channels:
            return [Finding(name, title, "off", "No channel is enabled.")]
        hint = "Start a worker: playhead serve has one. playhead workers says why it does not run."
        return [Finding(name, title, "failed", "No worker detects who is live.", hint)]

    async def _twitch(self, notes: Facts) -> Sequence[Finding]:
        if self._config is None or self._helix is None:
            return [
                Finding(
                    "application",
                    "Twitch application",
                    "off",
                    "Without an application, channels of Twitch are opened one by one to see whether they are live.",
                    "For events within seconds, register one at https://dev.twitch.tv/console/apps and set "
                    "PLAYHEAD_TWITCH_CLIENT_ID and PLAYHEAD_TWITCH_CLIENT_SECRET.",
                )
            ]
        try:
            found = await self._ask(self._config, self._helix, notes)
        except PlayheadError as error:
            found = [Finding("application", "Twitch application", "failed", error.detail, error.hint)]
        found += [*await self._webhook(self._config, notes), self._last_event(notes), self._poll(notes)]
        return found if await self._is_followed() else [_idle(finding) for finding in found]

    async def _is_followed(self) -> bool:
        """Whether a channel of Twitch is enabled."""
        enabled = select(ChannelRow.id).where(ChannelRow.enabled, ChannelRow.platform == "twitch").limit(1)
        async with self._database.read() as session:
            return await session.scalar(enabled) is not None

    async def _ask(self, config: TwitchConfig, helix: Helix, notes: Facts) -> list[Finding]:
        as_user = config.mode == "websocket"
        existing, cost, max_cost = await Subscriptions(helix, as_user=as_user).list()
        left = f"; {helix.rate.remaining} of {helix.rate.limit} requests are left" if helix.rate.limit else ""
        application = Finding("application", "Twitch application", "ok", f"Twitch accepts it{left}.")
        if config.mode == "poll":
            return [application, Finding("subscriptions", "Subscriptions", "off", "Twitch is polled alone.")]
        conduit_id = str(notes.get("conduit", {}).get("id", ""))
        ours = [
            each for each in existing if is_of(each.get("transport") or {}, config.mode, config.callback, conduit_id)
        ]
        subscriptions = _subscriptions(ours, notes.get("subscriptions", {}), cost, max_cost)
        found = [application, subscriptions]
        if config.mode == "conduit":
            found.append(await self._shard(helix, conduit_id))
        if config.mode in ("conduit", "websocket"):
            found.append(self._socket(notes))
        return found

    async def _shard(self, helix: Helix, conduit_id: str) -> Finding:
        name, title = "conduit", "Conduit"
        if not conduit_id:
            return Finding(
                name, title, "warning", "It was not created yet.", "It is when a channel of Twitch is enabled."
            )
        status = await Conduit(helix, self._notes).shard_status(conduit_id)
        if status == "enabled":
            return Finding(name, title, "ok", f"The shard of {conduit_id} is enabled.")
        hint = "The job assigns it to a new WebSocket by itself; the log event detection_failed says why it cannot."
        return Finding(name, title, "failed", f"The shard of {conduit_id} is {status}.", hint)

    def _socket(self, notes: Facts) -> Finding:
        note, problem = notes.get("socket"), notes.get("problem:events")
        if note is None and problem is None:
            return Finding("websocket", "WebSocket", "warning", "It was not opened yet.")
        opened = Finding("websocket", "WebSocket", "ok", "The last connection was opened.", at=_at(note))
        return _unless_failed(opened, problem, self._clock())

    async def _webhook(self, config: TwitchConfig, notes: Facts) -> list[Finding]:
        if config.mode != "webhook":
            return [Finding("callback", "Webhook", "off", f"Not used: events come by {config.mode}.")]
        challenge = notes.get("challenge")
        seen = (
            Finding("challenge", "Challenge", "ok", "Twitch verified the webhook.", at=_at(challenge))
            if challenge
            else Finding(
                "challenge",
                "Challenge",
                "warning",
                "Twitch has not called the webhook yet.",
                "It does so for each new subscription: see the webhook and the subscriptions here.",
            )
        )
        return [await _callback(config.callback), seen]

    def _last_event(self, notes: Facts) -> Finding:
        note = notes.get("event")
        if note is None:
            detail = "None has come yet: they come when a channel goes live or offline, or changes its title."
            return Finding("last_event", "Last event", "ok", detail)
        detail = f"{note.get('topic')} by {note.get('by')}."
        if note.get("type") == "revocation":
            return Finding("last_event", "Last event", "warning", f"Revoked: {note.get('status')}.", at=_at(note))
        return Finding("last_event", "Last event", "ok", detail, at=_at(note))

    def _poll(self, notes: Facts) -> Finding:
        note, problem = notes.get("poll"), notes.get("problem:poll")
        if note is None:
            waits = Finding("poll", "Polling of Twitch", "warning", "Twitch has not been asked yet.")
            return _unless_failed(waits, problem, self._clock())
        detail = f"{note.get('live')} of {note.get('channels')} channels are live."
        found = Finding("poll", "Polling of Twitch", "ok", detail, at=_at(note))
        if self._clock() - (_at(note) or self._clock()) > SILENT and note.get("channels"):
            found = replace(found, verdict="warning", detail=f"{detail} That was the last answer, some time ago.")
        return _unless_failed(found, problem, self._clock())

    async def _sources(self, notes: Facts) -> Sequence[Finding]:
        note, problem = notes.get("sources"), notes.get("problem:sources")
        if note is None and problem is None:
            return [Finding("sources", "Other sources", "off", "No channel of another site is enabled.")]
        async with self._database.read() as session:
            broken = await session.scalar(
                select(func.count())
                .select_from(ChannelRow)
                .where(ChannelRow.enabled, ChannelRow.error_code.is_not(None))
            )
        count = (note or {}).get("channels", 0)
        detail = "1 channel is checked." if count == 1 else f"{count} channels are checked one by one."
        found = Finding("sources", "Other sources", "ok", detail, at=_at(note))
        if broken:
            hint = "The list of channels shows the error of each."
            found = replace(found, verdict="warning", detail=f"{detail} {broken} cannot be read.", hint=hint)
        return [_unless_failed(found, problem, self._clock())]

    async def _versions(self) -> Sequence[Finding]:
        return [await self._version("streamlink"), await self._version("yt-dlp")]

    async def _version(self, name: str) -> Finding:
        try:
            program = self._tools.find_streamlink() if name == "streamlink" else self._tools.find_yt_dlp()
        except ToolMissing as error:
            return Finding(name, name, "failed", error.detail, error.hint)
        if program is None:
            return Finding(name, name, "off", "Not installed.", "It opens pages that streamlink does not know.")
        try:
            output = await self._tools.run(name, [str(program), "--version"])
        except PlayheadError as error:
            return Finding(name, name, "warning", error.detail, error.hint)
        words = output.text.split()
        return Finding(name, name, "ok", f"Version {words[-1] if words else 'unknown'}; sites change, so keep it new.")


async def _callback(callback: str | None) -> Finding:
    name, title = "callback", "Webhook"
    if callback is None:
        hint = "Set PLAYHEAD_PUBLIC_URL, or PLAYHEAD_TWITCH_DETECTION=conduit, which needs none."
        return Finding(name, title, "failed", "The public URL of this server is not set.", hint)
    if not fits_twitch(callback):
        hint = "Put a proxy with a certificate in front, or use a conduit."
        return Finding(name, title, "failed", f"Twitch calls https on port 443 alone, not {callback}.", hint)
    problem = await reach(callback)
    if problem is None:
        return Finding(name, title, "ok", f"{callback} leads here and refuses what Twitch has not signed.")
    hint = "Twitch comes from the internet, by IPv4, and follows no redirects: check DNS, proxy and firewall."
    return Finding(name, title, "failed", f"{callback}: {problem}", hint)


def _subscriptions(ours: Sequence[dict[str, Any]], note: dict[str, Any], cost: int, max_cost: int) -> Finding:
    statuses = Counter(str(each.get("status")) for each in ours)
    words = ", ".join(f"{count} {status}" for status, count in sorted(statuses.items())) or "none"
    detail = f"{words}; cost {cost:,} of {max_cost:,}."
    name, title = "subscriptions", "Subscriptions"
    problems = note.get("problems") or []
    if problems:
        return Finding(name, title, "warning", f"{detail} {' '.join(problems[:3])}")
    if statuses["enabled"] < int(note.get("wanted") or 0) or set(statuses) - {"enabled"}:
        hint = "Those that are not enabled are created again within ten minutes."
        return Finding(name, title, "warning", f"{detail} {note.get('wanted')} are wanted.", hint)
    if not ours:
        return Finding(name, title, "warning", detail, "They are created when a channel of Twitch is enabled.")
    return Finding(name, title, "ok", detail)


def _idle(finding: Finding) -> Finding:
    """A finding while no channel of Twitch is enabled: what does not exist then is not missing."""
    if finding.verdict == "ok" or finding.name not in _OF_CHANNELS:
        return finding
    return replace(finding, verdict="off", detail="No channel of Twitch is enabled.", hint=None)


def _unless_failed(found: Finding, problem: dict[str, Any] | None, now: datetime) -> Finding:
    """The finding, or the problem that was noted after it."""
    failed_at = _at(problem)
    if (
        problem is None
        or failed_at is None
        or now - failed_at > SILENT
        or (found.at is not None and failed_at < found.at)
    ):
        return found
    detail, hint = str(problem.get("detail")), problem.get("hint")
    return replace(found, verdict="failed", detail=detail, hint=hint, at=failed_at)


def _at(note: dict[str, Any] | None) -> datetime | None:
    return datetime.fromisoformat(note["at"]) if note else None
