"""Caption track of a reel: what FFmpeg reads of it, and what it changes of the rest, which is nothing."""

import asyncio
import subprocess
from dataclasses import replace
from pathlib import Path

import av

from playhead.media.captions.srt import read_srt
from playhead.media.edit.model import Cue
from playhead.media.ffmpeg import find_ffmpeg
from playhead.media.render.merge import merge
from playhead.media.render.plan import SoftCaptions, StitchPlan
from tests.fixtures.clips import make_clip
from tests.fixtures.reels import hashes, make_reel

CUES = (
    Cue(start_s=0.5, end_s=1.5, text="Grüße\nzwei"),
    Cue(start_s=1.0, end_s=1.25, text="Overlap"),
    Cue(start_s=2.0, end_s=9.0, text="To the end"),
)


async def test_ffmpeg_reads_the_captions_of_a_reel(tmp_path: Path) -> None:
    """Text, times and language; the packets of video and audio are the same."""
    clips = [make_clip(tmp_path, seconds=1.5, mark=mark) for mark in (1, 2)]
    reel = await make_reel(tmp_path, clips)
    plan = replace(reel.plan, captions=SoftCaptions(language="de-AT", cues=CUES))
    assert StitchPlan.from_dict(plan.to_dict()) == plan
    out = tmp_path / "soft.mp4"
    await asyncio.to_thread(merge, plan, reel.parts, out)

    with av.open(str(out)) as container:
        (text,) = container.streams.subtitles
        assert (text.codec_context.name, text.language) == ("mov_text", "deu")
        assert text.duration is not None
        assert text.time_base is not None
        assert float(text.duration * text.time_base) == 3.0
    assert [(cue.start_s, cue.end_s, cue.text) for cue in read_srt(as_srt(out))] == [
        (0.5, 1.0, "Grüße\nzwei"),
        (1.0, 1.25, "Grüße\nzwei\nOverlap"),
        (1.25, 1.5, "Grüße\nzwei"),
        (2.0, 3.0, "To the end"),
    ]
    assert hashes(out) == hashes(reel.path)
    assert packets(out) == packets(reel.path)


async def test_captions_that_are_burned_in_as_well_are_not_shown_twice(tmp_path: Path) -> None:
    reel = await make_reel(tmp_path, [make_clip(tmp_path, seconds=1.5)])
    for shown in (True, False):
        plan = replace(reel.plan, captions=SoftCaptions(language="de", cues=CUES, shown=shown))
        out = tmp_path / "soft.mp4"
        await asyncio.to_thread(merge, plan, reel.parts, out)
        with av.open(str(out)) as container:
            (text,) = container.streams.subtitles
            assert bool(text.disposition & av.stream.Disposition.default) is shown


def as_srt(path: Path) -> str:
    command = [str(find_ffmpeg().binary), "-v", "error", "-i", str(path), "-map", "0:s:0", "-f", "srt", "pipe:1"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def packets(path: Path) -> str:
    """Times and hashes of the packets of video and audio."""
    command = [str(find_ffmpeg().binary), "-v", "error", "-i", str(path), "-map", "0:v", "-map", "0:a", "-c", "copy"]
    return subprocess.run([*command, "-f", "framemd5", "-"], check=True, capture_output=True, text=True).stdout
