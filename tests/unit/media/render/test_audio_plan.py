"""Audio of segments: one line through a clip, made in one go where nothing changes, music under all of it."""

import json
from dataclasses import replace
from itertools import groupby
from typing import Any

import pytest

from playhead.media.edit.lowering import lower
from playhead.media.edit.model import Card, Edit, EditClip, Music, Title, Transition
from playhead.media.render.blueprint import Blueprint
from playhead.media.render.format import ReelSettings
from playhead.media.render.music import MusicSource, MusicUnfit
from playhead.media.render.plan import AAC_FRAME, AudioPiece, StitchPlan
from playhead.media.render.planner import plan_stitch
from playhead.media.render.survey import survey_still
from playhead.media.render.surveyed import surveyed
from playhead.media.render.tasks import RenderTask, clip_samples, mixed_loudness, render_tasks
from tests.fixtures.movies import Sound, a_clip, a_movie, a_probe

MOVIES = {
    "a": a_movie(frames=900, gop=30, sound=Sound()),
    "b": a_movie(frames=600, gop=30, sound=Sound()),
    "s": a_movie(frames=300, gop=30, sound=None),
}
HASHES = {name: name * 64 for name in MOVIES}
COPIED, ENCODED, LEVELLED = ReelSettings(), ReelSettings(audio="encode"), ReelSettings(loudness_lufs=-14)
CROSSFADE = Transition(kind="crossfade", duration_s=1)


def planned(*clips: EditClip, settings: ReelSettings = COPIED, music: Music | None = None) -> StitchPlan:
    lengths = {name: a_clip(movie).survey.duration_s for name, movie in MOVIES.items()}
    segments = lower(Edit(clips=clips), lengths)
    surveys = [
        a_clip(MOVIES[one.source_id], one.start_s, min(one.end_s, lengths[one.source_id])).survey
        if one.source_id in MOVIES
        else survey_still(one.length_s)
        for one in segments
    ]
    source = None if music is None else MusicSource(music, a_probe(MOVIES[music.video_id]))
    plan = plan_stitch(surveyed(segments, surveys), settings, music=source)
    assert StitchPlan.from_dict(json.loads(json.dumps(plan.to_dict()))) == plan
    return plan


def clip(video_id: str = "a", clip_id: str = "1", **effects: Any) -> EditClip:
    return EditClip(clip_id=clip_id, video_id=video_id, **effects)


def audio(plan: StitchPlan) -> list[AudioPiece]:
    return [each.audio for each in plan.clips if each.audio is not None]


def tasks(plan: StitchPlan, kind: str) -> list[RenderTask]:
    return [task for task in render_tasks(plan) if task.kind == kind]


def digest(plan: StitchPlan, name: str, **hashes: str) -> str:
    return Blueprint.of(plan, {**HASHES, "text": "", **hashes}).digests[name]


TITLED = clip(titles=(Title(text="x", start_s=10, end_s=13),))


def test_packets_are_copied_through_a_title_without_a_gap() -> None:
    """Only its picture is encoded."""
    plan = planned(TITLED)

    pieces = audio(plan)
    assert [piece.kind for piece in pieces] == ["copy"] * 3
    assert pieces[1].first_packet == pieces[0].first_packet + pieces[0].slots
    assert pieces[2].first_packet == pieces[1].first_packet + pieces[1].slots


@pytest.mark.parametrize(("settings", "kind"), [(ENCODED, "samples"), (LEVELLED, "samples")])
def test_audio_that_only_the_picture_cuts_is_made_in_one_go(settings: ReelSettings, kind: str) -> None:
    """And is the same file as without the title."""
    plan, plain = planned(TITLED, settings=settings), planned(clip(), settings=settings)

    assert [piece.joined for piece in audio(plan)] == [False, True, True]
    assert [task.span and task.span.samples for task in tasks(plan, kind)] == [sum(clip_samples(plan))]
    if settings == ENCODED:
        assert digest(plan, "clip0-samples") == digest(plain, "clip0-samples")


def test_a_volume_over_all_of_a_clip_is_made_in_one_go_too() -> None:
    plan = planned(replace(TITLED, volume=0.5))

    (task,) = tasks(plan, "audio")

    assert task.span is not None
    assert task.span.samples == AAC_FRAME * sum(piece.slots for piece in audio(plan))


def test_a_crossfade_mixes_both_clips_where_each_is_at_that_time() -> None:
    plan = planned(clip("a", "1"), clip("b", "2", start_s=2.0, transition_in=CROSSFADE))

    mixed = next(piece for piece in audio(plan) if piece.before is not None)

    assert mixed.effects is not None
    assert mixed.effects.before is not None
    assert mixed.before is not None
    assert mixed.before.clip_id == "1"
    assert mixed.effects.before.start_s == pytest.approx(29.0, abs=0.02)
    assert mixed.effects.heard.start_s == pytest.approx(2.0, abs=0.02)
    assert [piece.kind for piece in audio(plan)].count("copy") == len(audio(plan)) - 1


@pytest.mark.parametrize(
    ("clips", "kinds"),
    [
        ([clip(volume=0.0)], ["silence"]),
        ([clip(speed=2.0)], ["encode"]),
        ([clip(audio_track=1)], ["copy"]),
        ([clip("s"), clip(clip_id="2")], ["silence", "copy"]),
        ([EditClip(clip_id="k", card=Card(text="x"), end_s=2.0), clip()], ["silence", "copy"]),
        ([clip("s"), clip("s", "2", transition_in=CROSSFADE), clip(clip_id="3")], ["silence", "copy"]),
    ],
    ids=["mute", "speed", "track", "silent", "card", "crossfade of silence"],
)
def test_what_is_not_heard_is_silence_and_what_is_not_touched_a_copy(clips: list[EditClip], kinds: list[str]) -> None:
    assert [kind for kind, _ in groupby(piece.kind for piece in audio(planned(*clips)))] == kinds


def test_each_part_of_a_clip_is_levelled_as_the_whole() -> None:
    """Otherwise a crossfade would change how loud its clip is."""
    plan = planned(clip("a", "1"), clip("b", "2", transition_in=CROSSFADE), settings=LEVELLED)

    assert [piece.measured_s for piece in audio(plan)] == [None, (0.0, 20.0), (0.0, 20.0)]
    assert [(one.before.start_s, one.before.end_s) for one in audio(plan) if one.before] == [(0.0, 29.0)]
    assert mixed_loudness(plan) == -14
    assert mixed_loudness(planned(clip(), settings=LEVELLED)) is None


@pytest.mark.parametrize(("name", "value"), [("volume", 0.4), ("fade_in_s", 1.0), ("fade_out_s", 2.0), ("speed", 1.5)])
def test_whatever_is_done_to_a_clip_changes_the_digest_of_its_audio(name: str, value: float) -> None:
    done: dict[str, Any] = {"volume": 0.5, "fade_in_s": 0.5, "fade_out_s": 0.5, "speed": 2.0}

    assert digest(planned(clip(**done)), "clip0-audio") != digest(planned(clip(**{**done, name: value})), "clip0-audio")


def test_a_crossfade_is_made_of_the_bytes_of_both() -> None:
    plan = planned(clip("a", "1"), clip("b", "2", transition_in=CROSSFADE))
    (task,) = tasks(plan, "audio")

    digests = {digest(plan, task.name), digest(plan, task.name, a="x"), digest(plan, task.name, b="x")}

    assert len(digests) == 3


MUSIC = Music(video_id="b", start_s=1.0)


def test_music_has_the_sound_encoded_anew_and_is_the_only_sound_of_silent_clips() -> None:
    plan = planned(clip("s"), music=MUSIC)

    assert [task.name for task in render_tasks(plan)] == ["music", "track"]
    assert plan.format.audio is not None
    assert plan.format.audio.mode == "encode"
    assert plan.summary == "The clip is copied; music is mixed in: the sound is encoded anew"


def test_only_the_track_depends_on_the_music() -> None:
    plan, louder = planned(clip(), music=MUSIC), planned(clip(), music=replace(MUSIC, volume=0.9))

    assert digest(plan, "clip0-samples") == digest(planned(clip(), settings=ENCODED), "clip0-samples")
    assert digest(plan, "music") == digest(louder, "music") != digest(plan, "music", b="x")
    assert len({digest(plan, "track"), digest(louder, "track"), digest(plan, "track", b="x")}) == 3


@pytest.mark.parametrize(
    ("music", "words"),
    [
        (Music(video_id="s"), "has no audio"),
        (Music(video_id="b", start_s=20.0), "is to start at 20 s, but its audio ends at 20"),
        (Music(video_id="b", audio_track=7), "has no audio track 7"),
    ],
)
def test_music_that_cannot_be_heard_is_refused_before_anything_is_rendered(music: Music, words: str) -> None:
    with pytest.raises(MusicUnfit, match=words):
        planned(clip(), music=music)
