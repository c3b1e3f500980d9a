"""Playback URLs: signed, for one kind of one video, until a moment."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from playhead.access.errors import SignatureInvalid
from playhead.access.signed import Signer
from playhead.delivery.grants import PLAIN, Grant
from playhead.delivery.media import Kind
from playhead.kit.clock import Clock

MIN_TTL_S = 60
MAX_TTL_S = 7 * 24 * 3600
DEFAULT_TTL_S = 4 * 3600
POSTER_WINDOW_S = 12 * 3600
"""Poster URLs made within one window are the same, so that a browser finds the picture in its cache; each
lives for one to two windows."""

HOUR_S = 3600
_MAX_EXPIRY_DIGITS = 12


@dataclass(frozen=True, slots=True)
class PlaybackUrl:
    """A path with its signature, relative to the server's root."""

    path: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class AssetProof:
    """A token that stands for one file of one video: expiry, key and grant, signature; dots between them."""

    token: str
    expires_at: datetime


class PlaybackUrls:
    """Makes and checks playback URLs: ``/v/{video_id}/{name}?e=&k=&s=[&d=1]``.

    A *grant* is what a link ends with; its generation must be the video's own when the link is made.
    """

    def __init__(self, signer: Signer, clock: Clock, *, default_ttl: timedelta = timedelta(hours=4)) -> None:
        self.default_ttl_s = min(max(int(default_ttl.total_seconds()), MIN_TTL_S), MAX_TTL_S)
        self._signer = signer
        self._clock = clock

    def file(
        self,
        video_id: str,
        *,
        extension: str = "",
        ttl_s: int | None = None,
        download: bool = False,
        grant: Grant = PLAIN,
    ) -> PlaybackUrl:
        """Mint the URL of a video's file.

        Args:
            extension: Of the file's name, without a dot: some players look at it. Not signed.
            ttl_s: 60 to 604800; None for the default of this server, put off to a full hour, so that links of one hour
                are the same and their bytes lie in the cache of a browser or a CDN.
            download: Whether a browser saves it under its own name instead of showing it.

        Raises:
            ValueError: the life is out of bounds.
        """
        name = f"original.{extension}" if extension else "original"
        return self._mint("file", video_id, name, self._full_hour(ttl_s), grant, download=download)

    def rendition(
        self, video_id: str, name: str, *, ttl_s: int | None = None, download: bool = False, grant: Grant = PLAIN
    ) -> PlaybackUrl:
        """Mint the URL of one rendition's file.

        Args:
            ttl_s: As of `file`.

        Raises:
            ValueError: the life is out of bounds.
        """
        file = f"rendition-{name}.mp4"
        return self._mint("file", video_id, file, self._full_hour(ttl_s), grant, download=download, signed_name=name)

    def hls(self, video_id: str, *, ttl_s: int | None = None, grant: Grant = PLAIN) -> PlaybackUrl:
        """Mint the URL of a video's multivariant playlist; its query is good for all that the playlist names.

        Args:
            ttl_s: As of `file`.

        Raises:
            ValueError: the life is out of bounds.
        """
        return self._mint("hls", video_id, "index.m3u8", self._full_hour(ttl_s), grant)

    def reel(self, project_id: str, version: int, *, ttl_s: int | None = None, grant: Grant = PLAIN) -> PlaybackUrl:
        """Mint the URL of the preview of one version of a project.

        Args:
            ttl_s: As of `file`: spans keep their URLs when the project was changed elsewhere.

        Raises:
            ValueError: the life is out of bounds.
        """
        name = f"reel-{version}.m3u8"
        return self._mint("reel", project_id, name, self._full_hour(ttl_s), grant, signed_name=str(version))

    def cut(self, video_id: str, name: str, expires: int, *, grant: Grant = PLAIN) -> str:
        """The query, with its question mark, that is good for one span of a video until a moment.

        Args:
            name: Of the span: what its URLs begin with.
            expires: Unix seconds.
        """
        signature = self._signer.sign("cut", video_id, expires, name=name, grant=grant.text)
        return "?" + urlencode({"e": str(expires), "k": signature.key_id, "s": signature.text})

    def poster(self, video_id: str, *, grant: Grant = PLAIN) -> PlaybackUrl:
        """Mint the URL of a video's poster, the same one for up to twelve hours."""
        return self._lasting("poster", video_id, "poster.jpg", grant)

    def storyboard(self, video_id: str, *, grant: Grant = PLAIN) -> PlaybackUrl:
        """Mint the URL of a storyboard's WebVTT, and with it of its sheet; it lasts as a poster's."""
        return self._lasting("storyboard", video_id, "storyboard.vtt", grant)

    def preview(self, video_id: str, *, grant: Grant = PLAIN) -> PlaybackUrl:
        """Mint the URL of a video's animated preview; it lasts as a poster's."""
        return self._lasting("preview", video_id, "preview.webp", grant)

    def thumbnail(self, video_id: str, *, grant: Grant = PLAIN) -> PlaybackUrl:
        """Mint the URL of a video's thumbnails, to which ``&t=SECONDS&w=PIXELS`` is added; it lasts as a poster's."""
        return self._lasting("thumbnail", video_id, "thumbnail.jpg", grant)

    def asset(self, video_id: str, name: str, *, ttl_s: int, grant: Grant = PLAIN) -> AssetProof:
        """Make a token for one file of a video, without its URL.

        Args:
            name: Of the file: a part of what is signed.

        Raises:
            ValueError: the life is out of bounds.
        """
        expires = self._expiry(ttl_s)
        signature = self._signer.sign("asset", video_id, expires, name=name, grant=grant.text)
        token = f"{expires}.{signature.key_id}.{signature.text}"
        return AssetProof(token, datetime.fromtimestamp(expires, UTC))

    def verify(
        self, kind: Kind, video_id: str, *, e: str, k: str, s: str, download: bool = False, name: str = ""
    ) -> int:
        """Check signature and time of a playback URL; `SignedLinks` also looks whether it was ended.

        Args:
            name: Of a rendition or a span, or the version of a project; empty for all else.

        Returns:
            Seconds that it is still good for.

        Raises:
            SignatureInvalid: missing, altered, or made for another kind or video.
            SignatureExpired: its time is over.
        """
        if not (e.isascii() and e.isdigit() and len(e) <= _MAX_EXPIRY_DIGITS and k and s):
            raise SignatureInvalid("The link carries no signature.", hint="Ask for a new playback URL.")
        now = self.now()
        self._signer.verify(kind, video_id, int(e), k, s, now, name=name, download=download)
        return int(int(e) - now)

    def now(self) -> float:
        """Unix seconds, by the clock that links are checked by."""
        return self._clock().timestamp()

    def _lasting(self, kind: Kind, video_id: str, name: str, grant: Grant) -> PlaybackUrl:
        expires = (int(self.now()) // POSTER_WINDOW_S + 2) * POSTER_WINDOW_S
        return self._mint(kind, video_id, name, expires, grant)

    def _expiry(self, ttl_s: int | None) -> int:
        ttl_s = self.default_ttl_s if ttl_s is None else ttl_s
        if not MIN_TTL_S <= ttl_s <= MAX_TTL_S:
            raise ValueError(f"ttl_s must be {MIN_TTL_S} to {MAX_TTL_S}, not {ttl_s}")
        return int(self.now()) + ttl_s

    def _full_hour(self, ttl_s: int | None) -> int:
        expires = self._expiry(ttl_s)
        return expires if ttl_s is not None else -(-expires // HOUR_S) * HOUR_S

    def _mint(
        self,
        kind: Kind,
        video_id: str,
        name: str,
        expires: int,
        grant: Grant,
        *,
        download: bool = False,
        signed_name: str = "",
    ) -> PlaybackUrl:
        signature = self._signer.sign(kind, video_id, expires, name=signed_name, download=download, grant=grant.text)
        query = {"e": str(expires), "k": signature.key_id, "s": signature.text}
        if download:
            query["d"] = "1"
        return PlaybackUrl(f"/v/{video_id}/{name}?{urlencode(query)}", datetime.fromtimestamp(expires, UTC))
