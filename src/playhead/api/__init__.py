"""What every route of our HTTP API shares."""
