import pytest

from playhead.cli.parsers import clip_of, length_s, time_s


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("45s", 45),
        ("30m", 1800),
        ("4h", 14_400),
        ("90d", 7_776_000),
        ("2w", 1_209_600),
        ("1h30m", 5400),
        (" 4H ", 14_400),
    ],
)
def test_a_length_of_time_reads_as_seconds(text: str, seconds: int) -> None:
    assert length_s(text) == seconds


@pytest.mark.parametrize("text", ["", "4", "h", "0s", "-4h", "4 h", "1.5h", "4y", "4hx"])
def test_what_is_no_length_of_time_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match="4h"):
        length_s(text)


@pytest.mark.parametrize(
    ("text", "seconds"), [("0", 0), ("12.5", 12.5), ("1:30", 90), ("1:04:05.25", 3845.25), ("90", 90), ("0:07", 7)]
)
def test_a_place_in_a_video_reads_as_seconds(text: str, seconds: float) -> None:
    assert time_s(text) == seconds


@pytest.mark.parametrize("text", ["", "x", "1:60", "1:2:3:4", "-1", "1e3", "nan", "1:", ":30"])
def test_what_is_no_place_in_a_video_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a time"):
        time_s(text)


@pytest.mark.parametrize(
    ("text", "clip"),
    [
        ("vid_1", {"video_id": "vid_1"}),
        ("vid_1:0-4", {"video_id": "vid_1", "start_s": 0, "end_s": 4}),
        ("vid_1:1.5-", {"video_id": "vid_1", "start_s": 1.5}),
        ("vid_1:-4", {"video_id": "vid_1", "end_s": 4}),
        ("vid_1:0:10-1:00:00", {"video_id": "vid_1", "start_s": 10, "end_s": 3600}),
    ],
)
def test_a_clip_is_a_video_and_maybe_a_span(text: str, clip: dict[str, object]) -> None:
    assert clip_of(text) == clip


@pytest.mark.parametrize("text", ["", ":0-4", "vid_1:", "vid_1:4", "vid_1:-", "vid_1:4-2", "vid_1:4-4", "vid_1:a-b"])
def test_what_is_no_clip_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="write"):
        clip_of(text)
