"""Sections of a recording: pieces that follow each other and are coded alike, so that they share one header."""

from collections.abc import Iterable
from itertools import groupby

from playhead.media.mp4.aac import aac_config
from playhead.media.mp4.boxes import Mp4Unreadable
from playhead.media.mp4.movie import SampleEntry, Track
from playhead.media.recording.assemble import Piece

Parameters = tuple[object, ...]


def sections(pieces: Iterable[Piece]) -> list[list[Piece]]:
    """Put neighbours together whose video and audio are coded alike."""
    return [list(alike) for _, alike in groupby(pieces, key=_parameters)]


def _parameters(piece: Piece) -> Parameters:
    """All that a decoder is given once: of the sample entries, not the boxes that only describe."""
    tracks = piece.run.tracks
    entry = tracks.video.entry
    video = entry.fourcc, entry.config, entry.width, entry.height, entry.pixel_aspect, tracks.video.matrix
    return (*video, *(_audio_parameters(tracks.audio) if tracks.audio is not None else ()))


def _audio_parameters(track: Track) -> Parameters:
    entry = track.entry
    return entry.fourcc, _decoder(entry), *(() if _is_aac(entry) else (entry.channels, entry.sample_rate))


def _decoder(entry: SampleEntry) -> object:
    """Of AAC what its configuration says: the bytes around it hold average bit rates, which differ every time."""
    try:
        return aac_config(entry) or entry.config
    except Mp4Unreadable:
        return entry.config


def _is_aac(entry: SampleEntry) -> bool:
    return entry.fourcc == "mp4a"
