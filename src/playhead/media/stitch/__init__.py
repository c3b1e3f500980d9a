"""Clips into one reel: survey, plan, render what must be rendered, merge, verify."""
