"""Picture sizes, frame rates, codecs, channels and languages as people write and read them."""

from fractions import Fraction

_CODECS = {
    "H.264": ("h264", "avc1", "avc3"),
    "HEVC": ("hevc", "h265", "hvc1", "hev1"),
    "Dolby Vision": ("dvh1", "dvhe"),
    "AV1": ("av1", "av01"),
    "VP9": ("vp9", "vp09"),
    "VP8": ("vp8", "vp08"),
    "MPEG-4": ("mpeg4", "mp4v"),
    "ProRes": ("prores", "apch", "apcn", "apcs", "apco", "ap4h", "ap4x"),
    "Motion JPEG": ("mjpeg", "jpeg"),
    "AAC": ("aac", "mp4a", "mp4a.40.2"),
    "HE-AAC": ("mp4a.40.5", "mp4a.40.29"),
    "MP3": ("mp3", ".mp3", "mp4a.40.34", "mp4a.69", "mp4a.6b"),
    "Opus": ("opus",),
    "Vorbis": ("vorbis",),
    "FLAC": ("flac",),
    "AC-3": ("ac3", "ac-3"),
    "E-AC-3": ("eac3", "ec-3"),
    "ALAC": ("alac",),
}
_NAMES = {code: name for name, codes in _CODECS.items() for code in codes}

_CHANNELS = {1: "mono", 2: "stereo", 6: "5.1", 8: "7.1"}
_LANGUAGES = {
    "Arabic": ("ara",),
    "Chinese": ("zho", "chi"),
    "Czech": ("ces", "cze"),
    "Danish": ("dan",),
    "Dutch": ("nld", "dut"),
    "English": ("eng",),
    "Finnish": ("fin",),
    "French": ("fra", "fre"),
    "German": ("deu", "ger"),
    "Greek": ("ell", "gre"),
    "Hebrew": ("heb",),
    "Hindi": ("hin",),
    "Hungarian": ("hun",),
    "Italian": ("ita",),
    "Japanese": ("jpn",),
    "Korean": ("kor",),
    "Norwegian": ("nor", "nob", "nno"),
    "Polish": ("pol",),
    "Portuguese": ("por",),
    "Romanian": ("ron", "rum"),
    "Russian": ("rus",),
    "Spanish": ("spa",),
    "Swedish": ("swe",),
    "Thai": ("tha",),
    "Turkish": ("tur",),
    "Ukrainian": ("ukr",),
    "Vietnamese": ("vie",),
}
_LANGUAGE_NAMES = {code: name for name, codes in _LANGUAGES.items() for code in codes}

NO_LANGUAGE = frozenset(("", "und", "mul", "mis", "zxx"))
"""Codes of ISO 639-2 that name no language: undetermined, several, uncoded, without words."""


def codec_name(codec: str) -> str:
    """``HEVC`` for ``hevc`` and for ``hvc1.1.6.L93.B0``: by FFmpeg's name, a fourcc, or as RFC 6381 writes it."""
    code = codec.lower()
    if code.startswith("pcm_"):
        return "PCM"
    return _NAMES.get(code) or _NAMES.get(code.partition(".")[0], codec)


def level_name(codec: str, level: int) -> str:
    """``4.1`` for H.264's 41, HEVC's 123 and AV1's 9; empty for 0, and for a codec without levels here."""
    if level <= 0:
        return ""
    if codec == "h264":
        return "1b" if level == _LEVEL_1B else f"{level / 10:.1f}"
    if codec == "hevc":
        return f"{level / 30:.1f}"
    if codec == "av1":
        return f"{2 + (level >> 2)}.{level & 3}"
    return f"{level / 10:.1f}" if codec == "vp9" else ""


_LEVEL_1B = 9


def size_name(width: int, height: int) -> str:
    """``1920×1080``."""
    return f"{width}×{height}"


def rate_name(fps: Fraction | float) -> str:
    """Frame rate with three decimals: ``23.976``, ``30``."""
    return f"{float(fps):.3f}".rstrip("0").rstrip(".")


def video_format_name(width: int, height: int, fps: Fraction | float | None) -> str:
    """``1920×1080, 29.97 fps``; only the size where the rate is unknown."""
    return size_name(width, height) + (f", {rate_name(fps)} fps" if fps is not None else "")


def channels_name(channels: int) -> str:
    """``mono``, ``stereo``, ``5.1``; else ``4 channels``."""
    return _CHANNELS.get(channels, f"{channels} channels")


def language_name(code: str) -> str:
    """``German`` for ``deu`` or ``ger``: the commonest languages of ISO 639-2; for others the code, if it names one."""
    return "" if code in NO_LANGUAGE else _LANGUAGE_NAMES.get(code.lower(), code)
