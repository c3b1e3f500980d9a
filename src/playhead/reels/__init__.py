"""Projects, their clips, and the reels they are stitched into."""
