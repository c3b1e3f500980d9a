"""Words over frames: each picture once, for exactly its frames, all in one box."""

from fractions import Fraction
from pathlib import Path

import pytest
from PIL import Image

from playhead.media.edit.model import CaptionStyle, Cue, Motion, Title, Word
from playhead.media.edit.segments import CaptionLayer, Layer
from playhead.media.layers.child.words import Words, words_of
from playhead.media.layers.motion import pose_at
from playhead.media.text.faces import faces_in

FPS, SIZE = Fraction(30), (320, 180)


def title(enter: Motion = "none", exit_: Motion = "none") -> Title:
    """Words at the lower left."""
    return Title(text="Title", start_s=0, end_s=0, enter=enter, exit=exit_)


def drawn(*layers: Layer, frames: int = 60) -> Words:
    """Words of a piece."""
    found = words_of(layers, frames, FPS, SIZE, faces_in(None))
    assert found is not None
    return found


def test_a_title_without_motion_is_one_picture_between_empty_ones() -> None:
    words = drawn(Layer(content=title(), start_s=0.5, end_s=1.5))

    assert [(len(placed), frames) for placed, frames in words.runs] == [(0, 15), (1, 30), (0, 15)]


def test_what_began_before_the_piece_is_shown_from_its_first_frame_on() -> None:
    """In the middle of its way, if it comes slowly."""
    words = drawn(Layer(content=title(enter="fade"), start_s=-0.2, end_s=9))

    assert words.runs[0][0][0].pose.opacity == pytest.approx(6.5 / 12, abs=0.001)
    assert words.runs[-1] == (words.runs[-1][0], 54)


def test_each_word_that_is_spoken_is_a_picture_of_its_own() -> None:
    spoken = (Word(start_s=0, end_s=0.5, text="two"), Word(start_s=0.5, end_s=1, text="words"))
    cue = Cue(start_s=0, end_s=1, text="two words", words=spoken)
    layer = Layer(content=CaptionLayer(cue=cue, style=CaptionStyle(preset="karaoke")), start_s=0, end_s=1)

    words = drawn(layer, frames=30)

    assert [(placed[0].word, frames) for placed, frames in words.runs] == [(0, 15), (1, 15)]


def test_all_pictures_have_the_size_of_one_box_and_are_listed_with_their_times(tmp_path: Path) -> None:
    """Both sides are even, as colour is subsampled."""
    layers = (
        Layer(content=title(enter="slide"), start_s=0, end_s=1),
        Layer(content=CaptionLayer(cue=Cue(start_s=0, end_s=1, text="below")), start_s=0.5, end_s=1.5),
    )

    words = drawn(*layers)
    place = words.save(tmp_path, FPS)

    sizes = {Image.open(path).size for path in tmp_path.glob("*.png")}
    assert len(sizes) == 1
    assert all(side % 2 == 0 for side in (*sizes.pop(), place["x"], place["y"]))
    lines = (tmp_path / "words.txt").read_text().splitlines()
    seconds = sum(float(line.split()[1]) for line in lines if line.startswith("duration"))
    assert seconds == pytest.approx(2, abs=1e-4)


def test_nothing_is_drawn_for_words_without_letters() -> None:
    assert (
        words_of(
            [Layer(content=Title(text=" ", start_s=0, end_s=1), start_s=0, end_s=1)], 30, FPS, SIZE, faces_in(None)
        )
        is None
    )


def test_a_title_goes_as_it_came() -> None:
    """The same way backwards, by the middle of each frame."""
    poses = [pose_at(title("slide", "slide"), frame, 60, FPS) for frame in range(60)]

    assert poses == poses[::-1]
    assert poses[0].opacity == pytest.approx(0.5 / 12, abs=0.001)
    assert [pose.opacity for pose in poses[12:48]] == [1] * 36
