"""A stream as files, for any host that serves files."""

from collections.abc import Callable, Sequence
from pathlib import Path

from playhead.media.hls.picture import PictureStream
from playhead.media.hls.playlist import media_playlist, multivariant_playlist
from playhead.media.hls.sound import SoundStream
from playhead.media.hls.stream import Stream, stretch_of, variant_of, whole_stream
from playhead.media.mp4.index import read_movie
from playhead.media.mp4.segments import Part
from playhead.media.mp4.source import FileBytes

Progress = Callable[[float], None]


def write_folder(source: Path, folder: Path, progress: Progress = lambda _: None) -> int:
    """Write playlists and segments of an MP4; nothing is encoded.

    Args:
        folder: Made if it is missing. ``index.m3u8`` in it is written last.
        progress: Told the share that is done, 0 to 1.

    Returns:
        How many segments there are, of pictures and sound.

    Raises:
        Mp4Unreadable: the file is no MP4, or damaged.
        NotStreamable: its codecs or its edits have no place in HLS.
    """
    with FileBytes(source) as original:
        stream = whole_stream(read_movie(original))
        folder.mkdir(parents=True, exist_ok=True)
        tracks: list[tuple[str, PictureStream | SoundStream]] = [("video", stream.picture)]
        if stream.sound is not None:
            tracks.append(("audio", stream.sound))
        total = sum(len(track.cuts) - 1 for _, track in tracks)
        start, done = stream.picture.first_s, 0
        for name, track in tracks:
            (folder / f"{name}-init.mp4").write_bytes(track.init())
            for number in range(len(track.cuts) - 1):
                _write(original, track.segment(number), folder / f"{name}-{number}.m4s")
                done += 1
                progress(done / total)
            (folder / f"{name}.m3u8").write_text(media_playlist([stretch_of(track, name)], start_s=start))
    (folder / "index.m3u8").write_text(_index(stream))
    return total


def _index(stream: Stream) -> str:
    variant = variant_of(stream.picture, stream.codecs, stream.sound, "video.m3u8")
    sound = None if stream.sound is None else "audio.m3u8"
    return multivariant_playlist([variant], sound, stream.channels)


def _write(original: FileBytes, parts: Sequence[Part], path: Path) -> None:
    with path.open("wb") as file:
        for part in parts:
            file.write(part if isinstance(part, bytes) else original.read_at(part[0], part[1] - part[0]))
