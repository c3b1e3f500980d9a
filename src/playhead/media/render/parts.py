"""Files of a merge: the sources of the clips, and the pieces that were rendered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from playhead.errors import PlayheadError
from playhead.media.errors import VerifyFailed
from playhead.media.render.plan import StitchPlan
from playhead.media.render.tasks import RenderTask


class PartUnfit(PlayheadError):
    """A rendered piece is missing, cannot be read, or is not what the plan asks for."""

    code = "part_unfit"
    title = "A rendered piece does not fit the reel"
    retry = "backoff"


class BadJoin(VerifyFailed):
    """Copied packets do not decode after what stands before them; encoding their clips helps.

    Args:
        clip_ids: Of the copied clips in question.
    """

    code = "bad_join"
    title = "A copied clip does not join cleanly"

    def __init__(self, detail: str, clip_ids: frozenset[str]) -> None:
        super().__init__(detail)
        self.clip_ids = clip_ids


@dataclass(frozen=True, slots=True)
class MergeParts:
    """Files of one plan.

    Attributes:
        sources: For each clip its video; None where nothing of it is copied.
        video_pieces: By clip and piece index: the MP4 of every encoded piece.
        audio_pieces: By clip index: the M4A of every encoded audio, whose first packet is priming.
        track: The M4A of the whole reel's audio where that is encoded at once; its first packet is priming too.
    """

    sources: Sequence[Path | None]
    video_pieces: Mapping[tuple[int, int], Path] = field(default_factory=dict)
    audio_pieces: Mapping[int, Path] = field(default_factory=dict)
    track: Path | None = None

    @classmethod
    def of(
        cls,
        plan: StitchPlan,
        tasks: Mapping[str, RenderTask],
        sources: Mapping[str, Path],
        pieces: Mapping[str, Path],
    ) -> Self:
        """Files of a plan.

        Args:
            tasks: All that render something, by name.
            sources: Videos of which something is copied, by id.
            pieces: Rendered pieces by the name of their task.
        """
        made = {(tasks[name].kind, tasks[name].clip, tasks[name].piece): path for name, path in pieces.items()}
        return cls(
            sources=[sources.get(clip.video_id) for clip in plan.clips],
            video_pieces={
                (clip, piece): path
                for (kind, clip, piece), path in made.items()
                if kind == "video" and clip is not None
            },
            audio_pieces={clip: path for (kind, clip, _), path in made.items() if kind == "audio" and clip is not None},
            track=made.get(("track", None, 0)),
        )

    def video(self, clip: int, piece: int) -> Path:
        """The MP4 of an encoded piece.

        Raises:
            PartUnfit: there is none.
        """
        found = self.video_pieces.get((clip, piece))
        if found is None:
            raise PartUnfit(f"The rendered video {piece} of clip {clip} is missing.")
        return found

    def source(self, clip: int) -> Path:
        """The video of a clip of which something is copied.

        Raises:
            PartUnfit: there is none.
        """
        found = self.sources[clip] if clip < len(self.sources) else None
        if found is None:
            raise PartUnfit(f"The video of clip {clip} is missing, of which packets are to be copied.")
        return found

    def audio(self, clip: int) -> Path:
        """The M4A of an encoded audio piece.

        Raises:
            PartUnfit: there is none.
        """
        found = self.audio_pieces.get(clip)
        if found is None:
            raise PartUnfit(f"The rendered audio of clip {clip} is missing.")
        return found
