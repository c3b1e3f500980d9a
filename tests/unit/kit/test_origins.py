"""Origins as operators write them and as browsers send them."""

import pytest

from playhead.kit.origins import origin


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("https://www.example.com", "https://www.example.com"),
        ("https://www.example.com/", "https://www.example.com"),
        ("HTTPS://WWW.Example.com", "https://www.example.com"),
        ("https://example.com:443", "https://example.com"),
        ("http://example.com:80", "http://example.com"),
        ("http://example.com:8080", "http://example.com:8080"),
        ("http://example.com:443", "http://example.com:443"),
        ("http://localhost:5173", "http://localhost:5173"),
        ("http://[::1]:5173", "http://[::1]:5173"),
    ],
)
def test_an_origin_is_written_as_browsers_send_it(written: str, sent: str) -> None:
    assert origin(written) == sent


@pytest.mark.parametrize(
    "text",
    [
        "www.example.com",
        "https://www.example.com/player",
        "https://*.example.com",
        "ftp://example.com",
        "https://user@example.com",
        "https://example.com:0",
        "https://example.com:70000",
        "https://",
        "null",
        "",
        "https://a.example, https://b.example",
    ],
)
def test_what_is_no_origin_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match=r"write scheme and host, such as https://www\.example\.com"):
        origin(text)
