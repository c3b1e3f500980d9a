"""ffmpeg's command of a push capture: the source opened with bounds, its packets copied into a growing part.

A second output goes to a pipe: a line per packet, without its bytes, from which `packets` sees what changed.
"""

import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal
from urllib.parse import urlsplit, urlunsplit

from playhead.kit.urls import CheckedUrl
from playhead.live.capture.capture import Opened

SCHEMES: Final = frozenset({"http", "https", "rtmp", "rtmps", "rtsp", "rtsps", "srt"})

PROTOCOLS: Final = {
    "http": "http,tcp",
    "https": "https,http,tls,tcp",
    "rtmp": "rtmp,tcp",
    "rtmps": "rtmps,rtmp,tls,tcp",
    "rtsp": "rtsp,rtp,tcp",
    "rtsps": "rtsp,rtsps,rtp,tls,tcp",
    "srt": "srt",
}
"""What a source may lead ffmpeg to open: nothing but its own connection."""

DEMUXERS: Final = "flv,live_flv,mpegts,rtsp,mov,matroska,aac,mp3,ogg"
"""Formats of sources; none of them names files or other addresses."""

PART: Final = ("-use_editlist", "0", "-movflags", "+frag_keyframe+empty_moov+default_base_moof+frag_discont")
"""A part. Without ``use_editlist 0`` video with B-frames would come late by their reordering. A kill loses the open
fragment alone; ``frag_discont`` keeps the source's own times, without which each track would begin at 0 and sound drift
from picture by the difference of their starts."""

FACTS: Final = ("-bsf:v", "noise=drop=not(key)", "-f", "framecrc")
"""A line for each keyframe and each packet of audio, for `packets.PacketWatch`."""

ANALYSE_US: Final = 3_000_000
"""Longest wait for all tracks of a source to show; what comes meanwhile is kept."""

INTERLEAVE_US: Final = 500_000
"""Longest wait for packets of a track that is silent: meanwhile the others would be in memory alone."""


Audio = Literal["copy", "adts", "encode"]

AUDIO: Final[dict[Audio, tuple[str, ...]]] = {
    "copy": ("-c:a", "copy"),
    "adts": ("-c:a", "copy", "-bsf:a", "aac_adtstoasc"),
    "encode": ("-c:a", "aac"),
}
"""Sound as it is; AAC as MPEG-TS has it; and sound that MP4 cannot hold, such as the G.711 of cameras."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureOptions:
    """How a source is captured.

    Attributes:
        fragment_s: Longest fragment, which is what a kill can lose.
        silence_s: Bound on a read of the network; the supervisor's own clock is shorter.
        audio: How it is written; None: as its protocol has it. See `AUDIO`.
        public_only: Redirects are not followed, since they could lead to private addresses.
    """

    fragment_s: float = 0.5
    silence_s: float = 35.0
    audio: "Audio | None" = None
    public_only: bool = True


def command(
    binary: Path, opened: Opened, url: str, part: Path, options: CaptureOptions, *, facts: int = 1
) -> list[str]:
    """The words of ffmpeg.

    Args:
        url: The source, perhaps with an address for its host (`pinned`).
        part: Of the media; made anew.
        facts: Descriptor for the list of packets.
    """
    tracks = ["-map", "0:v:0?", "-map", "0:a:0?", "-c:v", "copy", *AUDIO[options.audio or usual_audio(url)]]
    copied = ["-map", "0:v:0?", "-map", "0:a:0?", "-c", "copy"]
    fragments = ["-frag_duration", str(round(options.fragment_s * 1e6)), "-flush_packets", "1"]
    return [
        *(str(binary), "-nostdin", "-hide_banner", "-nostats", "-v", "level+warning", "-y"),
        *_input(opened, url, options),
        *tracks,
        *PART,
        *fragments,
        *("-avoid_negative_ts", "make_non_negative", "-max_interleave_delta", str(INTERLEAVE_US)),
        *("-f", "mp4", f"file:{part}"),
        *copied,
        *FACTS,
        f"pipe:{facts}",
    ]


def usual_audio(url: str) -> Audio:
    """How the sound of a source is written, before anything is known of it: MPEG-TS has AAC in a form of its own."""
    return "adts" if urlsplit(url).scheme in ("srt", "http", "https") else "copy"


def other_audio(log: Sequence[str]) -> Audio | None:
    """What else to try with the sound, from what ffmpeg said."""
    text = "\n".join(log)
    if "not supported by the bitstream filter" in text:
        return "copy"
    if "Malformed AAC bitstream" in text:
        return "adts"
    return "encode" if "not currently supported in container" in text else None


def pinned(checked: CheckedUrl) -> str:
    """The URL with the address that was checked for its host, where the protocol does not need the name.

    A second look-up by ffmpeg could give another address. TLS needs the name; there a certificate proves the host.
    """
    parts = urlsplit(checked.url)
    if parts.scheme not in ("rtmp", "rtsp", "srt", "http"):
        return checked.url
    address = checked.addresses[0]
    host = f"[{address}]" if ":" in address else address
    user, at, _ = parts.netloc.rpartition("@")
    port = f":{checked.port}" if parts.port or parts.scheme == "srt" else ""
    return urlunsplit(parts._replace(netloc=f"{user}{at}{host}{port}"))


def _input(opened: Opened, url: str, options: CaptureOptions) -> Sequence[str]:
    scheme = urlsplit(url).scheme
    silence_us = str(round(options.silence_s * 1e6))
    words = ["-protocol_whitelist", PROTOCOLS[scheme], "-format_whitelist", DEMUXERS]
    words += ["-analyzeduration", str(ANALYSE_US), "-copyts"]
    if scheme.startswith("rtsp"):
        words += ["-rtsp_transport", "tcp", "-timeout", silence_us]
    else:
        words += ["-rw_timeout", silence_us]
    if scheme.startswith("http"):
        words += _http(opened, url, options)
    if scheme == "rtmp" and url != opened.url:
        words += ["-rtmp_tcurl", _tcurl(opened.url)]
    return [*words, "-i", url]


def _http(opened: Opened, url: str, options: CaptureOptions) -> list[str]:
    headers = dict(opened.headers)
    if url != opened.url:
        headers.setdefault("Host", urlsplit(opened.url).netloc.rpartition("@")[2])
    words = ["-max_redirects", "0"] if options.public_only else []
    words += _verified() if options.public_only and urlsplit(url).scheme == "https" else []
    return words + (["-headers", "".join(f"{name}: {value}\r\n" for name, value in headers.items())] if headers else [])


def _verified() -> list[str]:
    """Options that have the certificate checked, which proves the host: ffmpeg before 8 does not by default."""
    authorities = ssl.get_default_verify_paths().cafile
    return ["-tls_verify", "1", *(("-ca_file", authorities) if authorities else ())]


def _tcurl(url: str) -> str:
    """The address of the application, as the server knows it by name."""
    parts = urlsplit(url)
    app = parts.path.strip("/").rpartition("/")[0] or parts.path.strip("/")
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], f"/{app}", "", ""))
