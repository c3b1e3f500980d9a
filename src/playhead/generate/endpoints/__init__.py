"""Routes of generation."""
