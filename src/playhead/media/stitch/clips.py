"""Clips that are named by files on this machine."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from playhead.errors import InvalidInput
from playhead.media.errors import InvalidSpan
from playhead.media.naming import named
from playhead.media.stitch.files import open_clips
from playhead.media.stitch.planner import ClipSurvey
from playhead.media.stitch.survey import survey_spans


class FileClip(NamedTuple):
    """A half-open span of a file; *end_s* None is its end."""

    path: Path
    start_s: float = 0.0
    end_s: float | None = None


async def survey_files(clips: Sequence[FileClip]) -> list[ClipSurvey]:
    """Survey spans of files. The clips are called ``1``, ``2``..., their videos by file name where that is unique.

    Raises:
        InvalidInput: no clips.
        UnreadableVideo: or the subclass that says why; the sentence begins with the file.
        InvalidSpan: a span that is not within its video.
        NotFound: there is no such file.
    """
    if not clips:
        raise InvalidInput("There is nothing to stitch.", hint="Name at least one file.")
    files = await open_clips([clip.path for clip in clips])
    named_paths = Counter(path.name for path in files)
    places: dict[Path, list[int]] = {}
    for place, clip in enumerate(clips):
        places.setdefault(clip.path, []).append(place)
    found: dict[int, ClipSurvey] = {}
    for path, here in places.items():
        spans = [(clips[place].start_s, clips[place].end_s) for place in here]
        try:
            surveys = await survey_spans(files[path].movie, files[path].probe, files[path].read, spans)
        except InvalidSpan as error:
            raise named(error, path) from None
        for place, survey in zip(here, surveys, strict=True):
            name = path.name if named_paths[path.name] == 1 else str(path)
            found[place] = ClipSurvey(str(place + 1), name, survey, survey.start_s, survey.end_s)
    return [found[place] for place in range(len(clips))]
