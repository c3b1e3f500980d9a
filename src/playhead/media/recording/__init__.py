"""Recordings: parts that captures left on disk become one MP4."""
