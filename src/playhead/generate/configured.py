"""The configured providers: from their rows, or from the environment alone, opened when they are first needed."""

import os
import time
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from playhead.access.signed import Signer
from playhead.db.database import Database
from playhead.generate.adapters import ADAPTERS, Adapter, adapter_class
from playhead.generate.errors import ProviderNotConfigured
from playhead.generate.kept_keys import decrypt
from playhead.generate.provider import Provider
from playhead.generate.provider_checks import same_host
from playhead.generate.tables import ProviderRow
from playhead.kit.environment import variable
from playhead.storage.store import Store

if TYPE_CHECKING:
    import httpx2

    from playhead.api.outgoing import Outgoing

FRESH_S = 2.0
"""How long a provider is used without a look at its row: a change in another process counts after that."""

REQUEST_S = 30.0


@dataclass(frozen=True, slots=True)
class Rendering:
    """What the local provider renders with.

    Args:
        ffmpeg: Its path; None for the bundled one.
        work: Folder for scratch.
        slots: Renders at once.
        store: Where input images are.
    """

    ffmpeg: Path | None
    work: Path
    slots: int
    store: Store | None = None


@dataclass(frozen=True, slots=True)
class Configured:
    """What is known of a provider without opening it.

    Attributes:
        row: None for one that needs none.
        key_env: Variable that the key comes from; None for a kept key, or none.
        key: Whether there is one; it may still be refused.
    """

    name: str
    adapter: Adapter
    row: ProviderRow | None
    enabled: bool
    key_env: str | None
    has_key: bool

    @property
    def is_usable(self) -> bool:
        """Whether it can be opened."""
        return self.enabled and (self.has_key or not self.adapter.needs_key)

    @property
    def base_url(self) -> str | None:
        """Where it is."""
        return (self.row.base_url if self.row else None) or self.adapter.base_url


@dataclass(slots=True)
class _Opened:
    version: int
    key: str | None = field(repr=False)
    provider: Provider
    looked_at: float


class Providers:
    """The providers of an installation; ``close`` it at the end.

    Args:
        from_environment: Whether a key in the environment makes a provider available without settings.
        environment: Variables that keys come from.
    """

    def __init__(
        self,
        database: Database,
        signer: Signer,
        outgoing: "Outgoing",
        rendering: Rendering,
        *,
        from_environment: bool = True,
        environment: Mapping[str, str] = os.environ,
    ) -> None:
        self._database = database
        self._signer = signer
        self._outgoing = outgoing
        self._rendering = rendering
        self._from_environment = from_environment
        self._environment = environment
        self._opened: dict[str, _Opened] = {}
        self._replaced: list[Provider] = []

    async def all(self) -> Sequence[Configured]:
        """All that can be named: with settings, with a key in the environment, and ``local``."""
        async with self._database.read() as session:
            rows = {row.name: row for row in await session.scalars(select(ProviderRow).order_by(ProviderRow.name))}
        names = [name for name in ADAPTERS if name in rows or self._needs_no_row(name)]
        return [self._configured(name, rows.get(name)) for name in [*names, *(set(rows) - set(names))]]

    async def get(self, name: str) -> Configured:
        """One of them.

        Raises:
            ProviderNotConfigured: none is called so.
        """
        async with self._database.read() as session:
            row = await session.get(ProviderRow, name)
        if row is None and not self._needs_no_row(name):
            raise self._missing(name)
        return self._configured(name, row)

    async def open(self, name: str) -> Provider:
        """A provider, ready for use. It is shared: `close` of this object closes it.

        Raises:
            ProviderNotConfigured: none is called so, it is turned off, or its key is missing or cannot be read.
        """
        opened = self._opened.get(name)
        if opened is not None and time.monotonic() - opened.looked_at < FRESH_S:
            return opened.provider
        configured = await self.get(name)
        self.check(configured)
        version, key = configured.row.version if configured.row else 0, self.key(configured)
        opened = self._opened.get(name)
        if opened is None or (opened.version, opened.key) != (version, key):
            if opened is not None:  # requests may be in flight
                self._replaced.append(opened.provider)
            opened = _Opened(version, key, self._make(configured, key), 0.0)
            self._opened[name] = opened
        opened.looked_at = time.monotonic()
        return opened.provider

    def check(self, configured: Configured) -> None:
        """Check that a provider can be used.

        Raises:
            ProviderNotConfigured: it is turned off, or its key is missing.
        """
        name, adapter = configured.name, configured.adapter
        if not configured.enabled:
            raise ProviderNotConfigured(
                f"The provider {name} is turned off.", hint="An admin can turn it on: System, Providers."
            )
        if adapter.needs_key and not configured.has_key:
            variables = f", or set {adapter.key_env} where the server runs" if adapter.key_env else ""
            raise ProviderNotConfigured(
                f"The provider {name} has no key.",
                hint=f"An admin can enter it: System, Providers, or `playhead providers set {name}`{variables}.",
            )
        if adapter.is_remote and configured.base_url is None:
            raise ProviderNotConfigured(f"The provider {name} has no address.", hint="An admin can enter its base URL.")

    def key(self, configured: Configured) -> str | None:
        """The key of a provider. Never show or log it.

        Raises:
            ProviderNotConfigured: a kept key that cannot be read any more.
        """
        if configured.row is not None and configured.row.key_encrypted is not None:
            return decrypt(self._signer, configured.name, configured.row.key_encrypted)
        return variable(self._environment, configured.key_env) if configured.key_env else None

    def fresh(self, configured: Configured) -> Provider:
        """A provider that is not shared, for a test of its settings; close it at the end.

        Raises:
            ProviderNotConfigured: its key is missing or cannot be read.
        """
        self.check(configured)
        return self._make(configured, self.key(configured))

    def forget(self, name: str) -> None:
        """Look at the row when it is next opened."""
        if (opened := self._opened.get(name)) is not None:
            opened.looked_at = float("-inf")

    async def close(self) -> None:
        """Close all that were opened."""
        closing: list[Awaitable[None]] = [each.close() for each in self._replaced]
        closing += [each.provider.close() for each in self._opened.values()]
        self._replaced, self._opened = [], {}
        for each in closing:
            await each

    def _needs_no_row(self, name: str) -> bool:
        adapter = ADAPTERS.get(name)
        return adapter is not None and (not adapter.is_remote or self._variable_of(adapter) is not None)

    def _variable_of(self, adapter: Adapter) -> str | None:
        """The adapter's own variable, where it holds a key that may be used without settings."""
        name = adapter.key_env if self._from_environment else None
        return name if name and variable(self._environment, name) else None

    def _configured(self, name: str, row: ProviderRow | None) -> Configured:
        adapter = ADAPTERS[row.adapter if row else name]
        kept = row is not None and row.key_encrypted is not None
        key_env = row.key_env if row else None
        if not kept and key_env is None and same_host(adapter.name, row.base_url if row else None, None):
            key_env = self._variable_of(adapter)  # never sent but to the provider itself
        has_key = kept or (key_env is not None and variable(self._environment, key_env) is not None)
        return Configured(name, adapter, row, row.enabled if row else True, key_env, has_key)

    def _make(self, configured: Configured, key: str | None) -> Provider:
        made: Provider = adapter_class(configured.adapter)(configured.name, **self._arguments(configured, key))
        return made

    def _arguments(self, configured: Configured, key: str | None) -> dict[str, Any]:
        options = dict(configured.row.options) if configured.row else {}
        if hosts := options.get("result_hosts"):
            options["result_hosts"] = tuple(str(hosts).replace(",", " ").split())
        if not configured.adapter.is_remote:
            rendering = self._rendering
            own = {"ffmpeg": rendering.ffmpeg, "work": rendering.work, "slots": rendering.slots}
            return {**own, "client_factory": lambda: _own_client(rendering.store)}
        secret = configured.row.webhook_secret_encrypted if configured.row else None
        return {
            "base_url": configured.base_url,
            "key": key,
            "webhook_secret": decrypt(self._signer, configured.name, secret) if secret else None,
            "client_factory": lambda: self._outgoing.client(timeout_s=REQUEST_S),
            **options,
        }

    @staticmethod
    def _missing(name: str) -> ProviderNotConfigured:
        adapter = ADAPTERS.get(name)
        if adapter is None:
            known = ", ".join(ADAPTERS)
            return ProviderNotConfigured(
                f"No provider is called {name!r:.80}.", hint=f"An admin can add one; {known} are known by name."
            )
        variables = f", or set {adapter.key_env} where the server runs" if adapter.key_env else ""
        return ProviderNotConfigured(
            f"The provider {name} is not set up.",
            hint=f"An admin can add it: System, Providers, or `playhead providers set {name}`{variables}.",
        )


def _own_client(store: Store | None) -> "httpx2.AsyncClient":
    from playhead.generate.own_files import own_client

    return own_client(store, timeout_s=REQUEST_S)
