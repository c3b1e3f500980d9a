"""Design of a title clip: the same each time, other with another seed, and readable."""

from playhead.media.titles.design import CARD_WORDS, TitleClip, design_of

LONG = "A caravan walks through the dunes at dawn. " * 30


def clip(text: str = "A lighthouse in a storm", *, seed: int = 0, duration_s: float = 4) -> TitleClip:
    return TitleClip(text=text, width=1280, height=720, fps=30, duration_s=duration_s, seed=seed)


def test_text_and_seed_decide_everything() -> None:
    """Nothing is left to chance, and another seed gives another clip."""
    assert design_of(clip()) == design_of(clip())
    assert design_of(clip()) != design_of(clip(seed=1))
    assert design_of(clip()) != design_of(clip("Another prompt"))


def test_cards_fill_the_clip_and_can_be_read_in_their_time() -> None:
    """A long prompt is cut to the cards that there is time for, and says so."""
    cards = design_of(clip(LONG, duration_s=7)).cards

    assert len(cards) == 3
    assert (cards[0].start_s, cards[-1].end_s) == (0, 7)
    assert all(len(card.text.split()) <= CARD_WORDS for card in cards)
    assert cards[0].text == "A caravan walks through the dunes at dawn."
    assert cards[-1].text.endswith("…")


def test_a_short_clip_has_one_card_and_none_without_words() -> None:
    """A second is one card; a text of blanks has none."""
    assert [card.text for card in design_of(clip("One two. Three.", duration_s=1)).cards] == ["One two…"]
    assert design_of(clip(" \n ")).cards == ()


def test_the_colours_stay_dark_behind_white_words() -> None:
    """Contrast of 4.5 against white, by WCAG's luminance, for whatever hue."""
    for seed in range(40):
        for colour in design_of(clip("Words", seed=seed)).colours:
            assert 1.05 / (luminance(colour) + 0.05) > 4.5


def luminance(colour: str) -> float:
    channels = [int(colour[start : start + 2], 16) / 255 for start in (2, 4, 6)]
    linear = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
