"""What can go wrong with projects and stitches."""

from typing import Any

from playhead.errors import Conflict, InvalidInput, NotFound, PreconditionFailed, PreconditionRequired


class ProjectNotFound(NotFound):
    """No such project, or another owner's."""

    code = "project_not_found"
    title = "No such project"

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


class ProjectVersionMissing(PreconditionRequired):
    """A change of a project says which version it changes."""

    code = "if_match_required"

    def __init__(self) -> None:
        super().__init__(
            "The request has no If-Match header.",
            hint='Send the ETag of the project that you changed, such as "7".',
        )


class ProjectEmpty(InvalidInput):
    """Nothing to stitch."""

    code = "project_empty"
    title = "The project has no clips"


class ClipsNotReady(Conflict):
    """Some clips cannot be stitched as they stand."""

    code = "clips_not_ready"
    title = "Some clips cannot be stitched"

    def __init__(self, clips: list[dict[str, Any]]) -> None:
        first = clips[0]
        more = f", and {len(clips) - 1} more" if len(clips) > 1 else ""
        super().__init__(
            f"Clip {first['position']}: {first['message']}{more}.",
            hint="Remove or replace these clips, or wait until their videos are ready.",
        )
        self.extra = {"clips": clips}


class ClipsInvalid(InvalidInput):
    """A clip that cannot be meant."""

    code = "clips_invalid"
    title = "A clip cannot be used"


class SettingsInvalid(InvalidInput):
    """A size, frame rate or colour out of bounds."""

    code = "project_settings_invalid"
    title = "A project setting cannot be used"


class ClipVideoGone(Conflict):
    """A video was deleted between the request and the work."""

    code = "clip_video_gone"
    title = "A clip's video was deleted"

    def __init__(self, number: int) -> None:
        super().__init__(
            f"The video of clip {number} was deleted after this stitch was asked for.",
            hint="Remove or replace the clip, then stitch again.",
        )
