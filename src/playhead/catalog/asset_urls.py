"""Asset URLs: one file for an external program that knows a URL and nothing else, such as a model provider's.

The only place that spells their path and makes their tokens; `delivery.links.assets` answers them. The strictest of
such programs wants GET and HEAD without a redirect, the true type and length, and at most 512 characters.
"""

from base64 import b64decode
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal
from urllib.parse import urlencode

from playhead.access.grant import Grant
from playhead.access.signed import Signer
from playhead.catalog.errors import VideoNotFound, VideoNotReady
from playhead.catalog.files import MediaFile, VideoFiles
from playhead.catalog.images.errors import ImageNotFound
from playhead.catalog.images.files import image_file
from playhead.catalog.images.tables import ImageRow
from playhead.db.database import Database
from playhead.errors import InvalidInput, NotFound
from playhead.kit.clock import Clock, utc_now
from playhead.kit.ids import is_id

AssetKind = Literal["file", "poster"]

KIND: Final = "asset"
"""In signatures."""

PROBE: Final = "probe"
"""Subject of the tiny image by which the doctor sees whether the public address leads here."""

PROBE_IMAGE: Final = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="
)
"""One pixel, PNG."""

MIN_LIFE_S, DEFAULT_LIFE_S, MAX_LIFE_S = 60, 900, 3 * 24 * 3600
"""A generation may wait for hours in a provider's queue before it fetches its inputs."""


@dataclass(frozen=True, slots=True)
class Asset:
    """A file that an asset URL names: the original of a video, its poster or a rendition; an image.

    Args:
        subject: Id of the video or image, or `PROBE`.

    Raises:
        InvalidInput: a rendition of something other than a video's file.
    """

    subject: str
    kind: AssetKind = "file"
    rendition: str | None = None

    def __post_init__(self) -> None:
        if self.rendition is not None and (self.kind != "file" or is_id("img", self.subject)):
            what = "an image" if is_id("img", self.subject) else self.kind
            raise InvalidInput(f"A rendition is fetched as a file of a video, not as {what}.")

    @property
    def name(self) -> str:
        """What a signature covers besides the subject."""
        return self.kind if self.rendition is None else f"file:{self.rendition}"

    def path(self, token: str) -> str:
        """Path and query of its URL."""
        query = {"token": token}
        if self.rendition is not None:
            query["rendition"] = self.rendition
        elif self.kind != "file":
            query["kind"] = self.kind
        return f"/api/v1/assets/{self.subject}?{urlencode(query)}"


@dataclass(frozen=True, slots=True)
class AssetToken:
    """A token for one asset: expiry, key id with the grant, and signature, separated by dots."""

    token: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class AssetUrl:
    """An asset URL, and what a fetch of it gives.

    Attributes:
        url: Absolute, at most 512 characters.
        content_type: Of the bytes, such as ``image/png``.
    """

    url: str
    content_type: str
    size_bytes: int
    expires_at: datetime


class AssetUrls:
    """Makes asset URLs, in a server and in a worker.

    Args:
        public_url: Public address of the server; without one nobody outside can fetch anything.
    """

    def __init__(self, database: Database, signer: Signer, *, public_url: str | None, clock: Clock = utc_now) -> None:
        self._database, self._files = database, VideoFiles(database)
        self._signer, self._public_url, self._clock = signer, public_url, clock

    async def of_video(self, video_id: str, ttl_s: int, rendition: str | None = None) -> AssetUrl:
        """A URL for a video's original, or for a rendition of it. The caller has checked who may have it.

        Args:
            ttl_s: Life in seconds, 60 to 259,200.

        Raises:
            InvalidInput: no public address is set.
            VideoNotFound, VideoNotReady, NotFound: there is no such file.
        """
        base = self.require_public_url()
        generation = await self._files.generation(video_id) if is_id("vid", video_id) else None
        if generation is None:
            raise VideoNotFound(video_id)
        file = await self._files.find(video_id, "file", rendition or "")
        if file is None and rendition is not None:
            raise NotFound(
                f"Video {video_id} has no rendition {rendition[:40]}.",
                code="rendition_not_found",
                title="Rendition not found",
            )
        if file is None:
            raise VideoNotReady(f"Video {video_id} has no file yet.")
        return self._url(base, Asset(video_id, rendition=rendition), file, ttl_s, Grant(generation))

    async def of_image(self, image_id: str, ttl_s: int) -> AssetUrl:
        """A URL for an image. The caller has checked who may have it.

        Raises:
            InvalidInput: no public address is set.
            ImageNotFound
        """
        base = self.require_public_url()
        async with self._database.read() as session:
            row = await session.get(ImageRow, image_id)
        if row is None:
            raise ImageNotFound(image_id)
        return self._url(base, Asset(image_id), image_file(row), ttl_s)

    def token(self, asset: Asset, *, ttl_s: int, grant: Grant | None = None) -> AssetToken:
        """Make a token.

        Raises:
            ValueError: *ttl_s* is out of bounds.
        """
        if not MIN_LIFE_S <= ttl_s <= MAX_LIFE_S:
            raise ValueError(f"ttl_s must be {MIN_LIFE_S} to {MAX_LIFE_S}, not {ttl_s}")
        expires = int(self._clock().timestamp()) + ttl_s
        text = (grant or Grant()).text
        token = self._signer.token(KIND, asset.subject, expires, name=asset.name, grant=text)
        return AssetToken(token, datetime.fromtimestamp(expires, UTC))

    def require_public_url(self) -> str:
        """The public address, without a trailing slash.

        Raises:
            InvalidInput: none is set.
        """
        if self._public_url is None:
            raise InvalidInput(
                "The public address of this server is not set, so no provider could fetch a file from it.",
                hint="Set PLAYHEAD_PUBLIC_URL to the https address under which this server is reached from outside, "
                "then run `playhead doctor public`.",
                code="public_url_missing",
                title="No public address",
            )
        return self._public_url.rstrip("/")

    def _url(self, base: str, asset: Asset, file: MediaFile, ttl_s: int, grant: Grant | None = None) -> AssetUrl:
        made = self.token(asset, ttl_s=ttl_s, grant=grant)
        content_type = file.content_type or "application/octet-stream"
        return AssetUrl(base + asset.path(made.token), content_type, file.size_bytes, made.expires_at)
