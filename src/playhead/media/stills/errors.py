"""What can go wrong between a video and its pictures."""

from playhead.errors import Unavailable
from playhead.media.errors import UnreadableVideo


class NoStill(UnreadableVideo):
    """No picture could be decoded where one was wanted, or not within what a picture may take."""

    code = "no_still"
    title = "Image not found"


class StillsBusy(Unavailable):
    """So many pictures are waited for that another would come too late."""

    code = "stills_busy"
    title = "Too many images in progress"
