"""Settings of providers: added, changed, removed and tested by admins. A key goes in and never comes out."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

from playhead.access.audit import record
from playhead.access.principals import Principal
from playhead.access.signed import Signer
from playhead.api.outgoing import Outgoing
from playhead.db.database import Database
from playhead.errors import PlayheadError, PreconditionFailed
from playhead.generate.adapters import ADAPTERS
from playhead.generate.configured import Configured, Providers
from playhead.generate.errors import ProviderNotFound
from playhead.generate.kept_keys import encrypt
from playhead.generate.provider import Tested
from playhead.generate.provider_checks import (
    adapter_of,
    check_base_url,
    check_key,
    check_name,
    check_options,
    check_same,
)
from playhead.generate.tables import ProviderRow
from playhead.kit.clock import Clock, utc_now
from playhead.kit.urls import UrlRefused

TEST_S: Final = 20.0
MAX_DETAIL: Final = 500


class ProviderSettings:
    """Settings of providers. What is given of them has these names: ``adapter``, ``base_url``, ``key`` (kept
    encrypted), ``key_env`` (the variable that holds it), ``webhook_secret``, ``options``, ``enabled``."""

    def __init__(
        self, database: Database, signer: Signer, outgoing: Outgoing, providers: Providers, *, clock: Clock = utc_now
    ) -> None:
        self._database = database
        self._signer = signer
        self._outgoing = outgoing
        self._providers = providers
        self._clock = clock

    async def put(self, principal: Principal, name: str, given: Mapping[str, Any], if_match: int | None) -> Configured:
        """Add a provider, or set all of its settings anew; a key stays where none is given.

        Raises:
            InvalidInput: a name, an address or a variable that is not taken.
            PreconditionFailed: *if_match* is not the present version.
        """
        whole = {"base_url": None, "options": {}, "enabled": True, **given}
        return await self._write(principal, name, whole, if_match, create=True)

    async def change(
        self, principal: Principal, name: str, given: Mapping[str, Any], if_match: int | None
    ) -> Configured:
        """Change some settings; one that is known by its name needs none before.

        Raises:
            ProviderNotFound
            InvalidInput, PreconditionFailed: as `put`.
        """
        return await self._write(principal, name, given, if_match, create=name in ADAPTERS)

    async def remove(self, principal: Principal, name: str) -> None:
        """Remove the settings with the key; what is in the environment stays.

        Raises:
            ProviderNotFound
        """
        async with self._database.write(reserve=True) as session:
            row = await session.get(ProviderRow, name, with_for_update=True)
            if row is None:
                raise ProviderNotFound(name)
            await session.delete(row)
            record(session, principal, "provider.remove", name, at=self._clock())
        self._providers.forget(name)

    async def get(self, name: str) -> Configured:
        """A provider with settings, or one that needs none.

        Raises:
            ProviderNotFound
        """
        for configured in await self._providers.all():
            if configured.name == name:
                return configured
        raise ProviderNotFound(name)

    async def test(self, name: str) -> Tested:
        """Test key and address; nothing is submitted. The outcome is kept with the settings.

        Raises:
            ProviderNotFound
        """
        tested = await self._tested(await self.get(name))
        async with self._database.write() as session:
            row = await session.get(ProviderRow, name, with_for_update=True)
            if row is not None:
                row.tested_at, row.test_works, row.test_detail = self._clock(), tested.works, tested.detail
        return tested

    async def _tested(self, configured: Configured) -> Tested:
        try:
            provider = self._providers.fresh(configured)
            try:
                async with asyncio.timeout(TEST_S):
                    tested = await provider.test()
            finally:
                await provider.close()
        except TimeoutError:
            return Tested(False, f"It did not answer within {TEST_S:g} s.")
        except PlayheadError as error:
            return Tested(False, f"{error.detail} {error.hint or ''}".strip()[:MAX_DETAIL])
        except UrlRefused as refused:
            return Tested(False, str(refused)[:MAX_DETAIL])
        return Tested(tested.works, tested.detail[:MAX_DETAIL])

    async def _write(
        self, principal: Principal, name: str, given: Mapping[str, Any], if_match: int | None, *, create: bool
    ) -> Configured:
        check_name(name, given.get("adapter"))
        check_key(given)
        if given.get("base_url"):
            await check_base_url(self._outgoing, given["base_url"])
        now = self._clock()
        async with self._database.write() as session:
            row = await session.get(ProviderRow, name, with_for_update=True)
            if row is None and not create:
                raise ProviderNotFound(name)
            _check_version(name, row, if_match)
            if row is None:
                row = ProviderRow(name=name, adapter=adapter_of(name, given), options={}, created_at=now, version=0)
                session.add(row)
            check_same(row, given)
            check_options(row.adapter, given.get("options"))
            self._apply(row, given)
            row.version += 1
            row.updated_at = now
            facts = {"adapter": row.adapter, "base_url": row.base_url, "fields": sorted(given)}
            record(session, principal, "provider.set", name, at=now, **facts)
        self._providers.forget(name)
        return await self.get(name)

    def _apply(self, row: ProviderRow, given: Mapping[str, Any]) -> None:
        if "base_url" in given:
            row.base_url = (given["base_url"] or "").rstrip("/") or None
        if "options" in given:
            row.options = given["options"] or {}
        if "enabled" in given:
            row.enabled = given["enabled"]
        if "key" in given or "key_env" in given:  # one takes the place of the other
            key = given.get("key")
            row.key_encrypted = encrypt(self._signer, row.name, key) if key else None
            row.key_env = given.get("key_env")
        if "webhook_secret" in given:
            secret = given["webhook_secret"]
            row.webhook_secret_encrypted = encrypt(self._signer, row.name, secret) if secret else None
        row.tested_at = row.test_works = row.test_detail = None


def _check_version(name: str, row: ProviderRow | None, if_match: int | None) -> None:
    version = row.version if row else 0
    if if_match is not None and if_match != version:
        raise PreconditionFailed(
            f"Provider {name} is at version {version}, not {if_match}.", hint="Load it again, then change it."
        )
