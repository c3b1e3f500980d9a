"""Files trimmed, delayed and joined by their index alone, stitched by copy and by encoding."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from playhead.media.ffmpeg import find_ffmpeg, run_ffmpeg
