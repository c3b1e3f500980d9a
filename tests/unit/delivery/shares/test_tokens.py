"""Tokens of share links: derived, so that they can be shown again and need not be kept."""

import re

from playhead.access.signed import Signer
from playhead.delivery.shares.tokens import token_of

KEYS = {"k1": b"1" * 32, "k2": b"2" * 32}
SIGNER = Signer(KEYS, "k2")


def test_a_token_is_the_same_each_time_and_another_for_each_share_and_key() -> None:
    made = token_of(SIGNER, "shr_1")
    assert made is not None

    assert made.key_id == "k2"
    assert re.fullmatch(r"[0-9a-hjkmnp-tv-z]{26}", made.text)
    assert token_of(SIGNER, "shr_1", key_id="k2") == made
    others = [token_of(SIGNER, "shr_2"), token_of(SIGNER, "shr_1", key_id="k1")]
    assert len({made.text, *(other.text for other in others if other)}) == 3


def test_without_its_key_a_token_cannot_be_shown() -> None:
    assert token_of(Signer({"k2": KEYS["k2"]}, "k2"), "shr_1", key_id="k1") is None


def test_a_token_does_not_show_in_the_log() -> None:
    made = token_of(SIGNER, "shr_1")

    assert made is not None
    assert made.text not in repr(made)
