"""Live: channels, detection of broadcasts, recordings."""
