"""The tracks of a file, as ``playhead videos show`` prints them."""

from typing import Any

from playhead.kit.names import channels_name, codec_name, language_name, rate_name


def technical_fields(facts: dict[str, Any]) -> list[tuple[str, object]]:
    """Fields for each track; unknown facts are left out."""
    return [
        ("container", f"{facts['container']}{_rate(facts['bitrate'])}"),
        ("video track", _joined(_video(facts["video"]))),
        ("colour", _joined(_colour(facts["video"]))),
        ("keyframes", _keyframes(facts["video"])),
        *(("audio track", _joined(_audio(track))) for track in facts["audio_tracks"]),
    ]


def _joined(words: list[str | None]) -> str | None:
    return ", ".join(filter(None, words)) or None


def _video(video: dict[str, Any]) -> list[str | None]:
    profile = " ".join(filter(None, (codec_name(video["codec"]), video["profile"], video["level"])))
    mode = f" {video['frame_rate_mode']}" if video["frame_rate_mode"] else ""
    return [
        f"{video['track']}: {profile}",
        f"{video['width']}×{video['height']}",
        f"{rate_name(video['fps'])} fps{mode}",
        f"rotated {video['rotation']}°" if video["rotation"] else None,
        "mirrored" if video["mirrored"] else None,
        "interlaced" if video["interlaced"] else None,
        _rate(video["bitrate"]).removeprefix(", ") or None,
    ]


def _colour(video: dict[str, Any]) -> list[str | None]:
    colour = video["colour"] or {}
    said = [colour.get(name) for name in ("primaries", "transfer", "matrix")]
    named = "/".join(name or "unspecified" for name in said) if any(said) else "colours unspecified"
    return [
        video["pixel_format"],
        f"{video['bit_depth']} bits" if video["bit_depth"] else None,
        named if colour else None,
        f"{colour['range']} range" if colour.get("range") else None,
        f"HDR ({video['hdr']})" if video["hdr"] else None,
    ]


def _keyframes(video: dict[str, Any]) -> str | None:
    if not video["keyframes"]:
        return None
    longest = video["keyframe_interval_max_s"] or 0
    return f"{video['keyframes']}, every {video['keyframe_interval_s']:g} s, at most {longest:g} s"


def _audio(track: dict[str, Any]) -> list[str | None]:
    return [
        f"{track['track']}: {' '.join(filter(None, (codec_name(track['codec']), track['profile'])))}",
        channels_name(track["channels"]),
        f"{track['sample_rate']} Hz",
        language_name(track["language"]),
        track["title"],
        track["purpose"].replace("_", " "),
        _rate(track["bitrate"]).removeprefix(", "),
        "silent" if track["silent"] else None,
        "played" if track["played"] else None,
    ]


def _rate(bitrate: int | None) -> str:
    if not bitrate:
        return ""
    return f", {bitrate / 1e6:.1f} Mbit/s" if bitrate >= 1_000_000 else f", {bitrate / 1000:.0f} kbit/s"
