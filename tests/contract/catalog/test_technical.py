"""``/videos/{id}/technical``: what ``ffprobe`` would say of an original."""

from dataclasses import replace

from playhead.media.mp4.movie import Colour
from playhead.media.probe import AudioStream, Probe
from tests.fixtures.site import Site, probe_of


async def test_tracks_are_told_as_ffprobe_tells_them(site: Site) -> None:
    """Profile, level, bits, colour, keyframes and rates; of each audio track its language, and which is played."""
    probe = Probe.from_dict(probe_of(duration_s=10.0))
    colour = Colour(9, 16, 9)
    video = replace(probe.video, codec="hevc", profile="Main 10", level=123, pix_fmt="yuv420p10le", colour=colour)
    video = replace(video, keyframes=5, gop_s=2.5, end_s=10.0, bitrate=4_000_000, constant=False, rotation=90, track=0)
    sounds = tuple(
        AudioStream("aac", 48000, channels, track=track, language=language, bitrate=128_000, profile="LC")
        for track, channels, language in ((1, 2, "eng"), (2, 6, "deu"))
    )
    probe = replace(probe, video=video, audio_tracks=sounds, audio=sounds[1], remarks=("Odd.",))
    video_id = await site.ready_video(probe=probe.to_dict(), size_bytes=5_160_000)

    facts = (await site.ann.client.get(f"/api/v1/videos/{video_id}/technical")).json()

    seen = facts["video"]
    assert (seen["profile"], seen["level"], seen["bit_depth"], seen["chroma"]) == ("Main 10", "4.1", 10, "4:2:0")
    assert seen["colour"] == {"primaries": "bt2020", "transfer": "smpte2084", "matrix": "bt2020nc", "range": "limited"}
    assert (seen["hdr"], seen["rotation"], seen["frame_rate_mode"]) == ("PQ", 90, "variable")
    assert (seen["keyframes"], seen["keyframe_interval_s"], seen["keyframe_interval_max_s"]) == (5, 2.0, 2.5)
    assert [(track["language"], track["channels"], track["played"]) for track in facts["audio_tracks"]] == [
        ("eng", 2, False),
        ("deu", 6, True),
    ]
    assert (facts["bitrate"], facts["sha256"], facts["remarks"]) == (4_128_000, "0" * 64, ["Odd."])


async def test_a_video_from_before_profiles_were_noted_says_what_it_knows(site: Site) -> None:
    """Its bytes are not there to be asked; what is not known is null, and not made up."""
    video_id = await site.ready_video()

    seen = (await site.ann.client.get(f"/api/v1/videos/{video_id}/technical")).json()["video"]

    assert (seen["codec"], seen["profile"], seen["keyframes"], seen["frame_rate_mode"]) == ("h264", None, None, None)


async def test_a_video_that_was_not_read_yet_has_no_facts(site: Site) -> None:
    video_id = await site.ready_video(state="preparing", probe=None)

    answer = await site.ann.client.get(f"/api/v1/videos/{video_id}/technical")

    assert (answer.status_code, answer.json()["code"]) == (409, "video_not_ready")
