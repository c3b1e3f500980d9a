"""Profile and level of a video codec, from its own box in a sample entry, under FFmpeg's names."""

from playhead.media.mp4.configuration import AVC, HEVC
from playhead.media.mp4.movie import SampleEntry

_AVC = {66: "Baseline", 77: "Main", 88: "Extended", 100: "High", 110: "High 10", 122: "High 4:2:2"}
_AVC |= {244: "High 4:4:4 Predictive"}
_HEVC = {1: "Main", 2: "Main 10", 3: "Main Still Picture", 4: "Rext"}
_AV1 = ("Main", "High", "Professional")
_CONSTRAINED = 0x40
"""``constraint_set1_flag`` (ITU-T H.264 section 7.4.2.1.1)."""


def profile_and_level(entry: SampleEntry) -> tuple[str, int]:
    """Name the profile, with the level as the codec counts it; ``("", 0)`` where the box does not say."""
    config = entry.config
    try:
        if entry.fourcc in AVC:
            constrained = "Constrained " if config[1] == 66 and config[2] & _CONSTRAINED else ""
            return constrained + _AVC.get(config[1], ""), config[3]
        if entry.fourcc in HEVC:
            return _HEVC.get(config[1] & 31, ""), config[12]
        if entry.fourcc == "av01":
            return _AV1[config[1] >> 5], config[1] & 31
        if entry.fourcc == "vp09":
            return f"Profile {config[4]}", config[5]
    except IndexError:
        pass
    return "", 0
