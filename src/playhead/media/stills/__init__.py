"""Pictures out of videos: poster, thumbnail, storyboard, animated preview."""
