"""Keys are spelled in one place, from checked ids."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playhead.storage import keys

VIDEO = "vid_01k3q9h2v7e8t9m5x0c4d6f8ga"
JOB = "job_01k3q9h2v7e8t9m5x0c4d6f8ga"
UPLOAD = "upl_01k3q9h2v7e8t9m5x0c4d6f8ga"
FUNCTIONS: list[Callable[[str], str]] = [
    keys.original,
    keys.poster,
    keys.video_prefix,
    keys.job_prefix,
    keys.upload,
    lambda text: keys.job_part(text, "part"),
]


def test_keys_are_spelled_like_this() -> None:
    assert keys.original(VIDEO) == f"videos/{VIDEO}/original"
    assert keys.poster(VIDEO) == f"videos/{VIDEO}/poster.jpg"
    assert keys.video_prefix(VIDEO) == f"videos/{VIDEO}/"
    assert keys.job_part(JOB, "0001.mp4") == f"jobs/{JOB}/0001.mp4"
    assert keys.job_prefix(JOB) == f"jobs/{JOB}/"
    assert keys.upload(UPLOAD) == f"uploads/{UPLOAD}"


@pytest.mark.parametrize("function", FUNCTIONS)
@given(text=st.text(max_size=60) | st.from_regex(r"(vid|job|upl)_[0-9a-z./\\%]{20,30}", fullmatch=True))
def test_nothing_but_an_id_becomes_part_of_a_key(function: Callable[[str], str], text: str) -> None:
    try:
        key = function(text)
    except ValueError:
        return
    assert text.partition("_")[2].isalnum()
    assert text.isascii()
    assert len(text) == 30
    assert text in key.split("/")


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize(
    "text", ["", "..", f"{VIDEO}\n", f"../{VIDEO}", VIDEO.replace("vid_", "usr_"), VIDEO.upper(), f"{VIDEO}/"]
)
def test_what_looks_like_an_id_is_refused(function: Callable[[str], str], text: str) -> None:
    with pytest.raises(ValueError, match="not a"):
        function(text)


@given(name=st.text(max_size=140))
def test_the_name_of_a_part_stays_one_segment(name: str) -> None:
    try:
        key = keys.job_part(JOB, name)
    except ValueError:
        return
    assert key == keys.check_key(f"{keys.job_prefix(JOB)}{name}")
    assert len(key.split("/")) == 3


@pytest.mark.parametrize(
    "key",
    [
        *("", "/", "/etc/passwd", "a//b", "a/", "../a", "a/../b", "a/.", ".hidden", "a/.hidden"),
        *("a\\b", "a b", "ä", "a\n", "a\0", "-a", "a/" * 8 + "a", "a" * 129),
    ],
)
def test_what_is_no_key_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="not a key"):
        keys.check_key(key)


@given(key=st.text(alphabet=st.sampled_from("ab./\\_-\n\0~%"), max_size=12))
def test_a_key_never_leaves_its_folder(key: str) -> None:
    try:
        keys.check_key(key)
    except ValueError:
        return
    segments = key.split("/")
    assert all(segments)
    assert not any(segment.startswith(".") for segment in segments)


@pytest.mark.parametrize("prefix", ["", "videos/", f"videos/{VIDEO}/"])
def test_whole_segments_are_a_prefix(prefix: str) -> None:
    assert keys.check_prefix(prefix) == prefix


@pytest.mark.parametrize("prefix", ["videos", "/", "videos//", "../", ".partial/", "videos/\n"])
def test_half_a_segment_is_no_prefix(prefix: str) -> None:
    with pytest.raises(ValueError, match="not a prefix"):
        keys.check_prefix(prefix)
