"""The planner: lengths that add up, copies that are exactly the frames they claim, sound that meets the picture."""

import json
import math
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playhead.media.errors import InvalidSpan
from playhead.media.mp4.movie import Edit, Movie, Track
from playhead.media.render.format import ReelSettings
from playhead.media.render.packets import Packets
from playhead.media.render.plan import AAC_FRAME, ClipPlan, StitchPlan, Timing, VideoPiece
from playhead.media.render.planner import ClipSurvey, plan_stitch
from tests.fixtures.examples import examples
from tests.fixtures.movies import Sound, a_clip, a_movie

NTSC = Fraction(30000, 1001)
RATES = [Fraction(24000, 1001), Fraction(24), Fraction(25), NTSC, Fraction(30), Fraction(60)]
AS_IT_IS = ReelSettings()


@dataclass(frozen=True)
class Case:
    """A movie and a span of it."""

    movie: Movie
    clip: ClipSurvey

    @property
    def video(self) -> Track:
        """Its pictures."""
        assert self.movie.video is not None
        return self.movie.video

    @property
    def length_s(self) -> Fraction:
        """As long as it was asked for; untrimmed, its frames."""
        whole = self.clip.start_s == 0 and self.clip.end_s is None
        grid = self.clip.survey.grid
        if whole and grid is not None and grid.rate is not None:
            return grid.frames / grid.rate
        end_s = self.clip.survey.duration_s if self.clip.end_s is None else self.clip.end_s
        return Fraction(end_s) - Fraction(self.clip.start_s)


@st.composite
def movies(draw: st.DrawFn) -> Movie:
    sound = draw(
        st.sampled_from([None, Sound(), Sound(44_100), Sound(channels=1), Sound(priming=2112), Sound(priming=0)])
    )
    gop, bframes = draw(st.sampled_from([(1, 0), (12, 2), (30, 0), (30, 3), (250, 2)])), draw(st.booleans())
    frames = draw(st.integers(30, 260))
    if draw(st.integers(0, 4)) == 0:
        steps = draw(st.lists(st.integers(1500, 9000), min_size=frames, max_size=frames))
        times = [sum(steps[:number]) for number in range(frames + 1)]
        return a_movie(times=times, gop=gop[0], bframes=gop[1], sound=sound)
    rate = draw(st.sampled_from(RATES))
    timescale = draw(st.sampled_from([None, 90_000, 1000]))
    hidden = draw(st.sampled_from([0, 0, 0, 7])) if bframes else 0
    return a_movie(
        frames=frames, rate=rate, timescale=timescale, gop=gop[0], bframes=gop[1], hidden=hidden, sound=sound
    )


@st.composite
def cases(draw: st.DrawFn) -> Case:
    movie = draw(movies())
    if draw(st.booleans()):
        return Case(movie, a_clip(movie))
    duration_s = a_clip(movie).survey.duration_s
    start_s = draw(st.floats(0, duration_s * 0.6))
    end_s = draw(st.floats(start_s + 0.2, duration_s)) if start_s + 0.2 < duration_s else None
    if draw(st.booleans()):
        start_s, end_s = round(start_s, 2), None if end_s is None else round(end_s, 2)
    return Case(movie, a_clip(movie, start_s, end_s))


MIXES = st.lists(cases(), min_size=1, max_size=7).map(
    lambda mix: [Case(one.movie, replace(one.clip, clip_id=f"clp_{number}")) for number, one in enumerate(mix)]
)
SETTINGS = st.builds(
    ReelSettings,
    fps=st.sampled_from([None, None, 24, 29.97, 60]),
    timing=st.sampled_from(["constant", "variable"]),
    audio=st.sampled_from([None, "encode"]),
)


@given(mix=MIXES, asked=SETTINGS, force=st.booleans())
@examples(150)
def test_any_mix_becomes_a_reel_that_adds_up(mix: list[Case], asked: ReelSettings, force: bool) -> None:
    """Any rates, lengths, trims, GOPs and sound, with constant and variable timing."""
    forced = frozenset(["clp_0"]) if force else frozenset[str]()

    plan = plan_stitch([case.clip for case in mix], asked, forced=forced)

    wanted = sum(case.length_s for case in mix)
    slack = Fraction(len(mix), 500_000)  # spans are taken to a microsecond
    assert abs(Fraction(plan.ticks, plan.format.timescale) - wanted) <= 1 / plan.format.fps + slack
    assert_that_clips_follow_each_other(plan)
    assert StitchPlan.from_dict(json.loads(json.dumps(plan.to_dict()))) == plan
    for case, clip in zip(mix, plan.clips, strict=True):
        assert_that_pieces_follow_each_other(plan, clip)
        assert abs(clip.video[0].start_s - clip.start_s) <= 1.5 * longest_frame(case) + 1e-6
        assert (clip.action == "encode") == all(piece.kind == "encode" for piece in clip.video)
        for piece in clip.video:
            if piece.kind == "copy":
                assert_that_samples_are_frames(case, piece)
        assert_that_sound_meets_picture(case, plan, clip)
        if clip.clip_id in forced:
            assert clip.action == "encode"
            assert clip.audio is None or clip.audio.kind != "copy"


def assert_that_clips_follow_each_other(plan: StitchPlan) -> None:
    tick = frame = slots = 0
    for clip in plan.clips:
        assert (clip.start_tick, clip.first_frame) == (tick, frame)
        assert clip.frames >= 1
        assert clip.ticks >= 1
        tick, frame = tick + clip.ticks, frame + clip.frames
        assert (clip.audio is None) == (plan.format.audio is None)
        if plan.format.audio is not None and clip.audio is not None:
            slots += clip.audio.slots
            edge = Fraction(tick, plan.format.timescale) * plan.format.audio.sample_rate / AAC_FRAME
            assert slots == math.floor(edge + Fraction(1, 2))
    assert (plan.ticks, plan.frames) == (tick, frame)


def assert_that_pieces_follow_each_other(plan: StitchPlan, clip: ClipPlan) -> None:
    assert sum(piece.frames for piece in clip.video) == clip.frames
    assert sum(piece.ticks for piece in clip.video) == clip.ticks
    assert all(piece.frames >= 1 and piece.ticks >= 1 for piece in clip.video)
    timescale = plan.format.timescale
    for before, after in pairwise(clip.video):
        assert abs(before.start_s + before.ticks / timescale - after.start_s) <= 1.1 / timescale + 0.001
    if plan.format.timing == "constant":
        assert all(piece.ticks == piece.frames * plan.format.frame_ticks for piece in clip.video)
        assert all(piece.rate == plan.format.fps for piece in clip.video if piece.kind == "encode")


def assert_that_samples_are_frames(case: Case, piece: VideoPiece) -> None:
    """The samples are a run of frames without a hole, begin with a keyframe, and are shown when the piece says."""
    samples = case.video.samples
    span = range(piece.first_sample, piece.end_sample)
    shown = sorted(map(samples.pts, range(len(samples))))
    times = sorted(map(samples.pts, span))
    place = shown.index(times[0])
    assert shown[place : place + piece.frames] == times
    assert samples.pts(span[0]) == times[0]
    assert span[0] in (samples.sync or ())
    start_s = float(Fraction(times[0] - case.video.media_time, case.video.timescale))
    assert abs(start_s - piece.start_s) <= 0.0011


def assert_that_sound_meets_picture(case: Case, plan: StitchPlan, clip: ClipPlan) -> None:
    """A kept packet is heard within half a frame of its picture; an encoded one exactly."""
    sound, form, packets = clip.audio, plan.format.audio, case.clip.survey.packets
    if sound is None or form is None or sound.kind == "silence":
        return
    begin_s = Fraction(clip.start_tick, plan.format.timescale)
    slot = math.floor(begin_s * form.sample_rate / AAC_FRAME + Fraction(1, 2))
    wanted_s = clip.video[0].start_s + slot * AAC_FRAME / form.sample_rate - float(begin_s)
    if sound.kind == "encode":
        assert abs(sound.start_s - wanted_s) <= 1 / float(plan.format.fps) / 2 + 1e-6
        return
    assert isinstance(packets, Packets)
    assert (packets.sample_rate, packets.channels, form.mode) == (form.sample_rate, form.channels, "copy")
    heard_s = float(packets.origin_s) + sound.first_packet * AAC_FRAME / form.sample_rate
    assert abs(heard_s - wanted_s) <= 1 / float(plan.format.fps) / 2 + 1e-6


def longest_frame(case: Case) -> float:
    dts = case.video.samples.dts
    return max(end - begin for begin, end in pairwise(dts)) / case.video.timescale


@given(
    clips=st.lists(st.tuples(st.floats(0, 2), st.floats(0.04, 2.5)), min_size=1, max_size=40),
    gop=st.sampled_from([1, 30]),
)
@examples(60)
def test_many_trimmed_copies_never_drift(clips: list[tuple[float, float]], gop: int) -> None:
    """Each rounds to its own frames only as long as the reel stays within a frame of what was asked for."""
    movie = a_movie(frames=150, gop=gop)

    plan = plan_stitch([a_clip(movie, start, start + length) for start, length in clips], AS_IT_IS)

    asked = sum(length for _, length in clips)
    assert abs(plan.duration_s - asked) <= 1 / 30 + 1e-4
    assert all(clip.action == "copy" for clip in plan.clips) or gop > 1


def test_copies_up_to_the_end_of_their_video_never_hold_a_picture() -> None:
    """Where the reel is short of a frame and nothing is left behind, the clip begins a frame earlier."""
    movie = a_movie(frames=150, gop=1)

    plan = plan_stitch([a_clip(movie, 0.0185) for _ in range(20)], AS_IT_IS)

    spans = {(piece.first_sample, piece.end_sample) for clip in plan.clips for piece in clip.video}
    assert spans == {(0, 150), (1, 150)}


@pytest.mark.parametrize("rate", RATES)
def test_whole_clips_keep_exactly_their_frames(rate: Fraction) -> None:
    """Fifty of them, odd ones between: nobody gives or takes one."""
    movie, other = a_movie(frames=121, rate=rate, bframes=2), a_movie(frames=77, rate=Fraction(50))
    clips = [a_clip(other if number % 7 == 3 else movie) for number in range(50)]

    plan = plan_stitch(clips, AS_IT_IS)

    for clip, source in zip(plan.clips, clips, strict=True):
        if source is clips[0] or clip.action == "copy":
            assert clip.frames == 121
            assert [(piece.first_sample, piece.end_sample) for piece in clip.video] == [(0, 121)]


def test_a_trim_encodes_only_the_ends_of_its_gops() -> None:
    """From 0.5 s to 3.2 s, a keyframe a second: 15 frames before the keyframe, 2 behind the last closed point."""
    clip = plan_stitch([a_clip(a_movie(bframes=2), 0.5, 3.2)], AS_IT_IS).clips[0]

    facts = [(piece.kind, piece.frames, round(piece.start_s, 6), piece.first_sample) for piece in clip.video]
    assert facts == [("encode", 15, 0.5, 0), ("copy", 64, 1.0, 30), ("encode", 2, 3.133333, 0)]
    assert (clip.action, round(clip.encoded_s, 3)) == ("boundary", 0.567)


@pytest.mark.parametrize(
    ("start_s", "end_s", "action"),
    [
        (1.0, 2.0, "copy"),
        (1.0, 1.2, "copy"),
        (0.9, 1.3, "encode"),
        (0.9, 1.8, "boundary"),
        (0.1, 1.6, "boundary"),
        (1.02, 3.0, "boundary"),
        (0.1, 0.9, "encode"),
    ],
)
def test_a_boundary_has_to_be_worth_it(start_s: float, end_s: float, action: str) -> None:
    """Half a second and a quarter of the clip; a span that needs no encoding at all is copied however short."""
    assert plan_stitch([a_clip(a_movie(), start_s, end_s)], AS_IT_IS).clips[0].action == action


def test_a_picture_that_starts_late_is_held_back_to_its_sound() -> None:
    """0.2 s of its first frame are encoded, everything after is copied."""
    clip = plan_stitch([a_clip(a_movie(frames=90, delay_s=Fraction(1, 5)))], AS_IT_IS).clips[0]

    assert [(piece.kind, piece.frames) for piece in clip.video] == [("encode", 6), ("copy", 90)]
    assert clip.video[0].start_s == 0


@pytest.mark.parametrize("timing", ["constant", "variable"])
def test_a_picture_that_is_a_little_late_begins_its_clip(timing: Timing) -> None:
    """Copied or encoded it starts with its first frame, its sound with it."""
    clip = a_clip(a_movie(frames=90, delay_s=Fraction(1, 20)))

    plan = plan_stitch([clip, replace(clip, clip_id="clp_2")], ReelSettings(timing=timing), forced=frozenset(["clp_2"]))

    assert [one.action for one in plan.clips] == ["copy", "encode"]
    assert [(one.frames, one.video[0].start_s) for one in plan.clips] == [(90, 0.05), (90, 0.05)]
    sounds = [one.audio for one in plan.clips if one.audio is not None]
    assert sounds[0].first_packet == 3  # one of priming and 50 ms, to the nearest
    assert abs(sounds[1].start_s - 0.05) < 0.011


def test_sound_that_goes_on_holds_the_last_picture() -> None:
    """The held frames are encoded together with one that there is."""
    clip = plan_stitch([a_clip(a_movie(frames=90)), with_more_sound()], AS_IT_IS).clips[1]

    assert [(piece.kind, piece.frames) for piece in clip.video] == [("copy", 89), ("encode", 31)]


def with_more_sound() -> ClipSurvey:
    whole = a_clip(a_movie(frames=90, sound=Sound(seconds=Fraction(4))))
    grid = whole.survey.grid
    assert grid is not None
    survey = replace(whole.survey, duration_s=4.0, end_s=4.0, grid=replace(grid, end=120, late=True))
    return replace(whole, survey=survey)


@pytest.mark.parametrize("start_s", [0.0, 7.3])
def test_long_work_is_split_at_keyframes(start_s: float) -> None:
    """Every piece can be a step of a job: 30 to 60 s, the last at least 15, beginning on a keyframe of the source."""
    long = a_clip(a_movie(frames=24 * 200, rate=Fraction(24), gop=100), start_s)

    clip = plan_stitch([a_clip(a_movie(frames=9000)), long], AS_IT_IS).clips[1]

    assert len(clip.video) == 5
    assert all(30 <= piece.frames / 30 <= 60 for piece in clip.video[:-1])
    assert 15 <= clip.video[-1].frames / 30 <= 60
    for piece in clip.video[1:]:
        keyframe = piece.start_s * 24 / 100
        assert 0 <= keyframe - round(keyframe) < 0.01


def test_no_piece_is_left_over_that_is_hardly_worth_a_step() -> None:
    """62 s with keyframes at 29 and 58 s: neither is a good place, 45 s is."""
    movie = a_movie(frames=24 * 62, rate=Fraction(24), gop=24 * 29)

    clip = plan_stitch([a_clip(movie)], ReelSettings(fps=30)).clips[0]

    assert [piece.frames for piece in clip.video] == [1350, 510]


@pytest.mark.parametrize(
    ("seconds", "frames"),
    [(60, [1440]), (61, [1080, 384]), (200, [1080, 1080, 1080, 1080, 480])],
)
def test_long_work_without_keyframes_is_split_by_time(seconds: int, frames: list[int]) -> None:
    """As of a file whose index is not read."""
    long = a_clip(a_movie(frames=24 * seconds, rate=Fraction(24)))
    unknown = replace(long, survey=replace(long.survey, grid=None, copy_blockers=("is not an MP4",)))

    clip = plan_stitch([unknown], AS_IT_IS).clips[0]

    assert [piece.frames for piece in clip.video] == frames


def test_a_varying_rate_keeps_its_times_where_it_may() -> None:
    """Copied or encoded, whole or trimmed; the length is exact to a tick."""
    times = [0, 3000, 9000, 12000, 30000, 33000, 36000, 60000, 63000, 90000]
    vfr = a_movie(times=times, gop=3)
    clips = [a_clip(vfr), a_clip(vfr, 0.1, 0.9), replace(a_clip(vfr), clip_id="clp_2")]

    plan = plan_stitch(clips, ReelSettings(timing="variable"), forced=frozenset(("clp_2",)))

    whole, trimmed, forced = plan.clips
    assert [(piece.kind, piece.frames, piece.ticks) for piece in whole.video] == [("copy", 9, 90_000)]
    assert [(piece.kind, piece.frames, piece.ticks) for piece in trimmed.video] == [
        ("encode", 1, 3_000),
        ("copy", 6, 69_000),
    ]
    assert [(piece.kind, piece.frames, piece.rate) for piece in forced.video] == [("encode", 9, None)]
    assert plan.ticks == 252_000


def test_fast_pictures_do_not_accept_a_half_packet_of_error() -> None:
    """At 60 fps half a frame is 8.3 ms, less than half a packet: where the grids do not meet, sound is encoded."""
    clips = [a_clip(a_movie(frames=frames, rate=Fraction(60))) for frames in (60, 61, 62, 63, 64, 65, 66, 67)]

    kinds = [clip.audio.kind for clip in plan_stitch(clips, AS_IT_IS).clips if clip.audio is not None]

    assert set(kinds) == {"copy", "encode"}


def test_sound_is_kept_where_pictures_are_not_and_the_reverse() -> None:
    """A clip of 24 fps keeps its packets; one of 44.1 kHz keeps its pictures."""
    clips = [
        a_clip(a_movie()),
        a_clip(a_movie()),
        a_clip(a_movie(rate=Fraction(24))),
        a_clip(a_movie(sound=Sound(44_100))),
    ]

    plan = plan_stitch(clips, AS_IT_IS)

    made = [(clip.action, clip.audio.kind if clip.audio else None) for clip in plan.clips]
    assert made == [("copy", "copy"), ("copy", "copy"), ("encode", "copy"), ("copy", "encode")]


def test_a_clip_without_sound_is_silent_and_a_reel_without_any_has_none() -> None:
    """Silence fills its slots."""
    silent = a_clip(a_movie(sound=None))
    beside = plan_stitch([a_clip(a_movie()), silent], AS_IT_IS)

    assert [clip.audio.kind if clip.audio else None for clip in beside.clips] == ["copy", "silence"]
    assert plan_stitch([silent, silent], AS_IT_IS).clips[0].audio is None


def test_packets_past_the_end_of_the_sound_are_silence() -> None:
    """A span behind the last packet has nothing to copy."""
    movie = a_movie(frames=300, sound=Sound(seconds=Fraction(2)))

    clips = plan_stitch([a_clip(movie), a_clip(movie, 5, 8)], AS_IT_IS).clips

    assert [clip.audio.kind if clip.audio else None for clip in clips] == ["copy", "silence"]


@given(count=st.integers(1, 50))
@examples(20)
def test_a_clip_shorter_than_a_frame_still_shows_one(count: int) -> None:
    """A thousandth of a second is a frame; nothing vanishes."""
    plan = plan_stitch([a_clip(a_movie(), 0, 0.001)] * count, AS_IT_IS)

    assert [clip.frames for clip in plan.clips] == [1] * count


def test_estimates_grow_with_the_work_and_shrink_with_the_machine() -> None:
    """A copy is nearly free."""
    copies, film = [a_clip(a_movie())] * 2, a_clip(a_movie(rate=Fraction(24)))

    copied = plan_stitch(copies, AS_IT_IS)
    mixed = plan_stitch([*copies, film], AS_IT_IS)
    faster = plan_stitch([*copies, film], AS_IT_IS, speed=2.0)

    bright = plan_stitch([*copies, replace(film, survey=replace(film.survey, hdr=True))], AS_IT_IS)

    assert copied.estimate_s < 1 < faster.estimate_s < mixed.estimate_s < bright.estimate_s


@pytest.mark.parametrize(
    ("start", "end"),
    [(3.0, 3.0), (4.0, 2.0), (-0.1, 2.0), (5.0, None), (0.0, 5.2), (float("nan"), 1.0), (0.0, float("inf"))],
)
def test_a_span_outside_its_video_is_refused(start: float, end: float | None) -> None:
    """Empty, backwards, before the start or past the end; the sentence names the clip."""
    with pytest.raises(InvalidSpan, match="clp_1"):
        plan_stitch([replace(a_clip(a_movie()), start_s=start, end_s=end)], AS_IT_IS)


def test_an_end_rounded_past_the_video_is_the_videos_end() -> None:
    """A browser knows the duration to some milliseconds only."""
    assert plan_stitch([a_clip(a_movie(), 0, 5.04)], AS_IT_IS).clips[0].action == "copy"


def test_a_survey_of_another_span_is_a_mistake() -> None:
    """It would copy other frames than were asked for."""
    with pytest.raises(ValueError, match="another span"):
        plan_stitch([replace(a_clip(a_movie(), 0, 2), end_s=4)], AS_IT_IS)


def test_sound_is_copied_up_to_the_end_of_its_edit_list_but_not_over_it() -> None:
    """The last packet holds some of what is hidden; a clip that reaches it has its sound encoded."""
    movie = a_movie(frames=150)
    assert movie.audio is not None
    movie.audio.edits = [Edit(2000, 1024)]
    clips = [a_clip(movie, 0.0, 1.0), a_clip(movie, 0.5, 3.0, "clp_2"), a_clip(movie, 2.5, 4.0, "clp_3")]

    plan = plan_stitch(clips, AS_IT_IS)

    assert [clip.audio.kind for clip in plan.clips if clip.audio is not None] == ["copy", "encode", "silence"]
    assert "edit list" in plan.clips[1].reason
