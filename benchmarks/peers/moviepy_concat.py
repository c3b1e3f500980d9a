# /// script
# requires-python = ">=3.11"
# dependencies = ["moviepy>=2.1,<3"]
# ///
"""Joins clips with MoviePy: ``moviepy_concat.py OUT CLIP...``. Has a lock of its own, as it wants an old Pillow."""

import sys

from moviepy import VideoFileClip, concatenate_videoclips

if __name__ == "__main__" and len(sys.argv) > 1:
    reel = concatenate_videoclips([VideoFileClip(name) for name in sys.argv[2:]])
    reel.write_videofile(sys.argv[1], codec="libx264", audio_codec="aac", preset="veryfast", threads=2, logger=None)
