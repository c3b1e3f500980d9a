"""What detection adds to a process."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from playhead.db.database import Database
from playhead.jobs.client import Jobs
from playhead.jobs.kinds import JobKinds
from playhead.jobs.workers import WorkerRegistry
from playhead.live.detect.broadcasts import Broadcasts
from playhead.live.detect.config import TwitchConfig, eventsub_secret, twitch_config
from playhead.live.detect.decision import Decision
from playhead.live.detect.detection import Detection, DetectJob, Loop
from playhead.live.detect.doctor import Doctor
from playhead.live.detect.eventsub import Events
from playhead.live.detect.helix import Helix
from playhead.live.detect.notes import Notes
from playhead.live.detect.watched import Watched
from playhead.live.detect.webhook import Webhook
from playhead.live.recordings import Recordings
from playhead.live.sites import Offer, look
from playhead.live.tables import ChannelRow
from playhead.live.tools import SiteTools
from playhead.services import Services, Sweep
from playhead.settings import Settings

if TYPE_CHECKING:
    from playhead.live.detect.feeds import Feed

LOOK_S = 60.0
"""Between two looks for a channel of Twitch, should nothing say that one came."""


def register(services: Services, settings: Settings) -> None:
    """Add detection: broadcasts, events of Twitch, polling, and the job that runs them."""
    get = services.get
    decision = Decision(settings.twitch_source_url)
    services.add(Broadcasts, lambda: Broadcasts(get(Database), get(Recordings), decision, grace=settings.live_grace))
    services.add(Notes, lambda: Notes(get(Database)))
    services.add(Events, lambda: Events(get(Database), get(Broadcasts), get(Notes)))
    services.add(Webhook, lambda: Webhook(get(Events), get(Notes), lambda: _secret(settings)))
    services.add(Detection, lambda: Detection(get(Database), get(Jobs)))
    services.add(
        DetectJob,
        lambda: DetectJob(
            get(Database), get(Jobs), get(Broadcasts), get(Events), get(Notes), lambda: _loops(services, settings)
        ),
    )
    if (config := twitch_config(settings)) is not None:
        services.add(Helix, lambda: helix_of(config), close=Helix.close)
    services.add(Doctor, lambda: _doctor(services, settings))
    services.sweeps += [
        Sweep("detection", lambda: get(Detection).ensure()),
        Sweep("broadcasts", lambda: get(Broadcasts).settle()),
    ]
    services.complete.append(lambda: get(JobKinds).register(get(DetectJob).kind()))


def helix_of(config: TwitchConfig) -> Helix:
    """The client of an application."""
    return Helix(
        config.client_id,
        config.client_secret,
        api_url=config.api_url,
        id_url=config.id_url,
        user_token=config.user_token,
    )


def _doctor(services: Services, settings: Settings) -> Doctor:
    get, config = services.get, twitch_config(settings)
    return Doctor(
        get(Database), get(Notes), get(WorkerRegistry), get(SiteTools), config, get(Helix) if config else None
    )


def _secret(settings: Settings) -> str | None:
    return eventsub_secret(settings) if settings.twitch_client_id else None


def _loops(services: Services, settings: Settings) -> Mapping[str, Loop]:
    """The loops of the job: pollers, and the feed of events where there is an application at Twitch."""
    from playhead.live.detect.polling import SourcePoller, TwitchPoller

    get, config = services.get, twitch_config(settings)
    tools, source_s = get(SiteTools), settings.source_poll_interval.total_seconds()
    decision = Decision(settings.twitch_source_url)

    async def look_at(channel: ChannelRow) -> Offer:
        return await look(decision.source_of(channel), tools)

    async def sources(watched: Watched) -> None:
        await SourcePoller(get(Database), get(Broadcasts), get(Notes), look_at, also_twitch=config is None).run(
            watched, source_s
        )

    if config is None:
        return {"sources": sources}

    async def poll(watched: Watched) -> None:
        poller = TwitchPoller(get(Database), get(Broadcasts), get(Helix), get(Notes))
        await poller.run(watched, settings.twitch_poll_interval.total_seconds())

    async def events(watched: Watched) -> None:
        while not watched.user_ids:  # nothing is opened at Twitch for channels of other sites
            await watched.wait(LOOK_S)
        await _feed(services, settings, config).run(watched)

    return {"sources": sources, "poll": poll} | ({} if config.mode == "poll" else {"events": events})


def _feed(services: Services, settings: Settings, config: TwitchConfig) -> "Feed":
    from playhead.live.detect.feeds import ConduitFeed, FeedNotSetUp, SocketFeed, WebhookFeed

    get = services.get
    if config.mode == "webhook":
        if config.callback is None:
            raise FeedNotSetUp("Twitch cannot call the webhook: this server has no public URL.", "PLAYHEAD_PUBLIC_URL")
        return WebhookFeed(get(Helix), get(Notes), callback=config.callback, secret=eventsub_secret(settings))
    if config.mode == "websocket" and config.user_token is None:
        raise FeedNotSetUp("A plain WebSocket needs a user token.", "PLAYHEAD_TWITCH_WEBSOCKET_TOKEN")
    kind = ConduitFeed if config.mode == "conduit" else SocketFeed
    return kind(get(Helix), get(Events), get(Notes), url=config.eventsub_url)
