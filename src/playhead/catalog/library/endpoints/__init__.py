"""Routes of the library."""
