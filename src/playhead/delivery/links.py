"""Signed links as every media route checks them: signature, time, and whether somebody has ended them since."""

from dataclasses import dataclass

from starlette.requests import Request

from playhead.access.errors import SignatureInvalid, SignatureRevoked
from playhead.api.services import service
from playhead.delivery.grants import Grant
from playhead.delivery.media import Kind
from playhead.delivery.media_cache import MediaCache, ShareState
from playhead.delivery.playback import PlaybackUrls


@dataclass(frozen=True, slots=True)
class Verified:
    """A link that is good.

    Attributes:
        life_s: Whole seconds, at least 0, for which it still is.
    """

    life_s: int
    grant: Grant


class SignedLinks:
    """Checks links from memory, and asks the database for what memory does not know."""

    def __init__(self, urls: PlaybackUrls, cache: MediaCache) -> None:
        self._urls = urls
        self._cache = cache

    def check(
        self, kind: Kind, video_id: str, *, e: str, k: str, s: str, name: str = "", download: bool = False
    ) -> int | None:
        """Check a link without asking anything; never for a ``reel``, whose generation its edit tells.

        Args:
            name: Of a rendition or a span; empty for all else.

        Returns:
            Seconds that it is still good for; None when memory does not know: then `verify` does.

        Raises:
            SignatureInvalid, SignatureExpired: see `PlaybackUrls.verify`.
            SignatureRevoked: the links of the video, or the share, were ended.
        """
        return self.stands(self.signed(kind, video_id, e=e, k=k, s=s, name=name, download=download), video_id)

    def stands(self, signed: Verified, video_id: str) -> int | None:
        """Check what a link stands on, of one whose signature is known to be good; as `check`.

        Raises:
            SignatureRevoked: the links of the video, or the share, were ended.
        """
        generation = self._cache.peek_generation(video_id)
        if generation is None:
            return None
        share_id, share = signed.grant.share_id, None
        if share_id and (share := self._cache.peek_share(share_id)) is None:
            return None
        return self._stands(signed, video_id, generation, share)

    async def verify(
        self, kind: Kind, video_id: str, *, e: str, k: str, s: str, name: str = "", download: bool = False
    ) -> int:
        """Check a link; as `check`, but for certain."""
        signed = self.signed(kind, video_id, e=e, k=k, s=s, name=name, download=download)
        generation = await self._cache.generation(video_id)
        if generation is None:  # no such video: what it is asked for will be missing
            return signed.life_s
        share_id = signed.grant.share_id
        share = await self._cache.share(share_id) if share_id else None
        return self._stands(signed, video_id, generation, share)

    async def generation(self, video_id: str) -> int:
        """What a link to a video is made with; of a video that is not there, any."""
        return await self._cache.generation(video_id) or 0

    def signed(
        self, kind: Kind, video_id: str, *, e: str, k: str, s: str, name: str = "", download: bool = False
    ) -> Verified:
        """Check signature and time alone; what the link stands on is for the caller to look at.

        Raises:
            SignatureInvalid, SignatureExpired: see `PlaybackUrls.verify`.
        """
        life_s = self._urls.verify(kind, video_id, e=e, k=k, s=s, name=name, download=download)
        grant = Grant.of(k)
        if grant is None:
            raise SignatureInvalid("The link says nothing that this server can read.")
        return Verified(life_s, grant)

    def _stands(self, signed: Verified, video_id: str, generation: int, share: ShareState | None) -> int:
        if signed.grant.generation != generation:
            raise links_ended()
        if not signed.grant.share_id:
            return signed.life_s
        if share is None or share.revoked or share.video_id != video_id:
            raise share_ended()
        left_s = share.left_s(self._urls.now())
        if left_s <= 0:
            raise share_ended()
        return int(min(signed.life_s, left_s))


async def verify_link(
    request: Request, kind: Kind, video_id: str, *, e: str, k: str, s: str, name: str = "", download: bool = False
) -> int:
    """Check the link of a request, see `SignedLinks.verify`; the transfer that follows is known by its share."""
    links = service(request, SignedLinks)
    life_s = await links.verify(kind, video_id, e=e, k=k, s=s, name=name, download=download)
    grant = Grant.of(k)
    if grant is not None and grant.share_id:
        request.state.share = grant.share_id
    return life_s


def links_ended() -> SignatureRevoked:
    """For a link of an older generation."""
    return SignatureRevoked("All links that were made before have been withdrawn.", hint="Ask for a new playback URL.")


def share_ended() -> SignatureRevoked:
    """For a link of a share that was revoked or has expired."""
    return SignatureRevoked("The share that this link belongs to has ended.", hint="Ask its sender for a new one.")
