"""What the API says of share links."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import AwareDatetime, Field, SecretStr

from playhead.api.shapes import PageShape, Payload, Shape, Timestamp
from playhead.catalog.shapes import VideoState
from playhead.delivery.minting import PlaybackWish

Password = Annotated[SecretStr, Field(max_length=1024, description="6 to 1024 characters.")]
Expiry = Annotated[AwareDatetime, Field(description="RFC 3339 with a zone, in the future.")]


class Share(Shape):
    """A link that plays one video for whoever has it."""

    id: str
    video_id: str
    url: str | None = Field(
        description="The page to send. Null when the key it is derived from was rotated out: it still works."
    )
    embed_url: str | None = Field(description="The same as a bare player, for an iframe.")
    created_by: str = Field(description="Id of the user.")
    created_at: Timestamp
    expires_at: Timestamp | None = Field(description="Null: until it is revoked.")
    revoked_at: Timestamp | None
    has_password: bool
    allow_download: bool
    views: int = Field(description="Viewers who began to play; one who comes back within six hours counts once.")
    version: int


class SharePage(PageShape[Share]):
    """A page of share links."""


class ShareCreate(Payload):
    """A new share link."""

    expires_at: Expiry | None = Field(default=None, description="Left out or null: until it is revoked.")
    password: Password | None = Field(default=None, description="Left out or null: none. 6 to 1024 characters.")
    allow_download: bool = False


class ShareChanges(Payload):
    """What to change of a share link; what is left out stays."""

    expires_at: Expiry | None = Field(default=None, description="Null: until it is revoked.")
    password: Password | None = Field(default=None, description="Null: no password any more.")
    allow_download: bool | None = None

    @property
    def given(self) -> dict[str, Any]:
        """The fields that came, null included."""
        return {name: getattr(self, name) for name in self.model_fields_set}


class SharedVideo(Shape):
    """What a share page shows; before the password all but the first field is null."""

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
    expires_at: Timestamp | None = None


class SharedPlaybackRequest(PlaybackWish):
    """What is to be played, and the key to it where one is needed."""

    password: Annotated[SecretStr, Field(max_length=1024)] | None = Field(
        default=None, description="Where `password_required`."
    )
    pass_token: SecretStr | None = Field(
        default=None, max_length=200, description="From an earlier answer, in place of the password."
    )
    viewer: str | None = Field(
        default=None,
        max_length=64,
        description="Any random text that stays the same for one viewing session; without it viewers behind one "
        "address count as one.",
    )


class SharedPlayback(Shape):
    """A signed link that ends with its share, and what the page shows."""

    url: str = Field(description="Absolute: by the server's public address, or the host that this request named.")
    path: str = Field(description="The same, relative to the server's root.")
    expires_at: Timestamp
    pass_token: str | None = Field(
        description="Good for 12 h in place of the password, unless that is changed. Null: no password is needed."
    )
    video: SharedVideo


def earlier(one: datetime, other: datetime | None) -> datetime:
    """The one that comes first; None never comes."""
    return one if other is None else min(one, other)
