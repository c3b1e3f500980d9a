"""A stream written to files, for any static host."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from playhead.errors import Conflict, InvalidInput
from playhead.media.hls.audio import SegmentedAudio
from playhead.media.hls.playlist import AudioRendition, media_playlist, multivariant_playlist
from playhead.media.hls.stream import Stream, segment_list, variant_of, whole_stream
from playhead.media.hls.video import SegmentedVideo
from playhead.media.mp4.index import read_movie
from playhead.media.mp4.segments import Part
from playhead.media.mp4.source import FileBytes

Progress = Callable[[float], None]

_INDEX = "index.m3u8"
_OURS = re.compile(r"\.?index\.m3u8|(?:video|audio)(?:\.m3u8|-init\.mp4|-\d+\.m4s)")
"""Names of the files that a stream is written as."""


class Segments(NamedTuple):
    """Number of segments written; no *audio* of a silent video.

    Attributes:
        left_out: Reason why another audio track than the chosen one was taken, as of a `Stream`.
    """

    video: int
    audio: int
    left_out: str = ""


def write_folder(
    source: Path,
    folder: Path,
    progress: Progress = lambda _: None,
    *,
    force: bool = False,
    audio: Sequence[int] = (),
) -> Segments:
    """Write playlists and segments of an MP4; nothing is encoded.

    ``index.m3u8`` is written last and in one step: where it is, the stream is whole. When writing fails, nothing of
    the stream stays.

    Args:
        folder: Created if it is missing.
        progress: Callback with the progress, 0 to 1.
        force: Whether to replace the stream in the folder; its files are known by their names, others stay.
        audio: Audio tracks that may be heard, as of `whole_stream`.

    Raises:
        Conflict: there is something in the folder, or a file to be replaced is *source*.
        InvalidInput: *folder* is a file.
        Mp4Unreadable: the file is not an MP4, or damaged.
        NotStreamable: its codecs or its edits have no place in HLS.
    """
    with FileBytes(source) as original:
        _check(source, folder, force=force)
        stream = whole_stream(read_movie(original), audio)
        folder.mkdir(parents=True, exist_ok=True)
        _clear(folder)
        try:
            return _write_stream(stream, original, folder, progress)
        except BaseException:
            _clear(folder)
            raise


def _check(source: Path, folder: Path, *, force: bool) -> None:
    if folder.exists() and not folder.is_dir():
        raise InvalidInput(f"{folder} is a file.", hint="Name a folder; it is made if it is missing.")
    if any(old.samefile(source) for old in _ours(folder) if old.exists()):
        raise Conflict(f"{source} is what is read, and would be removed.", hint="Write to another folder.")
    if force or not folder.is_dir() or not any(folder.iterdir()):
        return
    if (folder / _INDEX).exists():
        raise Conflict(f"{folder} holds a stream already.", hint="Say --force to replace it, or name another folder.")
    raise Conflict(
        f"{folder} is not empty.", hint="Name a new folder, or say --force to add the stream to what is there."
    )


def _ours(folder: Path) -> list[Path]:
    """Files of a stream in a folder, the index first: without it no player starts."""
    found = [path for path in folder.iterdir() if _OURS.fullmatch(path.name)] if folder.is_dir() else []
    return sorted(found, key=lambda path: path.name != _INDEX)


def _clear(folder: Path) -> None:
    for path in _ours(folder):
        path.unlink()


def _write_stream(stream: Stream, original: FileBytes, folder: Path, progress: Progress) -> Segments:
    tracks: list[tuple[str, SegmentedVideo | SegmentedAudio]] = [("video", stream.video)]
    if stream.audio is not None:
        tracks.append(("audio", stream.audio))
    counts = {name: len(track.cuts) - 1 for name, track in tracks}
    done, total = 0, sum(counts.values())
    for name, track in tracks:
        (folder / f"{name}-init.mp4").write_bytes(track.init())
        for number in range(counts[name]):
            _write(original, track.segment(number), folder / f"{name}-{number}.m4s")
            done += 1
            progress(done / total)
        playlist = media_playlist([segment_list(track, name)], start_s=stream.video.first_s)
        (folder / f"{name}.m3u8").write_text(playlist)
    fresh = folder / f".{_INDEX}"
    fresh.write_text(_index(stream))
    fresh.replace(folder / _INDEX)
    return Segments(counts["video"], counts.get("audio", 0), stream.left_out)


def _index(stream: Stream) -> str:
    variant = variant_of(stream.video, stream.codecs, stream.audio, "video.m3u8")
    audio = [] if stream.audio is None else [AudioRendition("audio.m3u8", channels=stream.channels)]
    return multivariant_playlist([variant], audio)


def _write(original: FileBytes, parts: Sequence[Part], path: Path) -> None:
    with path.open("wb") as file:
        for part in parts:
            file.write(part if isinstance(part, bytes) else original.read_at(part[0], part[1] - part[0]))
