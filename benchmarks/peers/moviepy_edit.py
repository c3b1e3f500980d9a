# /// script
# requires-python = ">=3.11"
# dependencies = ["moviepy>=2.1,<3"]
# ///
"""Joins clips with crossfades of a second: ``moviepy_edit.py OUT CLIP...``. Has a lock of its own."""

import sys

from moviepy import CompositeVideoClip, VideoFileClip, vfx

if __name__ == "__main__" and len(sys.argv) > 1:
    at, layers = 0.0, []
    for name in sys.argv[2:]:
        clip = VideoFileClip(name).with_start(at)
        layers.append(clip.with_effects([vfx.CrossFadeIn(1)]) if layers else clip)
        at += clip.duration - 1
    reel = CompositeVideoClip(layers)
    reel.write_videofile(sys.argv[1], codec="libx264", audio_codec="aac", preset="veryfast", threads=2, logger=None)
