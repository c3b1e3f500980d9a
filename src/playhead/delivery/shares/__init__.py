"""Share links: a video for anyone with the link, until it expires or is revoked."""
