"""Comparison of a reel's index with its plan: every packet where and when it should be."""

from array import array
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

from playhead.kit.names import codec_name, size_name
from playhead.media.mp4.aac import AAC_LC, aac_config
from playhead.media.mp4.movie import Movie, Track
from playhead.media.orientation import UPRIGHT
from playhead.media.render.audio_slots import PRIMING, reach
from playhead.media.render.plan import AAC_FRAME, AudioFormat, ReelFormat, StitchPlan, VideoPiece
from playhead.media.render.samples import codec_of

_MAX_PROBLEMS = 8
"""Problems reported; the first ones say what is wrong."""


def starts(plan: StitchPlan) -> Iterator[tuple[int, int, int, VideoPiece]]:
    """All pieces in order: index of the clip, first frame, first tick, and the piece."""
    frame = tick = 0
    for index, clip in enumerate(plan.clips):
        for piece in clip.video:
            yield index, frame, tick, piece
            frame += piece.frames
            tick += piece.ticks


def problems(movie: Movie, plan: StitchPlan) -> list[str]:
    """Differences, in words."""
    audio = plan.format.audio
    kinds = [track.kind for track in movie.tracks]
    if kinds != (["video"] if audio is None else ["video", "audio"]):
        return [f"its tracks are {', '.join(kinds) or 'none'}"]
    found = [] if movie.faststart and not movie.fragmented else ["its index is not in front"]
    found += _coding(movie.tracks[0], plan.format)
    found += _frames(movie.tracks[0], plan)
    found += _presentation(movie, movie.tracks[0], plan)
    found += [] if audio is None else _audio(movie, plan, audio)
    return found[:_MAX_PROBLEMS]


def _coding(track: Track, form: ReelFormat) -> Iterator[str]:
    entry = track.entry
    coded = (codec_of(entry), entry.width, entry.height)
    if coded != (form.codec, form.width, form.height):
        wanted = f"{size_name(form.width, form.height)} {codec_name(form.codec)}"
        yield f"video of {size_name(*coded[1:])} {codec_name(coded[0])} instead of {wanted}"
    if len(track.entries) != 1:
        yield f"{len(track.entries)} sample entries"
    if (entry.colour, entry.pixel_aspect, track.orientation) != (form.colour, (1, 1), UPRIGHT):
        yield f"tagged {entry.colour}, pixels {entry.pixel_aspect}, {track.orientation}"
    if track.timescale != form.timescale:
        yield f"{track.timescale} ticks a second instead of {form.timescale}"


def _frames(track: Track, plan: StitchPlan) -> Iterator[str]:
    samples = track.samples
    if len(samples) != plan.frames or samples.dts[-1] != plan.ticks:
        yield f"{len(samples)} frames in {samples.dts[-1]} ticks instead of {plan.frames} in {plan.ticks}"
        return
    sync = range(len(samples)) if samples.sync is None else frozenset(samples.sync)
    for clip, frame, tick, piece in starts(plan):
        name = f"clip {plan.clips[clip].clip_id}, frame {frame}"
        if frame not in sync:
            yield f"{name}: no keyframe where a piece begins"
        wrong = _times(track, frame, tick, piece, plan.format)
        if wrong:
            yield f"{name}: {wrong}"


def _times(track: Track, frame: int, tick: int, piece: VideoPiece, form: ReelFormat) -> str:
    samples, end = track.samples, frame + piece.frames
    decoded = samples.dts[frame:end]
    shown = sorted(samples.pts(index) - track.media_time for index in range(frame, end))
    if list(decoded) != shown:
        return "its frames are not shown at the times they are decoded at, in another order"
    if form.timing == "constant":
        steady = range(tick, tick + piece.ticks, form.frame_ticks)
        return "" if list(steady) == shown else "its frames are not at equal distances"
    if shown[0] != tick or shown[-1] >= tick + piece.ticks:
        return f"its frames are shown from tick {shown[0]} to {shown[-1]}, not within {tick} and {tick + piece.ticks}"
    return "" if all(one < after for one, after in pairwise(shown)) else "two frames are shown at once"


def _presentation(movie: Movie, track: Track, plan: StitchPlan) -> Iterator[str]:
    early = min(track.samples.cts or (0,))
    if early < 0:
        yield f"a frame is to be shown {-early} ticks before it is decoded"
    length = Fraction(sum(edit.duration for edit in track.edits), movie.timescale)
    if len(track.edits) != 1 or abs(length - Fraction(plan.ticks, plan.format.timescale)) > 1 / plan.format.fps / 2:
        yield f"{len(track.edits)} edits show {float(length):.4f} s instead of {plan.duration_s:.4f} s"


def _audio(movie: Movie, plan: StitchPlan, form: AudioFormat) -> Iterator[str]:
    track = movie.tracks[1]
    config = aac_config(track.entry)
    coded = None if config is None else (config.object_type, config.sample_rate, config.channels)
    if coded != (AAC_LC, form.sample_rate, form.channels) or track.timescale != form.sample_rate:
        yield f"audio of {coded} in {track.timescale} ticks a second"
    slots = PRIMING + sum(clip.audio.slots for clip in plan.clips if clip.audio is not None)
    if track.samples.dts != array("q", range(0, (slots + 1) * AAC_FRAME, AAC_FRAME)):
        yield f"{len(track.samples)} audio packets in {track.samples.dts[-1]} samples instead of {slots}"
    length = sum(edit.duration for edit in track.edits) * form.sample_rate / movie.timescale
    begins = [edit.media_time for edit in track.edits]
    if begins != [PRIMING * AAC_FRAME] or abs(length - reach(plan, form)) > 1:
        yield f"audio from sample {begins} for {length:.0f} instead of {reach(plan, form)}"
