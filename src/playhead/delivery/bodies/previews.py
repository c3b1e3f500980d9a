"""Previews of projects: playlists over spans of their videos; nothing is rendered and nothing is stored."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from playhead.access.grant import Grant
from playhead.delivery.bodies.body import Body
from playhead.delivery.bodies.hls import INDEX_FRESH_S, PLAYLIST
from playhead.delivery.bodies.project_versions import ProjectClip, ProjectVersion, ProjectVersions
from playhead.delivery.bodies.streams import Served, Streams
from playhead.delivery.errors import HlsNotAvailable, MediaNotFound
from playhead.delivery.links.signature import SignedLinks, SignedQuery, Verified, links_revoked
from playhead.delivery.links.target import INDEX, SPAN, ClipSpan, Target
from playhead.errors import Conflict
from playhead.media.hls.playlist import AudioRendition, SegmentList, Variant, media_playlist, multivariant_playlist
from playhead.media.hls.stream import segment_list, variant_of
from playhead.reels.clips import first_of
from playhead.reels.errors import ProjectEmpty, ProjectNotFound

PARALLEL = 8
"""Clips that are opened at the same time: their indexes may have to come from a remote store."""


@dataclass(frozen=True, slots=True)
class PlayableClip:
    """A clip of a preview, and the stream of its span."""

    clip: ProjectClip
    span: ClipSpan
    served: Served

    @property
    def audio_problem(self) -> str | None:
        """What differs from the audio of the stitched reel; None if nothing does."""
        stream = self.served.stream
        if not stream.left_out:
            return None
        if stream.audio is None or stream.audio.track < 0:
            return f"its sound is left out: {stream.left_out}"
        return f"another of its audio tracks is played: {stream.left_out}"


class Previews:
    """Plays projects that are not stitched yet."""

    def __init__(self, projects: ProjectVersions, streams: Streams, links: SignedLinks) -> None:
        self._projects, self._streams, self._links = projects, streams, links

    async def find(self, project_id: str) -> ProjectVersion:
        """Return the current version of a project.

        Raises:
            ProjectNotFound: there is none.
        """
        project = await self._projects.find(project_id)
        if project is None:
            raise ProjectNotFound(project_id)
        return project

    async def body(self, target: Target, link: Verified, query: SignedQuery) -> Body:
        """The playlist that a target of kind ``reel`` names.

        Raises:
            ProjectNotFound, Conflict: the project is gone, or at another version.
            SignatureRevoked: the links of one of its videos were revoked.
            Conflict: the video of a clip is gone or cannot be played this way.
        """
        project = await self.find(target.subject)
        if target.name != str(project.version):
            raise Conflict(
                f"Project {project.id} is at version {project.version}; this preview is of version {target.name}.",
                hint="Ask for a new preview.",
                code="preview_changed",
                title="Preview is out of date",
            )
        if link.grant.generation != project.generation:
            raise links_revoked()
        clips = await self.clips(project)
        text = _index(clips, target, query) if target.track == INDEX else self._media_list(clips, target, int(query.e))
        # not immutable: the video of a clip may be given another audio track
        return Body.of_text(text, PLAYLIST, project.updated_at, fresh_s=INDEX_FRESH_S)

    async def clips(self, project: ProjectVersion) -> list[PlayableClip]:
        """Return the clips of a project, ready to play.

        Raises:
            ProjectEmpty: there are none.
            Conflict: some cannot be played; the error names all of them.
        """
        if not project.clips:
            raise ProjectEmpty("The project has no clips.", hint="Add one, then play it.")
        slots, last = asyncio.Semaphore(PARALLEL), len(project.clips) - 1
        found = await asyncio.gather(
            *(self._playable(clip, slots, followed=at < last) for at, clip in enumerate(project.clips))
        )
        problems: list[dict[str, Any]] = [
            {"clip_id": clip.id, "position": at + 1, "message": each}
            for at, (clip, each) in enumerate(zip(project.clips, found, strict=True))
            if isinstance(each, str)
        ]
        if problems:
            raise Conflict(
                first_of(problems),
                hint="Play the clips one after the other, or stitch the project.",
                code="preview_not_available",
                title="Preview not available",
                extra={"clips": problems},
            )
        return [each for each in found if isinstance(each, PlayableClip)]

    async def _playable(self, clip: ProjectClip, slots: asyncio.Semaphore, *, followed: bool) -> PlayableClip | str:
        """A clip with its stream, or the reason why it has none."""
        if clip.problem:
            return clip.problem
        async with slots:
            try:
                span, served = await self._streams.best_span(
                    clip.video_id, clip.start_us, clip.end_us, followed=followed
                )
            except HlsNotAvailable as error:
                return error.reason
            except MediaNotFound:
                return "its video is gone"
        return PlayableClip(clip, span, served)

    def _media_list(self, clips: Sequence[PlayableClip], target: Target, expires: int) -> str:
        """A playlist of one track, each span signed on its own until the preview's link expires."""
        stretches: list[SegmentList] = []
        for each in clips:
            served = each.served
            stream = served.stream.video if target.track == "video" else served.stream.audio
            if stream is None:
                raise MediaNotFound("This preview has no sound.")
            span = Target(SPAN, each.clip.video_id, name=each.span.name)
            query = self._links.query(span, expires, grant=Grant(each.clip.link_generation)).text
            track = "video" if target.track == "video" else served.audio
            stretches.append(segment_list(stream, f"../{span.subject}/{span.name}-{track}", query))
        return media_playlist(stretches, start_s=clips[0].served.stream.video.first_s)


def _index(clips: Sequence[PlayableClip], target: Target, query: SignedQuery) -> str:
    """A multivariant playlist with one variant, which demands as much as the most demanding clip."""
    streams = [clip.served.stream for clip in clips]
    each = [variant_of(stream.video, stream.codecs, stream.audio, "") for stream in streams]
    total_s = sum(stream.video.bounds_s[-1] for stream in streams)
    bits = sum(a.average_bps * stream.video.bounds_s[-1] for a, stream in zip(each, streams, strict=True))
    largest = max(each, key=lambda variant: variant.width * variant.height)
    video_codec = max((stream.codecs[0] for stream in streams), key=_demand)
    variant = Variant(
        uri=replace(target, track="video").file_name + query.text,
        peak_bps=max(one.peak_bps for one in each),
        average_bps=round(bits / total_s),
        codecs=",".join((video_codec, *streams[0].codecs[1:])),
        width=largest.width,
        height=largest.height,
        fps=max(one.fps for one in each),
    )
    audio_uri = replace(target, track="audio").file_name + query.text
    channels = max(stream.channels for stream in streams)
    return multivariant_playlist([variant], [AudioRendition(audio_uri, channels=channels)])


def _demand(codec: str) -> tuple[str, str]:
    """H.264 by level, then by profile: ``avc1.PPCCLL``."""
    return codec[-2:], codec[-6:-4]
