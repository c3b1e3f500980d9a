"""The request of a row as a provider gets it: its prompt, its parameters, URLs for its files, and where to report."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final, Literal, Protocol

from sqlalchemy import select

from playhead.access.signed import Signer
from playhead.db.database import Database
from playhead.generate.catalogue import Catalogue
from playhead.generate.errors import InputRejected
from playhead.generate.model import Model
from playhead.generate.provider import Input, Provider, Submission
from playhead.generate.submitting import LONGEST_QUEUE
from playhead.generate.tables import ACTIVE, GenerationRow
from playhead.kit.clock import Clock, utc_now
from playhead.kit.units import format_bytes
from playhead.reels.tables import ClipRow

CALLBACK: Final = "callback"
"""Kind of the tokens in callback URLs."""

SLACK: Final = timedelta(hours=2)
"""For what a URL outlives the longest queue and the deadline."""

FramePlace = Literal["first", "last"]

CLIP_BEFORE_S: Final = 3.0
"""Between two looks whether the clip before has its video."""

LONGEST_URL: Final = timedelta(days=3)
"""Longest life of an asset URL."""


class AssetUrl(Protocol):
    """A URL that a provider can fetch."""

    @property
    def url(self) -> str:
        """Public, without redirects."""
        ...

    @property
    def content_type(self) -> str:
        """True media type."""
        ...

    @property
    def size_bytes(self) -> int:
        """Length of what it gives."""
        ...


class Files(Protocol):
    """Images and videos of the library as files that a provider can fetch."""

    async def of_image(self, image_id: str, ttl_s: int) -> AssetUrl:
        """An image."""
        ...

    async def of_video(self, video_id: str, ttl_s: int) -> AssetUrl:
        """The original of a video."""
        ...

    async def of_frame(self, owner_id: str, video_id: str, at: FramePlace, ttl_s: int) -> AssetUrl:
        """The first or last frame of a video."""
        ...


class Requests:
    """Builds requests.

    Args:
        public_url: Where providers reach this server; None for polling alone.
    """

    def __init__(
        self,
        database: Database,
        signer: Signer,
        files: Files,
        catalogue: Catalogue,
        *,
        public_url: str | None,
        deadline: timedelta,
        clock: Clock = utc_now,
    ) -> None:
        self._database = database
        self._signer = signer
        self._files = files
        self._catalogue = catalogue
        self._public_url = public_url
        self._deadline = deadline
        self._life = min(LONGEST_URL, LONGEST_QUEUE + deadline + SLACK)
        self._clock = clock

    async def prepare(self, row: GenerationRow, provider: Provider) -> Submission:
        """Build the request of a row; a frame of the clip before waits for that clip's take.

        Raises:
            InputRejected: an input file is not there, or too large for the model.
            ModelRetired, InvalidInput: the catalogue was changed since it was requested.
        """
        model = self._catalogue.get(row.provider, row.model, today=self._clock().date())
        parameters = self._catalogue.check(model, row.parameters, row.inputs)
        return Submission(
            generation_id=row.id,
            model=model.external or model.name,
            prompt=row.prompt,
            parameters=parameters,
            inputs=tuple([await self._input(row, given, model) for given in row.inputs]),
            callback_url=self._callback_url(row) if provider.abilities.callbacks else None,
            deadline_s=int(self._deadline.total_seconds()),
        )

    def _callback_url(self, row: GenerationRow) -> str | None:
        if self._public_url is None:
            return None
        expires_at = int((self._clock() + self._life).timestamp())
        token = self._signer.token(CALLBACK, row.id, expires_at)
        return f"{self._public_url}/api/v1/webhooks/{row.provider}?generation={row.id}&token={token}"

    async def _input(self, row: GenerationRow, given: Mapping[str, Any], model: Model) -> Input:
        name, asset = str(given["parameter"]), await self._asset(row, given)
        rule = model.inputs.get(name)
        if rule is not None and rule.max_bytes is not None and asset.size_bytes > rule.max_bytes:
            raise InputRejected(
                f"The file for {name} has {format_bytes(asset.size_bytes)}; {model.title or model.name} takes at most "
                f"{format_bytes(rule.max_bytes)}.",
                hint="Use a smaller file.",
            )
        return Input(name, asset.url, asset.content_type, asset.size_bytes)

    async def _asset(self, row: GenerationRow, given: Mapping[str, Any]) -> AssetUrl:
        ttl_s = int(self._life.total_seconds())
        if image_id := given.get("image_id"):
            return await self._files.of_image(str(image_id), ttl_s)
        if video_id := given.get("video_id"):
            return await self._files.of_video(str(video_id), ttl_s)
        frame = given["frame"]
        video_id = await self._video_before(row) if frame["of"] == "previous" else str(frame["of"])
        return await self._files.of_frame(row.owner_id, video_id, frame["at"], ttl_s)

    async def _video_before(self, row: GenerationRow) -> str:
        """The video of the clip before, once it has one."""
        give_up = self._clock() + LONGEST_QUEUE
        while self._clock() < give_up:
            before, is_coming = await self._clip_before(row)
            if before is None:
                raise InputRejected("There is no clip before this one, so it has no frame to go on from.")
            if before.video_id is not None:
                return before.video_id
            if not is_coming:
                break
            await asyncio.sleep(CLIP_BEFORE_S)
        raise InputRejected(
            "The clip before has no video yet, so there is no frame to go on from.", hint="Generate that clip first."
        )

    async def _clip_before(self, row: GenerationRow) -> tuple[ClipRow | None, bool]:
        """The clip before, and whether a take of it is on its way."""
        async with self._database.read() as session:
            clip = await session.get(ClipRow, row.clip_id) if row.clip_id else None
            if clip is None:
                return None, False
            statement = (
                select(ClipRow)
                .where(ClipRow.project_id == clip.project_id, ClipRow.position < clip.position)
                .order_by(ClipRow.position.desc())
                .limit(1)
            )
            before = await session.scalar(statement)
            if before is None:
                return None, False
            takes = select(GenerationRow.id).where(GenerationRow.clip_id == before.id, GenerationRow.state.in_(ACTIVE))
            return before, await session.scalar(takes.limit(1)) is not None
