"""Read an MP4's or MOV's index into a `Movie` (ISO/IEC 14496-12 chapter 8), without libav.

An 8 s clip takes about 0.3 ms, an hour under 0.2 s. Nothing in the file is believed: see `tables`.
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from playhead.media.mp4.boxes import Box, Mp4Unreadable, children, fields, need, walk
from playhead.media.mp4.entries import pcm_frame_bytes, read_entries
from playhead.media.mp4.epochs import settle
from playhead.media.mp4.fragments import Fragments
from playhead.media.mp4.movie import Edit, Movie, SampleEntry, Samples, Track, TrackKind
from playhead.media.mp4.source import JoinedBytes, ReadAt
from playhead.media.mp4.tables import MAX_SAMPLES, TooManySamples, read_blocks, read_samples
from playhead.media.orientation import combined

MAX_MOOV = 128 << 20
"""Most bytes of an index: 6 million samples take up to 120 MB."""

MAX_TOP_BOXES = 500_000
"""Most boxes directly in the file: 34 hours of fragments of half a second."""

MAX_RECORDED = 4 * MAX_SAMPLES
"""Samples of one part of a recording: two days at any usual rate."""

MAX_TRACKS = 64
MAX_EDITS = 10_000
MAX_SECONDS = 31 * 86_400
"""Most seconds of one track; a month is longer than any recording in one file."""

_KINDS: dict[bytes, TrackKind] = {b"vide": "video", b"soun": "audio"}
_MEDIA = frozenset((b"mdat", b"moof"))
_STILLS = frozenset(("jpeg", "png ", "mjpg"))


class TopBox(NamedTuple):
    """A top-level box of the file: half-open ``[start, end)`` with its header, content from ``content``."""

    kind: bytes
    start: int
    content: int
    end: int


def top_box(header: bytes, start: int, size_bytes: int) -> TopBox:
    """Header of a top-level box.

    Args:
        header: The bytes from *start* on, at most 16 of them.
        size_bytes: Of the file; the box may claim to end after it, as the last one of a cut file does.

    Raises:
        Mp4Unreadable: not a header.
    """
    if len(header) < 8:
        raise Mp4Unreadable(f"The file ends inside a box at byte {start}.")
    size, kind = int.from_bytes(header[:4], "big"), header[4:8]
    content = 8
    if size == 1 and len(header) >= 16:
        size, content = int.from_bytes(header[8:16], "big"), 16
    elif size == 0:
        size = size_bytes - start
    if size < content:
        raise Mp4Unreadable(f"The box at byte {start} claims a size of {size} bytes.")
    return TopBox(kind, start, start + content, start + size)


def top_boxes(source: ReadAt, start: int = 0, end: int | None = None) -> Iterator[TopBox]:
    """The top-level boxes of a file, or of a span of it, reading headers only. Up to 7 bytes at the end are padding.

    Raises:
        Mp4Unreadable: something is not a box, or there are more than ``MAX_TOP_BOXES``.
    """
    end = source.size if end is None else end
    count = 0
    while start + 8 <= end:
        count += 1
        if count > MAX_TOP_BOXES:
            raise Mp4Unreadable(f"The file has more than {MAX_TOP_BOXES} boxes.")
        found = top_box(source.read_at(start, min(16, end - start)), start, end)
        yield found
        start = found.end


def read_movie(source: ReadAt, *, most: int = MAX_SAMPLES) -> Movie:
    """Read the index of a file, and of its fragments if it has any.

    Args:
        most: Samples of all tracks together.

    Raises:
        Mp4Unreadable: there is none, it is damaged or uses what is not known here.
        TooManySamples: there are more.
    """
    return _read(source, [(0, source.size)], most)


def read_recording(source: ReadAt) -> Movie:
    """Read what a recorder wrote, to the last fragment that makes sense: damage ends it without complaint.

    Raises:
        Mp4Unreadable: there is no index, or it is damaged.
    """
    return _read(source, [(0, source.size)], MAX_RECORDED, damaged=True)


def read_joined(source: JoinedBytes) -> Movie:
    """Read an init and its segments; offsets count through all of them. A segment that is cut short ends its tracks.

    Raises:
        Mp4Unreadable: as `read_movie`.
    """
    return _read(source, source.spans, MAX_SAMPLES)


def _read(source: ReadAt, spans: list[tuple[int, int]], most: int, *, damaged: bool = False) -> Movie:
    """*damaged*: a fragment that cannot be read ends the tracks."""
    moov: TopBox | None = None
    media: int | None = None
    brand = ""
    for found in top_boxes(source, *spans[0]):
        if found.kind == b"moov" and moov is None:
            moov = found
        elif found.kind in _MEDIA and media is None:
            media = found.start
        elif found.kind == b"ftyp" and not brand:
            brand = brand_of(source.read_at(found.content, 4))
        if moov is not None and media is not None:
            break
    if moov is None:
        raise Mp4Unreadable("The file has no index: it is not an MP4, or it was cut off while it was written.")
    content = read_content(source, moov)
    movie = movie_of(content, size_bytes=source.size, moov_offset=moov.start, mdat_offset=media, brand=brand, most=most)
    if movie.fragmented:
        _add_fragments(source, content, movie, [(moov.end, spans[0][1]), *spans[1:]], most, damaged=damaged)
    return movie


def _add_fragments(
    source: ReadAt, moov: bytes, movie: Movie, spans: list[tuple[int, int]], most: int, *, damaged: bool
) -> None:
    fragments = Fragments(moov, movie.tracks, source.size, most)
    try:
        for start, end in spans:
            for found in _moofs(source, start, end, moov):
                fragments.add(read_content(source, found), found.start, end)
    except Mp4Unreadable:
        if not damaged:
            raise
    fragments.finish()
    movie.jumps = settle(movie, fragments.epochs)
    for track in movie.tracks:
        _sane(track)


def _moofs(source: ReadAt, start: int, end: int, moov: bytes) -> Iterator[TopBox]:
    """The fragments that are whole; what a recorder tore when it was killed ends them without complaint.

    So does another movie behind this one. One with the very same header goes on with it.
    """
    boxes = top_boxes(source, start, end)
    while True:
        try:
            found = next(boxes, None)
        except Mp4Unreadable:
            return
        if found is None or (found.kind == b"moov" and not _same(source, found, moov)):
            return
        if found.kind == b"moof" and found.end <= end:
            yield found


def _same(source: ReadAt, found: TopBox, moov: bytes) -> bool:
    """Whether a box has this content."""
    return found.end - found.content == len(moov) and source.read_at(found.content, len(moov)) == moov


def read_content(source: ReadAt, found: TopBox) -> bytes:
    """Read the content of a ``moov`` or ``moof``.

    Raises:
        Mp4Unreadable: it is larger than ``MAX_MOOV`` or reaches out of the file.
    """
    size = found.end - found.content
    if size > MAX_MOOV or found.end > source.size:
        raise Mp4Unreadable(f"The index claims {size} bytes in a file of {source.size} bytes.")
    return source.read_at(found.content, size)


def brand_of(text: bytes) -> str:
    """The major brand: the first four bytes of the content of ``ftyp``."""
    return text.decode("latin-1").strip()


def movie_of(
    moov: bytes,
    *,
    size_bytes: int,
    moov_offset: int,
    mdat_offset: int | None = None,
    brand: str = "",
    most: int = MAX_SAMPLES,
) -> Movie:
    """Read an index that has been fetched.

    Args:
        moov: The content of the box, without its header.
        size_bytes: Of the whole file; every sample must lie inside.
        moov_offset: Where the box begins in the file.
        mdat_offset: Where the first ``mdat`` begins; None when that is not known.
        most: Samples of all tracks together.

    Raises:
        Mp4Unreadable: it is damaged, it lies, or it uses what is not known here.
    """
    whole = Box(b"moov", 0, len(moov))
    boxes = children(moov, whole)
    timescale, duration = _clock(moov, need(boxes, b"mvhd"))
    traks = dict(_indexed(moov))
    if len(traks) > MAX_TRACKS:
        raise Mp4Unreadable(f"The file has {len(traks)} tracks.")
    tracks, unread = _tracks(moov, traks, size_bytes, _matrix(moov, boxes[b"mvhd"]), most)
    return Movie(
        size_bytes=size_bytes,
        timescale=timescale,
        header_duration=duration,
        tracks=tracks,
        faststart=mdat_offset is None or moov_offset < mdat_offset,
        fragmented=b"mvex" in boxes,
        brand=brand,
        unread=unread,
    )


def _indexed(moov: bytes) -> Iterator[tuple[int, Box]]:
    """Every track with libav's index of its stream: covers that are stored before it are streams, too."""
    index = 0
    for found in walk(moov):
        if found.kind == b"trak":
            yield index, found
            index += 1
        elif found.kind == b"udta":
            index += _covers(moov, found)


def _covers(moov: bytes, udta: Box) -> int:
    try:
        meta = children(moov, udta)[b"meta"]
        ilst = next(found for found in walk(moov, meta.start + 4, meta.end) if found.kind == b"ilst")
        covr = children(moov, ilst)[b"covr"]
        return sum(found.kind == b"data" for found in walk(moov, covr.start, covr.end))
    except (KeyError, StopIteration, Mp4Unreadable):
        return 0


def _tracks(
    moov: bytes, traks: dict[int, Box], size_bytes: int, matrix: bytes, most: int
) -> tuple[list[Track], tuple[int, ...]]:
    """The video and audio tracks, and the indexes of the audio tracks that cannot be read."""
    tracks: list[Track] = []
    unread: list[int] = []
    chapters: set[int] = set()
    budget = most
    for index, trak in traks.items():
        boxes = children(moov, trak)
        chapters.update(_chapter_tracks(moov, boxes))
        kind = _kind(moov, boxes)
        if kind is None:
            continue
        try:
            tracks.append(_track(moov, boxes, kind, index, size_bytes, budget))
        except Mp4Unreadable as error:
            if kind == "video":  # another one must not be taken for it
                raise
            if isinstance(error, TooManySamples) and most < MAX_SAMPLES:  # the caller may try again with more
                raise
            unread.append(index)
        else:
            budget -= len(tracks[-1].samples)
            tracks[-1].matrix = combined(tracks[-1].matrix, matrix)
    return [track for track in tracks if track.id not in chapters and not _is_still(track)], tuple(unread)


def _kind(moov: bytes, boxes: dict[bytes, Box]) -> TrackKind | None:
    mdia = children(moov, need(boxes, b"mdia"))
    return _KINDS.get(fields(">4s", moov, need(mdia, b"hdlr"), 8)[0])


def _track(moov: bytes, boxes: dict[bytes, Box], kind: TrackKind, index: int, size_bytes: int, budget: int) -> Track:
    mdia = children(moov, need(boxes, b"mdia"))
    stbl = need(children(moov, need(mdia, b"minf")), b"stbl")
    timescale, duration = _clock(moov, need(mdia, b"mdhd"))
    entries = read_entries(moov, need(children(moov, stbl), b"stsd"), kind)
    samples, used = _samples(moov, stbl, entries[0], size_bytes, budget)
    number, matrix, enabled = _header(moov, need(boxes, b"tkhd"))
    track = Track(
        id=number,
        kind=kind,
        timescale=timescale,
        header_duration=duration,
        entries=_used_first(entries, used),
        samples=samples,
        edits=_edits(moov, boxes),
        language=_language(moov, mdia[b"mdhd"]),
        matrix=matrix,
        mixed=len(used) > 1,
        index=index,
        enabled=enabled,
    )
    _sane(track)
    return track


def _samples(
    moov: bytes, stbl: Box, entry: SampleEntry, size_bytes: int, budget: int
) -> tuple[Samples, frozenset[int]]:
    """Expand the tables; a sample of uncompressed audio is one of its chunks."""
    frame_bytes = pcm_frame_bytes(entry)
    if frame_bytes:
        found = read_blocks(moov, stbl, frame_bytes=frame_bytes, size_bytes=size_bytes, budget=budget)
        if found is not None:
            return found
    return read_samples(moov, stbl, size_bytes=size_bytes, budget=budget)


def _sane(track: Track) -> None:
    if track.duration > MAX_SECONDS:
        raise Mp4Unreadable(f"A track claims to last {float(track.duration):.0f} seconds.")


def _clock(moov: bytes, header: Box) -> tuple[int, int]:
    """Timescale and duration of ``mvhd`` and ``mdhd``, which begin alike (sections 8.2.2 and 8.4.2)."""
    wide = fields(">B", moov, header)[0] == 1
    timescale, duration = fields(">IQ", moov, header, 20) if wide else fields(">II", moov, header, 12)
    if timescale < 1:
        raise Mp4Unreadable("A timescale of 0 ticks a second.")
    return timescale, duration


def _matrix(moov: bytes, mvhd: Box) -> bytes:
    """The matrix that all tracks share (section 8.2.2); shorter where the header is."""
    at = mvhd.start + (48 if moov[mvhd.start] == 1 else 36)
    return moov[at : min(at + 36, mvhd.end)]


def _header(moov: bytes, tkhd: Box) -> tuple[int, bytes, bool]:
    """Number and matrix of a track, and whether it is enabled (section 8.3.2)."""
    version_flags = fields(">I", moov, tkhd)[0]
    wide = version_flags >> 24 == 1
    number, matrix = fields(">I", moov, tkhd, 20 if wide else 12)[0], fields(">36s", moov, tkhd, 52 if wide else 40)[0]
    return number, matrix, bool(version_flags & 1)


def _language(moov: bytes, mdhd: Box) -> str:
    """Three letters of 5 bits; below 0x400 it is one of QuickTime's numbers."""
    packed = fields(">H", moov, mdhd, 32 if moov[mdhd.start] == 1 else 20)[0]
    letters = "".join(chr((packed >> shift & 31) + 0x60) for shift in (10, 5, 0))
    return letters if packed >= 0x400 and letters.isascii() and letters.isalpha() else "und"


def _edits(moov: bytes, boxes: dict[bytes, Box]) -> list[Edit]:
    """``elst`` (section 8.6.6)."""
    elst = children(moov, boxes[b"edts"]).get(b"elst") if b"edts" in boxes else None
    if elst is None:
        return []
    form, step = (">Qqi", 20) if fields(">B", moov, elst)[0] == 1 else (">Iii", 12)
    count = fields(">I", moov, elst, 4)[0]
    if count > MAX_EDITS:
        raise Mp4Unreadable(f"A track has {count} edits.")
    rows = (fields(form, moov, elst, 8 + step * row) for row in range(count))
    return [Edit(duration, media_time, Fraction(rate, 0x10000)) for duration, media_time, rate in rows]


def _used_first(entries: list[SampleEntry], used: frozenset[int]) -> list[SampleEntry]:
    """Put the one entry that all samples use in front."""
    if used and not 0 < min(used) <= max(used) <= len(entries):
        raise Mp4Unreadable(f"Samples use entry {max(used)} of {len(entries)}.")
    if len(used) != 1:
        return entries
    first = next(iter(used)) - 1
    return [entries[first], *entries[:first], *entries[first + 1 :]]


def _chapter_tracks(moov: bytes, boxes: dict[bytes, Box]) -> list[int]:
    """Tracks that hold the titles or images of chapters (QuickTime's ``tref`` of type ``chap``)."""
    chap = children(moov, boxes[b"tref"]).get(b"chap") if b"tref" in boxes else None
    if chap is None:
        return []
    return [fields(">I", moov, chap, at)[0] for at in range(0, min(chap.end - chap.start, 1024) - 3, 4)]


def _is_still(track: Track) -> bool:
    """A cover that was put into a track of its own."""
    return track.kind == "video" and track.entry.fourcc in _STILLS and len(track.samples) <= 1
