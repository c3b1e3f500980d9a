"""The provider that needs nothing but ffmpeg: it renders title clips from prompts on this machine. No model takes part.

It keeps no record of a request: the whole submission is in its reference, and its result is rendered when it is opened,
the same bytes each time.
"""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from zlib import crc32

from playhead.errors import PlayheadError
from playhead.generate.errors import CallbackInvalid, InputRejected, ResultNotReady, ResultRefused
from playhead.generate.provider import Abilities, Callback, Download, Reference, Status, Submission, Tested
from playhead.media.titles.design import TitleClip

if TYPE_CHECKING:
    import httpx2

    from playhead.media.ffmpeg import Ffmpeg

MODEL: Final = "titles"
ASPECTS: Final = {"16:9": (16, 9), "9:16": (9, 16), "1:1": (1, 1)}
RESOLUTIONS: Final = {"360p": 360, "480p": 480, "540p": 540, "720p": 720, "1080p": 1080}
RATES: Final = (24, 25, 30, 50, 60)
MIN_S, MAX_S = 1.0, 15.0
MAX_IMAGE_BYTES: Final = 50_000_000

_RESULT: Final = "local:clip.mp4"
_BLOCK: Final = 256 * 1024


class LocalProvider:
    """Renders title clips.

    Args:
        ffmpeg: Binary that the operator chose; None for the one that is found.
        work: Folder for clips while they are fetched.
        slots: Clips that are rendered at once.
        client_factory: Opens the client that fetches input images; without it they are refused.
    """

    abilities: Final = Abilities(idempotent=True, reads_store=True)

    def __init__(
        self,
        name: str,
        *,
        ffmpeg: Path | None,
        work: Path,
        slots: int = 1,
        client_factory: "Callable[[], httpx2.AsyncClient] | None" = None,
    ) -> None:
        self.name = name
        self._binary = ffmpeg
        self._work = work.absolute()
        self._slots = asyncio.Semaphore(slots)
        self._client_factory = client_factory

    async def submit(self, submission: Submission) -> Reference:
        """Take a request: nothing is done yet."""
        title_clip(submission.prompt, submission.parameters)
        if submission.model != MODEL:
            raise InputRejected(f"There is no local model {submission.model!r}.", hint=f"Use {MODEL}.")
        inputs = [{"url": each.url, "content_type": each.content_type} for each in submission.inputs]
        if len(inputs) > 1 or (inputs and not submission.inputs[0].content_type.startswith("image/")):
            raise InputRejected("Local titles take one image at most.", hint="Leave the other files out.")
        if inputs and self._client_factory is None:
            raise InputRejected("Local titles take no image here.", hint="Leave it out.")
        own_look = crc32(submission.generation_id.encode())
        parameters = {"seed": own_look, **submission.parameters}
        facts = {"prompt": submission.prompt, "parameters": parameters, "inputs": inputs}
        return Reference(submission.generation_id, facts)

    async def find(self, submission: Submission, *, since: datetime) -> Sequence[Reference]:  # noqa: ARG002
        """Nothing is kept: the same submission is sent again."""
        return ()

    async def poll(self, reference: Reference) -> Status:  # noqa: ARG002
        """It is done at once: its clip is rendered when it is fetched."""
        return Status(state="succeeded", words="ready to render", cost_micros=0, results=(_RESULT,))

    async def cancel(self, reference: Reference) -> None:
        """Nothing runs but what `open_result` runs, which ends with it."""

    @asynccontextmanager
    async def open_result(self, reference: Reference, url: str, *, start: int = 0) -> AsyncIterator[Download]:  # noqa: ARG002
        """Render the clip, then read it from a byte on; leaving the block at any time ends the rendering."""
        async with self._slots:
            await asyncio.to_thread(self._work.mkdir, parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=self._work, prefix="titles-") as folder:
                path = await self._rendered(reference, Path(folder))
                size = path.stat().st_size
                yield Download(min(start, size), size, "video/mp4", _blocks(path, min(start, size)))

    def verify_callback(self, headers: Mapping[str, str], body: bytes, *, now: datetime) -> Callback | None:  # noqa: ARG002
        """It never calls back."""
        raise CallbackInvalid("The local provider sends no callbacks.")

    async def refresh_keys(self) -> None:
        """It has none."""

    async def test(self) -> Tested:
        """See that there is an ffmpeg."""
        try:
            binary = (await asyncio.to_thread(self._ffmpeg)).binary
        except PlayheadError as error:
            return Tested(False, error.detail)
        return Tested(True, f"Titles are rendered on this machine, by {binary.name}. No model takes part.")

    async def close(self) -> None:
        """Nothing is open."""

    def _ffmpeg(self) -> "Ffmpeg":
        from playhead.media.ffmpeg import find_ffmpeg

        return find_ffmpeg(self._binary)

    async def _rendered(self, reference: Reference, folder: Path) -> Path:
        from playhead.media.errors import DiskFull
        from playhead.media.titles.render import render_titles

        facts = reference.facts
        layers = folder / "layers"
        layers.mkdir()
        image = await self._fetched(facts["inputs"], folder / "input")
        clip = title_clip(facts["prompt"], facts["parameters"], image)
        try:
            await render_titles(self._ffmpeg(), clip, work=layers, out=folder / "clip.mp4")
        except PlayheadError as error:
            if error.retry != "never" or isinstance(error, DiskFull):  # it is rendered again
                raise
            raise ResultRefused(error.detail, hint=error.hint) from error
        return folder / "clip.mp4"

    async def _fetched(self, inputs: Sequence[Mapping[str, Any]], path: Path) -> Path | None:
        if not inputs or self._client_factory is None:
            return None
        import httpx2

        try:
            async with self._client_factory() as client, client.stream("GET", inputs[0]["url"]) as response:
                if response.status_code >= 500:
                    raise ResultNotReady(f"The input image answered {response.status_code}.")
                if response.status_code != 200:
                    raise ResultRefused(
                        f"The input image answered {response.status_code}.", hint="Choose the image again."
                    )
                await _save(response, path)
        except httpx2.HTTPError as error:
            raise ResultNotReady(f"The input image could not be fetched: {error!r}.") from error
        return path


def title_clip(prompt: str, parameters: Mapping[str, Any], image: Path | None = None) -> TitleClip:
    """Read the parameters of a submission.

    Raises:
        InputRejected: one that is unknown, or out of its limits.
    """
    wanted = {"aspect": "16:9", "resolution": "720p", "fps": 30, "duration": 4, "seed": 0, "audio": True, **parameters}
    if unknown := wanted.keys() - {"aspect", "resolution", "fps", "duration", "seed", "audio"}:
        raise InputRejected(f"Local titles have no parameter {', '.join(sorted(unknown))}.")
    short = _choice(wanted, "resolution", RESOLUTIONS)
    width, height = _size(short, _choice(wanted, "aspect", ASPECTS))
    return TitleClip(
        text=prompt,
        width=width,
        height=height,
        fps=_choice(wanted, "fps", {rate: rate for rate in RATES}),
        duration_s=_number(wanted, "duration", MIN_S, MAX_S),
        seed=int(_number(wanted, "seed", 0, 2**53)),
        audio=bool(wanted["audio"]),
        image=image,
    )


def _size(short: int, aspect: tuple[int, int]) -> tuple[int, int]:
    long = round(short * max(aspect) / min(aspect) / 2) * 2
    return (long, short) if aspect[0] >= aspect[1] else (short, long)


def _choice(wanted: Mapping[str, Any], name: str, choices: Mapping[Any, Any]) -> Any:
    if wanted[name] not in choices:
        listed = ", ".join(str(choice) for choice in choices)
        raise InputRejected(f"{name} is {wanted[name]!r:.80}; local titles take {listed}.")
    return choices[wanted[name]]


def _number(wanted: Mapping[str, Any], name: str, least: float, most: float) -> float:
    value = wanted[name]
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
        raise InputRejected(f"{name} is {value!r:.80}; local titles take {least:g} to {most:g}.")
    return float(value)


async def _save(response: "httpx2.Response", path: Path) -> None:
    size = 0
    with path.open("wb") as file:
        async for block in response.aiter_bytes():
            size += len(block)
            if size > MAX_IMAGE_BYTES:
                raise ResultRefused(f"The input image is larger than {MAX_IMAGE_BYTES // 1_000_000} MB.")
            await asyncio.to_thread(file.write, block)


async def _blocks(path: Path, start: int) -> AsyncIterator[bytes]:
    with path.open("rb") as file:
        file.seek(start)
        while block := await asyncio.to_thread(file.read, _BLOCK):
            yield block
