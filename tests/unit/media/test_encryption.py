"""A file that is encrypted is called so, by its headers; one that is clear is not, whatever else it carries."""

import struct

import pytest

from playhead.media.encryption import check_clear
from playhead.media.errors import EncryptedVideo
from playhead.media.mp4.boxes import box, full_box
from playhead.media.mp4.source import MemoryBytes
from playhead.media.sniff import ASF, MP4, MPEG_TS, WEBM, Container
from tests.fixtures.mp4_files import fragmented_file, plain_file
from tests.fixtures.mp4_surgery import replace, take


def locked(data: bytes, track: int, name: bytes, scheme: bytes = b"") -> bytes:
    """The sample entry of a track renamed, with a ``sinf`` that names the scheme."""
    path = f"moov/trak:{track}/mdia/minf/stbl/stsd"
    stsd = take(data, path)
    schm = full_box(b"schm", 0, 0, scheme, struct.pack(">I", 0x10000)) if scheme else b""
    sinf = box(b"sinf", box(b"frma", stsd[20:24]), schm) if scheme else b""
    entry = box(name, stsd[24:], sinf)
    return replace(data, path, box(b"stsd", stsd[8:16], entry))


def said(data: bytes, container: Container) -> str:
    with pytest.raises(EncryptedVideo) as caught:
        check_clear(MemoryBytes(data), container)
    assert caught.value.code == "encrypted_video"
    assert caught.value.hint == "Export it, or download it, without copy protection (DRM)."
    return caught.value.detail


@pytest.mark.parametrize(
    ("name", "scheme", "words"),
    [
        (b"encv", b"cenc", " (Common Encryption, cenc)"),
        (b"encv", b"cbcs", " (Common Encryption, cbcs)"),
        (b"encv", b"cens", " (Common Encryption, cens)"),
        (b"encv", b"cbc1", " (Common Encryption, cbc1)"),
        (b"encv", b"piff", " (PlayReady)"),
        (b"encv", b"itun", " (FairPlay)"),
        (b"encv", b"iAEC", " (iAEC)"),
        (b"encv", b"", ""),
        (b"drmi", b"", " (FairPlay)"),
    ],
)
@pytest.mark.parametrize("whole", [plain_file(), fragmented_file()], ids=["plain", "in fragments"])
def test_an_mp4_says_how_it_is_encrypted(whole: bytes, name: bytes, scheme: bytes, words: str) -> None:
    data = locked(whole, 0, name, scheme)

    assert said(data, MP4) == f"This video is encrypted{words}: Playhead cannot play or stitch it."


@pytest.mark.parametrize(
    ("name", "scheme", "words"), [(b"enca", b"cbcs", "Common Encryption, cbcs"), (b"drms", b"", "FairPlay")]
)
def test_so_does_one_whose_sound_alone_is_encrypted(name: bytes, scheme: bytes, words: str) -> None:
    data = locked(plain_file(), 1, name, scheme)

    assert said(data, MP4) == f"The audio of this video is encrypted ({words}): Playhead cannot play or stitch it."


def test_one_clear_track_of_sound_is_enough() -> None:
    data = plain_file()
    clear, path = take(data, "moov/trak:1"), "moov/trak:1"

    check_clear(
        MemoryBytes(
            replace(locked(data, 1, b"enca", b"cenc"), path, take(locked(data, 1, b"enca", b"cenc"), path), clear)
        ),
        MP4,
    )


def test_what_a_decrypter_leaves_behind_is_harmless() -> None:
    """Licences without an encrypted track."""
    data = plain_file()
    index = take(data, "moov")

    check_clear(MemoryBytes(replace(data, "moov", box(b"moov", index[8:], full_box(b"pssh", 0, 0, bytes(20))))), MP4)
    check_clear(MemoryBytes(data[:50]), MP4)


def element(name: str, *data: bytes) -> bytes:
    held = b"".join(data)
    return bytes.fromhex(name) + b"\x01" + len(held).to_bytes(7, "big") + held


def webm(*encoding: bytes, kind: bytes = b"\x01") -> bytes:
    encodings = element("6d80", element("6240", *encoding)) if encoding else b""
    track = element("ae", element("d7", b"\x01"), element("83", kind), encodings)
    return element("1a45dfa3", b"webm") + element("18538067", element("1549a966", bytes(9)), element("1654ae6b", track))


def test_webm_is_encrypted_by_its_content_encodings() -> None:
    """Compression is another of them."""
    encryption, compression = element("5035", element("47e1", b"\x05")), element("5034", bytes(3))

    assert said(webm(encryption), WEBM).startswith("This video is encrypted (WebM encryption):")
    assert said(webm(encryption, kind=b"\x02"), WEBM).startswith("The audio of this video is encrypted")
    check_clear(MemoryBytes(webm(compression)), WEBM)
    check_clear(MemoryBytes(webm()), WEBM)


def test_tracks_are_looked_for_at_the_front_of_a_webm() -> None:
    """A file of a million tiny parts is not gone through."""
    head = bytes.fromhex("1a45dfa380 18538067 01ffffffffffffff 1f43b675 01ffffffffffffff")
    source = _Counted(head + b"\xe7\x80" * 1_000_000)

    check_clear(source, WEBM)

    assert source.reads < 11_000


class _Counted(MemoryBytes):
    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        self.reads = 0

    def read_at(self, offset: int, size: int) -> bytes:
        self.reads += 1
        return super().read_at(offset, size)


def packet(pid: int, payload: bytes, *, begins: bool = False, scrambled: int = 0) -> bytes:
    return struct.pack(">BHB", 0x47, begins << 14 | pid, scrambled << 6 | 0x10) + payload.ljust(184, b"\xff")


def program_map(stream_type: int) -> bytes:
    stream = struct.pack(">BHH", stream_type, 0xE101, 0xF000)
    return (
        b"\0\x02"
        + struct.pack(">HHBBBHH", 0xB000 | 13 + len(stream), 1, 0xC1, 0, 0, 0xE101, 0xF000)
        + stream
        + bytes(4)
    )


@pytest.mark.parametrize("torn", [0, 40])
def test_a_transport_stream_is_scrambled_or_has_encrypted_samples(torn: int) -> None:
    def stream(stream_type: int, scrambled: int) -> bytes:
        media = packet(257, bytes(184), scrambled=scrambled) * 30
        return (packet(4096, program_map(stream_type), begins=True) + media)[torn:]

    assert "scrambled, as pay television is" in said(stream(0x1B, 2), MPEG_TS)
    check_clear(MemoryBytes(stream(0x1B, 0)), MPEG_TS)
    if not torn:
        assert "HLS, SAMPLE-AES" in said(stream(0xDB, 0), MPEG_TS)


def test_asf_says_so_in_its_header() -> None:
    def file(inner: bytes) -> bytes:
        return bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c") + struct.pack("<Q", 24 + len(inner)) + inner

    drm = bytes.fromhex("fbb3112223bdd211b4b700a0c955fc6e") + struct.pack("<Q", 40) + bytes(16)

    assert "(Windows Media DRM)" in said(file(drm), ASF)
    check_clear(MemoryBytes(file(bytes(60)) + drm), ASF)
