"""``multipart/form-data`` (RFC 7578) as a stream: one file, whose bytes pass through, and a few short fields."""

from collections.abc import AsyncIterator, Mapping
from typing import TYPE_CHECKING, Final

from playhead.catalog.errors import FormInvalid
from playhead.kit.units import KIB

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks, MultipartParser

FIELDS: Final = ("title", "filename")
MAX_FIELD: Final = 16 * KIB
MAX_EPILOGUE: Final = 4 * KIB
"""Bytes behind the last boundary that are read and dropped."""


def boundary_of(headers: Mapping[str, str]) -> bytes:
    """The boundary that the content type names.

    Raises:
        FormInvalid: none.
    """
    from python_multipart.multipart import parse_options_header

    boundary = parse_options_header(headers.get("content-type", ""))[1].get(b"boundary", b"")
    if not 1 <= len(boundary) <= 70:
        raise FormInvalid("The content type of the form names no boundary.", hint="Let the client write that header.")
    return boundary


class Form:
    """One form. ``fields`` and ``filename`` are complete once ``file`` has ended.

    Args:
        boundary: Of the content type.
    """

    def __init__(self, boundary: bytes) -> None:
        self._parser = _parser(boundary, self)
        self.fields: dict[str, str] = {}
        self.filename: str | None = None
        self._files = 0
        self._ended = False
        self._epilogue = 0
        self._header_name = self._header_value = b""
        self._disposition = b""
        self._field: str | None = None  # the file's part has none
        self._value = bytearray()
        self._file_bytes: list[bytes] = []

    async def file(self, stream: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """Read the form and give the bytes of its file.

        Raises:
            FormInvalid: it does not read or ends early, has no file or several, a long field or one of another name.
        """
        from python_multipart.exceptions import FormParserError

        async for chunk in stream:
            if self._ended:
                self._drop(chunk)
                continue
            try:
                self._parser.write(chunk)
            except FormParserError as error:
                raise FormInvalid(f"The form does not read: {error}.") from error
            passed, self._file_bytes = self._file_bytes, []
            for data in passed:
                yield data
        if not self._ended:
            raise FormInvalid("The form ends before its last boundary.", hint="Upload the file again.")
        if not self._files:
            raise FormInvalid("The form has no file.", hint="With curl: -F file=@x.mp4, with the @.")

    def part_begins(self) -> None:
        self._disposition, self._value, self._field = b"", bytearray(), ""

    def header_name(self, data: bytes, start: int, end: int) -> None:
        self._header_name += data[start:end]

    def header_value(self, data: bytes, start: int, end: int) -> None:
        self._header_value += data[start:end]

    def header_ends(self) -> None:
        if self._header_name.lower() == b"content-disposition":
            self._disposition = self._header_value
        self._header_name = self._header_value = b""

    def headers_end(self) -> None:
        from python_multipart.multipart import parse_options_header

        options = parse_options_header(self._disposition)[1]
        name = _text(options.get(b"name", b""))
        filename = options.get(b"filename")
        if filename:
            self._begin_file(_text(filename))
        elif filename is None and name not in FIELDS:
            known = " and ".join(FIELDS)
            raise FormInvalid(
                f"The form has a field {name[:40]!r}.",
                hint=f"Beside the file it may have {known}. A file is sent with its name: with curl, -F file=@x.mp4.",
            )
        else:
            self._field = name

    def part_data(self, data: bytes, start: int, end: int) -> None:
        if self._field is None:
            self._file_bytes.append(data[start:end])
            return
        self._value += data[start:end]
        if len(self._value) > MAX_FIELD:
            raise FormInvalid(
                f"The field {self._field[:40]!r} of the form has more than {MAX_FIELD} bytes.",
                hint="A file is sent with its name: with curl, -F file=@x.mp4.",
            )

    def part_ends(self) -> None:
        if self._field in FIELDS:
            self.fields[self._field] = _text(bytes(self._value))

    def ends(self) -> None:
        self._ended = True

    def _begin_file(self, filename: str) -> None:
        self._files += 1
        if self._files > 1:
            raise FormInvalid(
                f"The form has more than one file: {filename[:80]!r} comes after {(self.filename or '')[:80]!r}.",
                hint="Send one file with each request.",
            )
        self.filename, self._field = filename, None

    def _drop(self, chunk: bytes) -> None:
        self._epilogue += len(chunk)
        if self._epilogue > MAX_EPILOGUE:
            raise FormInvalid("The form goes on after its last boundary.")


def _parser(boundary: bytes, form: Form) -> "MultipartParser":
    from python_multipart.multipart import MultipartParser

    callbacks: MultipartCallbacks = {
        "on_part_begin": form.part_begins,
        "on_header_field": form.header_name,
        "on_header_value": form.header_value,
        "on_header_end": form.header_ends,
        "on_headers_finished": form.headers_end,
        "on_part_data": form.part_data,
        "on_part_end": form.part_ends,
        "on_end": form.ends,
    }
    return MultipartParser(boundary, callbacks)


def _text(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")
