"""Bodies: what a target leads to (a file, a text, a segment), and the response made from it."""
