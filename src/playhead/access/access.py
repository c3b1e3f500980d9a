"""Access, joined over one database: what the app keeps as ``app.state.access`` and the CLI opens by itself."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import delete

from playhead.access.accounts import Accounts
from playhead.access.authenticate import Authenticator
from playhead.access.cache import CredentialCache
from playhead.access.credentials import Credential
from playhead.access.keyring import Keyring
from playhead.access.passwords import Passwords
from playhead.access.principals import Principal
from playhead.access.secrets_file import Secrets
from playhead.access.sign_in import SignIn
from playhead.access.signed import Signer
from playhead.access.tables import SessionRow, SetupTokenRow
from playhead.api.idempotency import Idempotency
from playhead.db.database import Database
from playhead.kit.clock import Clock, utc_now

if TYPE_CHECKING:
    from pwdlib import PasswordHash


@dataclass(frozen=True, slots=True)
class AccessConfig:
    """How access behaves.

    Args:
        session_ttl: How long a session lasts.
        setup_ttl: How long the setup token of a start is good.
        secure_cookies: True where a proxy in front speaks https but does not say so; None follows the request.
    """

    session_ttl: timedelta = timedelta(days=30)
    setup_ttl: timedelta = timedelta(hours=24)
    secure_cookies: bool | None = None


class Access:
    """Users, sessions, keys and signed URLs of one installation. ``close`` before the database.

    Args:
        secrets: See ``secrets_file.load_secrets``.
        marker: A file that all processes of the host share, so that a revocation in one is seen by all at once.
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
        cache = CredentialCache(marker)
        self.passwords = passwords = Passwords(hasher)
        self._authenticator = Authenticator(database, cache, clock)
        self.sign_in = SignIn(
            database,
            cache,
            passwords,
            clock,
            session_ttl=self.config.session_ttl,
            setup_ttl=self.config.setup_ttl,
        )
        self.users = Accounts(database, cache, passwords, self.sign_in, clock)
        self.keys = Keyring(database, cache, clock)
        self.idempotency = Idempotency(database, secrets.fingerprint_key, clock)

    def secure_cookies(self, scheme: str) -> bool:
        """Tell whether the session cookie of a request with this scheme is the Secure one."""
        chosen = self.config.secure_cookies
        return scheme == "https" if chosen is None else chosen

    async def authenticate(self, credential: Credential) -> Principal:
        """Find who a credential stands for.

        Raises:
            InvalidCredential, NotSignedIn: nobody (any more).
        """
        return await self._authenticator.authenticate(credential)

    async def sweep(self) -> None:
        """Remove what is over: sessions, setup tokens, kept answers. For a job that runs now and then."""
        now = self._clock()
        await self.idempotency.sweep()
        async with self._database.write() as session:
            await session.execute(delete(SessionRow).where(SessionRow.expires_at <= now))
            await session.execute(delete(SetupTokenRow).where(SetupTokenRow.expires_at <= now))

    async def close(self) -> None:
        """Wait for the last small writes."""
        await self.idempotency.close()
        await self._authenticator.settle()
