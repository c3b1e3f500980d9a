"""Every piece of work of a stitch plan that makes a file: what is rendered, from which clip, and what decides it."""

from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any, Literal

from playhead.media.edit.cutting import has_words, sources_of, video_part
from playhead.media.edit.facts import facts_of
from playhead.media.edit.segments import VideoEffects
from playhead.media.render.encoders import ENCODER, ENCODERS, audio_bitrate
from playhead.media.render.plan import (
    AAC_FRAME,
    AudioFormat,
    AudioPiece,
    ClipPlan,
    MusicPlan,
    PlannedSource,
    ReelFormat,
    StitchPlan,
    VideoPiece,
)
from playhead.media.render.settling import frame_time

TaskKind = Literal["video", "audio", "samples", "music", "track"]

_SUFFIXES: dict[TaskKind, str] = {
    "video": ".mp4",
    "audio": ".m4a",
    "samples": ".pcm",
    "music": ".pcm",
    "track": ".m4a",
}
_PROFILE_KINDS: dict[TaskKind, str] = {"video": "picture", "audio": "sound"}
"""Kinds by the names that digests have always been made of."""

_AUDIO_SPEED = 60.0
"""Seconds of audio decoded and encoded per second, about; its file is read as well."""

_MIX_SPEED = 150.0
"""Seconds of audio mixed and measured per second, about."""


_LEAD = 8
"""An encoder that begins in the middle of audio takes the onset for a transient, and needs some packets to find its
quality. The click at a seam was 20 dB below the tones without these packets, 30 with two, and 50 with eight."""

TEXT = "text"
"""Stands for what draws words, beside the ids of sources; see `Faces.identity`."""


@dataclass(frozen=True, slots=True)
class AudioSpan:
    """Samples of a clip's source.

    Attributes:
        start_s: Time in the source of the first one; before 0 is silence. Of a clip with effects, on the clock of its
            segment.
        samples: How many, at the reel's rate.
    """

    start_s: float
    samples: int


@dataclass(frozen=True, slots=True)
class RenderTask:
    """One file to make.

    Attributes:
        kind: ``video``: an MP4 of one piece of video; ``audio``: AAC of one piece of audio, one priming packet before
            its slots, and the packets of `led_by`; ``samples``: signed 16 bits of a clip, interleaved; ``music``: the
            same of one pass of the music; ``track``: the AAC of a whole reel, from all ``samples`` and the music, again
            after one priming packet.
        clip: Index of its clip, the first where several are made in one go; None for ``music`` and ``track``.
        piece: For ``video``: index among the clip's pieces.
        span: For ``audio`` and ``samples``.
        weight: Estimated seconds of work.
        facts: See `profile`.
        others: Ids of further videos and images that it is made of; `TEXT` where words are drawn.
    """

    kind: TaskKind
    clip: int | None
    piece: int
    span: AudioSpan | None
    weight: float
    facts: dict[str, Any]
    others: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Unique in its plan, and fit for a file's name."""
        if self.clip is None:
            return self.kind
        return f"clip{self.clip}-{self.kind}{self.piece if self.kind == 'video' else ''}"

    @property
    def file_name(self) -> str:
        """The name with the suffix of what is made."""
        return self.name + _SUFFIXES[self.kind]

    def profile(self) -> dict[str, Any]:
        """JSON-safe facts that, with the bytes of the source, decide the bytes of the file; for cache digests.

        Of ``track`` they do not: its sources are the plan's ``samples`` and its ``music``.
        """
        return {"encoder": ENCODER, "kind": _PROFILE_KINDS.get(self.kind, self.kind), **self.facts}


def render_tasks(plan: StitchPlan) -> tuple[RenderTask, ...]:
    """Tasks that have to be done before a merge, clip by clip; ``track`` needs all ``samples`` and comes last.

    A clip without audio, or whose packets are kept, has no audio task.
    """
    tasks: list[RenderTask] = []
    for index, clip in enumerate(plan.clips):
        pieces = enumerate(clip.video)
        tasks += [_video(plan.format, index, clip, at, piece) for at, piece in pieces if piece.kind == "encode"]
        tasks += _audio(plan, index, clip)
    if plan.format.audio is not None and plan.format.audio.mode == "encode":
        tasks += [_music(plan.format.audio, plan.music)] if plan.music is not None else []
        tasks.append(_track(plan, plan.format.audio))
    return tuple(tasks)


def own_source(plan: StitchPlan, task: RenderTask) -> tuple[str, ...]:
    """Id of the video that a task's clip is of; none of a card, the music and the track."""
    found = "" if task.clip is None else plan.clips[task.clip].video_id
    return (found,) if found else ()


def mixed_loudness(plan: StitchPlan) -> float | None:
    """Loudness that the whole mix is brought to; None where its clips, each brought to it, add up to just that."""
    if plan.format.audio is None:
        return None
    touched = any(clip.audio is not None and (clip.audio.effects or clip.audio.measured_s) for clip in plan.clips)
    return plan.format.audio.loudness_lufs if touched or plan.music is not None else None


def run_head(plan: StitchPlan, index: int) -> int:
    """Index of the clip that a clip's audio is made with; its own where that begins there."""
    while index and (audio := plan.clips[index].audio) is not None and audio.joined:
        index -= 1
    return index


def led_by(piece: AudioPiece) -> int:
    """Packets between the priming and the slots of an ``audio`` task's file, so that it goes on where copies end."""
    return _LEAD if piece.effects is not None else 0


def run_of(plan: StitchPlan, head: int) -> range:
    """Indexes of the clips whose audio is made in one go."""
    end = head + 1
    while end < len(plan.clips) and (audio := plan.clips[end].audio) is not None and audio.joined:
        end += 1
    return range(head, end)


def clip_samples(plan: StitchPlan) -> tuple[int, ...]:
    """Number of audio samples that are presented with each clip; they end where its video does.

    Spans are differences of rounded times, so they never drift.
    """
    rate = plan.format.audio.sample_rate if plan.format.audio is not None else 0
    edges = [
        _sample_at(plan, tick, rate) for clip in plan.clips for tick in (clip.start_tick, clip.start_tick + clip.ticks)
    ]
    return tuple(end - start for start, end in zip(edges[::2], edges[1::2], strict=True))


def track_samples(plan: StitchPlan) -> int:
    """Samples of the whole track: all the slots, so up to half a packet more or less than the video."""
    return AAC_FRAME * sum(clip.audio.slots for clip in plan.clips if clip.audio is not None)


def _sample_at(plan: StitchPlan, tick: int, rate: int) -> int:
    return int(Fraction(tick * rate, plan.format.timescale) + Fraction(1, 2))


def _video(form: ReelFormat, index: int, clip: ClipPlan, at: int, piece: VideoPiece) -> RenderTask:
    encoder = ENCODERS[form.codec]
    facts = {
        "start_s": piece.start_s,
        "frames": piece.frames,
        "rate": None if piece.rate is None else str(piece.rate),
        "timescale": form.timescale,
        "fps": str(form.fps),
        "size": [form.width, form.height],
        "background": form.background,
        "codec": form.codec,
        "preset": encoder.preset,
        "quality": encoder.quality,
        "colour": asdict(form.colour),
        "converts": clip.source.converts,
        "hdr": clip.hdr,
        "track": clip.tracks.video,
        "interlaced": clip.interlaced,
        "alpha": clip.tracks.alpha,
    }
    if form.rate_control is not None:
        facts |= {"quality": form.rate_control.quality, "rate_control": asdict(form.rate_control)}
    others: tuple[str, ...] = ()
    effects = piece_effects(clip, at, form.fps)
    if effects is not None:
        others = tuple(one for one in sources_of(effects) if one != clip.video_id)
        facts |= _effects(clip, effects, others)
        others += (TEXT,) if has_words(effects) else ()
    encoded = sum(other.frames for other in clip.video if other.kind == "encode")
    return RenderTask("video", index, at, None, 0.1 + clip.estimate_s * piece.frames / encoded, facts, others)


def piece_effects(clip: ClipPlan, at: int, fps: Fraction) -> VideoEffects | None:
    """What is done to one piece of a clip's video, on the clock of the piece."""
    if clip.effects is None:
        return None
    frames = [piece.frames for piece in clip.video]
    edges = [frame_time(sum(frames[:end]), fps) for end in (at, at + 1, len(frames))]
    return video_part(clip.effects, *edges)


def _effects(clip: ClipPlan, effects: VideoEffects, others: tuple[str, ...]) -> dict[str, Any]:
    """Facts of effects, in which sources are numbers: the same bytes under another id make the same pixels."""
    numbers = {name: number for number, name in enumerate([clip.video_id, *others])}
    before = None if clip.before is None or effects.before is None else _decoded(clip.before)
    return {"effects": _numbered(facts_of(effects), numbers), "before": before}


def _decoded(source: PlannedSource) -> dict[str, Any]:
    facts = {"converts": source.converts, "hdr": source.hdr, "track": source.tracks.video}
    return {**facts, "interlaced": source.interlaced, "alpha": source.tracks.alpha}


def _numbered(facts: Any, numbers: dict[str, int]) -> Any:
    if isinstance(facts, list):
        return [_numbered(one, numbers) for one in facts]
    if not isinstance(facts, dict):
        return facts
    named = ("source_id", "image_id")
    return {name: numbers[one] if name in named else _numbered(one, numbers) for name, one in facts.items()}


def _audio(plan: StitchPlan, index: int, clip: ClipPlan) -> list[RenderTask]:
    form, piece = plan.format.audio, clip.audio
    if form is None or piece is None or piece.kind != "encode" or piece.joined:
        return []
    if form.mode == "encode":
        span = _exact_span(plan, index, piece.start_s, form.sample_rate)
        facts = {"rate": form.sample_rate, "channels": form.channels, "loudness_lufs": form.loudness_lufs}
        kind: TaskKind = "samples"
    else:
        slots = sum(part.slots for at in run_of(plan, index) if (part := plan.clips[at].audio) is not None)
        span, facts, kind = AudioSpan(piece.start_s, slots * AAC_FRAME), _coded(form), "audio"
    if span.samples == 0:
        return []
    weight = 0.1 + span.samples / form.sample_rate / _AUDIO_SPEED
    facts = {**facts, **asdict(span), "track": clip.tracks.audio, **_audio_effects(piece)}
    others = (piece.before.video_id,) if piece.before is not None else ()
    return [RenderTask(kind, index, 0, span, weight, facts, others)]


def _audio_effects(piece: AudioPiece) -> dict[str, Any]:
    """What is done to a piece; nothing where nothing is, so that older digests hold."""
    facts: dict[str, Any] = {}
    if piece.measured_s is not None:
        facts["measured_s"] = piece.measured_s
    if piece.effects is not None:
        facts["effects"] = asdict(piece.effects)
        for heard in filter(None, (facts["effects"]["heard"], facts["effects"]["before"])):
            heard["source_id"] = bool(heard["source_id"])  # the bytes count, not their name
    if piece.before is not None:
        before = piece.before
        facts["before"] = {"track": before.tracks.audio, "measured_s": (before.start_s, before.end_s)}
    return facts


def _music(form: AudioFormat, music: MusicPlan) -> RenderTask:
    span = AudioSpan(music.start_s, music.samples)
    facts = {"rate": form.sample_rate, "channels": form.channels, **asdict(span), "track": music.tracks.audio}
    weight = 0.1 + span.samples / form.sample_rate / _AUDIO_SPEED
    return RenderTask("music", None, 0, span, weight, facts, (music.video_id,))


def _track(plan: StitchPlan, form: AudioFormat) -> RenderTask:
    facts: dict[str, Any] = {**_coded(form), "samples": track_samples(plan)}
    weight, loudness = 0.2 + plan.duration_s / _AUDIO_SPEED, mixed_loudness(plan)
    if plan.music is not None:
        music = asdict(plan.music)
        facts["music"] = {name: music[name] for name in _MIXED}
        weight += plan.duration_s / _MIX_SPEED
    if loudness is not None:
        facts["loudness_lufs"] = loudness
        weight += 2 * plan.duration_s / _MIX_SPEED
    return RenderTask("track", None, 0, None, weight, facts)


_MIXED = ("loop", "volume", "fade_in_s", "fade_out_s", "ducking_db", "before_s", "after_s")


def _exact_span(plan: StitchPlan, index: int, slot_start_s: float, rate: int) -> AudioSpan:
    # The plan has the time of the clip's first slot; audio that is encoded is cut at the very frame.
    slots = sum(clip.audio.slots for clip in plan.clips[:index] if clip.audio is not None)
    first = _sample_at(plan, plan.clips[index].start_tick, rate)
    samples = clip_samples(plan)
    return AudioSpan(slot_start_s + (first - slots * AAC_FRAME) / rate, sum(samples[at] for at in run_of(plan, index)))


def _coded(form: AudioFormat) -> dict[str, Any]:
    return {"rate": form.sample_rate, "channels": form.channels, "bitrate": audio_bitrate(form)}
