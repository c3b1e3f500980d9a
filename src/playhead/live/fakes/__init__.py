"""Fakes for tests and the demo: Twitch as Playhead uses it, and a live source."""
