"""A fragmented MP4 while a capture writes it: each scan reads what is new, as far as it is whole.

What the file ends with may be torn, by a capture that was killed or by one that writes just now. It hides nothing that
lies before it, and the next scan tries it again.
"""

import struct
from array import array
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from struct import Struct
from typing import Final, NamedTuple, overload

from playhead.media.mp4.boxes import Mp4Unreadable
from playhead.media.mp4.fragments import Defaults, trex_defaults
from playhead.media.mp4.index import MAX_MOOV, movie_of
from playhead.media.mp4.movie import Track
from playhead.media.mp4.source import FileBytes, ReadAt

READ_BYTES = 4096
"""One read of a fragment: its ``moof`` of half a second takes about 600 bytes, and the header of ``mdat`` follows."""

MAX_MOOF = 1 << 20

_NEUTRAL: Final = frozenset(
    (b"ftyp", b"styp", b"sidx", b"ssix", b"mdat", b"free", b"skip", b"emsg", b"prft", b"uuid", b"mfra", b"pssh")
)
"""Boxes that are passed over; after anything else the rest of the file is damage."""

_HEADER = Struct(">I4s")
_LONG = Struct(">Q")
_WORD = Struct(">I")
_PAIR = Struct(">II")
_NON_SYNC = 0x10000


class Fragment(NamedTuple):
    """A ``moof`` and its ``mdat``.

    Attributes:
        offset, size: Bytes of both in the file.
        start_s: Decode time of its first frame on the file's own clock; of its first sample without a video track.
        duration_s: Duration of its frames together; 0 where it has none.
        keyframe: Whether it begins with a keyframe; true of every fragment without a video track.
    """

    offset: int
    size: int
    start_s: float
    duration_s: float
    keyframe: bool

    @property
    def end_s(self) -> float:
        """End of its last frame."""
        return self.start_s + self.duration_s


class FragmentList(Sequence[Fragment]):
    """Fragments in columns of numbers: 12 hours of them take 3 MB."""

    def __init__(self) -> None:
        self.offsets = array("Q")
        self.sizes = array("Q")
        self.starts_s = array("d")
        self.durations_s = array("d")
        self.keyframes = bytearray()

    def __len__(self) -> int:
        return len(self.keyframes)

    @overload
    def __getitem__(self, index: int) -> Fragment: ...
    @overload
    def __getitem__(self, index: slice) -> list[Fragment]: ...
    def __getitem__(self, index: int | slice) -> Fragment | list[Fragment]:
        if isinstance(index, slice):
            return [self[each] for each in range(*index.indices(len(self)))]
        return Fragment(
            self.offsets[index],
            self.sizes[index],
            self.starts_s[index],
            self.durations_s[index],
            bool(self.keyframes[index]),
        )

    def append(self, fragment: Fragment) -> None:
        """Add one at the end."""
        self.offsets.append(fragment.offset)
        self.sizes.append(fragment.size)
        self.starts_s.append(fragment.start_s)
        self.durations_s.append(fragment.duration_s)
        self.keyframes.append(fragment.keyframe)  # last: the length counts these

    def pop(self) -> None:
        """Remove the last one."""
        for column in (self.keyframes, self.durations_s, self.starts_s, self.sizes, self.offsets):
            column.pop()


class GrowingFile:
    """The whole fragments of a file that grows. One thread at a time may scan it.

    Attributes:
        tracks: Its tracks without samples; empty until its header is whole.
        init_size: Bytes of its header, which begins the file; 0 until it is whole.
        size_bytes: Size of the file at the last scan.
        whole_bytes: Bytes up to the end of the last whole box.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.tracks: list[Track] = []
        self.fragments = FragmentList()
        self.init_size = self.size_bytes = self.whole_bytes = 0
        self._moov = b""
        self._reference: _Reference | None = None

    @property
    def truncated(self) -> bool:
        """Whether the file ends with something that is not whole, or not yet."""
        return self.whole_bytes < self.size_bytes

    @property
    def start_s(self) -> float:
        """Decode time of its first frame; 0 without one."""
        return next((each.start_s for each in self.fragments if each.duration_s), 0.0)

    @property
    def end_s(self) -> float:
        """End of its last whole fragment; 0 without fragments."""
        return self.fragments[-1].end_s if self.fragments else 0.0

    def scan(self) -> int:
        """Read what was written since the last scan; a file that does not exist is empty.

        Returns:
            Number of fragments that became whole.

        Raises:
            OSError: the file cannot be read; what it contains never raises.
        """
        with suppress(FileNotFoundError), FileBytes(self.path) as source:
            return self.scan_bytes(source)
        return 0

    def scan_bytes(self, source: ReadAt) -> int:
        """As `scan`, of bytes that are elsewhere; goes on later where reading them raised."""
        before = len(self.fragments)
        self._forget_beyond(source.size)
        self.size_bytes = source.size
        while self._next(source):
            pass
        return max(0, len(self.fragments) - before)

    def _forget_beyond(self, size: int) -> None:
        """Forget what was cut off: a capture cuts its part where the source changed."""
        if size >= self.whole_bytes:
            return
        while self.fragments and self.fragments[-1].offset + self.fragments[-1].size > size:
            self.fragments.pop()
        last = self.fragments[-1] if self.fragments else None
        self.whole_bytes = last.offset + last.size if last else min(size, self.init_size)

    def _next(self, source: ReadAt) -> bool:
        """Pass over one box, or over a fragment; False where what follows is not whole."""
        start = self.whole_bytes
        if start + 8 > source.size:
            return False
        head = source.read_at(start, min(READ_BYTES, source.size - start))
        size, kind = box_head(head, 0)
        end = start + size
        if size < 8 or end > source.size:
            return False
        if kind == b"moof":
            end = self._fragment(source, head, end)
        elif kind == b"moov":
            end = end if self._movie(source, head, end) else 0
        elif kind not in _NEUTRAL:
            return False
        if end <= start:
            return False
        self.whole_bytes = end
        return True

    def _movie(self, source: ReadAt, head: bytes, end: int) -> bool:
        """Read the header; one that is repeated goes on with the same tracks."""
        start, size = self.whole_bytes + _header_size(head), end - self.whole_bytes
        moov = b"" if size > MAX_MOOV else source.read_at(start, end - start)
        if self._moov:
            return moov == self._moov
        try:
            movie = movie_of(moov, size_bytes=source.size, moov_offset=self.whole_bytes)
            reference = movie.video or movie.audio
            self._reference = _Reference.of(reference, trex_defaults(moov)) if reference else None
        except Mp4Unreadable:
            return False
        self._moov, self.tracks, self.init_size = moov, movie.tracks, end
        return True

    def _fragment(self, source: ReadAt, head: bytes, moof_end: int) -> int:
        """Read a fragment; returns where its media end, or 0."""
        start = self.whole_bytes
        size = moof_end - start
        if self._reference is None or size > MAX_MOOF:
            return 0
        moof = head if size + 16 <= len(head) else source.read_at(start, size + 16)
        media_size, kind = box_head(moof, size)
        end = moof_end + media_size
        if kind != b"mdat" or media_size < 8 or end > source.size:
            return 0
        try:
            start_s, duration_s, keyframe = self._reference.timing(moof[:size], _header_size(moof), size)
        except (struct.error, IndexError):
            return 0
        if start_s is None:
            start_s = self.end_s
        self.fragments.append(Fragment(start, end - start, start_s, duration_s, keyframe))
        return end


class _Reference(NamedTuple):
    """The track that the times of fragments are of: the first video track, or the first at all."""

    number: int
    timescale: int
    is_video: bool
    defaults: Defaults

    @classmethod
    def of(cls, track: Track, defaults: dict[int, Defaults]) -> "_Reference":
        return cls(track.id, track.timescale, track.kind == "video", defaults.get(track.id, Defaults()))

    def timing(self, moof: bytes, at: int, end: int) -> tuple[float | None, float, bool]:
        """Start, duration, and whether it begins with a keyframe.

        The start is None where the fragment does not say: it has no frames, or no decode time.

        Raises:
            struct.error, IndexError: it is damaged.
        """
        while at + 8 <= end:
            size, kind = _HEADER.unpack_from(moof, at)
            if size < 8 or at + size > end:
                raise struct.error("a box reaches out of its fragment")
            if kind == b"traf" and (found := self._track_fragment(moof, at + 8, at + size)):
                return found
            at += size
        return None, 0.0, False

    def _track_fragment(self, moof: bytes, at: int, end: int) -> tuple[float | None, float, bool] | None:
        """Timing of a ``traf``; None of another track (ISO/IEC 14496-12 sections 8.8.6 to 8.8.12)."""
        time: int | None = None
        ticks, defaults = 0, self.defaults
        first_flags: int | None = None
        while at + 8 <= end:
            size, kind = _HEADER.unpack_from(moof, at)
            if size < 8 or at + size > end:
                raise struct.error("a box reaches out of its track fragment")
            if kind == b"tfhd":
                if _WORD.unpack_from(moof, at + 12)[0] != self.number:
                    return None
                defaults = _with_header(moof, at, defaults)
            elif kind == b"tfdt":
                time = (_LONG if moof[at + 8] == 1 else _WORD).unpack_from(moof, at + 12)[0]
            elif kind == b"trun":
                duration, flags = _run(moof, at, at + size, defaults)
                first_flags = flags if first_flags is None else first_flags
                ticks += duration
            at += size
        keyframe = not self.is_video or (first_flags is not None and not first_flags & _NON_SYNC)
        return None if time is None else time / self.timescale, ticks / self.timescale, keyframe


def box_head(buffer: bytes, at: int) -> tuple[int, bytes]:
    """Size and type of a box; 0 where it has no whole header, or reaches to wherever the file ends."""
    if at + 8 > len(buffer):
        return 0, b""
    size, kind = _HEADER.unpack_from(buffer, at)
    if size == 1:
        size = _LONG.unpack_from(buffer, at + 8)[0] if at + 16 <= len(buffer) else 0
    return size, kind


def _header_size(buffer: bytes) -> int:
    return 16 if buffer[:4] == b"\0\0\0\1" else 8


def _with_header(moof: bytes, at: int, defaults: Defaults) -> Defaults:
    """The defaults of samples that a ``tfhd`` states (section 8.8.7)."""
    flags = _WORD.unpack_from(moof, at + 8)[0]
    if not flags & 0x28:
        return defaults
    place = at + 16 + (8 if flags & 1 else 0) + (4 if flags & 2 else 0)
    duration, sample_flags = defaults.duration, defaults.flags
    if flags & 8:
        duration, place = _WORD.unpack_from(moof, place)[0], place + 4
    if flags & 32:
        sample_flags = _WORD.unpack_from(moof, place + (4 if flags & 16 else 0))[0]
    return defaults._replace(duration=duration, flags=sample_flags)


def _run(moof: bytes, at: int, end: int, defaults: Defaults) -> tuple[int, int | None]:
    """Duration of the samples of a ``trun`` and the flags of its first; None without samples (section 8.8.8)."""
    flags, count = _PAIR.unpack_from(moof, at + 8)
    place = at + 16 + (4 if flags & 1 else 0)
    first: int | None = None
    if flags & 4:
        first, place = _WORD.unpack_from(moof, place)[0], place + 4
    columns = (flags >> 8 & 15).bit_count()
    if place + 4 * columns * count > end:
        raise struct.error("a run claims more samples than it lists")
    if not count:
        return 0, None
    if first is None:
        before = (flags >> 8 & 3).bit_count()
        first = _WORD.unpack_from(moof, place + 4 * before)[0] if flags & 0x400 else defaults.flags
    if not flags & 0x100:
        return defaults.duration * count, first
    table = struct.unpack_from(f">{columns * count}I", moof, place)
    return sum(table[::columns]), first
