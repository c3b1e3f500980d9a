"""Reading a form as a stream: what is in it, however its bytes are cut."""

from collections.abc import AsyncIterator

import pytest

from playhead.catalog.errors import FormInvalid
from playhead.catalog.uploads.form import MAX_EPILOGUE, MAX_FIELD, Form, boundary_of

LINE = "\r\n--edge"
FILE = 'Content-Disposition: form-data; name="file"; filename="a.mp4"\r\nContent-Type: video/mp4'
DATA = "01\r\n--edg 23\r\n--"
"""Looks like a boundary, and is none."""


def envelope(*parts: tuple[str, str], end: str = "--\r\n") -> bytes:
    """A form of headers and bodies."""
    return "".join(f"{LINE}\r\n{head}\r\n\r\n{body}" for head, body in parts).lstrip("\r\n").encode() + (
        f"{LINE}{end}".encode()
    )


def field(name: str, value: str) -> tuple[str, str]:
    """A part without a file name."""
    return f'Content-Disposition: form-data; name="{name}"', value


async def cut(body: bytes, size: int) -> AsyncIterator[bytes]:
    """The body in chunks."""
    for start in range(0, len(body), size):
        yield body[start : start + size]


async def read(body: bytes, size: int = 1 << 20) -> tuple[Form, bytes]:
    """A form and its file."""
    form = Form(boundary_of({"content-type": "multipart/form-data; boundary=edge"}))
    return form, b"".join([chunk async for chunk in form.file(cut(body, size))])


@pytest.mark.parametrize("size", [1, 2, 7, 1 << 20])
@pytest.mark.parametrize("first", ["file", "field"])
async def test_the_file_and_its_names_are_found(size: int, first: str) -> None:
    """Cut anywhere, in either order, with bytes in the file that look like a boundary."""
    parts = [(FILE, DATA), field("title", "Fähre 🏖")]
    form, data = await read(envelope(*parts if first == "file" else reversed(parts)), size)

    assert (data.decode(), form.filename, form.fields) == (DATA, "a.mp4", {"title": "Fähre 🏖"})


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (envelope(field("title", "x")), "has no file"),
        (envelope(), "has no file|does not read"),
        (envelope((FILE, ""), (FILE, "")), "more than one file"),
        (envelope(field("titel", "x"), (FILE, "")), "a field 'titel'"),
        (envelope(field("title", "x" * (MAX_FIELD + 1)), (FILE, "")), "more than"),
        (envelope((FILE, DATA), end=""), "ends before"),
        (envelope((FILE, DATA))[:-20], "ends before"),
        (b"", "ends before"),
        (b"no form at all", "does not read"),
        (envelope((FILE, DATA)) + b"x" * (MAX_EPILOGUE + 2000), "goes on"),
        (envelope(('Content-Disposition: form-data; name="file"; filename=""', "")), "has no file"),
        (envelope(("X" * 20_000, "")), "does not read"),
    ],
)
async def test_what_is_no_form_with_one_file_is_refused(body: bytes, words: str) -> None:
    with pytest.raises(FormInvalid, match=words):
        await read(body, 1000)


@pytest.mark.parametrize("kind", ["multipart/form-data", "multipart/form-data; boundary=", ""])
def test_a_form_names_its_boundary(kind: str) -> None:
    with pytest.raises(FormInvalid):
        boundary_of({"content-type": kind})
