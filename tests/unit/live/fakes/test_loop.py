"""A clip in a loop is one stream of MPEG-TS."""

from playhead.live.fakes.loop import count_packets, shifted


def packet(pid: int, counter: int, *, pts: int | None = None, pcr: int | None = None) -> bytes:
    """A packet of TS that begins a PES packet when it has a PTS."""
    field = b"" if pcr is None else b"\x07\x10" + (pcr << 15 | 0x7E00).to_bytes(6, "big")
    head = bytes([0x47, (0x40 if pts is not None else 0) | pid >> 8, pid & 255, (0x30 if field else 0x10) | counter])
    payload = b""
    if pts is not None:
        time = bytes(
            [0x21 | pts >> 29 & 0x0E, pts >> 22 & 255, pts >> 14 & 255 | 1, pts >> 7 & 255, pts << 1 & 255 | 1]
        )
        payload = b"\x00\x00\x01\xe0\x00\x00\x80\x80\x05" + time
    return (head + field + payload).ljust(188, b"\xff")


def test_times_and_counters_go_on_where_the_last_loop_ended() -> None:
    segment = packet(256, 3, pts=900_000, pcr=890_000) + packet(257, 15, pts=(1 << 33) - 1)
    counts = count_packets(segment)
    moved = shifted(segment, 16.0, {pid: 20 * count for pid, count in counts.items()})

    assert dict(counts) == {256: 1, 257: 1}
    assert moved == packet(256, 4, pts=900_000 + 16 * 90_000, pcr=890_000 + 16 * 90_000) + packet(
        257, 4, pts=16 * 90_000 - 1
    )


def test_nothing_changes_in_the_first_loop() -> None:
    segment = packet(256, 0, pts=900_000, pcr=890_000) + packet(17, 0) + packet(256, 1)

    assert shifted(segment, 0, {}) == segment
