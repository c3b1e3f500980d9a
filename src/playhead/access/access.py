"""Access control of one installation: the services that the server and the CLI share."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import delete

from playhead.access.api_keys import ApiKeys
from playhead.access.authenticate import Authenticator
from playhead.access.passwords import PasswordGuard, Passwords
from playhead.access.secrets_file import Secrets
from playhead.access.sign_in import SignIn
from playhead.access.signed import Signer
from playhead.access.tables import SessionRow, SetupTokenRow
from playhead.access.users import Users
from playhead.api.idempotency import Idempotency
from playhead.db.database import Database
from playhead.kit.clock import Clock, utc_now

if TYPE_CHECKING:
    from pwdlib import PasswordHash


@dataclass(frozen=True, slots=True)
class AccessConfig:
    """Lifetimes and cookies.

    Args:
        session_ttl: Lifetime of a session.
        setup_ttl: Lifetime of a setup token.
        secure_cookies: True where a proxy in front speaks https but does not say so; None follows the request.
    """

    session_ttl: timedelta = timedelta(days=30)
    setup_ttl: timedelta = timedelta(hours=24)
    secure_cookies: bool | None = None


class Access:
    """Users, sessions, API keys and signatures of one installation. ``close`` before the database.

    Args:
        secrets: See ``secrets_file.load_secrets``.
        marker: A file that the processes of the host share, so that a revocation in one reaches all at once.
        hasher: Other password cost parameters than pwdlib's recommended ones.
    """

    def __init__(
        self,
        database: Database,
        secrets: Secrets,
        *,
        config: AccessConfig | None = None,
        marker: Path | None = None,
        clock: Clock = utc_now,
        hasher: "PasswordHash | None" = None,
    ) -> None:
        self.config = config or AccessConfig()
        self.signer = Signer(secrets.signing_keys, secrets.current)
        self._database = database
        self._clock = clock
        self.passwords = passwords = Passwords(hasher)
        self.authenticator = Authenticator(database, clock, marker=marker)
        forget = self.authenticator.forget
        guard = PasswordGuard(passwords)
        self.sign_in = SignIn(
            database,
            passwords,
            guard,
            clock,
            session_ttl=self.config.session_ttl,
            setup_ttl=self.config.setup_ttl,
            forget=forget,
        )
        self.users = Users(database, passwords, guard, clock, forget=forget)
        self.keys = ApiKeys(database, clock, forget=forget)
        self.idempotency = Idempotency(database, secrets.fingerprint_key, clock)

    def secure_cookies(self, scheme: str) -> bool:
        """Whether the session cookie of a request with this scheme is the Secure one."""
        chosen = self.config.secure_cookies
        return scheme == "https" if chosen is None else chosen

    async def sweep(self) -> None:
        """Remove expired sessions, setup tokens and stored answers; run periodically."""
        now = self._clock()
        await self.idempotency.sweep()
        async with self._database.write() as session:
            await session.execute(delete(SessionRow).where(SessionRow.expires_at <= now))
            await session.execute(delete(SetupTokenRow).where(SetupTokenRow.expires_at <= now))

    async def close(self) -> None:
        """Wait for pending writes."""
        await self.idempotency.close()
        await self.authenticator.settle()
