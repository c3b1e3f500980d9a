"""Passwords."""

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from playhead.access.passwords import Passwords, check_new_password
from playhead.errors import InvalidInput

CHEAP = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))
CHEAPER_THAN_WANTED = PasswordHash((Argon2Hasher(time_cost=2, memory_cost=8, parallelism=1),))


@pytest.mark.parametrize("password", ["x" * 10, "x" * 1024, "пароль длинный", "👩‍💻" * 5, "          "])
async def test_a_password_fits_its_own_hash_alone(password: str) -> None:
    passwords = Passwords(CHEAP)

    kept = await passwords.hash(password)

    assert kept.startswith("$argon2id$")
    assert await passwords.verify(password, kept) == (True, None)
    assert await passwords.verify(password + "x", kept) == (False, None)


@pytest.mark.parametrize("password", ["", "x" * 9, "x" * 1025, "x" * 10 + "\ud800"])
async def test_what_cannot_be_a_password_is_refused(password: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        await Passwords(CHEAP).hash(password)

    assert caught.value.code == "invalid_password"


def test_the_refusal_does_not_repeat_the_password() -> None:
    with pytest.raises(InvalidInput) as caught:
        check_new_password("hunter2")

    assert "hunter2" not in str(caught.value)


async def test_nobody_has_no_password() -> None:
    assert await Passwords(CHEAP).verify("correct horse battery", None) == (False, None)


async def test_a_hash_of_other_cost_is_renewed_when_its_password_comes_by() -> None:
    old = await Passwords(CHEAP).hash("correct horse battery")

    good, renewed = await Passwords(CHEAPER_THAN_WANTED).verify("correct horse battery", old)

    assert good
    assert renewed is not None
    assert "t=2" in renewed


async def test_the_default_cost_is_the_recommended_one() -> None:
    kept = await Passwords().hash("correct horse battery")

    assert "m=65536,t=3" in kept
