"""Requests for links and what the API returns for them."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from playhead.delivery.links.signature import MAX_TTL_S, MIN_TTL_S
from playhead.delivery.links.target import LinkKind
from playhead.jobs.tables import JobState

BYTES: dict[int | str, dict[str, Any]] = {
    200: {"description": "The whole file", "content": {"application/octet-stream": {}}},
    206: {"description": "The requested ranges", "content": {"application/octet-stream": {}}},
    304: {"description": "The client has this version"},
    307: {"description": "The store serves it: follow Location"},
}
OWN_BYTES = {status: answer for status, answer in BYTES.items() if status != 307}
"""Bytes that this server sends itself, whatever the store."""

IMAGE: dict[int | str, dict[str, Any]] = {
    200: {"description": "The picture", "content": {"image/jpeg": {}}},
    304: {"description": "The client has this version"},
    307: {"description": "The store serves it: follow Location"},
}
ANIMATION: dict[int | str, dict[str, Any]] = {
    **IMAGE,
    200: {"description": "The picture", "content": {"image/webp": {}}},
}
IMAGE_FILE: dict[int | str, dict[str, Any]] = {
    **IMAGE,
    200: {"description": "The image", "content": {name: {} for name in ("image/png", "image/jpeg", "image/webp")}},
}
CUES: dict[int | str, dict[str, Any]] = {
    200: {"description": "WebVTT whose cues name tiles of the sheet", "content": {"text/vtt": {}}},
    304: {"description": "The client has this version"},
}


class LinkRequest(BaseModel):
    """What is to be played."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    kind: LinkKind = "file"
    rendition: str | None = Field(
        default=None,
        max_length=40,
        description="For kind `file`: the name of a rendition, such as `720p`, instead of the original.",
    )
    download: bool = Field(default=False, description="Save under the file's own name.")


class PlaybackRequest(LinkRequest):
    """What is to be played, and the life of the link."""

    ttl_s: int | None = Field(
        default=None,
        ge=MIN_TTL_S,
        le=MAX_TTL_S,
        description="Seconds; null for this server's default, extended to the full hour. Ignored for links to images.",
    )


class Playback(BaseModel):
    """A signed link: anyone who has it may read one kind of one video until it expires."""

    url: str = Field(description="Absolute, with the server's public address or the host of this request.")
    path: str = Field(description="The same, relative to the server's root.")
    expires_at: str = Field(description="RFC 3339, UTC.")


class PreviewRequest(BaseModel):
    """The life of the link."""

    model_config = {"extra": "forbid"}

    ttl_s: int | None = Field(
        default=None, ge=MIN_TTL_S, le=MAX_TTL_S, description="Seconds; null for this server's default."
    )


class PreviewProblem(BaseModel):
    """A difference between the preview and the stitched reel."""

    clip_id: str
    message: str = Field(description="Continues the name of the clip: `its sound is left out: ...`.")


class Preview(BaseModel):
    """A signed link to one version of a project as HLS: anyone who has it may play it until it expires."""

    url: str = Field(description="Absolute, with the server's public address or the host of this request.")
    path: str = Field(description="The same, relative to the server's root.")
    expires_at: str = Field(description="RFC 3339, UTC.")
    version: int = Field(description="Version of the project; after a change the link answers 409.")
    duration_s: float
    problems: list[PreviewProblem]


class PreviewRender(BaseModel):
    """A span of a project, rendered in low resolution as it will be in the reel."""

    job_id: str
    state: JobState
    progress: float
    version: int = Field(description="Version of the project that it shows.")
    start_s: float = Field(description="Where it begins in the reel: before the crossfade that a request begins in.")
    end_s: float
    url: str | None = Field(description="Null until it is there, and an hour later.")
    path: str | None = Field(description="The same without the address of the server.")
    expires_at: str | None
