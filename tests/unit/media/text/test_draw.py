"""Layers of words."""

import hashlib
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from playhead.errors import InvalidInput
from playhead.media.edit.model import CaptionStyle, Card, Cue, Title, Word
from playhead.media.text.draw import draw_caption, draw_card, draw_title, spoken_spans
from playhead.media.text.faces import PACKAGED, Faces
from playhead.media.text.fonts import runs
from playhead.media.text.identity import text_identity
from playhead.media.text.problems import text_problems
from playhead.media.text.styles import PRESETS, safe_area

FACES = Faces()
SENTENCE = "When the harbour wakes up, the first boats are already out at sea"
WORDS = tuple(Word(start_s=at, end_s=at + 0.5, text=text) for at, text in enumerate(SENTENCE.split()))
CUE = Cue(start_s=0, end_s=20, text=SENTENCE, words=WORDS)
SIZES = ((1920, 1080), (1080, 1920), (1080, 1080), (320, 180))


@pytest.mark.parametrize("preset", [preset.name for preset in PRESETS])
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_a_caption_stays_within_the_safe_area(preset: str, width: int, height: int) -> None:
    layer = draw_caption(CUE, 3, CaptionStyle(preset=preset), width, height, FACES)
    area = safe_area(width, height)

    assert layer is not None
    left, top, right, bottom = layer.ink
    assert left >= int(area.left * width) - 1
    assert right <= width - int(area.right * width) + 1
    assert top > height / 2
    assert bottom <= height - int(area.bottom * height) + 1
    assert (layer.x % 2, layer.y % 2, layer.image.width % 2, layer.image.height % 2) == (0, 0, 0, 0)


def test_a_spoken_word_changes_colours_and_moves_nothing() -> None:
    style = CaptionStyle(preset="bold")
    plain = draw_caption(CUE, None, style, 640, 360, FACES)
    spoken = draw_caption(CUE, 3, style, 640, 360, FACES)

    assert plain is not None
    assert spoken is not None
    assert plain.ink == spoken.ink
    assert plain.image.getchannel("A").tobytes() == spoken.image.getchannel("A").tobytes()
    assert plain.image.tobytes() != spoken.image.tobytes()
    assert (255, 214, 10, 255) in {colour for _, colour in spoken.image.getcolors(100_000) or ()}


def test_the_same_words_give_the_same_bytes() -> None:
    def digest() -> str:
        layer = draw_caption(CUE, None, CaptionStyle(), 640, 360, Faces())
        assert layer is not None
        return hashlib.sha256(layer.image.tobytes()).hexdigest()

    assert digest() == digest()


def test_soft_edges_keep_the_colour_of_the_letters() -> None:
    style = CaptionStyle(background="none", colour="#ff0000")
    layer = draw_caption(Cue(start_s=0, end_s=1, text="Soft"), None, style, 640, 360, FACES)

    assert layer is not None
    pixels = layer.image.tobytes()
    colours = {pixels[at : at + 3] for at in range(0, len(pixels), 4) if pixels[at + 3]}
    assert colours == {b"\xff\x00\x00"}


def test_a_long_word_is_cut_and_a_long_text_shrinks() -> None:
    cue = Cue(start_s=0, end_s=1, text="a" * 400)
    layer = draw_caption(cue, None, CaptionStyle(), 320, 180, FACES)

    assert layer is not None
    assert layer.ink[0] >= 16
    assert layer.ink[2] <= 304


def test_nothing_is_drawn_of_nothing() -> None:
    assert draw_caption(Cue(start_s=0, end_s=1, text=" \n"), None, CaptionStyle(), 320, 180, FACES) is None
    assert draw_title(Title(text=" ", start_s=0, end_s=1), 320, 180, FACES) is None


def test_a_lower_third_is_left_and_above_captions() -> None:
    title = draw_title(Title(text="Jane Doe\nHarbour master", start_s=0, end_s=1), 1920, 1080, FACES)
    caption = draw_caption(CUE, None, CaptionStyle(), 1920, 1080, FACES)

    assert title is not None
    assert caption is not None
    assert title.ink[0] == pytest.approx(0.05 * 1920, abs=3)
    assert title.ink[3] <= caption.ink[1]


def test_a_card_is_an_opaque_frame() -> None:
    card = draw_card(Card(text="Chapter one", subtitle="At dawn", background="#102030"), 320, 180, FACES)

    assert card.image.size == (320, 180)
    assert card.image.getchannel("A").getextrema() == (255, 255)
    assert card.image.getpixel((1, 1)) == (16, 32, 48, 255)


def test_words_last_until_the_next_one() -> None:
    cue = Cue(start_s=1, end_s=5, text="one two", words=(_word(1.5, 2), _word(3, 4)))

    assert list(spoken_spans(cue)) == [(1, 1.5, None), (1.5, 3, 0), (3, 5, 1)]


def test_missing_letters_and_unshaped_scripts_are_named() -> None:
    found = text_problems(
        [("caption 1", "Fine: äöü Привет"), ("caption 2", "Hello 世界"), ("caption 3", "שלום")], FACES
    )

    assert [(each.where, each.characters) for each in found] == [
        ("caption 2", "世界"),
        ("caption 3", "שלום"),
        ("caption 3", ""),
    ]
    assert "U+4E16" in found[0].detail
    assert "Hebrew" in found[2].detail


def test_coverage_is_what_the_face_draws() -> None:
    """Letters that the table of the file has not are drawn as its box."""
    font = runs(FACES, "a", 24, 400)[0][1]
    box = bytes(font.getmask("\U0010ffff"))
    codes = (*range(0x21, 0x7F), *range(0xA1, 0x250), *range(0x370, 0x530, 3), *range(0x4E00, 0x4E20))

    for letter in map(chr, codes):
        assert (FACES.path_of(letter) is None) == (bytes(font.getmask(letter)) == box), letter


def test_a_folder_adds_letters(tmp_path: Path) -> None:
    (tmp_path / "more.ttf").write_bytes(PACKAGED.read_bytes())
    (tmp_path / "broken.ttf").write_bytes(b"\0\1\0\0 no font")
    faces = Faces(tmp_path)

    assert faces.path_of("a") == PACKAGED
    assert text_identity(tmp_path) != text_identity()
    assert faces.missing("a世") == "世"


def test_an_unknown_preset_is_refused() -> None:
    with pytest.raises(InvalidInput):
        draw_caption(CUE, None, CaptionStyle(preset="none"), 320, 180, FACES)


def _word(start_s: float, end_s: float) -> Word:
    return Word(start_s=start_s, end_s=end_s, text="word")


def test_words_that_are_far_larger_than_the_frame_take_no_more_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """250 letters at the largest size, each on its own line: a plate of many frames, of which one is seen."""
    new, drawn = Image.new, list[int]()

    def counted(mode: str, size: tuple[int, int], *rest: Any) -> Image.Image:
        drawn.append(size[0] * size[1])
        return new(mode, size, *rest)

    monkeypatch.setattr(Image, "new", counted)
    layer = draw_title(Title(text="W\n" * 250, start_s=0, end_s=1, size=0.4, place="top"), 640, 360, FACES)

    assert layer is not None
    assert layer.ink[3] >= 350, "down to the lower edge"
    assert max(drawn) < 40 * 640 * 360
