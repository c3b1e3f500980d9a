"""Passwords: Argon2id through pwdlib, off the event loop, two at a time.

One hash takes about 170 ms and 64 MiB (two cores, 2026-03): more at once would starve everything else.
"""

from functools import cached_property
from typing import TYPE_CHECKING

import anyio

from playhead.access.limits import FailureLimits
from playhead.access.tokens import new_secret
from playhead.errors import InvalidInput

if TYPE_CHECKING:
    from pwdlib import PasswordHash

MIN_LENGTH = 10
MAX_LENGTH = 1024
AT_ONCE = 2


def check_new_password(password: str, *, least: int = MIN_LENGTH) -> None:
    """Check a password that a user chose.

    Args:
        least: Minimum number of characters.

    Raises:
        InvalidInput: too short, over 1024 characters, or not text.
    """
    if not least <= len(password) <= MAX_LENGTH:
        raise _invalid(f"The password has {len(password)} characters; it needs {least} to {MAX_LENGTH}.")
    if any("\ud800" <= char <= "\udfff" for char in password):
        raise _invalid("The password holds bytes that are not UTF-8.")


class Passwords:
    """Hashing and verification of passwords.

    Args:
        hasher: Other cost parameters than pwdlib's recommended ones.
    """

    def __init__(self, hasher: "PasswordHash | None" = None) -> None:
        self._given = hasher
        self._limiter = anyio.CapacityLimiter(AT_ONCE)

    async def hash(self, password: str, *, least: int = MIN_LENGTH) -> str:
        """Hash a new password.

        Raises:
            InvalidInput: see ``check_new_password``.
        """
        check_new_password(password, least=least)
        return await anyio.to_thread.run_sync(self._hash, password, limiter=self._limiter)

    async def verify(self, password: str, password_hash: str | None) -> tuple[bool, str | None]:
        """Compare a password with a hash; None takes as long as any, so that timing does not reveal accounts.

        Returns:
            Whether they match, and a new hash to store where the cost parameters have changed since.
        """
        return await anyio.to_thread.run_sync(self._verify, password, password_hash, limiter=self._limiter)

    @cached_property
    def _hasher(self) -> "PasswordHash":
        from pwdlib import PasswordHash

        return self._given or PasswordHash.recommended()

    @cached_property
    def _dummy(self) -> str:
        return self._hasher.hash(new_secret())

    def _hash(self, password: str) -> str:
        return self._hasher.hash(password)

    def _verify(self, password: str, password_hash: str | None) -> tuple[bool, str | None]:
        dummy = self._dummy  # computed with the first call of any kind, never only for an unknown email
        text = password.encode(errors="replace")[: 4 * MAX_LENGTH]
        good, renewed = self._hasher.verify_and_update(text, password_hash or dummy)
        if password_hash is None:
            return False, None
        return good, renewed


class PasswordGuard:
    """Password checks with a limit on failures per account and address.

    As many attempts run at once as hashes can, so that a flood exceeds its limit by one attempt at most.

    Args:
        to: What was attempted, for the message of the limit.
    """

    def __init__(self, passwords: Passwords, to: str = "sign in") -> None:
        self._passwords = passwords
        self._limits = FailureLimits(to)
        self._turns = anyio.CapacityLimiter(AT_ONCE)

    async def verify(
        self, password: str, password_hash: str | None, *, account: str, address: str
    ) -> tuple[bool, str | None]:
        """Compare a password with a hash as `Passwords.verify` does, and count a failure.

        Args:
            account: Key of the failures: an email, the id of a share.
            address: The client's, see ``limits.client_address``.

        Raises:
            TooManyRequests: too many failures before.
        """
        async with self._turns:
            self._limits.check(account, address)
            good, renewed = await self._passwords.verify(password, password_hash)
            if good:
                self._limits.succeeded(account, address)
            else:
                self._limits.failed(account, address)
        return good, renewed


def _invalid(detail: str) -> InvalidInput:
    return InvalidInput(detail, code="invalid_password", title="This password cannot be used")
