import json
from dataclasses import replace
from fractions import Fraction

from playhead.media.mp4.movie import Colour
from playhead.media.probe import Probe, VideoStream

VIDEO = VideoStream("hevc", 90, 160, 90, Fraction(30000, 1001), 3, "yuva420p", hdr=True, mirrored=True, alpha=True)


def test_a_probe_survives_json() -> None:
    video = replace(VIDEO, colour=Colour(9, 16, 9, full_range=True))
    found = Probe("mp4", 1.0, 1, video, None, zero_s=0.5)

    assert Probe.from_dict(json.loads(json.dumps(found.to_dict()))) == found


def test_a_probe_of_an_older_version_knows_less() -> None:
    """Stored before there were mirrors, alpha and colours in it."""
    names = ("codec", "width", "height", "rotation", "frames", "pix_fmt", "hdr")
    video = {name: getattr(VIDEO, name) for name in names} | {"fps": "30000/1001"}
    stored = {"container": "mp4", "duration_s": 1.0, "size_bytes": 1, "video": video, "audio": None}

    found = Probe.from_dict(stored).video

    assert (found.mirrored, found.alpha, found.colour) == (False, False, None)
