"""The password of a share: asked once, then a pass in its place, so that no hash is computed for every picture."""

from datetime import timedelta

import structlog

from playhead.access.errors import SignatureExpired, SignatureInvalid
from playhead.access.passwords import PasswordGuard, Passwords
from playhead.access.signed import Signer
from playhead.delivery.shares.errors import SharePasswordRequired, SharePasswordWrong
from playhead.delivery.shares.tables import ShareRow
from playhead.kit.clock import Clock

PASS_LASTS = timedelta(hours=12)

log = structlog.get_logger(__name__)


class ShareDoor:
    """Lets in who knows the password of a share. Failures are counted by share and address."""

    def __init__(self, signer: Signer, passwords: Passwords, clock: Clock) -> None:
        self._guard = PasswordGuard(passwords, "open this link")
        self._signer = signer
        self._clock = clock

    async def enter(self, share: ShareRow, *, password: str | None, pass_token: str | None, address: str) -> str | None:
        """Check what a viewer brings.

        Args:
            address: The viewer's, see ``limits.client_address``.

        Returns:
            A pass for the next time; None for a share without a password.

        Raises:
            SharePasswordRequired: it needs one, and nothing came.
            SharePasswordWrong: the password is wrong, or the pass is no longer good.
            TooManyRequests: too many failures before this.
        """
        if share.password_hash is None:
            return None
        if password is None and pass_token is None:
            raise SharePasswordRequired("Whoever sent this link has set a password.", hint="Ask for it.")
        if password is None:
            self._check_pass(share, pass_token or "")
        else:
            await self._check_password(share, password, address)
        return self._new_pass(share)

    async def _check_password(self, share: ShareRow, password: str, address: str) -> None:
        good, _ = await self._guard.verify(password, share.password_hash, account=share.id, address=address)
        if not good:
            log.info("share_password_rejected", share_id=share.id, address=address)
            raise SharePasswordWrong("This is not the password of this link.")

    def _new_pass(self, share: ShareRow) -> str:
        expires = int((self._clock() + PASS_LASTS).timestamp())
        return self._signer.token("pass", share.id, expires, name=share.password_hash or "")

    def _check_pass(self, share: ShareRow, text: str) -> None:
        try:
            self._signer.read_token("pass", share.id, text, self._clock().timestamp(), name=share.password_hash or "")
        except (SignatureInvalid, SignatureExpired) as error:
            raise SharePasswordWrong(
                "The pass is over, or the password was changed.", hint="Enter it again."
            ) from error
