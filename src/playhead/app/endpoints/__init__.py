"""Routes of what joins several domains."""
