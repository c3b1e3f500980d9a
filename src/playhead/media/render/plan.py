"""The stitch plan as data: for each clip which packets are kept, what is encoded, and why."""

from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any, Literal

from playhead.media.edit.facts import facts_of, read_facts
from playhead.media.edit.model import Cue
from playhead.media.edit.segments import AudioEffects, VideoEffects
from playhead.media.mp4.movie import BT709, Colour
from playhead.media.probe import Probe
from playhead.media.transparency import ALPHA_DECODERS


@dataclass(frozen=True, slots=True)
class SourceTracks:
    """A source as its probe found it; the defaults mean "not known". Seconds count from the start of the file.

    Attributes:
        zero_s: What the file's own clock shows at its start.
        jumps: That clock does not run on: the file is read through `feed.conformed`.
        changes: The frame size or the pixel format changes on the way.
        video, audio: libav's index of the stream.
        fps: On average.
        video_start_s, video_end_s, audio_start_s, audio_end_s: What the tracks cover; an end of 0 is not known.
        hold_s, audio_hold_s: The longest time that one frame is shown, and from one audio packet to the next.
        video_delay_s: Delay of the video that libav adds to what the file says.
        rotation, mirrored, alpha, aspects: As of a `VideoStream`.
        decoder: Of the video, where ffmpeg's first choice will not do.
    """

    zero_s: float | None = None
    jumps: bool = False
    changes: bool = False
    video: int = -1
    audio: int = -1
    fps: float = 0.0
    video_start_s: float = 0.0
    video_end_s: float = 0.0
    audio_start_s: float = 0.0
    audio_end_s: float = 0.0
    hold_s: float = 0.0
    audio_hold_s: float = 0.0
    video_delay_s: float = 0.0
    rotation: int = 0
    mirrored: bool = False
    alpha: bool = False
    decoder: str = ""
    aspects: tuple[tuple[float, float], ...] = ()

    @classmethod
    def from_dict(cls, facts: dict[str, Any]) -> "SourceTracks":
        """From JSON; what an older version did not know has its default."""
        return cls(**{**facts, "aspects": tuple((at_s, aspect) for at_s, aspect in facts.get("aspects", ()))})

    @classmethod
    def of(cls, probe: Probe) -> "SourceTracks":
        """Tracks of a probe; an old one knows little."""
        video, audio = probe.video, probe.audio
        known = probe.zero_s is not None
        return cls(
            zero_s=probe.zero_s,
            jumps=bool(probe.jumps),
            changes=bool(video.changes),
            aspects=video.aspects,
            video=video.track if known else -1,
            audio=-1 if audio is None else audio.track,
            fps=float(video.fps),
            video_start_s=video.start_s,
            video_end_s=video.end_s,
            audio_start_s=0.0 if audio is None else audio.start_s,
            audio_end_s=0.0 if audio is None else audio.end_s,
            hold_s=video.hold_s,
            audio_hold_s=0.0 if audio is None else audio.hold_s,
            video_delay_s=video.delay_s,
            rotation=video.rotation,
            mirrored=video.mirrored,
            alpha=video.alpha,
            decoder=ALPHA_DECODERS.get(video.codec, "") if video.alpha else "",
        )

    def has_audio_in(self, start_s: float, end_s: float) -> bool:
        """Whether the audio track covers a part of a span, as far as is known."""
        return self.audio_end_s <= 0 or (self.audio_start_s < end_s and start_s < self.audio_end_s)

    @property
    def video_stream(self) -> str:
        """As a filter graph of ffmpeg names it."""
        return "0:V:0" if self.video < 0 else f"0:{self.video}"

    @property
    def audio_stream(self) -> str:
        """The same of the audio."""
        return "0:a:0" if self.audio < 0 else f"0:{self.audio}"


NO_TRACKS = SourceTracks()
"""Of a source of which nothing is known."""


Codec = Literal["h264", "hevc", "av1"]
Timing = Literal["constant", "variable"]
AudioMode = Literal["copy", "encode"]
Action = Literal["copy", "boundary", "encode"]

AAC_FRAME = 1024
"""Samples of one AAC-LC packet."""


@dataclass(frozen=True, slots=True)
class AudioFormat:
    """AAC-LC of one rate and layout.

    Attributes:
        sample_rate: 44100 or 48000, in Hz.
        channels: 1 or 2.
        mode: ``copy`` keeps the packets of clips that fit; ``encode`` encodes the whole track once, without a seam.
        loudness_lufs: Integrated loudness that every clip is brought to (EBU R 128), and after it a mix of them;
            None leaves it. Needs ``encode``.
    """

    sample_rate: int = 48_000
    channels: int = 2
    mode: AudioMode = "copy"
    loudness_lufs: float | None = None


@dataclass(frozen=True, slots=True)
class RateControl:
    """Bits and keyframes of a rendition, where they are not the encoder's usual ones.

    Attributes:
        quality: Constant rate factor.
        max_bitrate: Bits a second at most.
        gop_frames: Frames from each keyframe to the next, without exception.
    """

    quality: int
    max_bitrate: int
    gop_frames: int


_AUDIO = AudioFormat()
_UNKNOWN = Colour()


@dataclass(frozen=True, slots=True)
class ReelFormat:
    """Format that every clip is brought to.

    Attributes:
        width, height: Even, in pixels.
        fps: Of every frame when *timing* is constant; otherwise the nominal rate.
        background: ``#rrggbb``, beside clips of another shape.
        timing: ``variable`` lets each clip keep the times of its own frames.
        colour: What every piece is tagged with.
        audio: None for a silent reel.
        rate_control: None: as every reel.
    """

    width: int
    height: int
    fps: Fraction
    background: str = "#000000"
    codec: Codec = "h264"
    timing: Timing = "constant"
    colour: Colour = BT709
    audio: AudioFormat | None = _AUDIO
    rate_control: RateControl | None = None

    @property
    def timescale(self) -> int:
        """Ticks per second of the reel's video track: each frame of *fps* takes a whole number of them."""
        if self.timing == "variable":
            return 90_000
        return self.fps.numerator * max(1, -(-10_000 // self.fps.numerator))

    @property
    def frame_ticks(self) -> int:
        """Ticks of one frame at *fps*, rounded when the timing is variable."""
        return round(self.timescale / self.fps)


@dataclass(frozen=True, slots=True)
class VideoPiece:
    """A run of a clip's frames that is made in one way.

    Attributes:
        kind: ``copy`` keeps samples, ``encode`` renders.
        frames: How many the reel gets, at least 1.
        ticks: How long they are shown, in the reel's timescale. Where the timing is variable, the last frame is
            shown until they are used up, whatever the source says.
        start_s: Time in the source of its first frame, from the start of the file; the first frame of a source is
            held back to it, and the last one held on, where there are fewer.
        first_sample, end_sample: For ``copy``: the half-open span of samples in decode order; else 0.
        rate: For ``encode``: frames a second to render at; None keeps the times of the source's frames.
    """

    kind: Literal["copy", "encode"]
    frames: int
    ticks: int
    start_s: float
    first_sample: int = 0
    end_sample: int = 0
    rate: Fraction | None = None


@dataclass(frozen=True, slots=True)
class HeardClip:
    """A clip as the piece of another one plays it, or the music.

    Attributes:
        clip_id: Empty for the music.
        start_s, end_s: Half-open span of its source that its loudness is measured over.
    """

    clip_id: str
    video_id: str
    tracks: SourceTracks
    start_s: float = 0.0
    end_s: float = 0.0

    @property
    def name(self) -> str:
        """As errors have it."""
        return f"clip {self.clip_id}" if self.clip_id else "the music"


@dataclass(frozen=True, slots=True)
class AudioPiece:
    """A clip's share of the reel's audio, in whole AAC packets of the reel's grid.

    Slot 0 of the reel is the priming packet; slot k >= 1 holds samples ``[(k - 1) * 1024, k * 1024)`` of the
    presentation. A clip has the slots from the one nearest to its first frame to the one nearest to the next clip's.

    Attributes:
        kind: ``copy`` keeps packets, ``encode`` makes them from the source, ``silence`` has none to take.
        slots: How many packets; 0 for a clip shorter than half a packet.
        first_packet: For ``copy``: index of the source's packet in the first slot; packets before 0 and past the
            end are silence.
        start_s: For ``encode``: time in the source of the first slot's first sample; before 0 is silence. With
            *effects*: on the segment's clock.
        joined: For ``encode``: it goes on where the piece before ends, so both are made in one go.
        measured_s: Half-open span of the source that its loudness is measured over; None: what is played.
        effects: For ``encode``: what is done to it.
        before: The clip that *effects* mix it with.
    """

    kind: Literal["copy", "encode", "silence"]
    slots: int
    first_packet: int = 0
    start_s: float = 0.0
    joined: bool = False
    measured_s: tuple[float, float] | None = None
    effects: AudioEffects | None = None
    before: HeardClip | None = None

    def to_dict(self) -> dict[str, Any]:
        """JSON-safe; what says nothing is left out, for older versions."""
        facts = {**asdict(self), "effects": None if self.effects is None else facts_of(self.effects)}
        optional = ("joined", "measured_s", "effects", "before")
        return {name: value for name, value in facts.items() if name not in optional or value}

    @classmethod
    def from_dict(cls, facts: dict[str, Any]) -> "AudioPiece":
        """The inverse of `to_dict`."""
        read: dict[str, Any] = {}
        if "measured_s" in facts:
            read["measured_s"] = tuple(facts["measured_s"])
        if "effects" in facts:
            read["effects"] = read_facts(AudioEffects, facts["effects"])
        if "before" in facts:
            before = facts["before"]
            read["before"] = HeardClip(**{**before, "tracks": SourceTracks.from_dict(before["tracks"])})
        return cls(**{**facts, **read})


@dataclass(frozen=True, slots=True)
class MusicPlan:
    """Music under a whole reel.

    Attributes:
        start_s: Time in its source of its first sample.
        samples: Of one pass, at the reel's rate.
        loop: Passes follow each other to the end of the reel; otherwise there is one.
        volume, fade_in_s, fade_out_s, ducking_db, before_s, after_s: As of a `Music`.
    """

    video_id: str
    tracks: SourceTracks
    start_s: float
    samples: int
    loop: bool
    volume: float
    fade_in_s: float
    fade_out_s: float
    ducking_db: float
    before_s: float = 0.0
    after_s: float = 0.0

    @classmethod
    def from_dict(cls, facts: dict[str, Any]) -> "MusicPlan":
        """From JSON."""
        return cls(**{**facts, "tracks": SourceTracks.from_dict(facts["tracks"])})


@dataclass(frozen=True, slots=True)
class PlannedSource:
    """A video that is decoded: what a render must know of it, as of a `ClipPlan`.

    Attributes:
        converts: Its colours are brought to the reel's; those of a clip that is copied elsewhere are as they are.
    """

    video_id: str
    hdr: bool = False
    interlaced: bool = False
    pixels: int = 0
    has_audio: bool = False
    colour: Colour = _UNKNOWN
    height: int = 0
    tracks: SourceTracks = NO_TRACKS
    converts: bool = True


@dataclass(frozen=True, slots=True)
class ClipPlan:
    """Plan of one clip, or of one segment of it.

    Attributes:
        clip_id: All segments of a clip have it.
        video_id: The source: a video or an image; empty for a card.
        start_s, end_s: Half-open span of the source.
        action: ``copy``; ``boundary``: copied but for the GOPs that a trim cuts; ``encode``.
        reason: Why, in words for people.
        start_tick, ticks: Where in the reel it begins and how long it is, in the reel's timescale.
        first_frame, frames: The same in frames; at least 1.
        video: At least one piece, in order; their frames and ticks add up to the clip's.
        audio: None in a silent reel.
        encoded_s: Seconds of video that are encoded.
        estimate_s: How long its rendering will take on this machine, about.
        colour: Colour tags of the source, as far as known; a render takes an unspecified matrix of
            720 lines and more for BT.709, of fewer for BT.601, as browsers do, and HDR for BT.2020.
        height: Height of the source in lines; 0: not known.
        tracks: Of the source.
        effects: What is done to the video, on whole frames of the reel from the segment's first; None: nothing.
        before: Source of the clip before, in a crossfade from a video.
        as_tagged: It is encoded although it fits: its colours are the reel's, as those of its copied segments.
    """

    clip_id: str
    video_id: str
    start_s: float
    end_s: float
    action: Action
    reason: str
    start_tick: int
    ticks: int
    first_frame: int
    frames: int
    video: tuple[VideoPiece, ...]
    audio: AudioPiece | None
    has_audio: bool
    hdr: bool
    interlaced: bool
    pixels: int
    encoded_s: float
    estimate_s: float
    colour: Colour = _UNKNOWN
    height: int = 0
    tracks: SourceTracks = NO_TRACKS
    effects: VideoEffects | None = None
    before: PlannedSource | None = None
    as_tagged: bool = False

    @property
    def source(self) -> PlannedSource:
        """The facts of its own source."""
        return PlannedSource(
            self.video_id,
            self.hdr,
            self.interlaced,
            self.pixels,
            self.has_audio,
            self.colour,
            self.height,
            self.tracks,
            self.action == "encode" and not self.as_tagged,
        )

    @property
    def name(self) -> str:
        """As errors have it."""
        return f"clip {self.clip_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SoftCaptions:
    """Caption track of a reel, which a player can hide.

    Attributes:
        language: BCP 47 tag.
        cues: On the reel's clock.
        shown: Whether players show it without being asked; not where the same words are burned in.
    """

    language: str
    cues: tuple[Cue, ...]
    shown: bool = True


@dataclass(frozen=True, slots=True)
class StitchPlan:
    """A whole reel.

    Attributes:
        summary: One sentence, such as "7 of 8 clips are copied; clip 3 is re-encoded: 24 fps against 30".
        estimate_s: Of the whole work.
    """

    format: ReelFormat
    clips: tuple[ClipPlan, ...]
    ticks: int
    frames: int
    summary: str
    estimate_s: float
    music: MusicPlan | None = None
    captions: SoftCaptions | None = None

    @property
    def duration_s(self) -> float:
        """Duration of the video."""
        return self.ticks / self.format.timescale

    def to_dict(self) -> dict[str, Any]:
        """JSON-safe; frame rates as ``30000/1001``, video and audio by their older names ``picture`` and ``sound``."""
        facts = asdict(self)
        facts["format"]["fps"] = str(self.format.fps)
        facts["format"]["sound"] = facts["format"].pop("audio")
        if self.format.rate_control is None:
            del facts["format"]["rate_control"]
        if self.music is None:
            del facts["music"]
        del facts["captions"]
        if self.captions is not None:
            facts["captions"] = facts_of(self.captions)
        for plan, clip in zip(self.clips, facts["clips"], strict=True):
            del clip["audio"], clip["effects"], clip["before"], clip["as_tagged"]
            clip["picture"] = clip.pop("video")
            clip["sound"] = None if plan.audio is None else plan.audio.to_dict()
            clip.update(_effects(plan))
            for piece in clip["picture"]:
                piece["rate"] = None if piece["rate"] is None else str(piece["rate"])
        return facts

    @classmethod
    def from_dict(cls, facts: dict[str, Any]) -> "StitchPlan":
        """The inverse of `to_dict`."""
        music = facts.get("music")
        read: dict[str, Any] = {"format": _format(facts["format"]), "clips": tuple(map(_clip, facts["clips"]))}
        read["music"] = None if music is None else MusicPlan.from_dict(music)
        soft = facts.get("captions")
        read["captions"] = None if soft is None else read_facts(SoftCaptions, soft)
        return cls(**{**facts, **read})


def _format(facts: dict[str, Any]) -> ReelFormat:
    audio, rates = facts["sound"], facts.get("rate_control")
    read: dict[str, Any] = {"fps": Fraction(facts["fps"]), "colour": Colour(**facts["colour"])}
    read["audio"] = None if audio is None else AudioFormat(**audio)
    read["rate_control"] = None if rates is None else RateControl(**rates)
    return ReelFormat(**{**_without(facts, "sound"), **read})


def _effects(clip: ClipPlan) -> dict[str, Any]:
    """Facts that are left out of a clip to which nothing is done."""
    found = {} if clip.effects is None else {"effects": facts_of(clip.effects)}
    found |= {"as_tagged": True} if clip.as_tagged else {}
    return found if clip.before is None else {**found, "before": asdict(clip.before)}


def _read_effects(facts: dict[str, Any]) -> dict[str, Any]:
    effects, before = facts.get("effects"), facts.get("before")
    read: dict[str, Any] = {} if effects is None else {"effects": read_facts(VideoEffects, effects)}
    if before is not None:
        known = {"colour": Colour(**before["colour"]), "tracks": SourceTracks.from_dict(before["tracks"])}
        read["before"] = PlannedSource(**{**before, **known})
    return read


def _clip(facts: dict[str, Any]) -> ClipPlan:
    pieces = tuple(
        VideoPiece(**{**piece, "rate": None if piece["rate"] is None else Fraction(piece["rate"])})
        for piece in facts["picture"]
    )
    read: dict[str, Any] = {
        "video": pieces,
        "audio": None if facts["sound"] is None else AudioPiece.from_dict(facts["sound"]),
    }
    read |= {"colour": Colour(**facts["colour"]), "tracks": SourceTracks.from_dict(facts.get("tracks", {}))}
    read |= _read_effects(facts)
    return ClipPlan(**{**_without(facts, "picture", "sound"), **read})


def _without(facts: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if name not in names}
