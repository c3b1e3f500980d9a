"""Changes of a source, read from ffmpeg's list of its packets."""

import pytest

from playhead.live.capture.packets import PacketWatch

HEAD = """#tb 0: 1/1000
#media_type 0: video
#codec_id 0: h264
#tb 1: 1/1000
#media_type 1: audio
"""


def watch(*lines: str, head: str = HEAD) -> PacketWatch:
    """A watch that has read a header and some packets, a second of its own clock for each."""
    found = PacketWatch()
    for now, line in enumerate([*head.splitlines(), *lines]):
        found.read(line, float(now))
    return found


def video(dts: int, side: str = "") -> str:
    return f"0, {dts}, {dts}, 40, 2341, 0x1d6fb1a4{side}"


def audio(dts: int, duration: int = 21) -> str:
    return f"1, {dts}, {dts}, {duration}, 341, 0x1d6fb1a4"


def test_a_source_that_goes_on_as_it_was_changes_nothing() -> None:
    packets = [packet for n in range(40) for packet in (video(1000 * n), audio(1000 * n))]

    assert watch(*packets).change is None


def test_a_new_codec_header_behind_the_first_packet_is_a_change_at_its_time() -> None:
    side = ", S=1, New Extradata, 41, 0x0c6a1d2f"
    change = watch(video(0, side), video(1000), video(2000, side)).change

    assert change is not None
    assert change.at_s == 2.0
    assert "video parameters" in change.words


@pytest.mark.parametrize(
    ("step_ms", "of_video", "of_audio"), [(9_000, False, False), (30_000, False, True), (60_000, True, True)]
)
def test_a_step_of_the_clock_in_no_time_is_a_jump(step_ms: int, of_video: bool, of_audio: bool) -> None:
    """Keyframes may be far apart."""
    assert (watch(video(0), video(step_ms)).change is not None) is of_video
    assert (watch(audio(0), audio(step_ms)).change is not None) is of_audio


def test_a_pause_of_the_source_is_no_jump_of_its_clock() -> None:
    paused = PacketWatch()
    for line, now in ((video(0), 0.0), (video(60_000), 58.0)):
        paused.read(line, now)

    assert paused.change is None


def times(step: float, count: int, start: float = 0.0) -> list[str]:
    return [audio(round(start + step * n)) for n in range(count)]


def test_frames_at_another_distance_are_another_sample_rate() -> None:
    """44.1 kHz after 48 kHz in MPEG-TS, where no header says so; what came before stays."""
    head = HEAD.replace("1/1000", "1/90000")
    change = watch(*times(1920, 200), *times(2089.8, 200, 384_000), head=head).change

    assert change is not None
    assert change.at_s == float("inf")
    assert "sample rate" in change.words


@pytest.mark.parametrize(
    "packets",
    [
        pytest.param(times(21.333, 400), id="rounded times"),
        pytest.param([each for n, each in enumerate(times(21.333, 800)) if n % 97 < 90], id="lost packets"),
        pytest.param([*times(1.0, 30), *times(21.333, 400, 30)], id="a burst at the start"),
    ],
)
def test_rounding_and_lost_packets_are_no_other_rate(packets: list[str]) -> None:
    assert watch(*packets).change is None


def test_damaged_lines_are_passed_over() -> None:
    assert watch("0, 12", "nonsense", "", "#tb", "#tb 0: x/y", video(0)).change is None
