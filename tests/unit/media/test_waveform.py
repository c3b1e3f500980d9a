"""Peaks of samples."""

from array import array

from playhead.media.waveform import peaks_of


def test_each_byte_is_the_loudest_sample_of_a_fiftieth_of_a_second() -> None:
    """Both polarities count, the last window may be short, and full scale stays a byte."""
    silence, soft, loud = array("h", [0] * 160), array("h", [0] * 159 + [-12800]), array("h", [32767, -32768])

    assert peaks_of((silence + soft + loud).tobytes()) == bytes([0, 100, 255])
