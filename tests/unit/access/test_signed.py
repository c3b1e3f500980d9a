"""Signed URLs: any changed value fails, and time runs out."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from playhead.access.errors import SignatureExpired, SignatureInvalid
from playhead.access.signed import Signer

KEYS = {"k1": b"1" * 32, "k2": b"2" * 32}
SIGNER = Signer(KEYS, "k2")
EXPIRES = 2_000_000_000

TEXT = st.text(max_size=12)
GRANT = st.tuples(TEXT, TEXT, st.integers(0, 1 << 40), TEXT, st.booleans())


@given(GRANT)
def test_what_was_signed_is_accepted_until_it_expires(grant: tuple[str, str, int, str, bool]) -> None:
    kind, video_id, expires, name, download = grant
    key_id, signature = SIGNER.sign(kind, video_id, expires, name=name, download=download)

    def verify(now: float) -> None:
        SIGNER.verify(kind, video_id, expires, key_id, signature, now, name=name, download=download)

    verify(expires - 0.001)
    with pytest.raises(SignatureExpired):
        verify(expires)


@given(GRANT, GRANT)
def test_a_signature_is_good_for_one_grant_alone(
    grant: tuple[str, str, int, str, bool], other: tuple[str, str, int, str, bool]
) -> None:
    assume(grant != other)
    kind, video_id, expires, name, download = grant
    key_id, signature = SIGNER.sign(kind, video_id, expires, name=name, download=download)

    with pytest.raises(SignatureInvalid):
        SIGNER.verify(other[0], other[1], other[2], key_id, signature, -1, name=other[3], download=other[4])


@given(st.integers(0, 42), st.text(min_size=1, max_size=1))
def test_every_changed_character_of_a_signature_is_refused(place: int, char: str) -> None:
    key_id, signature = SIGNER.sign("file", "vid_1", EXPIRES)
    assume(signature[place] != char)
    changed = signature[:place] + char + signature[place + 1 :]

    with pytest.raises(SignatureInvalid):
        SIGNER.verify("file", "vid_1", EXPIRES, key_id, changed, 0)


@pytest.mark.parametrize("signature", ["", "=", "\0", "é", "\ud800", "A" * 43, "A" * 10_000])
def test_a_made_up_signature_is_refused(signature: str) -> None:
    with pytest.raises(SignatureInvalid):
        SIGNER.verify("file", "vid_1", EXPIRES, "k2", signature, 0)


@pytest.mark.parametrize("end", ["=", "\n", " "])
def test_padding_is_not_a_second_way_to_write_a_signature(end: str) -> None:
    key_id, signature = SIGNER.sign("file", "vid_1", EXPIRES)

    with pytest.raises(SignatureInvalid):
        SIGNER.verify("file", "vid_1", EXPIRES, key_id, signature + end, 0)


def test_fields_cannot_flow_into_each_other() -> None:
    assert SIGNER.sign("a", "bc", 1) != SIGNER.sign("ab", "c", 1)
    assert SIGNER.sign("a", "b", 1, name="1") != SIGNER.sign("a", "b1", 1)


def test_an_old_key_verifies_and_no_longer_signs() -> None:
    old = Signer({"k1": KEYS["k1"]}, "k1").sign("file", "vid_1", EXPIRES)

    SIGNER.verify("file", "vid_1", EXPIRES, *old, 0)

    assert SIGNER.sign("file", "vid_1", EXPIRES).key_id == "k2"


def test_a_signature_of_one_key_is_refused_under_the_name_of_another() -> None:
    _, signature = SIGNER.sign("file", "vid_1", EXPIRES)

    for key_id in ("k1", "k3", ""):
        with pytest.raises(SignatureInvalid):
            SIGNER.verify("file", "vid_1", EXPIRES, key_id, signature, 0)


def test_an_expired_link_that_was_altered_is_told_the_latter_alone() -> None:
    key_id, signature = SIGNER.sign("file", "vid_1", EXPIRES)

    with pytest.raises(SignatureInvalid):
        SIGNER.verify("poster", "vid_1", EXPIRES, key_id, signature, EXPIRES + 1)


def test_a_signature_fits_into_a_query_as_it_is() -> None:
    _, signature = SIGNER.sign("file", "vid_1", EXPIRES)

    assert len(signature) == 43
    assert set(signature) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


@pytest.mark.parametrize(
    ("keys", "current"), [({}, "k1"), (KEYS, "k3"), ({"k1": b"short"}, "k1"), ({"k.1": b"1" * 32}, "k.1")]
)
def test_a_signer_without_a_good_key_is_a_mistake(keys: dict[str, bytes], current: str) -> None:
    with pytest.raises(ValueError):
        Signer(keys, current)


def test_what_a_link_stands_on_is_in_the_key_id_and_signed() -> None:
    plain = SIGNER.sign("file", "vid_1", EXPIRES)
    granted = SIGNER.sign("file", "vid_1", EXPIRES, grant="3.shr_1")

    assert (plain.key_id, granted.key_id) == ("k2", "k2.3.shr_1")
    SIGNER.verify("file", "vid_1", EXPIRES, *granted, 0)
    for key_id in ("k2", "k2.4.shr_1", "k2.3", "k2.3.shr_1."):
        with pytest.raises(SignatureInvalid):
            SIGNER.verify("file", "vid_1", EXPIRES, key_id, granted.text, 0)


def test_what_is_derived_depends_on_purpose_subject_and_key() -> None:
    made = SIGNER.derive("a", "bc")
    others = [SIGNER.derive("ab", "c"), SIGNER.derive("a", "bd"), SIGNER.derive("a", "bc", key_id="k1")]

    assert made == SIGNER.derive("a", "bc", key_id="k2")
    assert made not in others
    assert SIGNER.derive("a", "bc", key_id="gone") is None


def test_keys_do_not_show() -> None:
    assert "1111" not in repr(SIGNER)
    assert "2222" not in repr(SIGNER)


@given(GRANT)
def test_a_token_says_until_when_and_by_which_key_until_it_expires(grant: tuple[str, str, int, str, bool]) -> None:
    kind, subject, _, name, _ = grant
    token = SIGNER.token(kind, subject, EXPIRES, name=name, grant="3.shr_1")

    assert SIGNER.read_token(kind, subject, token, EXPIRES - 1, name=name) == (EXPIRES, "k2.3.shr_1")
    with pytest.raises(SignatureExpired):
        SIGNER.read_token(kind, subject, token, EXPIRES, name=name)


@pytest.mark.parametrize("token", ["", ".", "..", "1", "x.k2.s", "-1.k2.s", "\u0661.k2.s", f"{EXPIRES}.k2.s"])
def test_a_malformed_token_is_invalid(token: str) -> None:
    with pytest.raises(SignatureInvalid):
        SIGNER.read_token("pass", "shr_1", token, 0)
