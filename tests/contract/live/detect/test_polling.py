"""Polling, as the only way and beside events."""

from playhead.live.detect.polling import SourcePoller, TwitchPoller
from playhead.live.detect.watched import Watched
from playhead.live.errors import Offline, SiteBroken
from playhead.live.fakes.platform import Twitch
from playhead.live.sites import Offer
from playhead.live.tables import ChannelRow
from tests.fixtures.detecting import Detecting, at
from tests.fixtures.fake_twitch import helix_of


async def test_what_twitch_lists_is_recorded_and_ends_after_two_polls_without_it(
    detecting: Detecting, twitch: Twitch
) -> None:
    """The login of a new channel is looked up first."""
    await detecting.channel("alice", None)
    await detecting.channel("nobody", None)
    watched = Watched(await detecting.all(ChannelRow))
    stream = await twitch.go_live("alice", title="Hello")
    async with helix_of(twitch) as helix:
        poller = TwitchPoller(detecting.database, detecting.broadcasts, helix, detecting.notes, detecting.clock)
        await poller.poll(watched)
        assert [row.title for row in await detecting.recorded()] == ["Hello"]
        channels = await detecting.all(ChannelRow)
        assert [(row.platform_id, row.live_state, row.error_code) for row in channels] == [
            ("1000", "live", None),
            (None, "unknown", "twitch_user_unknown"),
        ]
        await twitch.go_offline("alice", notify=False)
        detecting.clock.minute = 500_000  # the fake's clock is the real one
        await poller.poll(watched)
        assert (await detecting.rows())[0].offline_at is None
        detecting.clock.minute += 1
        await poller.poll(watched)
    row = (await detecting.rows())[0]

    assert (row.platform_stream_id, row.detected_by, row.offline_at) == (stream.id, "poll", at(500_000))
    assert (await detecting.notes.read())["poll"]["channels"] == 1


async def test_a_stream_that_twitch_does_not_list_yet_goes_on(here: Detecting, twitch: Twitch) -> None:
    """The event comes first; the list lags behind, and gives title and category later."""
    channel = await here.channel()
    watched = Watched(await here.all(ChannelRow))
    twitch.lag = True
    stream = await twitch.go_live("alice", title="Hello")
    await here.live(channel, stream.id, 0)
    async with helix_of(twitch) as helix:
        poller = TwitchPoller(here.database, here.broadcasts, helix, here.notes, here.clock)
        for minute in (0.2, 0.4, 0.6):
            here.clock.minute = minute
            await poller.poll(watched)
        assert (await here.rows())[0].offline_at is None
        twitch.lag = False
        await poller.poll(watched)

    assert [(row.title, row.offline_at) for row in await here.rows()] == [("Hello", None)]


async def test_other_sources_are_checked_one_by_one_with_backoff(here: Detecting) -> None:
    """An error is the channel's; what is being received is not asked."""
    channel = await here.channel(platform="site", url="https://example.org/live", platform_id=None)
    answers: list[Offer | Exception] = [SiteBroken("It changed."), Offline("Not live."), Offer(by="x", qualities={})]
    asked = 0

    async def look(row: ChannelRow) -> Offer:
        nonlocal asked
        asked += 1
        answer = answers[min(asked, len(answers)) - 1]
        if isinstance(answer, Exception):
            raise answer
        return answer

    now = 0.0
    poller = SourcePoller(
        here.database,
        here.broadcasts,
        here.notes,
        look,
        also_twitch=False,
        clock=here.clock,
        ticks=lambda: now,
    )
    channels = await here.all(ChannelRow)
    states = []
    for later in (0, 80, 60, 80, 80):
        now += later
        await poller.check_due(channels, 60)
        row = await here.one_channel()
        states.append((asked, row.live_state, row.error_code))
        await here.set_recordings(health="receiving")

    assert states == [
        (1, "unknown", "site_broken"),
        (1, "unknown", "site_broken"),  # twice the interval after a failure
        (2, "offline", None),
        (3, "live", None),
        (3, "live", None),  # it is received
    ]
    assert [row.channel_id for row in await here.recorded()] == [channel]


async def test_a_source_that_nobody_can_read_keeps_no_other_from_being_checked(here: Detecting) -> None:
    """A tool that answers as no one expects is an error of that channel."""
    for name in ("Odd", "Even"):
        await here.channel(name, platform="site", url=f"https://example.org/{name}", platform_id=None)

    async def look(row: ChannelRow) -> Offer:
        if row.name == "Odd":
            raise KeyError("formats")
        return Offer(by="x", qualities={})

    poller = SourcePoller(here.database, here.broadcasts, here.notes, look, also_twitch=False, clock=here.clock)
    await poller.check_due(await here.all(ChannelRow), 60)

    states = {row.name: (row.live_state, row.error_code) for row in await here.all(ChannelRow)}
    assert states == {"Odd": ("unknown", "site_broken"), "Even": ("live", None)}
