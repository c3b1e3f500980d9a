"""Share links: a video for whoever has the link, until it expires or is revoked."""
