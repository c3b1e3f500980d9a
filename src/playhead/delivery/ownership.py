"""Whose video it is: asked before anything of it is shown to whoever signed in."""

from fastapi import Request

from playhead.access.principals import Principal
from playhead.api.services import service
from playhead.delivery.errors import VideoNotFound
from playhead.delivery.media import MediaCatalog
from playhead.kit.ids import is_id


async def require_own(request: Request, video_id: str, principal: Principal) -> None:
    """A stranger's video is not there; an admin may read any.

    Raises:
        VideoNotFound: none, or a stranger's.
    """
    catalog = service(request, MediaCatalog)
    owner = await catalog.owner(video_id) if is_id("vid", video_id) else None
    if owner is None or (owner != principal.user_id and not principal.is_admin):
        raise VideoNotFound(f"There is no video {video_id}.")
