"""Jumps of a file's clock are told from gaps and jitter, and all tracks go over them together."""

import pytest

from playhead.media.reading.clock import MOST_JUMPS, Clock, ClockBroken

Packet = tuple[int, float]
VIDEO, AUDIO = 0, 1
STEP = 0.5


def run(*first_s: float, count: int = 4) -> list[Packet]:
    """Packets of both tracks by turns, *count* of each from every one of these times on."""
    return [(track, at + number * STEP) for at in first_s for number in range(count) for track in (VIDEO, AUDIO)]


def read(packets: list[Packet]) -> Clock:
    clock = Clock()
    for track, at_s in packets:
        clock.shown(clock.place(track, at_s, STEP), at_s, at_s + STEP)
    clock.settle()
    return clock


def times(packets: list[Packet]) -> list[float]:
    """In the file, in the order of the packets."""
    settled, clock = read(packets), Clock()
    return [at_s + settled.epochs[clock.place(track, at_s, STEP)].offset_s for track, at_s in packets]


@pytest.mark.parametrize(
    ("first_s", "jumps"),
    [
        ((0.0,), []),
        ((5.0, 7.0), []),
        ((0.0, 0.0), [(2.0, -2.0)]),
        ((0.0, 5000.0), [(2.0, 4998.0)]),
        ((5000.0, 0.0), [(2.0, -5002.0)]),
        ((0.0, 100.0, 0.0), [(2.0, 98.0), (4.0, -102.0)]),
        ((0.0, 0.0, 0.0), [(2.0, -2.0), (4.0, -2.0)]),
    ],
)
def test_each_part_is_put_behind_the_one_before_it(
    first_s: tuple[float, ...], jumps: list[tuple[float, float]]
) -> None:
    packets = run(*first_s)

    assert read(packets).jumps() == jumps
    assert times(packets)[::2] == pytest.approx([number * STEP for number in range(4 * len(first_s))])
    assert times(packets)[::2] == times(packets)[1::2]


@pytest.mark.parametrize("back_s", [0.0, 0.05, 0.099])
def test_jitter_is_no_jump(back_s: float) -> None:
    assert read(run(0.0, 2.0 - back_s)).jumps() == []


@pytest.mark.parametrize(("gap_s", "jumps"), [(9.9, 0), (10.2, 1)])
def test_a_gap_of_up_to_10_s_is_a_gap(gap_s: float, jumps: int) -> None:
    packets = run(0.0, 2.0 + gap_s)

    assert len(read(packets).jumps()) == jumps
    assert max(times(packets)) == pytest.approx(3.5 + (0 if jumps else gap_s))


@pytest.mark.parametrize(
    ("times", "epochs"),
    [
        ([(0.0, True), (10.0, False), (5.0, False), (20.0, False), (15.0, False), (25.0, True)], [0] * 6),
        ([(0.0, True), (2.0, False), (1.0, False), (0.0, True), (2.0, False)], [0, 0, 0, 1, 1]),
        ([(0.0, True), (18.0, True), (60.0, True)], [0] * 3),
        ([(0.0, True), (2.0, False), (3600.0, True)], [0, 0, 1]),
    ],
)
def test_without_decode_times_keyframes_alone_are_judged(times: list[tuple[float, bool]], epochs: list[int]) -> None:
    """Matroska has presentation times only, which go back where frames are reordered; slides may stand for long."""
    clock = Clock(forward_s=600)

    assert [clock.place(VIDEO, at_s, STEP, judged=is_key) for at_s, is_key in times] == epochs


def test_frames_of_a_low_rate_are_no_jump() -> None:
    """Their length is guessed from the average rate, so the next may begin before the end of one."""
    clock = Clock()

    assert [clock.place(VIDEO, at_s, 2.0) for at_s in (0.0, 2.0, 4.0, 4.1, 4.2)] == [0] * 5


def test_a_clock_that_jumps_all_the_time_is_damage() -> None:
    clock = Clock()

    with pytest.raises(ClockBroken):
        for number in range(MOST_JUMPS + 2):
            clock.place(VIDEO, 100.0 * (number % 2), STEP)


def test_a_track_that_pauses_while_another_goes_on_does_not_jump() -> None:
    """Slides that stand for a minute beside audio."""
    audio = [(AUDIO, number * STEP) for number in range(200)]
    packets = [(VIDEO, 0.0), *audio[:150], (VIDEO, 74.5), *audio[150:]]

    assert read(packets).jumps() == []


def test_packets_that_come_late_stay_in_their_part() -> None:
    """A demuxer gives out the last packet of one track after the first of another's next part."""
    one, two = run(0.0), run(0.0)
    packets = [*one[:-1], two[0], one[-1], *two[1:]]

    assert read(packets).jumps() == [(2.0, -2.0)]
    assert sorted(times(packets)) == pytest.approx(sorted(2 * [number * STEP for number in range(8)]))


def test_tracks_of_unlike_lengths_stay_in_sync_over_a_jump() -> None:
    """The next part begins where the longer one ended."""
    packets = [*run(0.0), (AUDIO, 2.0), *run(0.0)]

    assert read(packets).jumps() == [(2.5, -2.0)]
    assert times(packets)[-2:] == pytest.approx([4.0, 4.0])


def test_a_packet_without_a_decode_time_goes_with_the_one_before_it() -> None:
    clock = Clock()

    assert [clock.place(VIDEO, at_s, STEP) for at_s in (None, 0.0, 0.5, 0.0, None)] == [0, 0, 0, 1, 1]


def test_a_file_without_packets_has_no_jumps() -> None:
    assert read([]).jumps() == []
