"""Whatever a file says about its colours, or leaves unsaid: reels, renditions and stills show them as they were."""

import asyncio
from fractions import Fraction
from pathlib import Path

import pytest

from playhead.media.mp4.movie import Colour
from playhead.media.probe import probe
from playhead.media.render.files import FileClip
from playhead.media.render.format import ReelSettings
from playhead.media.render.ladder import RenditionSpec
from playhead.media.render.renditions import rendition_plan, source_hints
from playhead.media.render.stitch import stitch_files
from playhead.media.render.tasks import render_tasks
from playhead.media.render.video import render_video
from playhead.media.stills.make import Shape, poster
from playhead.media.stills.pool import one_process
from playhead.media.stills.source import FileSource
from tests.fixtures.coloured import PATCHES, SIZE, apart, hdr_clip, sdr_clip, seen

NEAR = 12
"""8 bits, a lossy codec and 4:2:0; BT.601 taken for BT.709 is 20 off, and HDR taken for SDR 60."""

NEAR_IN_STILLS = 25
"""Their tone mapping interpolates between 21 steps of each colour."""

SHAPE = Shape(0.3, 10.0, SIZE[0] * SIZE[1])
UNKNOWN = "unknown"
PQ, HLG = "smpte2084", "arib-std-b67"
HDR = {
    "only transfer": (("bt2020", "bt2020nc"), (UNKNOWN, UNKNOWN)),
    "no matrix": (("bt2020", "bt2020nc"), ("bt2020", UNKNOWN)),
    "no primaries": (("bt2020", "bt2020nc"), (UNKNOWN, "bt2020nc")),
    "P3": (("smpte432", "bt2020nc"), ("smpte432", UNKNOWN)),
    "ICtCp": (("bt2020", "ictcp"), ("bt2020", "ictcp")),
    "constant luminance by name": (("bt2020", "bt2020nc"), ("bt2020", "bt2020c")),
    "a matrix for RGB": (("bt2020", "bt2020nc"), ("bt2020", "gbr")),
    "BT.709": (("bt709", "bt709"), ("bt709", UNKNOWN)),
}
IN_MATROSKA = ("only transfer", "ICtCp")


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The same picture in HDR under many tags; "tagged" says everything."""
    folder = tmp_path_factory.mktemp("hdr")
    found = {}
    for short, transfer, suffix, names in (("PQ", PQ, "mp4", HDR), ("HLG", HLG, "mkv", IN_MATROSKA)):
        tagged = ("bt2020", transfer, "bt2020nc")
        found[f"{short} tagged"] = hdr_clip(folder / f"{short} tagged.mp4", tagged, tagged)
        for name in names:
            (primaries, matrix), (says_primaries, says_matrix) = HDR[name]
            path = folder / f"{short} {name}.{suffix}"
            coded, tags = (primaries, transfer, matrix), (says_primaries, transfer, says_matrix)
            found[f"{short} {name}"] = hdr_clip(path, coded, tags)
        path = folder / f"{short} full range.{suffix}"
        found[f"{short} full range"] = hdr_clip(path, tagged, (UNKNOWN, transfer, UNKNOWN), full=True)
    return found


async def stills(clips: dict[str, Path]) -> dict[str, list[tuple[int, ...]]]:
    async with one_process() as pool:
        return {name: seen(await poster(pool, FileSource(path), SHAPE)) for name, path in clips.items()}


async def reels(clips: dict[str, Path], folder: Path) -> dict[str, list[tuple[int, ...]]]:
    two = asyncio.Semaphore(2)

    async def reel(name: str, path: Path) -> list[tuple[int, ...]]:
        settings = ReelSettings(width=SIZE[0], height=SIZE[1], fps=Fraction(10))
        async with two:
            made = await stitch_files([FileClip(path)], settings, folder / f"{name}.mp4")
            return await asyncio.to_thread(seen, made.path)

    return dict(zip(clips, await asyncio.gather(*(reel(*each) for each in clips.items())), strict=True))


def strangers(found: dict[str, list[tuple[int, ...]]], near: int) -> dict[str, int]:
    """What is not near the clip that says everything."""
    distances = {name: apart(one, found[f"{name.split()[0]} tagged"]) for name, one in found.items()}
    return {name: distance for name, distance in distances.items() if distance > near}


async def test_reels_take_hdr_that_does_not_say_for_bt2020(clips: dict[str, Path], tmp_path: Path) -> None:
    """In MP4 and Matroska, of PQ and HLG; what is said counts."""
    assert strangers(await reels(clips, tmp_path), NEAR) == {}


async def test_stills_take_hdr_that_does_not_say_for_bt2020(clips: dict[str, Path]) -> None:
    assert strangers(await stills(clips), NEAR_IN_STILLS) == {}


async def test_a_rendition_is_made_of_hdr_that_names_only_its_transfer(clips: dict[str, Path], tmp_path: Path) -> None:
    path = clips["HLG only transfer"]
    found = await probe(path)
    spec = RenditionSpec("40p", "rendition", "h264", *SIZE, Fraction(10), 500_000, has_audio=False)
    plan = rendition_plan(found, source_hints(None, found), spec, "vid")

    await render_video(render_tasks(plan)[0], plan, path, tmp_path / "span.mp4")

    assert (
        apart(seen(tmp_path / "span.mp4"), (await reels({"tagged": clips["HLG tagged"]}, tmp_path))["tagged"]) <= NEAR
    )


SDR = {
    "nothing": (6, None),
    "YCgCo": (8, (1, 1, 8)),
    "BT.2020 primaries alone": (9, (9, 14, 2)),
    "P3 primaries alone": (1, (12, 1, 2)),
    "a reserved matrix": (1, (1, 1, 3)),
    "chroma derived": (1, (1, 1, 12)),
    "a matrix for RGB": (1, (1, 1, 0)),
    "a matrix that no filter knows": (1, (1, 1, 15)),
}


@pytest.fixture(scope="module")
def ordinary(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Standard range, coded and tagged with matrices that are seldom met."""
    folder = tmp_path_factory.mktemp("sdr")
    return {name: sdr_clip(folder / f"{name}.mp4", matrix, tags) for name, (matrix, tags) in SDR.items()}


async def test_reels_and_stills_show_seldom_matrices_as_they_were_meant(
    ordinary: dict[str, Path], tmp_path: Path
) -> None:
    """Nothing fails and nothing turns green."""
    for found in (await reels(ordinary, tmp_path), await stills(ordinary)):
        distances = {name: apart(one, list(PATCHES)) for name, one in found.items()}
        assert {name: distance for name, distance in distances.items() if distance > NEAR} == {}


async def test_a_probe_knows_the_colours_of_files_without_an_index_too(clips: dict[str, Path]) -> None:
    assert (await probe(clips["HLG ICtCp"])).video.colour == Colour(9, 18, 14)
    assert (await probe(clips["HLG full range"])).video.colour == Colour(2, 18, 2, full_range=True)
