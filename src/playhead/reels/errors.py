"""What can go wrong with projects and stitches."""

from typing import Any

from playhead.errors import Conflict, InvalidInput, NotFound, PreconditionFailed


class ProjectNotFound(NotFound):
    """No such project, or another owner's."""

    code = "project_not_found"
    title = "Project not found"

    def __init__(self, project_id: str) -> None:
        super().__init__(f"There is no project {project_id}.", hint="It may have been deleted.")


class ProjectVersionMismatch(PreconditionFailed):
    """Another tab or person changed the project; the answer carries how it stands now."""

    code = "version_mismatch"

    def __init__(self, project_id: str, wanted: int, current: int, project: dict[str, Any] | None = None) -> None:
        super().__init__(
            f"Project {project_id} is at version {current}; this change was made on version {wanted}.",
            hint="Load the project, then make the change again or leave it.",
        )
        self.extra = {"current": project} if project else None


class ProjectEmpty(InvalidInput):
    """Nothing to stitch."""

    code = "project_empty"
    title = "The project has no clips"


class ClipsInvalid(InvalidInput):
    """A clip that cannot be meant."""

    code = "clips_invalid"
    title = "A clip cannot be used"


class ProjectSettingsInvalid(InvalidInput):
    """A size, frame rate or colour out of bounds."""

    code = "project_settings_invalid"
    title = "A project setting cannot be used"


class ClipVideoGone(Conflict):
    """A video was deleted between the request and the work."""

    code = "clip_video_gone"
    title = "Video of a clip was deleted"

    def __init__(self, number: int) -> None:
        super().__init__(
            f"The video of clip {number} was deleted after this stitch was asked for.",
            hint="Remove or replace the clip, then stitch again.",
        )


class MusicGone(Conflict):
    """The video of the music was deleted between the request and the work."""

    code = "music_gone"
    title = "Video of the music was deleted"

    def __init__(self) -> None:
        super().__init__(
            "The video of the music was deleted after this stitch was asked for.",
            hint="Choose other music or remove it, then stitch again.",
        )


class ClipImageGone(Conflict):
    """An image was deleted between the request and the work."""

    code = "clip_image_gone"
    title = "Image of a clip was deleted"

    def __init__(self, number: int) -> None:
        super().__init__(
            f"The image of clip {number} was deleted after this stitch was asked for.",
            hint="Remove or replace the clip, then stitch again.",
        )


class WatermarkGone(Conflict):
    """The image of the watermark was deleted between the request and the work."""

    code = "watermark_gone"
    title = "Image of the watermark was deleted"

    def __init__(self) -> None:
        super().__init__(
            "The image of the watermark was deleted after this stitch was asked for.",
            hint="Choose another image or remove the watermark, then stitch again.",
        )
