"""Errors of caption tracks."""

from playhead.errors import NotFound


class CaptionTrackNotFound(NotFound):
    """No such caption track, or one of another owner's video."""

    code = "caption_track_not_found"
    title = "Caption track not found"

    def __init__(self, track_id: str) -> None:
        super().__init__(f"There is no caption track {track_id}.", hint="It may have been deleted.")
