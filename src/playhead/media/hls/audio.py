"""Audio segments of a video, or of a span of it; silence where it has none.

Packets stay whole. What is missing before, after or altogether is filled with silent packets: a gap in the audio
stops a player that waits for both tracks.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from playhead.media.hls.errors import NotStreamable
from playhead.media.hls.timing import followed
from playhead.media.hls.video import SegmentedVideo, spans_of
from playhead.media.mp4.aac import AAC_LC, SILENT_FRAMES, aac_config, aac_entry
from playhead.media.mp4.movie import Movie, SampleEntry, Samples, Track
from playhead.media.mp4.presentation import packets_heard, zero_s
from playhead.media.mp4.segments import Header, Part, Run, init_segment, segment_head

SILENCE_RATE, SILENCE_CHANNELS, AAC_PACKET = 48_000, 2, 1024


class SegmentedAudio:
    """An audio track beside a `SegmentedVideo`, cut at the same times, to half a packet.

    Packet i of the stream is silence for ``i < before``, then come the track's packets ``[first, end)``, then silence.

    Args:
        track: None for silence; its index is kept as ``track``, -1 for silence.
        whole: Whether it is a whole video: the packet before its beginning comes along, so that the first sample is
            exact, and nothing is added at the end. Otherwise it is as long as the video, to half a packet.
    """

    def __init__(self, movie: Movie, track: Track | None, video: SegmentedVideo, *, whole: bool) -> None:
        self.first_s = video.first_s
        self.before = self.after = 0
        self.first = self.end = 0
        self._samples = Samples() if track is None else track.samples
        self.language = "und" if track is None else track.language
        self.track = -1 if track is None else track.index
        total_s = video.bounds_s[-1]
        if track is None:
            self.entry: SampleEntry = aac_entry(SILENCE_RATE, SILENCE_CHANNELS)
            self.timescale, self._packet, self._offset, self._base = SILENCE_RATE, AAC_PACKET, 0, 0
            self._silence = SILENT_FRAMES[SILENCE_CHANNELS]
        else:
            self._take(movie, track, video, whole=whole)
        self._total = round(total_s * self.timescale)
        if not whole and self._silence:
            self.after = max(0, -(-(self._total - self._end_of_packets() - self._packet // 2) // self._packet))
        self.count = self.before + self.end - self.first + self.after
        if not self.count:
            raise NotStreamable("its audio is empty")
        inner = [self._index_at(round(at * self.timescale)) for at in video.bounds_s[1:-1]]
        self.cuts = [0, *sorted({cut for cut in inner if 0 < cut < self.count}), self.count]
        end = Fraction(self._at(self.count), self.timescale) if whole else total_s
        starts = [Fraction(max(0, self._at(cut)), self.timescale) for cut in self.cuts[1:-1]]
        self.bounds_s = [Fraction(0), *starts, end]

    def _take(self, movie: Movie, track: Track, video: SegmentedVideo, *, whole: bool) -> None:
        """Choose the packets."""
        if track.mixed:
            raise NotStreamable(f"its audio is coded in {len(track.entries)} ways")
        heard = followed(movie, track)
        zero = heard.tick_at(zero_s(movie), track.timescale)
        samples, self.entry, self.timescale = track.samples, track.entry, track.timescale
        self._packet = _usual_packet(samples)
        self._offset = round((video.lead_s - video.start_s) * self.timescale - zero)
        first, count = packets_heard(track, heard)
        first = max(0, first - 1)  # decoded so that the one after it is complete
        if count < len(samples):  # the last one holds some of what the edit list cuts off
            count = max(first, bisect_right(samples.dts, heard.end, 0, len(samples)) - 1)
        if whole:
            self.first = max(first, bisect_right(samples.dts, -self._offset, first, count) - 2)
            self.end = count
        else:
            end = round(video.bounds_s[-1] * self.timescale)
            self.first = bisect_left(samples.dts, -self._offset - self._packet // 2, first, count)
            self.end = bisect_left(samples.dts, end - self._offset - self._packet // 2, self.first, count)
        self._silence = silence_like(track.entry)
        self._base = samples.dts[self.first] + self._offset if self.end > self.first else 0
        if self._silence and self._base > self._packet // 2:
            self.before = (self._base + self._packet // 2) // self._packet
            self._base -= self.before * self._packet

    @property
    def sizes(self) -> list[int]:
        """Bytes of media in each segment."""
        return [self._size(start, end) for start, end in pairwise(self.cuts)]

    def init(self) -> bytes:
        """The init segment. Audio that begins before the video, by up to a packet, is skipped by an edit list."""
        return init_segment(
            Header(
                kind="audio",
                entry=self.entry.raw,
                timescale=self.timescale,
                media_time=max(0, -self._base),
                language=self.language,
            )
        )

    def segment(self, number: int) -> list[Part]:
        """A media segment: its head, then spans of the original and silent packets.

        Raises:
            IndexError: there is none of this number.
            NotStreamable: its times need more than 32 bits.
        """
        start, end = self.cuts[number], self.cuts[number + 1]
        times = self._times(start, end + 1)
        durations = [after - at for at, after in pairwise(times)]
        run = Run(number, max(0, times[0] - min(0, self._base)), durations, self._sizes(start, end))
        try:
            return [segment_head(run), *self._parts(start, end)]
        except OverflowError as error:
            raise NotStreamable("a packet of its audio lasts for hours") from error

    def _parts(self, start: int, end: int) -> list[Part]:
        ahead, taken, behind = self._shares(start, end)
        parts: list[Part] = [self._silence * ahead] if ahead else []
        if taken:
            parts += spans_of(self._samples, *taken)
        return [*parts, self._silence * behind] if behind else parts

    def _sizes(self, start: int, end: int) -> Sequence[int]:
        ahead, taken, behind = self._shares(start, end)
        size = [len(self._silence)]
        return [*size * ahead, *(self._samples.sizes[slice(*taken)] if taken else ()), *size * behind]

    def _size(self, start: int, end: int) -> int:
        ahead, taken, behind = self._shares(start, end)
        return (ahead + behind) * len(self._silence) + (sum(self._samples.sizes[slice(*taken)]) if taken else 0)

    def _times(self, start: int, end: int) -> list[int]:
        if start >= self.before and end <= self.before + self.end - self.first:
            shift = self.first - self.before
            return [at + self._offset for at in self._samples.dts[start + shift : end + shift]]
        return [self._at(index) for index in range(start, end)]

    def _shares(self, start: int, end: int) -> tuple[int, tuple[int, int] | None, int]:
        """Parts of packets ``[start, end)``: number of silent ones, packets of the track, number of silent ones."""
        packets = self.before + self.end - self.first
        ahead = max(0, min(end, self.before) - start)
        begin, stop = max(start, self.before), min(end, packets)
        shift = self.first - self.before
        taken = (begin + shift, stop + shift) if begin < stop else None
        return ahead, taken, max(0, end - max(start, packets))

    def _at(self, index: int) -> int:
        """Start of packet *index* in ticks; may be negative for the first."""
        packets = self.before + self.end - self.first
        if index < self.before or self.end == self.first:
            return self._base + index * self._packet
        if index >= packets:
            return self._end_of_packets() + (index - packets) * self._packet
        return self._samples.dts[self.first + index - self.before] + self._offset

    def _end_of_packets(self) -> int:
        if self.end == self.first:
            return self._base + self.before * self._packet
        return self._samples.dts[self.end] + self._offset

    def _index_at(self, ticks: int) -> int:
        """Index of the packet that begins nearest to a time."""
        low, high = 0, self.count
        while low < high:
            middle = (low + high) // 2
            if self._at(middle) < ticks - self._packet // 2:
                low = middle + 1
            else:
                high = middle
        return low


def silence_like(entry: SampleEntry) -> bytes:
    """A packet of silence for a track of this kind; none where it is not AAC-LC in mono or stereo."""
    config = aac_config(entry)
    if config is None or config.object_type != AAC_LC or config.sbr:
        return b""
    return SILENT_FRAMES.get(config.channels, b"")


def _usual_packet(samples: Samples) -> int:
    """Usual ticks of a packet; the first and the last may have another length."""
    lengths = sorted(after - at for at, after in pairwise(samples.dts[:34]))
    return max(1, lengths[len(lengths) // 2])
