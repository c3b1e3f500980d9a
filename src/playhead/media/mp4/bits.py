"""Bits of a codec's header, most significant first."""

from playhead.media.mp4.boxes import Mp4Unreadable

MAX_HEADER = 4096
"""Bytes of a header that are read; a sequence parameter set has 20 to 100."""

MAX_GOLOMB = 32
"""Leading zeros of an Exp-Golomb code (ITU-T H.264 section 9.1)."""


class BitReader:
    """Reads a header from its first bit on.

    Raises:
        Mp4Unreadable: from every method, when the header ends before the value does.
    """

    def __init__(self, content: bytes | memoryview) -> None:
        content = bytes(content[:MAX_HEADER])
        self._bits = int.from_bytes(content, "big")
        self.left = 8 * len(content)

    def u(self, width: int) -> int:
        """An unsigned number of *width* bits."""
        self.skip(width)
        return self._bits >> self.left & (1 << width) - 1

    def flag(self) -> bool:
        """One bit."""
        return bool(self.u(1))

    def skip(self, width: int) -> None:
        """Skip *width* bits."""
        if width > self.left:
            raise Mp4Unreadable("The codec's header is cut short.")
        self.left -= width

    def ue(self) -> int:
        """An unsigned Exp-Golomb number, below 2^33."""
        zeros = 0
        while not self.u(1):
            zeros += 1
            if zeros > MAX_GOLOMB:
                raise Mp4Unreadable("The codec's header holds a number that cannot be.")
        return (1 << zeros) - 1 + self.u(zeros)

    def se(self) -> int:
        """A signed Exp-Golomb number: 0, 1, -1, 2, -2..."""
        code = self.ue()
        return (code + 1) // 2 if code & 1 else -(code // 2)

    def bounded(self, limit: int, what: str) -> int:
        """An unsigned Exp-Golomb number that counts something.

        Raises:
            Mp4Unreadable: it is above *limit*.
        """
        value = self.ue()
        if value > limit:
            raise Mp4Unreadable(f"The codec's header claims {value} {what}.")
        return value


def payload(nal: bytes, header: int) -> bytes:
    """A NAL unit without its header and without the bytes that keep start codes out of it (H.264 section 7.4.1).

    Args:
        header: Bytes: 1 for H.264, 2 for HEVC.
    """
    return nal[header : header + MAX_HEADER].replace(b"\0\0\3", b"\0\0")
