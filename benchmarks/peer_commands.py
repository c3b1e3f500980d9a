"""The peers' commands: what people use in place of a stitch."""

from collections.abc import Sequence
from pathlib import Path

from benchmarks.footage import Clip
from playhead.media.ffmpeg import find_ffmpeg

UV = str(Path(__file__).resolve().parents[1] / ".tools" / "uv")
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
