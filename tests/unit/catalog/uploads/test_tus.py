"""The words of tus, read as the protocol says."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playhead.catalog.errors import TusVersionUnsupported, UploadHeaderInvalid, UploadTypeInvalid
from playhead.catalog.uploads import tus

KEYS = st.text(st.characters(codec="ascii", exclude_characters=", ", categories=["L", "N", "P"]), min_size=1)


@given(st.dictionaries(KEYS, st.text(), max_size=5))
def test_metadata_is_read_back_as_it_was_written(values: dict[str, str]) -> None:
    """Any text under any key without blanks and commas."""
    header = ", ".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in values.items())
    if len(header) <= tus.MAX_METADATA:
        assert tus.metadata({"upload-metadata": header}) == values


@given(st.text())
def test_no_metadata_fails_in_another_way(header: str) -> None:
    """Text for each key, or the one error."""
    try:
        found = tus.metadata({"upload-metadata": header})
    except UploadHeaderInvalid:
        return
    for value in found.values():
        value.encode()


@pytest.mark.parametrize("header", ["a YQ==,a Yg==", "a YQ", "a ???", "a " + "YQ==" * 2000, "a é"])
def test_metadata_that_does_not_read_is_refused(header: str) -> None:
    """A key twice, no base64, too long."""
    with pytest.raises(UploadHeaderInvalid):
        tus.metadata({"upload-metadata": header})


def test_a_key_may_stand_alone() -> None:
    """Its value is then empty."""
    assert tus.metadata({"upload-metadata": "is_confidential,filename YQ=="}) == {
        "is_confidential": "",
        "filename": "a",
    }


@given(st.integers(0, 10**18 - 1))
def test_a_number_is_read(value: int) -> None:
    """Up to 18 digits."""
    assert tus.number({"upload-offset": str(value)}, "Upload-Offset") == value


@pytest.mark.parametrize("text", ["", "-1", "+1", "1.0", "1_0", " 1", "²", "٣", "0x1", "9" * 19])
def test_what_is_no_number_is_refused(text: str) -> None:
    """Though Python would take some of them."""
    with pytest.raises(UploadHeaderInvalid):
        tus.number({"upload-offset": text}, "Upload-Offset")


@pytest.mark.parametrize(
    ("headers", "length"),
    [({"upload-length": "5"}, 5), ({"upload-length": "0"}, 0), ({"upload-defer-length": "1"}, None)],
)
def test_a_creation_tells_its_length_or_defers_it(headers: dict[str, str], length: int | None) -> None:
    assert tus.announced_length(headers) == length


@pytest.mark.parametrize(
    "headers", [{}, {"upload-length": "5", "upload-defer-length": "1"}, {"upload-defer-length": "0"}]
)
def test_neither_or_both_is_refused(headers: dict[str, str]) -> None:
    with pytest.raises(UploadHeaderInvalid):
        tus.announced_length(headers)


@pytest.mark.parametrize("headers", [{}, {"tus-resumable": "0.2.2"}, {"tus-resumable": "1.0"}])
def test_another_version_is_refused(headers: dict[str, str]) -> None:
    """412, with the version that is spoken."""
    with pytest.raises(TusVersionUnsupported) as raised:
        tus.require_version(headers)
    assert raised.value.headers == {"Tus-Version": "1.0.0"}


def test_bytes_say_that_they_are_an_uploads() -> None:
    """With or without parameters, in any case."""
    tus.require_body_type({"content-type": "Application/Offset+Octet-Stream; charset=x"})
    with pytest.raises(UploadTypeInvalid):
        tus.require_body_type({"content-type": "text/plain"})
