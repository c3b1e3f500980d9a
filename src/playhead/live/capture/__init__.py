"""Captures: one connection to a source each, which writes one part of a recording."""
