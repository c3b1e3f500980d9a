"""Rendering of reels and renditions: plans as data, pieces that are encoded, the merge, the check of the result."""
