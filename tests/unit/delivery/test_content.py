"""Names and types of media, from names that strangers chose."""

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playhead.delivery.content import (
    MAX_NAME,
    MAX_NAME_BYTES,
    content_disposition,
    content_type_of,
    extension_of,
    safe_content_type,
    safe_filename,
)


@pytest.mark.parametrize(
    ("filename", "content_type"),
    [
        ("a.mp4", "video/mp4"),
        ("a.b.MOV", "video/quicktime"),
        ("a.webm", "video/webm"),
        ("poster.jpg", "image/jpeg"),
        ("a.html", "application/octet-stream"),
        ("a", "application/octet-stream"),
        ("", "application/octet-stream"),
    ],
)
def test_the_type_follows_the_extension(filename: str, content_type: str) -> None:
    assert content_type_of(filename) == content_type


@pytest.mark.parametrize(
    ("given_type", "sent"),
    [
        ("video/mp4", "video/mp4"),
        ("Video/MP4", "video/mp4"),
        (None, "video/webm"),
        ("text/html", "application/octet-stream"),
        ("image/svg+xml", "application/octet-stream"),
        ("video/mp4; x", "application/octet-stream"),
        ("video/mp4\r\nSet-Cookie: a=b", "application/octet-stream"),
    ],
)
def test_no_type_that_a_browser_would_run_is_sent(given_type: str | None, sent: str) -> None:
    assert safe_content_type(given_type, "a.webm") == sent


@pytest.mark.parametrize(
    ("filename", "header"),
    [
        ("film.mp4", 'attachment; filename="film.mp4"'),
        ("my film.mp4", 'attachment; filename="my film.mp4"'),
        ("Café.mp4", "attachment; filename=\"Cafe.mp4\"; filename*=UTF-8''Caf%C3%A9.mp4"),
        ("日本.mp4", "attachment; filename=\"video.mp4\"; filename*=UTF-8''%E6%97%A5%E6%9C%AC.mp4"),
        ("Привет-мир.mp4", "attachment; filename=\"video.mp4\"; filename*=UTF-8''" + quote("Привет-мир.mp4")),
        ("Отпуск 2024.mov", "attachment; filename=\"2024.mov\"; filename*=UTF-8''" + quote("Отпуск 2024.mov")),
        ("видео.мп4", "attachment; filename=\"video\"; filename*=UTF-8''" + quote("видео.мп4")),
        ("🎬.mp4", "attachment; filename=\"video.mp4\"; filename*=UTF-8''%F0%9F%8E%AC.mp4"),
        ("Dr. No", 'attachment; filename="Dr. No"'),
        ("50%.mp4", "attachment; filename=\"50_.mp4\"; filename*=UTF-8''50%25.mp4"),
        ('a"b\\c.mp4', 'attachment; filename="a_b_c.mp4"'),
        ("a\r\nX: y.mp4", 'attachment; filename="aX_ y.mp4"'),
        ("../../etc/passwd", 'attachment; filename="_.._etc_passwd"'),
        ("gpj\u202e4pm.mp4", 'attachment; filename="gpj4pm.mp4"'),
        ("\ud800.mp4", 'attachment; filename="video.mp4"'),
        (".mp4", 'attachment; filename="video.mp4"'),
        ("???.mp4", 'attachment; filename="video.mp4"'),
        ("- .mp4", 'attachment; filename="video.mp4"'),
        ("a;b.mp4", 'attachment; filename="a;b.mp4"'),
        ("CON.mp4", 'attachment; filename="_CON.mp4"'),
        ("lpt1 .tar.mp4", 'attachment; filename="_lpt1 .tar.mp4"'),
        ("console.mp4", 'attachment; filename="console.mp4"'),
        ("film.mp4. . ", 'attachment; filename="film.mp4"'),
        ("film .mp4", 'attachment; filename="film.mp4"'),
        ("", 'attachment; filename="video"'),
        ("...", 'attachment; filename="video"'),
    ],
)
def test_a_download_has_a_name_that_every_system_takes(filename: str, header: str) -> None:
    """RFC 6266 sections 4.3 and 5, RFC 8187 section 3.2."""
    assert content_disposition(filename, download=True) == header


def test_what_is_shown_in_place_has_a_name_too() -> None:
    assert content_disposition("film.mp4", download=False) == 'inline; filename="film.mp4"'


@given(st.text(max_size=400))
def test_no_name_breaks_the_header(filename: str) -> None:
    header = content_disposition(filename, download=True)

    assert header.isascii()
    assert header.isprintable()
    assert header.count('"') == 2
    name, plain = safe_filename(filename), header.split('"')[1]
    assert len(name) <= MAX_NAME + 1
    assert len(name.encode()) <= MAX_NAME_BYTES + 1
    assert any(char.isalnum() for char in plain)
    assert safe_filename(name) == name


def test_a_long_name_keeps_its_extension() -> None:
    """Also where 150 letters are more bytes than a file system takes."""
    assert safe_filename("日" * 300 + ".mp4") == "日" * 65 + ".mp4"
    assert safe_filename("x" * 10_000 + ".mp4") == "x" * (MAX_NAME - 4) + ".mp4"


@pytest.mark.parametrize(
    ("filename", "extension"),
    [("a.MP4", "mp4"), ("a", ""), ("a.", ""), ("a.tar.gz", "gz"), ("a.é", ""), ("a.x y", ""), ("a." + "x" * 9, "")],
)
def test_an_extension_is_one_that_a_url_can_carry(filename: str, extension: str) -> None:
    assert extension_of(filename) == extension
