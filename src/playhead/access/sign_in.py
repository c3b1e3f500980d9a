"""Sign-in and sign-out, and the very first sign-in: set-up."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import structlog

from playhead.access.audit import record
from playhead.access.errors import Forbidden, NotSignedIn, SetupTokenInvalid
from playhead.access.limits import FailureLimits
from playhead.access.passwords import PasswordGuard, Passwords
from playhead.access.principals import Principal
from playhead.access.sessions import NewSession, end_session, open_session
from playhead.access.setup import check_setup, offer_setup, use_setup
from playhead.access.tables import UserRow
from playhead.access.users import any_user, find_by_email, get_user, insert_user
from playhead.db.database import Database
from playhead.errors import NotFound
from playhead.kit.clock import Clock

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A user with a new session; the token goes into the cookie."""

    user: UserRow
    token: str = field(repr=False)
    lasts: timedelta


class SignIn:
    """Opens and ends sessions.

    Args:
        session_ttl: Lifetime of a session, whether used or not.
        setup_ttl: Lifetime of a setup token.
        forget: Drops every cached credential, after a session ended.
    """

    def __init__(
        self,
        database: Database,
        passwords: Passwords,
        guard: PasswordGuard,
        clock: Clock,
        *,
        session_ttl: timedelta,
        setup_ttl: timedelta,
        forget: Callable[[], None],
    ) -> None:
        self._setup_limits = FailureLimits("set up")
        self._database = database
        self._forget = forget
        self._passwords = passwords
        self._guard = guard
        self._clock = clock
        self._session_ttl = session_ttl
        self._setup_ttl = setup_ttl
        self._set_up = False

    async def setup_required(self) -> bool:
        """Whether no user exists yet; queries the database until there is one, then never again."""
        if not self._set_up:
            async with self._database.read() as session:
                self._set_up = await any_user(session)
        return not self._set_up

    async def offer_setup(self) -> str | None:
        """Create a one-time setup token for the operator; None once a user exists."""
        async with self._database.write() as session:
            return await offer_setup(session, now=self._clock(), ttl=self._setup_ttl)

    async def check_setup(self, token: str, *, address: str) -> None:
        """Check a setup token without using it up.

        Raises:
            Conflict, SetupTokenInvalid: see ``setup``.
            TooManyRequests: too many wrong ones before.
        """
        self._setup_limits.check("setup", address)
        try:
            async with self._database.read() as session:
                await check_setup(session, token, now=self._clock())
        except SetupTokenInvalid:
            self._setup_limits.failed("setup", address)
            raise

    async def set_up(
        self, token: str, *, email: str, password: str, name: str | None, address: str, user_agent: str
    ) -> SignedIn:
        """Create the first admin and sign in.

        Raises:
            Conflict, SetupTokenInvalid: see ``setup``.
            TooManyRequests: too many wrong tokens before.
            InvalidInput: an unusable value.
        """
        await self.check_setup(token, address=address)  # before the costly hash
        password_hash = await self._passwords.hash(password)
        now = self._clock()
        async with self._database.write() as session:
            await use_setup(session, token, now=now)
            user = await insert_user(
                session, email=email, name=name, role="admin", password_hash=password_hash, now=now
            )
            user.last_sign_in_at = now
            record(session, None, "setup", user.id, at=now, email=user.email)
            made = await open_session(session, user.id, user_agent=user_agent, now=now, ttl=self._session_ttl)
        return _signed_in(user, made)

    async def sign_in(self, email: str, password: str, *, address: str, user_agent: str) -> SignedIn:
        """Check a password and open a session.

        Args:
            address: The client's, see ``limits.client_address``.

        Raises:
            TooManyRequests: too many failures before.
            NotSignedIn: unknown email or wrong password.
            Forbidden: the password was right.
        """
        checked, renewed = await self._check(email, password, address)
        if checked.disabled:
            raise Forbidden(
                f"{checked.email} has been disabled.",
                hint="Ask an admin.",
                code="account_disabled",
                title="This account is disabled",
            )
        now = self._clock()
        async with self._database.write(reserve=True) as session:
            try:
                user = await get_user(session, checked.id, lock=True)
            except NotFound as error:
                raise _wrong() from error
            if user.disabled or user.password_hash != checked.password_hash:  # changed while we compared
                raise _wrong()
            user.last_sign_in_at = now
            user.password_hash = renewed or user.password_hash
            made = await open_session(session, user.id, user_agent=user_agent, now=now, ttl=self._session_ttl)
        return _signed_in(user, made)

    async def sign_out(self, principal: Principal) -> None:
        """End the principal's session."""
        async with self._database.write(reserve=True) as session:
            await end_session(session, principal.credential_id)
        self._forget()

    async def _check(self, email: str, password: str, address: str) -> tuple[UserRow, str | None]:
        account = email.strip().lower()
        async with self._database.read() as session:
            user = await find_by_email(session, account)
        known = user.password_hash if user else None
        good, renewed = await self._guard.verify(password, known, account=account, address=address)
        if user is None or not good:
            log.info("sign_in_failed", user_id=user.id if user else None, address=address)
            raise _wrong()
        return user, renewed


def _signed_in(user: UserRow, made: NewSession) -> SignedIn:
    return SignedIn(user, made.token, made.row.expires_at - made.row.created_at)


def _wrong() -> NotSignedIn:
    return NotSignedIn(
        "No account has this email and this password.", code="wrong_credentials", title="Email or password is wrong"
    )
