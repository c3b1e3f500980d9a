"""A project played before it is stitched: playlists over spans of its videos, nothing rendered and nothing stored."""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, cast

from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import BaseModel, Field

from playhead.access.dependencies import GuardedRoute, requires
from playhead.access.principals import Principal
from playhead.api.addresses import address_of
from playhead.api.problems import problem_responses
from playhead.api.services import service
from playhead.delivery.caching import caching
from playhead.delivery.edits import Edit, EditClip, Edits
from playhead.delivery.errors import HlsNotAvailable, MediaNotFound, PreviewChanged, PreviewNotAvailable
from playhead.delivery.grants import Grant
from playhead.delivery.hls import INDEX_FRESH_S, answer_text
from playhead.delivery.links import SignedLinks, links_ended
from playhead.delivery.playback import MAX_TTL_S, MIN_TTL_S, PlaybackUrl, PlaybackUrls
from playhead.delivery.streams import Cut, Served, Streams
from playhead.kit.clock import rfc3339
from playhead.media.hls.playlist import Stretch, Variant, media_playlist, multivariant_playlist
from playhead.media.hls.stream import Stream, stretch_of, variant_of
from playhead.reels.errors import ProjectEmpty, ProjectNotFound

api_router = APIRouter(tags=["projects"], route_class=GuardedRoute)
"""Under ``/api/v1``."""

Reader = Annotated[Principal, Depends(requires("projects:read"))]
ListName = Literal["", "video", "audio"]

PARALLEL = 8
"""Clips that are looked at side by side: their indexes may have to come from a remote store."""

_LIST = re.compile(r"reel-([0-9]{1,9})(?:-(video|audio))?\.m3u8", re.ASCII)


class PreviewRequest(BaseModel):
    """How long the link lives."""

    model_config = {"extra": "forbid"}

    ttl_s: int | None = Field(
        default=None, ge=MIN_TTL_S, le=MAX_TTL_S, description="Seconds; null for this server's default."
    )


class PreviewProblem(BaseModel):
    """What is otherwise in the preview than in the stitched reel."""

    clip_id: str
    message: str = Field(description="Goes on from the name of the clip: `its sound is left out: ...`.")


class Preview(BaseModel):
    """A signed link to one version of a project as HLS; whoever holds it may play it until it expires."""

    url: str = Field(description="Absolute: by the server's public address, or the host that this request named.")
    path: str = Field(description="The same, relative to the server's root.")
    expires_at: str = Field(description="RFC 3339, UTC.")
    version: int = Field(description="Of the project; after a change the link answers 409.")
    duration_s: float
    problems: list[PreviewProblem]


@dataclass(frozen=True, slots=True)
class ReelList:
    """Which playlist of a preview a URL names; the empty name is the multivariant one."""

    version: int
    name: ListName


@dataclass(frozen=True, slots=True)
class _Shown:
    clip: EditClip
    cut: Cut
    served: Served


@api_router.post(
    "/projects/{project_id}/preview",
    summary="Make a signed link to a preview",
    responses=problem_responses(400, 401, 403, 404, 409, 503),
)
async def preview_project(
    request: Request,
    response: Response,
    project_id: Annotated[str, Path(max_length=64)],
    principal: Reader,
    wanted: PreviewRequest | None = None,
) -> Preview:
    """Play a project at once, without a stitch. 409 `preview_not_available` names the clips that have to be stitched
    first, such as those that are no H.264."""
    edit = await _edits(request).edit(project_id)
    if edit is None or not (edit.owner_id == principal.user_id or principal.is_admin):
        raise ProjectNotFound(project_id)
    shown = await _shown(service(request, Streams), edit)
    ttl_s = wanted.ttl_s if wanted else None
    link = _playback(request).reel(edit.id, edit.version, ttl_s=ttl_s, grant=Grant(edit.generation))
    response.headers["Cache-Control"] = "no-store"
    problems = [
        PreviewProblem(clip_id=clip.clip.id, message=_sound_problem(clip.served.stream))
        for clip in shown
        if clip.served.stream.left_out
    ]
    return Preview(
        url=absolute(request, link),
        path=link.path,
        expires_at=rfc3339(link.expires_at),
        version=edit.version,
        duration_s=round(float(sum(clip.served.stream.picture.bounds_s[-1] for clip in shown)), 3),
        problems=problems,
    )


def _sound_problem(stream: Stream) -> str:
    if stream.sound is None or stream.sound.track < 0:
        return f"its sound is left out: {stream.left_out}"
    return f"another of its audio tracks is played: {stream.left_out}"


def reel_list_of(name: str) -> ReelList | None:
    """Read the last segment of a URL; None when it is no playlist of a preview."""
    match = _LIST.fullmatch(name)
    return ReelList(int(match[1]), cast(ListName, match[2] or "")) if match else None


async def answer_reel(request: Request, project_id: str, wanted: ReelList, *, e: str, k: str, s: str) -> Response:
    """Answer a GET or HEAD for a playlist of a preview.

    Raises:
        SignatureInvalid, SignatureExpired: the query does not fit.
        SignatureRevoked: the links of one of its videos were ended.
        PreviewChanged: the project is at another version.
        PreviewNotAvailable: a clip's video is gone or cannot be played this way.
    """
    signed = service(request, SignedLinks).signed("reel", project_id, e=e, k=k, s=s, name=str(wanted.version))
    edit = await _edits(request).edit(project_id)
    if edit is None:
        raise ProjectNotFound(project_id)
    if edit.version != wanted.version:
        raise PreviewChanged(project_id, wanted.version, edit.version)
    if signed.grant.generation != edit.generation:
        raise links_ended()
    shown = await _shown(service(request, Streams), edit)
    if wanted.name:
        text = _media_list(_playback(request), shown, wanted.name, int(e))
    else:
        text = _index(shown, f"reel-{wanted.version}", f"?e={e}&k={k}&s={s}")
    cache = caching(request).fresh(signed.life_s, INDEX_FRESH_S)  # a clip's video may be given another audio track
    return await answer_text(request, project_id, "reel", text, modified=edit, cache_control=cache)


def absolute(request: Request, link: PlaybackUrl) -> str:
    """A link by the server's public address, or by the host that a request named."""
    return address_of(request) + link.path


async def _shown(streams: Streams, edit: Edit) -> list[_Shown]:
    """Every clip as a stream.

    Raises:
        ProjectEmpty: there are no clips.
        PreviewNotAvailable: one has no stream; all such are named.
    """
    if not edit.clips:
        raise ProjectEmpty("The project has no clips.", hint="Add one, then play it.")
    slots = asyncio.Semaphore(PARALLEL)

    async def look(clip: EditClip, *, followed: bool) -> _Shown | str:
        if clip.problem:
            return clip.problem
        async with slots:
            try:
                cut, served = await streams.best_cut(clip.video_id, clip.start_us, clip.end_us, followed=followed)
            except HlsNotAvailable as error:
                return error.reason
            except MediaNotFound:
                return "its video is gone"
        return _Shown(clip, cut, served)

    last = len(edit.clips) - 1
    found = await asyncio.gather(*(look(clip, followed=at < last) for at, clip in enumerate(edit.clips)))
    problems: list[dict[str, Any]] = [
        {"clip_id": clip.id, "position": at + 1, "message": each}
        for at, (clip, each) in enumerate(zip(edit.clips, found, strict=True))
        if isinstance(each, str)
    ]
    if problems:
        raise PreviewNotAvailable(problems)
    return [each for each in found if isinstance(each, _Shown)]


def _media_list(playback: PlaybackUrls, shown: Sequence[_Shown], name: ListName, expires: int) -> str:
    stretches: list[Stretch] = []
    for clip in shown:
        served = clip.served
        stream = served.stream.picture if name == "video" else served.stream.sound
        if stream is None:
            raise MediaNotFound("This preview has no sound.")
        grant = Grant(clip.clip.link_generation)
        query = playback.cut(clip.clip.video_id, clip.cut.name, expires, grant=grant)
        piece = f"{clip.cut.name}-{name if name == 'video' else served.audio}"
        stretches.append(stretch_of(stream, f"../{clip.clip.video_id}/{piece}", query))
    return media_playlist(stretches, start_s=shown[0].served.stream.picture.first_s)


def _index(shown: Sequence[_Shown], name: str, query: str) -> str:
    """One variant, which asks for as much as the most demanding clip."""
    streams = [clip.served.stream for clip in shown]
    each = [variant_of(stream.picture, stream.codecs, stream.sound, "") for stream in streams]
    total_s = sum(stream.picture.bounds_s[-1] for stream in streams)
    bits = sum(a.average_bps * stream.picture.bounds_s[-1] for a, stream in zip(each, streams, strict=True))
    largest = max(each, key=lambda variant: variant.width * variant.height)
    pictures = max((stream.codecs[0] for stream in streams), key=_demand)
    variant = Variant(
        uri=f"{name}-video.m3u8{query}",
        peak_bps=max(one.peak_bps for one in each),
        average_bps=round(bits / total_s),
        codecs=",".join((pictures, *streams[0].codecs[1:])),
        width=largest.width,
        height=largest.height,
        fps=max(one.fps for one in each),
    )
    return multivariant_playlist([variant], f"{name}-audio.m3u8{query}", max(stream.channels for stream in streams))


def _demand(codec: str) -> tuple[str, str]:
    """H.264 by level, then by profile: ``avc1.PPCCLL``."""
    return codec[-2:], codec[-6:-4]


def _edits(request: Request) -> Edits:
    return service(request, Edits)


def _playback(request: Request) -> PlaybackUrls:
    return service(request, PlaybackUrls)
