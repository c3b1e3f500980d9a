"""The request of a row as a provider gets it: its prompt, its parameters, URLs for its files, and where to report."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from playhead.access.signed import Signer
from playhead.catalog.asset_urls import MAX_LIFE_S, AssetUrl, AssetUrls
from playhead.catalog.images.files import image_file
from playhead.catalog.images.images import Images
from playhead.generate.catalogue import Catalogue
from playhead.generate.errors import InputRejected
from playhead.generate.input_files import PREVIOUS
from playhead.generate.model import Model
from playhead.generate.provider import Input, Provider, Submission
from playhead.generate.records import Records
from playhead.generate.submitting import LONGEST_QUEUE
from playhead.generate.tables import GenerationRow
from playhead.kit.clock import Clock, utc_now
from playhead.kit.units import format_bytes

CALLBACK: Final = "callback"
"""Kind of the tokens in callback URLs."""

CLIP_BEFORE_S: Final = 2.0
"""Between two looks whether the take of the clip before has ended."""

SLACK: Final = timedelta(hours=2)
"""For what a URL outlives the longest queue and the deadline."""


class Requests:
    """Builds requests.

    Args:
        public_url: Where providers reach this server; None for polling alone.
    """

    def __init__(
        self,
        records: Records,
        signer: Signer,
        urls: AssetUrls,
        images: Images,
        catalogue: Catalogue,
        *,
        public_url: str | None,
        deadline: timedelta,
        clock: Clock = utc_now,
    ) -> None:
        self._records = records
        self._signer = signer
        self._urls = urls
        self._images = images
        self._catalogue = catalogue
        self._public_url = public_url.rstrip("/") if public_url else None
        self._deadline = deadline
        self._life = min(timedelta(seconds=MAX_LIFE_S), LONGEST_QUEUE + deadline + SLACK)
        self._clock = clock

    async def prepare(self, row: GenerationRow, provider: Provider) -> Submission:
        """Build the request of a row; one that begins with the clip before waits for that clip's take.

        Raises:
            InputRejected: an input file is too large for the model.
            NotFound, InvalidInput: it is gone, or nobody outside can reach this server.
            ModelRetired, InvalidInput: the catalogue was changed since it was requested.
        """
        model = self._catalogue.get(row.provider, row.model, today=self._clock().date())
        parameters = self._catalogue.check(model, row.parameters, row.inputs)
        return Submission(
            generation_id=row.id,
            model=model.external or model.name,
            prompt=row.prompt,
            parameters=parameters,
            inputs=tuple([await self._input(row, given, model, provider) for given in row.inputs]),
            callback_url=self._callback_url(row) if provider.abilities.callbacks else None,
            deadline_s=int(self._deadline.total_seconds()),
        )

    def _callback_url(self, row: GenerationRow) -> str | None:
        if self._public_url is None:
            return None
        expires_at = int((self._clock() + self._life).timestamp())
        token = self._signer.token(CALLBACK, row.id, expires_at)
        return f"{self._public_url}/api/v1/webhooks/{row.provider}?generation={row.id}&token={token}"

    async def _input(self, row: GenerationRow, given: Mapping[str, Any], model: Model, provider: Provider) -> Input:
        name, asset = str(given["parameter"]), await self._asset(row, given, here=provider.abilities.reads_store)
        rule = model.inputs.get(name)
        if rule is not None and rule.max_bytes is not None and asset.size_bytes > rule.max_bytes:
            raise InputRejected(
                f"The file for {name} has {format_bytes(asset.size_bytes)}; {model.title or model.name} takes at most "
                f"{format_bytes(rule.max_bytes)}.",
                hint="Use a smaller file.",
            )
        return Input(name, asset.url, asset.content_type, asset.size_bytes)

    async def _asset(self, row: GenerationRow, given: Mapping[str, Any], *, here: bool) -> AssetUrl:
        ttl_s = int(self._life.total_seconds())
        if image_id := given.get("image_id"):
            return await self._image(str(image_id), ttl_s, here=here)
        if video_id := given.get("video_id"):
            return await self._urls.of_video(str(video_id), ttl_s)
        frame = given["frame"]
        video_id = await self._video_before(row) if frame["of"] == PREVIOUS else str(frame["of"])
        image = await self._images.from_frame(row.owner_id, video_id, frame["at"])
        return await self._image(image.id, ttl_s, here=here)

    async def _image(self, image_id: str, ttl_s: int, *, here: bool) -> AssetUrl:
        """An image for a provider outside, or for one that reads the store."""
        row = await self._images.look_up(image_id) if here else None
        if row is None:
            return await self._urls.of_image(image_id, ttl_s)
        file = image_file(row)
        expires_at = self._clock() + timedelta(seconds=ttl_s)
        return AssetUrl(f"store://{file.key}", row.content_type, file.size_bytes, expires_at)

    async def _video_before(self, row: GenerationRow) -> str:
        """The video of the take that this one is made from, once it has ended; it was under way at the request."""
        while row.parent_id is not None:
            parent = await self._records.get(row.parent_id)
            if parent.video_id is not None:
                return parent.video_id
            if not parent.is_active:
                break
            await asyncio.sleep(CLIP_BEFORE_S)
        raise InputRejected(
            "The clip before this one got no video, so there is no frame to go on from.",
            hint="Generate that clip first, then this one.",
        )
