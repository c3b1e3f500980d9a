"""What a file is, by its first bytes alone."""

import pytest

from playhead.media.errors import EmptyFile, NotAVideo, TruncatedVideo
from playhead.media.mp4.source import MemoryBytes
from playhead.media.sniff import AVI, MATROSKA, MP4, MPEG_TS, QUICKTIME, WEBM, Container, sniff
from playhead.media.truncation import check_whole


@pytest.mark.parametrize(
    ("head", "container"),
    [
        (b"\0\0\0\x20ftypisom" + bytes(20), MP4),
        (b"\0\0\0\x14ftypqt  " + bytes(20), QUICKTIME),
        (b"\0\0\0\x08wide\0\0\0\0mdat", QUICKTIME),
        (b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webm", WEBM),
        (b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x88matroska", MATROSKA),
        (b"RIFF\0\0\0\0AVI LIST", AVI),
        ((b"G" + bytes(187)) * 4, MPEG_TS),
        (bytes(4) + (b"G" + bytes(191)) * 4, MPEG_TS),
        ((b"G" + bytes(203)) * 4, MPEG_TS),
        (b"torn" + (b"G" + bytes(187)) * 10, MPEG_TS),
        (bytes(range(187)) + (b"G" + bytes(187)) * 12, MPEG_TS),
        (b"OggS\0", Container("ogg", "ogg")),
        (b"FLV\x01\x05", Container("flv", "flv")),
    ],
)
def test_containers_are_known_by_their_magic(head: bytes, container: Container) -> None:
    """Names and media types play no part."""
    assert sniff(head) == container


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (b"hello\n" * 50, "it reads like text"),
        ("Grüße aus Köln\n".encode() * 20, "it reads like text"),
        (("hello\n" * 30).encode("utf-16"), "it reads like text"),
        (b"\xef\xbb\xbf#EXTM3U\n#EXTINF:5,\nhttp://x/y.ts", "HLS playlist"),
        (b"  \n#EXTM3U\n", "HLS playlist"),
        (b"ffconcat version 1.0\nfile a", "list of files"),
        (b"v=0\no=- 0 0 IN IP4 127.0.0.1", "session description"),
        (b"<?xml version='1.0'?><MPD>", "DASH manifest"),
        (b"<svg xmlns='x'>", "SVG"),
        (b"<!DOCTYPE html><p>502", "web page"),
        (b"\x89PNG\r\n\x1a\n", "PNG image"),
        (b"\xff\xd8\xff\xe0", "JPEG image"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "an image"),
        (b"\0\0\0\x18ftypheic", "an image"),
        (b"%PDF-1.7", "PDF"),
        (b"PK\x03\x04", "ZIP"),
        (bytes(4096), "nothing but zeros"),
        (bytes(range(128, 256)) * 8, "does not begin like any format"),
    ],
)
def test_anything_else_is_called_by_its_name(head: bytes, words: str) -> None:
    """One sentence that its owner understands."""
    with pytest.raises(NotAVideo, match=words) as caught:
        sniff(head)

    assert caught.value.detail.startswith("This is not a video: ")


def test_nothing_is_an_empty_file() -> None:
    """Zero bytes have a class of their own."""
    with pytest.raises(EmptyFile):
        sniff(b"")


def box(name: bytes, body: bytes = b"", size: int | None = None) -> bytes:
    return (len(body) + 8 if size is None else size).to_bytes(4, "big") + name + body


def check(data: bytes, container: Container = MP4) -> None:
    check_whole(MemoryBytes(data), container)


@pytest.mark.parametrize(
    "data",
    [
        box(b"ftyp", bytes(8)) + box(b"moov", bytes(40)) + box(b"mdat", bytes(100)),
        box(b"ftyp", bytes(8)) + box(b"mdat", bytes(100)) + box(b"moov", bytes(40)),
        box(b"ftyp") + box(b"moov") + box(b"mdat", b"to the end", size=0),
        box(b"ftyp") + b"\0\0\0\1mdat" + (20).to_bytes(8, "big") + b"wide" + box(b"moov"),
        box(b"moov") + box(b"mdat") + bytes(100),
    ],
    ids=["index first", "index last", "open end", "64-bit size", "padded"],
)
def test_a_whole_mp4_passes(data: bytes) -> None:
    """In all the ways that sizes are written."""
    check(data)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (box(b"ftyp") + box(b"mdat", bytes(12_100_000 - 16), size=40_300_000 - 8), r"\(12\.1 of 40\.3 MB\)"),
        (box(b"ftyp") + box(b"moov", bytes(92)) + box(b"mdat", bytes(92), size=1900), r"\(208 bytes of 2\.0 kB\)"),
        (box(b"ftyp") + box(b"mdat", b"frames", size=0), "before its index"),
        (box(b"ftyp") + box(b"mdat", b"frames"), "before its index"),
    ],
    ids=["index lost", "index first", "open end", "no index"],
)
def test_a_cut_mp4_is_told_with_figures(data: bytes, words: str) -> None:
    """How much came and how much was declared, where the file says so."""
    with pytest.raises(TruncatedVideo, match=rf"^Couldn't read this file: it ends in the middle.*{words}"):
        check(data)


def test_a_cut_matroska_or_avi_is_found_too() -> None:
    """Both declare the size of their outermost element; live ones declare none and pass."""
    ebml = b"\x1aE\xdf\xa3\x84webm"
    with pytest.raises(TruncatedVideo):
        check(ebml + b"\x18\x53\x80\x67" + b"\x01\0\0\0\0\0\x10\0" + bytes(100), WEBM)
    check(ebml + b"\x18\x53\x80\x67" + b"\x01" + b"\xff" * 7 + bytes(100), WEBM)
    with pytest.raises(TruncatedVideo):
        check(b"RIFF" + (5000).to_bytes(4, "little") + b"AVI " + bytes(100), AVI)


def test_box_sizes_that_lead_nowhere_end_the_search() -> None:
    """A size smaller than its own header cannot loop."""
    with pytest.raises(TruncatedVideo):
        check(box(b"ftyp") + box(b"free", size=3) * 1000)
