"""``/channels``: sources that are followed."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response, status

from playhead.access.dependencies import requires
from playhead.access.idempotent_route import IdempotentRoute
from playhead.access.principals import Principal
from playhead.api.if_match import IfMatch, read_if_match
from playhead.api.paging import Cursor, Limit
from playhead.api.problems import problem_responses
from playhead.api.services import Needs
from playhead.db.database import Database
from playhead.errors import PreconditionRequired
from playhead.kit.clock import utc_now
from playhead.kit.text import one_line
from playhead.live.channels import ChannelQuery, Channels
from playhead.live.detect.detection import Detection
from playhead.live.errors import ChannelVersionMismatch
from playhead.live.importing import import_channels
from playhead.live.listing import History
from playhead.live.shapes import (
    BroadcastPage,
    Channel,
    ChannelChanges,
    ChannelInput,
    ChannelPage,
    ChannelTest,
    ImportInput,
    ImportReport,
    RecordingList,
    StartInput,
)
from playhead.live.starts import Starts
from playhead.live.tables import ChannelRow
from playhead.live.testing import ChannelTests
from playhead.live.views import channel_resources, recording_resource

router = APIRouter(prefix="/channels", tags=["live"], route_class=IdempotentRoute)

Reader = Annotated[Principal, Depends(requires("channels:read"))]
Writer = Annotated[Principal, Depends(requires("channels:write"))]


@router.get("", response_model=ChannelPage, responses=problem_responses(400, 401, 403))
async def list_channels(
    principal: Reader,
    channels: Needs[Channels],
    database: Needs[Database],
    search: Annotated[str | None, Query(max_length=200, description="Part of a name, or of a page's address.")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> ChannelPage:
    """List your channels: live and recorded ones first, then by name."""
    words = one_line(search) if search else None
    page = await channels.page(ChannelQuery(principal.user_id, words, limit, cursor))
    async with database.read() as session:
        items = await channel_resources(session, page.items, utc_now())
    return ChannelPage(items=items, next_cursor=page.next_cursor)


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    response_model=Channel,
    responses=problem_responses(400, 401, 403, 409),
)
async def add_channel(
    wanted: ChannelInput,
    response: Response,
    principal: Writer,
    channels: Needs[Channels],
    database: Needs[Database],
    detection: Needs[Detection],
) -> Channel:
    """Add a channel."""
    row = await channels.add(principal, wanted)
    await detection.ensure()
    response.headers["Location"] = f"/api/v1/channels/{row.id}"
    return await _described(database, row, response)


@router.post("/import", response_model=ImportReport, responses=problem_responses(400, 401, 403))
async def add_channels(
    wanted: ImportInput, principal: Writer, channels: Needs[Channels], detection: Needs[Detection]
) -> ImportReport:
    """Add the channels of a list. Each line stands for itself: what one is refused for leaves the others alone."""
    report = await import_channels(channels, principal, wanted.text)
    await detection.ensure()
    return report


@router.get("/{channel_id}", response_model=Channel, responses=problem_responses(401, 403, 404))
async def get_channel(
    channel_id: str, response: Response, principal: Reader, channels: Needs[Channels], database: Needs[Database]
) -> Channel:
    """Read one channel."""
    return await _described(database, await channels.get(principal, channel_id), response)


@router.patch("/{channel_id}", response_model=Channel, responses=problem_responses(400, 401, 403, 404, 409, 412, 428))
async def change_channel(
    channel_id: str,
    changes: ChannelChanges,
    response: Response,
    principal: Writer,
    channels: Needs[Channels],
    database: Needs[Database],
    detection: Needs[Detection],
    if_match: IfMatch = None,
) -> Channel:
    """Change settings of a channel; a running recording keeps those it was started with."""
    try:
        row = await channels.change(principal, channel_id, changes, _version(if_match))
    except ChannelVersionMismatch as error:
        current = await _described(database, await channels.get(principal, channel_id), response)
        error.extra = {"current": current.model_dump(mode="json")}
        raise
    await detection.ensure()
    return await _described(database, row, response)


@router.delete("/{channel_id}", status_code=status.HTTP_204_NO_CONTENT, responses=problem_responses(401, 403, 404, 409))
async def remove_channel(
    channel_id: str,
    principal: Writer,
    channels: Needs[Channels],
    force: Annotated[bool, Query(description="Stop what records; it becomes a video as ever.")] = False,
) -> None:
    """Remove a channel with its history. Its recordings and videos stay."""
    await channels.remove(principal, channel_id, force=force)


@router.post("/{channel_id}/recording/start", response_model=RecordingList, responses=problem_responses(401, 403, 404))
async def start_recording(
    channel_id: str, principal: Writer, starts: Needs[Starts], wanted: StartInput | None = None
) -> RecordingList:
    """Record a channel now, whatever its filters and schedule say. What records already goes on."""
    rows = await starts.start(principal, channel_id, wanted.quality if wanted else None)
    return RecordingList(items=[recording_resource(row) for row in rows])


@router.post("/{channel_id}/recording/stop", response_model=RecordingList, responses=problem_responses(401, 403, 404))
async def stop_channel_recording(channel_id: str, principal: Writer, starts: Needs[Starts]) -> RecordingList:
    """Stop all recordings of a channel; they become videos."""
    rows = await starts.stop(principal, channel_id)
    return RecordingList(items=[recording_resource(row) for row in rows])


@router.post("/{channel_id}/test", response_model=ChannelTest, responses=problem_responses(401, 403, 404))
async def test_channel(channel_id: str, principal: Writer, tests: Needs[ChannelTests]) -> ChannelTest:
    """Find out what would be recorded now, by receiving a second of it. Nothing is started."""
    return await tests.test(principal, channel_id)


@router.get("/{channel_id}/broadcasts", response_model=BroadcastPage, responses=problem_responses(400, 401, 403, 404))
async def list_broadcasts(
    channel_id: str, principal: Reader, history: Needs[History], limit: Limit = 50, cursor: Cursor = None
) -> BroadcastPage:
    """List a channel's broadcasts with their recordings, the newest first."""
    page = await history.broadcasts(principal, channel_id, limit, cursor)
    return BroadcastPage(items=list(page.items), next_cursor=page.next_cursor)


async def _described(database: Database, row: ChannelRow, response: Response) -> Channel:
    response.headers["ETag"] = f'"{row.version}"'
    async with database.read() as session:
        return (await channel_resources(session, [row], utc_now()))[0]


def _version(if_match: str | None) -> int:
    version = read_if_match(if_match)
    if version is None:
        raise PreconditionRequired(
            "Changing a channel needs the version that it is made on.", hint='Send If-Match with its ETag, such as "3".'
        )
    return version
