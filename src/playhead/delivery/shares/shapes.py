"""Requests for share links and what the API returns for them."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field, SecretStr

from playhead.api.shapes import PageShape, Payload, Shape, Timestamp
from playhead.catalog.shapes import VideoState
from playhead.delivery.links.shapes import LinkRequest

Password = Annotated[SecretStr, Field(max_length=1024, description="6 to 1024 characters.")]
CommentsOption = Literal["off", "read", "write"]
Expiry = Annotated[AwareDatetime, Field(description="RFC 3339 with a zone, in the future.")]


class Share(Shape):
    """A link that plays one video for anyone who has it."""

    id: str
    video_id: str
    url: str | None = Field(
        description="Page to send. Null when its signing key was rotated out; the link still works."
    )
    embed_url: str | None = Field(description="The same as a player for an iframe.")
    created_by: str = Field(description="Id of the user.")
    created_at: Timestamp
    expires_at: Timestamp | None = Field(description="Null: valid until it is revoked.")
    revoked_at: Timestamp | None
    has_password: bool
    allow_download: bool
    comments: CommentsOption = Field(description="Whether its visitors see the comments, and whether they may write.")
    views: int = Field(
        description="Number of viewers who started playback; a viewer who returns within six hours counts once."
    )
    version: int


class SharePage(PageShape[Share]):
    """A page of share links."""


class ShareCreate(Payload):
    """A new share link."""

    expires_at: Expiry | None = Field(
        default=None,
        description="Null: valid until it is revoked. Omitted: after `share_default_days` of the settings, 30 unless "
        "changed.",
    )
    password: Password | None = Field(default=None, description="Omitted or null: no password. 6 to 1024 characters.")
    allow_download: bool = False
    comments: CommentsOption = Field(default="off", description="What its visitors may do with the comments.")


class ShareChanges(Payload):
    """Changes to a share link; omitted fields stay."""

    expires_at: Expiry | None = Field(default=None, description="Null: valid until it is revoked.")
    password: Password | None = Field(default=None, description="Null removes the password.")
    allow_download: bool | None = None
    comments: CommentsOption | None = None

    @property
    def given(self) -> dict[str, Any]:
        """The fields that came, null included."""
        return {name: getattr(self, name) for name in self.model_fields_set}


class SharedVideo(Shape):
    """What a share page shows; until the password is given, all fields but the first are null."""

    password_required: bool
    title: str | None = None
    state: VideoState | None = Field(default=None, description="Only a `ready` video can be played.")
    duration_s: float | None = None
    width: int | None = None
    height: int | None = None
    size_bytes: int | None = None
    has_audio: bool | None = None
    has_renditions: bool | None = Field(default=None, description="Kind `hls` offers more than one quality.")
    streamed_track: int | None = Field(default=None, description="As of a video.")
    poster_url: str | None = Field(default=None, description="Signed, relative to this server. Null: none was made.")
    allow_download: bool | None = None
    comments: CommentsOption | None = Field(default=None, description="What visitors may do with the comments.")
    expires_at: Timestamp | None = None


class SharedPlaybackRequest(LinkRequest):
    """What is to be played, and the password where one is needed."""

    password: Annotated[SecretStr, Field(max_length=1024)] | None = Field(
        default=None, description="Required if `password_required`."
    )
    pass_token: SecretStr | None = Field(
        default=None, max_length=200, description="Unlock token of an earlier response, instead of the password."
    )
    viewer: str | None = Field(
        default=None,
        max_length=64,
        description="Random text that stays the same for a viewing session; without it, viewers behind one address "
        "count as one.",
    )


class SharedPlayback(Shape):
    """A signed link that ends with its share, and what the page shows."""

    url: str = Field(description="Absolute, with the server's public address or the host of this request.")
    path: str = Field(description="The same, relative to the server's root.")
    expires_at: Timestamp
    pass_token: str | None = Field(
        description="Unlock token, valid for 12 h instead of the password unless that is changed. Null: no password is "
        "needed."
    )
    video: SharedVideo


def earlier(one: datetime, other: datetime | None) -> datetime:
    """The earlier time; None is never."""
    return one if other is None else min(one, other)
