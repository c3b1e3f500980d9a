"""Signed links: a target, a grant and an expiry under one signature, checked from memory where that suffices."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple, Self
from urllib.parse import urlencode

from playhead.access.errors import SignatureInvalid, SignatureRevoked
from playhead.access.grant import PLAIN, Grant
from playhead.access.signed import Signer
from playhead.delivery.links.target import DOWNLOADS, IMAGES, LIVE, PROJECT, RENDER, Target
from playhead.delivery.media_cache import MediaCache
from playhead.delivery.shares.state import ShareState
from playhead.kit.clock import Clock

MIN_TTL_S = 60
MAX_TTL_S = 7 * 24 * 3600
DEFAULT_TTL_S = 4 * 3600
IMAGE_WINDOW_S = 12 * 3600
"""Links to images that are made within one window are equal, so that browsers find the image in their cache."""

HOUR_S = 3600
_MAX_EXPIRY_DIGITS = 12
_QUERY = re.compile(r"(?:[ekds]=[A-Za-z0-9_.-]{1,120}&?)+", re.ASCII)


class SignedQuery(NamedTuple):
    """Query of a signed link: expiry, id of the signing key with the grant, signature, and ``1`` for a download."""

    e: str = ""
    k: str = ""
    s: str = ""
    d: str = ""

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Read a query that is written as we write it; None when a field is missing, repeated or escaped."""
        if _QUERY.fullmatch(text) is None:
            return None
        pairs = [pair.partition("=") for pair in text.split("&") if pair]
        fields = {name: value for name, _, value in pairs}
        return cls(**fields) if len(fields) == len(pairs) and {"e", "k", "s"} <= fields.keys() else None

    @classmethod
    def of_token(cls, token: str) -> Self:
        """Read an asset token: the same fields without their names."""
        e, _, rest = token.partition(".")
        k, _, s = rest.rpartition(".")
        return cls(e, k, s)

    @property
    def text(self) -> str:
        """The query with its question mark."""
        fields = {"e": self.e, "k": self.k, "s": self.s, "d": self.d}
        return "?" + urlencode({name: value for name, value in fields.items() if value})


@dataclass(frozen=True, slots=True)
class Link:
    """A path with its signed query, relative to the server's root."""

    path: str
    expires_at: datetime


class Verified(NamedTuple):
    """A valid link.

    Attributes:
        life_s: Whole seconds until it expires, at least 0.
        shared_s: Seconds for which shared caches may store a response; 0 leaves it to browsers.
    """

    life_s: int
    grant: Grant
    shared_s: int = 0

    def cache_control(self, fresh_s: int | None = None) -> str:
        """Cache-Control of a response (RFC 9111 section 5.2.2), never longer than the link lives.

        Args:
            fresh_s: Seconds until the response must be revalidated; None when it never changes under its link.
        """
        browser_s = self.life_s if fresh_s is None else min(self.life_s, fresh_s)
        shared = f"public, max-age={browser_s}, s-maxage={min(browser_s, self.shared_s)}"
        value = shared if self.shared_s else f"private, max-age={browser_s}"
        return f"{value}, immutable" if fresh_s is None else value


class SignedLinks:
    """Makes links and checks them, from memory or with the database.

    A link is good while its signature is, until it expires, and while the generation of its video and its share stand.

    Args:
        default_ttl: Life of a link without one of its own, extended to the full hour so that links of one hour are
            equal and caches keep their bytes.
        shared_cache: Time for which shared caches such as a CDN may serve media without revalidation.
    """

    def __init__(
        self,
        signer: Signer,
        clock: Clock,
        cache: MediaCache,
        *,
        default_ttl: timedelta = timedelta(seconds=DEFAULT_TTL_S),
        shared_cache: timedelta = timedelta(0),
    ) -> None:
        self.default_ttl_s = min(max(int(default_ttl.total_seconds()), MIN_TTL_S), MAX_TTL_S)
        self.shared_s = int(shared_cache.total_seconds())
        self._signer, self._clock, self._cache = signer, clock, cache

    def sign(self, target: Target, *, ttl_s: int | None = None, download: bool = False, grant: Grant = PLAIN) -> Link:
        """Make a link; its query is valid for every target of the same kind, subject and name.

        Args:
            ttl_s: 60 to 604800; None for the default. Ignored for images, whose links live for one to two windows.
            download: Whether the browser saves the file instead of showing it.

        Raises:
            ValueError: *ttl_s* is out of bounds.
        """
        expires = self._image_expiry() if target.kind in IMAGES else self._expiry(ttl_s)
        query = self.query(target, expires, download=download, grant=grant)
        return Link(target.path + query.text, datetime.fromtimestamp(expires, UTC))

    def query(self, target: Target, expires: int, *, download: bool = False, grant: Grant = PLAIN) -> SignedQuery:
        """Sign a target until *expires*, in Unix seconds."""
        made = self._signer.sign(
            target.kind, target.subject, expires, name=target.name, download=download, grant=grant.text
        )
        return SignedQuery(str(expires), made.key_id, made.text, "1" if download else "")

    async def verify(self, target: Target, query: SignedQuery) -> Verified:
        """Check a link.

        A link to a project is checked for its signature and expiry alone: its grant stands for all of its videos. So
        is one to a recording that grows, or to a rendered span, which have no links of older generations.

        Raises:
            SignatureInvalid: missing, altered, or made for another target.
            SignatureExpired: the link has expired.
            SignatureRevoked: the links of the video or the share have been revoked.
        """
        signed = self.signed(target, query)
        if target.kind in (PROJECT, LIVE, RENDER):
            return signed
        generation = await self._cache.generation(target.subject)
        if generation is None:  # no such video: what the link leads to will be missing
            return signed
        share_id = signed.grant.share_id
        share = await self._cache.share(share_id) if share_id else None
        return self._standing(signed, target.subject, generation, share)

    def recall(self, signed: Verified, video_id: str) -> Verified | None:
        """Check from memory whether a signed link still stands; None when that is not in memory.

        Raises:
            SignatureRevoked: the links of the video or the share have been revoked.
        """
        generation = self._cache.peek_generation(video_id)
        if generation is None:
            return None
        share_id, share = signed.grant.share_id, None
        if share_id and (share := self._cache.peek_share(share_id)) is None:
            return None
        return self._standing(signed, video_id, generation, share)

    def signed(self, target: Target, query: SignedQuery) -> Verified:
        """Check signature and expiry alone.

        Raises:
            SignatureInvalid, SignatureExpired: see `verify`.
        """
        e, k, s = query.e, query.k, query.s
        if not (e.isascii() and e.isdigit() and len(e) <= _MAX_EXPIRY_DIGITS and k and s):
            raise SignatureInvalid("The link carries no signature.", hint="Ask for a new playback URL.")
        now, download = self._clock().timestamp(), target.kind in DOWNLOADS and query.d == "1"
        self._signer.verify(target.kind, target.subject, int(e), k, s, now, name=target.name, download=download)
        grant = Grant.of(k)
        if grant is None:
            raise SignatureInvalid("The link has a grant that this server cannot read.")
        return Verified(int(int(e) - now), grant, self.shared_s)

    def now(self) -> int:
        """Unix seconds by the clock that links are checked by."""
        return int(self._clock().timestamp())

    async def grant(self, video_id: str) -> Grant:
        """The grant of a new link to a video; of a missing video, any."""
        return Grant(await self._cache.generation(video_id) or 0)

    def _standing(self, signed: Verified, video_id: str, generation: int, share: ShareState | None) -> Verified:
        if signed.grant.generation != generation:
            raise links_revoked()
        if not signed.grant.share_id:
            return signed
        left_s = share.left_s(self._clock().timestamp()) if share is not None else 0.0
        if share is None or share.revoked or share.video_id != video_id or left_s <= 0:
            raise SignatureRevoked(
                "The share that this link belongs to has ended.", hint="Ask its sender for a new one."
            )
        return signed._replace(life_s=int(min(signed.life_s, left_s)))

    def _expiry(self, ttl_s: int | None) -> int:
        if ttl_s is not None:
            return self.now() + _checked(ttl_s)
        return -(-(self.now() + self.default_ttl_s) // HOUR_S) * HOUR_S

    def _image_expiry(self) -> int:
        return (self.now() // IMAGE_WINDOW_S + 2) * IMAGE_WINDOW_S


def links_revoked() -> SignatureRevoked:
    """For a link of an older generation."""
    return SignatureRevoked("All links that were made before have been withdrawn.", hint="Ask for a new playback URL.")


def _checked(ttl_s: int) -> int:
    if not MIN_TTL_S <= ttl_s <= MAX_TTL_S:
        raise ValueError(f"ttl_s must be {MIN_TTL_S} to {MAX_TTL_S}, not {ttl_s}")
    return ttl_s
