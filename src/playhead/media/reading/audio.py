"""The audio tracks of a file, and which of them is played."""

from typing import Any


def audio_tracks(container: Any) -> list[dict[str, Any]]:
    """Facts of every track that can be decoded, as of ``media.probe.AudioStream``; times and changes are left out."""
    found = []
    for stream in container.streams.audio:
        codec = stream.codec_context
        if codec is not None and codec.sample_rate and codec.layout.nb_channels:
            found.append(
                {
                    "codec": codec.codec.canonical_name,
                    "sample_rate": codec.sample_rate,
                    "channels": codec.layout.nb_channels,
                    "track": stream.index,
                }
            )
    return found


def chosen(tracks: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The track that is played; None without any."""
    return tracks[0] if tracks else None
