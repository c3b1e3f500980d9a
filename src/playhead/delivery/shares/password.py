"""Passwords of shares: verified once, then replaced by an unlock token, so that not every link costs a hash."""

from datetime import timedelta

import structlog

from playhead.access.errors import Forbidden, SignatureExpired, SignatureInvalid
from playhead.access.passwords import PasswordGuard, Passwords
from playhead.access.signed import Signer
from playhead.delivery.shares.errors import SharePasswordWrong
from playhead.delivery.shares.tables import ShareRow
from playhead.kit.clock import Clock

UNLOCK_TTL = timedelta(hours=12)

log = structlog.get_logger(__name__)


class SharePassword:
    """Verifies the password of a share. Failures are counted by share and address."""

    def __init__(self, signer: Signer, passwords: Passwords, clock: Clock) -> None:
        self._guard = PasswordGuard(passwords, "open this link")
        self._signer = signer
        self._clock = clock

    async def verify(
        self, share: ShareRow, *, password: str | None, unlock_token: str | None, address: str
    ) -> str | None:
        """Check a password or an unlock token.

        Args:
            address: Address of the viewer, see ``limits.client_address``.

        Returns:
            A new unlock token; None for a share without a password.

        Raises:
            Forbidden: the share has a password and none was given.
            SharePasswordWrong: the password is wrong, or the unlock token is no longer valid.
            TooManyRequests: too many failures so far.
        """
        if share.password_hash is None:
            return None
        if password is None and unlock_token is None:
            raise Forbidden(
                "Whoever sent this link has set a password.",
                hint="Ask for it.",
                code="share_password_required",
                title="Password required",
            )
        if password is None:
            self._check_token(share, unlock_token or "")
        else:
            await self._check_password(share, password, address)
        return self._new_token(share)

    async def _check_password(self, share: ShareRow, password: str, address: str) -> None:
        good, _ = await self._guard.verify(password, share.password_hash, account=share.id, address=address)
        if not good:
            log.info("share_password_rejected", share_id=share.id, address=address)
            raise SharePasswordWrong("This is not the password of this link.")

    def _new_token(self, share: ShareRow) -> str:
        expires = int((self._clock() + UNLOCK_TTL).timestamp())
        return self._signer.token("pass", share.id, expires, name=share.password_hash or "")

    def _check_token(self, share: ShareRow, text: str) -> None:
        try:
            self._signer.read_token("pass", share.id, text, self._clock().timestamp(), name=share.password_hash or "")
        except (SignatureInvalid, SignatureExpired) as error:
            raise SharePasswordWrong(
                "The pass is over, or the password was changed.", hint="Enter it again."
            ) from error
