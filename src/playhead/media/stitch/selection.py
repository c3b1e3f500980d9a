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
from playhead.media.stitch.audio_plan import SoundWish, sound_wishes
from playhead.media.stitch.parts import BadJoin, MergeParts, PartUnfit
from playhead.media.stitch.plan import StitchPlan
from playhead.media.stitch.samples import PicturePick, SoundPick, Unfit, alike, codec_of, pick_picture, pick_sound
from playhead.media.stitch.units import LENGTH, delimiter_bytes, has_sequence_header, is_cra


@dataclass(slots=True)
class Gathered:
    """All pieces of a reel.

    Attributes:
        files: Paths by number.
        pictures: For each clip its pieces.
        sounds: For each clip; empty in a silent reel.
        entries: How the pieces are coded, each way once, the first piece's in front.
        in_band: Parameter sets differ, so each sync sample has to bring its own.
    """

    files: list[Path]
    pictures: list[list[PicturePick]]
    sounds: list[SoundPick]
    entries: list[SampleEntry]
    in_band: bool = False


@dataclass(frozen=True, slots=True)
class _Wish:
    """What is wanted of a file: a piece of a clip's pictures, or else its sound."""

    clip: int
    piece: int = 0
    sound: SoundWish | None = None


def gather(plan: StitchPlan, parts: MergeParts) -> Gathered:
    """Find every packet of a reel.

    Raises:
        BadJoin: a clip cannot be copied as planned.
        PartUnfit: a rendered piece is missing or not what was planned.
        OSError: a file cannot be opened.
    """
    return _Gathering(plan)(parts)


class _Gathering:
    def __init__(self, plan: StitchPlan) -> None:
        self._plan = plan
        self._pictures: dict[tuple[int, int], PicturePick] = {}
        self._sounds: dict[int, SoundPick] = {}
        self._entries: dict[tuple[str, bytes], SampleEntry] = {}

    def __call__(self, parts: MergeParts) -> Gathered:
        wishes: dict[Path, list[_Wish]] = {}
        for path, wish in self._wishes(parts):
            wishes.setdefault(path, []).append(wish)
        for number, (path, wanted) in enumerate(wishes.items()):
            with FileBytes(path) as source:
                self._read(number, source, wanted)
        pictures = [
            [self._pictures.pop((at, piece)) for piece in range(len(clip.picture))]
            for at, clip in enumerate(self._plan.clips)
        ]
        entries = {id(pick.entry): pick.entry for picks in pictures for pick in picks}
        gathered = Gathered(list(wishes), pictures, self._grid(), list(entries.values()))
        gathered.in_band = not alike(gathered.entries)
        self._check_headers(gathered)
        return gathered

    def _wishes(self, parts: MergeParts) -> Iterator[tuple[Path, _Wish]]:
        sounds = iter(sound_wishes(self._plan, parts)) if self._plan.format.sound is not None else iter(())
        for at, clip in enumerate(self._plan.clips):
            for number, piece in enumerate(clip.picture):
                yield (parts.source(at) if piece.kind == "copy" else parts.picture(at, number)), _Wish(at, number)
            sound = next(sounds, None)
            if sound is not None and sound.path is not None:
                yield sound.path, _Wish(at, sound=sound)
            elif sound is not None:
                self._sounds[at] = SoundPick(before=sound.slots)

    def _grid(self) -> list[SoundPick]:
        return [self._sounds.pop(at) for at in range(len(self._plan.clips))] if self._sounds else []

    def _read(self, number: int, source: FileBytes, wanted: list[_Wish]) -> None:
        try:
            movie = read_movie(source)
        except Mp4Unreadable as error:
            raise self._refusal(wanted[0], str(error)) from error
        for wish in wanted:
            try:
                self._pick(movie, source, number, wish)
            except (Unfit, Mp4Unreadable) as error:
                raise self._refusal(wish, str(error)) from error

    def _pick(self, movie: Movie, source: ReadAt, number: int, wish: _Wish) -> None:
        form = self._plan.format
        if wish.sound is not None:
            assert form.sound is not None
            sound = wish.sound
            track = -1 if sound.exact else self._plan.clips[wish.clip].tracks.audio
            self._sounds[wish.clip] = pick_sound(
                movie, sound.first, sound.slots, form.sound, number, exact=sound.exact, track=track
            )
            return
        pick = pick_picture(movie, self._plan.clips[wish.clip].picture[wish.piece], form, number)
        pick.entry = self._entries.setdefault((pick.entry.fourcc, pick.entry.config), pick.entry)
        if codec_of(pick.entry) != form.codec or (pick.entry.width, pick.entry.height) != (form.width, form.height):
            told = f"{size_name(pick.entry.width, pick.entry.height)} {codec_name(codec_of(pick.entry))}"
            raise Unfit(f"it is {told}, not {size_name(form.width, form.height)} {codec_name(form.codec)}")
        _look_into(pick, source, form.codec)
        self._pictures[wish.clip, wish.piece] = pick

    def _refusal(self, wish: _Wish, why: str) -> BadJoin | PartUnfit:
        clip = self._plan.clips[wish.clip]
        copied = not wish.sound.exact if wish.sound is not None else clip.picture[wish.piece].kind == "copy"
        if copied:
            return BadJoin(f"Clip {clip.clip_id} cannot be copied: {why}.", frozenset((clip.clip_id,)))
        what = "sound" if wish.sound is not None else f"piece {wish.piece}"
        return PartUnfit(f"The rendered {what} of clip {clip.clip_id} does not fit: {why}.")

    def _check_headers(self, gathered: Gathered) -> None:
        """AV1 needs no parameter sets put in front, provided that its keyframes bring their own."""
        if not gathered.in_band or self._plan.format.codec != "av1":
            return
        bare = {
            (at, piece)
            for at, picks in enumerate(gathered.pictures)
            for piece, pick in enumerate(picks)
            if not pick.headed
        }
        for at, piece in sorted(bare):
            raise self._refusal(_Wish(at, piece), "its keyframes do not carry their sequence header")


def _look_into(pick: PicturePick, source: ReadAt, codec: str) -> None:
    sync = [(pick.offsets[index], pick.sizes[index]) for index in pick.sync]
    if codec == "av1":
        pick.headed = all(has_sequence_header(source, *place) for place in sync)
        return
    if nal_config(pick.entry).nal_length != LENGTH:
        raise Unfit("its NAL units have short lengths")
    pick.skips = array("I", (delimiter_bytes(source, *place, codec) for place in sync))
    pick.broken_link = codec == "hevc" and is_cra(source, *sync[0])
