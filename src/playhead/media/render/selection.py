"""Selection of a reel's samples: the index of every file that a plan needs, each read once, one in memory at a time."""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playhead.kit.names import codec_name, size_name
from playhead.media.mp4.boxes import Mp4Unreadable
from playhead.media.mp4.configuration import nal_config
from playhead.media.mp4.index import read_movie
from playhead.media.mp4.movie import Movie, SampleEntry
from playhead.media.mp4.source import FileBytes, ReadAt
from playhead.media.render.audio_slots import AudioSlots, audio_slots
from playhead.media.render.parts import BadJoin, MergeParts, PartUnfit
from playhead.media.render.plan import StitchPlan
from playhead.media.render.samples import AudioSamples, Unfit, VideoSamples, alike, codec_of, select_audio, select_video
from playhead.media.render.units import LENGTH, delimiter_bytes, has_sequence_header, is_cra


@dataclass(slots=True)
class Selection:
    """All pieces of a reel.

    Attributes:
        files: Paths by number.
        video: Samples of each clip, by piece.
        audio: Samples of each clip; empty in a silent reel.
        entries: How the pieces are coded, each way once, the first piece's in front.
        in_band: Parameter sets differ, so each sync sample has to bring its own.
    """

    files: list[Path]
    video: list[list[VideoSamples]]
    audio: list[AudioSamples]
    entries: list[SampleEntry]
    in_band: bool = False


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A piece of a clip's video that a file must hold, or else its audio."""

    clip: int
    piece: int = 0
    audio: AudioSlots | None = None


def select_samples(plan: StitchPlan, parts: MergeParts) -> Selection:
    """Select every sample of a reel.

    Raises:
        BadJoin: a clip cannot be copied as planned.
        PartUnfit: a rendered piece is missing or not what was planned.
        OSError: a file cannot be opened.
    """
    return _Selector(plan)(parts)


class _Selector:
    def __init__(self, plan: StitchPlan) -> None:
        self._plan = plan
        self._video: dict[tuple[int, int], VideoSamples] = {}
        self._audio: dict[int, AudioSamples] = {}
        self._entries: dict[tuple[str, bytes], SampleEntry] = {}

    def __call__(self, parts: MergeParts) -> Selection:
        wanted_of: dict[Path, list[_Wanted]] = {}
        for path, one in self._all_wanted(parts):
            wanted_of.setdefault(path, []).append(one)
        for number, (path, wanted) in enumerate(wanted_of.items()):
            with FileBytes(path) as source:
                self._read(number, source, wanted)
        video = [
            [self._video.pop((at, piece)) for piece in range(len(clip.video))]
            for at, clip in enumerate(self._plan.clips)
        ]
        entries = {id(picked.entry): picked.entry for picks in video for picked in picks}
        selection = Selection(list(wanted_of), video, self._grid(), list(entries.values()))
        selection.in_band = not alike(selection.entries)
        self._check_headers(selection)
        return selection

    def _all_wanted(self, parts: MergeParts) -> Iterator[tuple[Path, _Wanted]]:
        slots = iter(audio_slots(self._plan, parts)) if self._plan.format.audio is not None else iter(())
        for at, clip in enumerate(self._plan.clips):
            for number, piece in enumerate(clip.video):
                yield (parts.source(at) if piece.kind == "copy" else parts.video(at, number)), _Wanted(at, number)
            audio = next(slots, None)
            if audio is not None and audio.path is not None:
                yield audio.path, _Wanted(at, audio=audio)
            elif audio is not None:
                self._audio[at] = AudioSamples(before=audio.slots)

    def _grid(self) -> list[AudioSamples]:
        return [self._audio.pop(at) for at in range(len(self._plan.clips))] if self._audio else []

    def _read(self, number: int, source: FileBytes, wanted: list[_Wanted]) -> None:
        try:
            movie = read_movie(source)
        except Mp4Unreadable as error:
            raise self._refusal(wanted[0], str(error)) from error
        for one in wanted:
            try:
                self._select(movie, source, number, one)
            except (Unfit, Mp4Unreadable) as error:
                raise self._refusal(one, str(error)) from error

    def _select(self, movie: Movie, source: ReadAt, number: int, wanted: _Wanted) -> None:
        form = self._plan.format
        if wanted.audio is not None:
            assert form.audio is not None
            slots = wanted.audio
            track = -1 if slots.exact else self._plan.clips[wanted.clip].tracks.audio
            self._audio[wanted.clip] = select_audio(
                movie, slots.first, slots.slots, form.audio, number, exact=slots.exact, track=track
            )
            return
        picked = select_video(movie, self._plan.clips[wanted.clip].video[wanted.piece], form, number)
        picked.entry = self._entries.setdefault((picked.entry.fourcc, picked.entry.config), picked.entry)
        if codec_of(picked.entry) != form.codec or (picked.entry.width, picked.entry.height) != (
            form.width,
            form.height,
        ):
            found = f"{size_name(picked.entry.width, picked.entry.height)} {codec_name(codec_of(picked.entry))}"
            raise Unfit(f"it is {found}, not {size_name(form.width, form.height)} {codec_name(form.codec)}")
        _inspect_keyframes(picked, source, form.codec)
        self._video[wanted.clip, wanted.piece] = picked

    def _refusal(self, wanted: _Wanted, why: str) -> BadJoin | PartUnfit:
        clip = self._plan.clips[wanted.clip]
        copied = not wanted.audio.exact if wanted.audio is not None else clip.video[wanted.piece].kind == "copy"
        if copied:
            return BadJoin(f"Clip {clip.clip_id} cannot be copied: {why}.", frozenset((clip.clip_id,)))
        what = "audio" if wanted.audio is not None else f"piece {wanted.piece}"
        return PartUnfit(f"The rendered {what} of clip {clip.clip_id} does not fit: {why}.")

    def _check_headers(self, selection: Selection) -> None:
        """AV1 needs no parameter sets put in front, provided that its keyframes bring their own."""
        if not selection.in_band or self._plan.format.codec != "av1":
            return
        bare = {
            (at, piece)
            for at, picks in enumerate(selection.video)
            for piece, picked in enumerate(picks)
            if not picked.headed
        }
        for at, piece in sorted(bare):
            raise self._refusal(_Wanted(at, piece), "its keyframes do not carry their sequence header")


def _inspect_keyframes(picked: VideoSamples, source: ReadAt, codec: str) -> None:
    sync = [(picked.offsets[index], picked.sizes[index]) for index in picked.sync]
    if codec == "av1":
        picked.headed = all(has_sequence_header(source, *place) for place in sync)
        return
    if nal_config(picked.entry).nal_length != LENGTH:
        raise Unfit("its NAL units have short lengths")
    picked.skips = array("I", (delimiter_bytes(source, *place, codec) for place in sync))
    picked.broken_link = codec == "hevc" and is_cra(source, *sync[0])
