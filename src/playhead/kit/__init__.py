"""Small pieces that stand on the standard library alone."""
