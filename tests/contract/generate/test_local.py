"""The local provider: prompts become clips on this machine, and nothing is left behind."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import httpx2
import pytest

from playhead.generate.errors import InputRejected, ResultRefused
from playhead.generate.provider import Download, Input, Reference, Submission
from playhead.generate.providers.local import LocalProvider

SMALL = {"duration": 1, "resolution": "360p", "aspect": "1:1", "fps": 24, "audio": False, "seed": 3}


def provider(work: Path, **options: object) -> LocalProvider:
    return LocalProvider("local", ffmpeg=None, work=work, slots=1, **options)  # type: ignore[arg-type]


def submission(**changed: object) -> Submission:
    wanted = {"generation_id": "gen_1", "model": "titles", "prompt": "A kite", "parameters": SMALL, **changed}
    return Submission(**wanted)  # type: ignore[arg-type]


async def read(download: Download) -> bytes:
    return b"".join([block async for block in download.chunks])


async def test_a_prompt_becomes_a_clip_that_can_be_read_from_any_byte(tmp_path: Path) -> None:
    """The reference alone is enough, also after a restart; submitted twice, it is one request; it costs nothing."""
    reference = await provider(tmp_path).submit(submission())
    assert await provider(tmp_path).submit(submission()) == reference
    kept = Reference.from_dict(reference.to_dict())
    local = provider(tmp_path)

    status = await local.poll(kept)
    async with local.open_result(kept, status.results[0]) as whole:
        clip = await read(whole)
    async with local.open_result(kept, status.results[0], start=1000) as rest:
        tail = await read(rest)

    assert (status.state, status.cost_micros) == ("succeeded", 0)
    assert clip[4:8] == b"ftyp"
    assert (whole.size_bytes, rest.start) == (len(clip), 1000)
    assert tail == clip[1000:]
    assert list(tmp_path.iterdir()) == []


async def test_takes_of_one_prompt_differ_unless_their_seed_is_given(tmp_path: Path) -> None:
    local = provider(tmp_path)
    anew = {"parameters": {"duration": 1}}

    first, again, second = [
        await local.submit(submission(generation_id=each, **anew)) for each in ("gen_1", "gen_1", "gen_2")
    ]
    given = await local.submit(submission(generation_id="gen_2"))

    assert first == again
    assert first.facts["parameters"]["seed"] != second.facts["parameters"]["seed"]
    assert given.facts["parameters"]["seed"] == SMALL["seed"]


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"duration": 16}, "1 to 15"),
        ({"aspect": "4:3"}, "16:9, 9:16, 1:1"),
        ({"resolution": "4k"}, "360p"),
        ({"fps": 7}, "24, 25"),
        ({"style": "noir"}, "no parameter style"),
    ],
)
async def test_parameters_out_of_their_limits_are_refused_by_name(
    tmp_path: Path, parameters: dict[str, object], words: str
) -> None:
    """Nothing is made, and the message says what would be taken."""
    with pytest.raises(InputRejected, match=words):
        await provider(tmp_path).submit(submission(parameters=parameters))


async def test_an_ffmpeg_that_fails_ends_the_generation(tmp_path: Path) -> None:
    """It would fail each time: nobody waits an hour for it."""
    local = LocalProvider("local", ffmpeg=Path("/bin/false"), work=tmp_path)
    reference = await local.submit(submission())

    with pytest.raises(ResultRefused, match="Rendering a title clip"):
        async with local.open_result(reference, "local:clip.mp4"):
            pass
    assert list(tmp_path.iterdir()) == []


async def test_a_rendering_ends_with_who_waits_for_it(tmp_path: Path) -> None:
    """A canceled generation leaves neither a process nor a file, and its slot is free again."""
    local = provider(tmp_path)
    long = await local.submit(submission(parameters={**SMALL, "duration": 15, "resolution": "1080p"}))

    async def render() -> None:
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(local.open_result(long, "local:clip.mp4"))

    task = asyncio.create_task(render())
    while not list(tmp_path.rglob("layers/*.png")):
        await asyncio.sleep(0.02)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert list(tmp_path.iterdir()) == []
    short = await local.submit(submission())
    async with local.open_result(short, "local:clip.mp4") as download:
        assert download.size_bytes


async def test_an_input_picture_is_fetched_and_a_missing_one_named(tmp_path: Path) -> None:
    """One image at most; what is gone is no clip without it."""

    def transport(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(404)

    local = provider(tmp_path, client_factory=lambda: httpx2.AsyncClient(transport=httpx2.MockTransport(transport)))
    image = Input("image", "https://example.org/assets/img_1?token=x", "image/png", 1000)
    with pytest.raises(InputRejected, match="one image"):
        await local.submit(submission(inputs=(image, image)))
    reference = await local.submit(submission(inputs=(image,)))

    with pytest.raises(ResultRefused, match="404"):
        async with local.open_result(reference, "local:clip.mp4"):
            pass
