"""Captions as text: SRT, WebVTT, word timings and plain text, read into cues and written from them. Pure."""
