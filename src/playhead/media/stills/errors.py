"""Errors between a video and its stills."""

from playhead.errors import Unavailable
from playhead.media.errors import UnreadableVideo


class NoStill(UnreadableVideo):
    """No frame could be decoded at the requested time, or not within the limits of one still."""

    code = "no_still"
    title = "Image not found"


class StillsBusy(Unavailable):
    """Too many stills are queued; another would come too late."""

    code = "stills_busy"
    title = "Too many images in progress"
