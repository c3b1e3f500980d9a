"""Stills of videos: poster, thumbnail and storyboard, and the animation."""
