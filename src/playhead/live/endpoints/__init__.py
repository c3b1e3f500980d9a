"""Routes of live."""
