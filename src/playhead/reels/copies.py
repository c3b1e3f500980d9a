"""Copies of projects: the same edit in new rows. Pure."""

from datetime import datetime

from playhead.kit.ids import new_id
from playhead.reels.settings import apply_settings, settings_of
from playhead.reels.tables import ClipRow, ProjectRow


def copy_of(project: ProjectRow, title: str, now: datetime) -> ProjectRow:
    """A new project with the clips, the settings and the effects of another."""
    row = ProjectRow(
        id=new_id("prj"),
        owner_id=project.owner_id,
        title=title,
        version=1,
        edit=project.edit,
        created_at=now,
        updated_at=now,
        clips=[],
    )
    apply_settings(row, settings_of(project))
    row.clips = [_clip_of(clip, row.id) for clip in project.clips]
    return row


def _clip_of(clip: ClipRow, project_id: str) -> ClipRow:
    return ClipRow(
        id=new_id("clp"),
        project_id=project_id,
        position=clip.position,
        video_id=clip.video_id,
        prompt=clip.prompt,
        image_id=clip.image_id,
        card=clip.card,
        effects=clip.effects,
        start_s=clip.start_s,
        end_s=clip.end_s,
    )
