"""Names of recordings, safe on every file system whatever a streamer calls a broadcast."""

from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from playhead.live.names import MAX_BYTES, NameTemplateInvalid, check_template, name_of, safe_name

FACTS = {
    "channel": "Ann",
    "title": "Talk: 5/6?",
    "category": "Science",
    "id": "42",
    "quality": "720p60",
    "at": datetime(2026, 7, 3, 22, 30, tzinfo=UTC),
    "time_zone": "Europe/Oslo",
}


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        (None, "Ann - Talk - 5-6"),
        ("{channel} {date} {time} {title}", "Ann 2026-07-04 00-30 Talk - 5-6"),
        ("%Y/%m/{id} [{quality}]", "2026-07-42 [720p60]"),
        ("{{100%%}} {category}", "{100%} Science"),
    ],
)
def test_variables_and_parts_of_dates_are_filled_in(template: str | None, expected: str) -> None:
    """In the time zone of the channel."""
    assert name_of(template, FACTS) == expected


@pytest.mark.parametrize(
    "template", ["{titel}", "{}", "{title", "title}", "%Q", "100%", "{0}", "{channel.name}", "{a!r}"]
)
def test_what_is_no_variable_is_refused_with_those_there_are(template: str) -> None:
    with pytest.raises(NameTemplateInvalid) as caught:
        check_template(template)

    assert caught.value.hint is not None
    assert "{title}" in caught.value.hint


@given(st.text(max_size=400))
@example("../../etc/passwd")
@example("..")
@example("con.txt")
@example("LPT1")
@example("a\0b\nc")
@example("\ud800")
@example("👩‍👩‍👧" * 100)
def test_any_title_makes_a_safe_name(title: str) -> None:
    """No folder, no reserved name, no dot at an end, at most 240 bytes; and made safe once is safe."""
    for name in (safe_name(title), name_of("{title}", {"title": title})):
        assert name
        assert not set(name) & set('/\\:*?"<>|')
        assert not any(ord(char) < 32 for char in name)
        assert name.strip(" .") == name
        assert name.partition(".")[0].lower() not in ("con", "nul", "lpt1")
        assert len(name.encode()) <= MAX_BYTES
        assert safe_name(name) == name


@given(st.text(max_size=60))
def test_a_template_is_refused_or_makes_a_name(template: str) -> None:
    """Whatever is typed."""
    try:
        check_template(template)
    except NameTemplateInvalid:
        return
    assert name_of(template, FACTS)
