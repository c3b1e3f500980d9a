"""Codecs of interlaced video. Standard library only, for the programs that decode."""

MAYBE_INTERLACED = frozenset(("mpeg1video", "mpeg2video", "dvvideo", "prores", "vc1", "wmv3"))
"""Codecs, by libav's name, whose frames may be fields whatever the first one is."""
