"""HTTP dates (RFC 9110 section 5.6.7)."""

import pytest

from playhead.delivery.dates import format_http_date, parse_http_date

MOMENT = 784_111_777  # 6 November 1994, 08:49:37 UTC


def test_dates_are_written_as_imf_fixdate() -> None:
    assert format_http_date(MOMENT) == b"Sun, 06 Nov 1994 08:49:37 GMT"


@pytest.mark.parametrize(
    ("form", "value"),
    [
        ("IMF-fixdate", b"Sun, 06 Nov 1994 08:49:37 GMT"),
        ("RFC 850", b"Sunday, 06-Nov-94 08:49:37 GMT"),
        ("asctime", b"Sun Nov  6 08:49:37 1994"),
        ("any case", b"sun, 06 nov 1994 08:49:37 gmt"),
    ],
)
def test_all_three_forms_are_read_as_utc(form: str, value: bytes) -> None:
    assert parse_http_date(value) == MOMENT, form


def test_a_two_digit_year_is_never_far_ahead() -> None:
    """Section 5.6.7: more than 50 years ahead means the most recent past year with those digits."""
    assert parse_http_date(b"Sunday, 06-Nov-30 08:49:37 GMT") == 1_920_185_377
    assert parse_http_date(b"Sunday, 06-Nov-99 08:49:37 GMT") == 941_878_177


def test_a_leap_second_is_the_second_before_it() -> None:
    assert parse_http_date(b"Sat, 31 Dec 2016 23:59:60 GMT") == parse_http_date(b"Sat, 31 Dec 2016 23:59:59 GMT")


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b"yesterday",
        b"1994-11-06T08:49:37Z",
        b"Sun, 06 Nov 1994 08:49:37 +0100",
        b"Sun, 06 Nov 1994 08:49:37",
        b"Sun, 31 Feb 1994 08:49:37 GMT",
        b"Sun, 06 Foo 1994 08:49:37 GMT",
        b"Sun, 06 Nov 1994 25:49:37 GMT",
        b"\xff\xfe",
        b"784111777",
    ],
)
def test_anything_else_is_no_date(value: bytes) -> None:
    assert parse_http_date(value) is None
