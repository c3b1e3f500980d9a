"""The peers' commands: what people use in place of a stitch."""

import asyncio
import shutil
from collections.abc import Sequence
from pathlib import Path

from benchmarks.footage import Clip
from playhead.media.edit.model import Edit
from playhead.media.edit.placing import Placed, place
from playhead.media.ffmpeg import find_ffmpeg
from playhead.media.render.files import open_clip
from playhead.media.text.faces import PACKAGED

UV = str(Path(__file__).resolve().parents[1] / ".tools" / "uv")
MOVIEPY_EDIT = Path(__file__).with_name("peers") / "moviepy_edit.py"
MOVIEPY = Path(__file__).with_name("peers") / "moviepy_concat.py"


def ffmpeg(*arguments: str) -> list[str]:
    """The bundled ffmpeg."""
    return [str(find_ffmpeg().binary), "-nostdin", *arguments]


def concat_copy(clips: Sequence[Clip], folder: Path, out: Path) -> list[str]:
    """ffmpeg's concat demuxer, nothing encoded; its list of files is written into a folder."""
    script = folder / "concat.txt"
    script.write_text("".join(f"file '{clip.path}'\n" for clip in clips))
    copy = ["-c", "copy", "-movflags", "+faststart", str(out)]
    return ffmpeg("-v", "error", "-y", "-f", "concat", "-safe", "0", "-i", str(script), *copy)


def concat_graph(clips: Sequence[Clip], out: Path, *, size: str = "1920:1080") -> list[str]:
    """One filter graph over all clips, with the preset and the quality that Playhead encodes with."""
    fit = f"scale={size}:force_original_aspect_ratio=decrease:flags=bicubic,pad={size}:-1:-1,setsar=1,fps=30"
    chains, pads = [], ""
    for number, clip in enumerate(clips):
        chains.append(f"[{number}:v]{clip.first_filters}{fit},format=yuv420p[v{number}]")
        sound = f"[{number}:a]aresample=48000,aformat=channel_layouts=stereo" if clip.sound else "anullsrc=r=48000:d=4"
        chains.append(f"{sound}[a{number}]")
        pads += f"[v{number}][a{number}]"
    graph = ";".join([*chains, f"{pads}concat=n={len(clips)}:v=1:a=1[v][a]"])
    inputs = [word for clip in clips for word in ("-i", str(clip.path))]
    coding = ["-c:v", "libx264", "-preset", "veryfast", "-crf", "20", "-c:a", "aac", "-b:a", "160k"]
    maps = ["-filter_complex", graph, "-map", "[v]", "-map", "[a]"]
    return ffmpeg("-v", "error", "-y", *inputs, *maps, *coding, "-movflags", "+faststart", str(out))


def edit_graph(edit: Edit, clips: Sequence[Clip], folder: Path, out: Path, *, size: str) -> list[str]:
    """An edit as one filter graph: crossfades, words by libass and drawtext, and the watermark."""
    wide, high = size.split("x")
    fit = f"scale={wide}:{high}:force_original_aspect_ratio=decrease:flags=bicubic"
    fit += f",pad={wide}:{high}:-1:-1,setsar=1,fps=30"
    lengths = [_seconds(clip.path) for clip in clips]
    placed = place(edit, dict(zip((clip.path.name for clip in clips), lengths, strict=True)))
    chains, video, audio = [], "", ""
    for one, clip in zip(placed, clips, strict=True):
        number = one.number - 1
        words = _words(one, folder)
        chains.append(f"[{number}:v]{clip.first_filters}{fit},format=yuv420p{words},settb=1/30[v{number}]")
        sound = f"[{number}:a]" if clip.sound else f"anullsrc=r=48000:d={one.length_s},"
        chains.append(f"{sound}aresample=48000,aformat=channel_layouts=stereo[a{number}]")
        if not number:
            video, audio = "[v0]", "[a0]"
            continue
        fade = one.overlap_in_s
        chains.append(f"{video}[v{number}]xfade=duration={fade}:offset={one.at_s:.6f}[x{number}]")
        chains.append(f"{audio}[a{number}]acrossfade=d={fade}[y{number}]")
        video, audio = f"[x{number}]", f"[y{number}]"
    inputs = [word for clip in clips for word in ("-i", str(clip.path))]
    if edit.watermark is not None:
        inputs += ["-i", str(folder / edit.watermark.image_id)]
        chains.append(f"[{len(clips)}:v]scale={int(int(wide) * edit.watermark.width)}:-2,format=yuva420p[logo]")
        chains.append(f"{video}[logo]overlay=W-w-20:H-h-20[marked]")
        video = "[marked]"
    coding = [
        "-c:v",
        "libx264",
        "-preset",
        "veryfast",
        "-crf",
        "20",
        "-pix_fmt",
        "yuv420p",
        "-c:a",
        "aac",
        "-b:a",
        "160k",
    ]
    maps = ["-filter_complex", ";".join(chains), "-map", video, "-map", audio]
    return ffmpeg("-v", "error", "-y", *inputs, *maps, *coding, "-movflags", "+faststart", str(out))


def _words(one: Placed, folder: Path) -> str:
    """Titles by ``drawtext``, captions by ``subtitles``."""
    filters = ""
    shutil.copyfile(PACKAGED, folder / "font.ttf")
    if one.clip.cues:
        path = folder / f"cues{one.number}.srt"
        path.write_text(
            "".join(
                f"{at}\n{_clock(cue.start_s)} --> {_clock(cue.end_s)}\n{cue.text}\n\n"
                for at, cue in enumerate(one.clip.cues, 1)
            )
        )
        filters += f",subtitles={path}"
    for title in one.clip.titles:
        shown = f"enable='between(t,{title.start_s},{title.end_s})'"
        look = f"fontfile={folder / 'font.ttf'}:fontsize=h*0.06:fontcolor=white:box=1:x=40:y=h*0.7"
        filters += f",drawtext=text='{title.text}':{look}:{shown}"
    return filters


def _clock(seconds: float) -> str:
    return f"00:{int(seconds) // 60:02}:{int(seconds) % 60:02},{round(seconds % 1 * 1000):03}"


def _seconds(path: Path) -> float:
    return asyncio.run(open_clip(path)).probe.duration_s


def peer_script(script: Path, *arguments: str) -> list[str]:
    """A script of a peer in an environment of its own, locked beside it; without arguments it is only installed."""
    return [UV, "run", "--quiet", "--script", str(script), *arguments]


def moviepy(clips: Sequence[Clip], out: Path) -> list[str]:
    """MoviePy in an environment of its own, locked beside the script; without clips it is only installed."""
    return [
        UV,
        "run",
        "--quiet",
        "--script",
        str(MOVIEPY),
        *([str(out)] if clips else []),
        *(str(c.path) for c in clips),
    ]
