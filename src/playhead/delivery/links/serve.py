"""Serves signed links: from a request to its response, whatever the link leads to."""

from starlette.requests import Request
from starlette.responses import Response

from playhead.delivery.bodies.find import Bodies, FrameRequest
from playhead.delivery.bodies.respond import REVALIDATE, Responder
from playhead.delivery.errors import MediaNotFound
from playhead.delivery.links.signature import SignedLinks, SignedQuery
from playhead.delivery.links.target import DOWNLOADS, INDEX, LIVE, Target

FIRST_FRAME = FrameRequest()


class SignedMedia:
    """Responds to requests by signed links."""

    def __init__(self, links: SignedLinks, bodies: Bodies, responder: Responder) -> None:
        self._links, self._bodies, self._responder = links, bodies, responder

    async def respond(
        self, request: Request, query: SignedQuery, *, d: str = "", frame: FrameRequest = FIRST_FRAME
    ) -> Response:
        """Check the link and answer with its target.

        Raises:
            MediaNotFound: the path names nothing, or its target does not exist.
            SignatureInvalid, SignatureExpired, SignatureRevoked: the link is not valid.
        """
        target = Target.parse(request.scope["path"])
        if target is None:
            raise MediaNotFound("The link names no file of a video.")
        if target.kind in DOWNLOADS:
            query = query._replace(d=d)
        verified = await self._links.verify(target, query)
        if verified.grant.share_id:
            request.state.share = verified.grant.share_id  # the viewer of the transfer
        body = await self._bodies.find(target, verified, query, frame, request.query_params)
        is_growing = target.kind == LIVE and target.track == INDEX
        return await self._responder.respond(
            request,
            body,
            subject=target.subject,
            kind=target.kind,
            cache_control=REVALIDATE if is_growing else verified.cache_control(body.fresh_s),
            life_s=verified.life_s,
            download=query.d == "1",
        )
