"""The password of a share: asked once, then a pass in its place, so that no hash is computed for every picture."""

from datetime import timedelta

import anyio
import structlog

from playhead.access.errors import SignatureExpired, SignatureInvalid
from playhead.access.limits import SignInLimits
from playhead.access.passwords import AT_ONCE, Passwords
from playhead.access.signed import Signer
from playhead.delivery.shares.errors import SharePasswordRequired, SharePasswordWrong
from playhead.delivery.shares.tables import ShareRow
from playhead.kit.clock import Clock

PASS_LASTS = timedelta(hours=12)

log = structlog.get_logger(__name__)


class ShareDoor:
    """Lets in who knows the password of a share. Failures are counted by share and address."""

    def __init__(self, signer: Signer, passwords: Passwords, clock: Clock) -> None:
        self.limits = SignInLimits("open this link")
        self._signer = signer
        self._passwords = passwords
        self._clock = clock
        self._trying = anyio.CapacityLimiter(AT_ONCE)

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
        # As many tries run at once as hashes can: so a flood passes its limit by one try at most.
        async with self._trying:
            self.limits.check(share.id, address)
            good, _ = await self._passwords.verify(password, share.password_hash)
            if not good:
                self.limits.failed(share.id, address)
                log.info("share password wrong", share_id=share.id, address=address)
                raise SharePasswordWrong("This is not the password of this link.")
            self.limits.succeeded(share.id, address)

    def _new_pass(self, share: ShareRow) -> str:
        expires = int((self._clock() + PASS_LASTS).timestamp())
        signature = self._signer.sign("pass", share.id, expires, name=share.password_hash or "")
        return f"{expires}.{signature.key_id}.{signature.text}"

    def _check_pass(self, share: ShareRow, text: str) -> None:
        expires, _, rest = text.partition(".")
        key_id, _, signature = rest.partition(".")
        if not (expires.isascii() and expires.isdigit() and len(expires) <= 12):
            raise SharePasswordWrong("This pass was not made here.")
        now, name = self._clock().timestamp(), share.password_hash or ""
        try:
            self._signer.verify("pass", share.id, int(expires), key_id, signature, now, name=name)
        except (SignatureInvalid, SignatureExpired) as error:
            raise SharePasswordWrong(
                "The pass is over, or the password was changed.", hint="Enter it again."
            ) from error
