"""Comments at a time of a video."""
