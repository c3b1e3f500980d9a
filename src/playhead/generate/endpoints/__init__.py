"""Routes of generation, by resource."""
