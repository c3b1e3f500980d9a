"""The adapters that there are: data about each, and where its class is; a class is imported when it is first opened."""

from dataclasses import dataclass
from typing import Any, Final

from playhead.generate.provider import Abilities


@dataclass(frozen=True, slots=True, kw_only=True)
class Adapter:
    """One protocol that is spoken.

    Args:
        name: In settings; the provider of the same name needs no settings but a key.
        path: Module and class, as ``module:Class``.
        base_url: Where its own service is; None where there is none, as of a server that somebody runs.
        key_env: Variable that its own client reads the key from.
        needs_key: Without one nothing works.
        signs: Its callbacks are signed with a secret that can be set.
        options: Names of what it alone knows; arguments of its class.
    """

    name: str
    title: str
    path: str
    base_url: str | None = None
    key_env: str | None = None
    needs_key: bool = True
    signs: bool = False
    options: tuple[str, ...] = ("result_hosts",)
    abilities: Abilities

    @property
    def is_remote(self) -> bool:
        """Whether requests leave this machine."""
        return self.name != "local"


ADAPTERS: Final[dict[str, Adapter]] = {
    each.name: each
    for each in (
        Adapter(
            name="local",
            title="Local titles (no AI)",
            path="playhead.generate.providers.local:LocalProvider",
            needs_key=False,
            options=(),
            abilities=Abilities(idempotent=True, reads_store=True),
        ),
        Adapter(
            name="replicate",
            title="Replicate",
            path="playhead.generate.providers.replicate:ReplicateProvider",
            base_url="https://api.replicate.com/v1",
            key_env="REPLICATE_API_TOKEN",
            signs=True,
            abilities=Abilities(callbacks=True, lookup=True, deadline=True, cancel=True),
        ),
        Adapter(
            name="cog",
            title="Your own server (cog)",
            path="playhead.generate.providers.cog:CogProvider",
            needs_key=False,
            abilities=Abilities(callbacks=True, idempotent=True, cancel=True),
        ),
        Adapter(
            name="fal",
            title="fal",
            path="playhead.generate.providers.fal:FalProvider",
            base_url="https://queue.fal.run",
            key_env="FAL_KEY",
            options=("result_hosts", "jwks_url"),
            abilities=Abilities(callbacks=True, cancel=True),
        ),
        Adapter(
            name="runway",
            title="Runway",
            path="playhead.generate.providers.runway:RunwayProvider",
            base_url="https://api.dev.runwayml.com",
            key_env="RUNWAYML_API_SECRET",
            options=("result_hosts", "usd_per_credit"),
            abilities=Abilities(cancel=True),
        ),
        Adapter(
            name="google",
            title="Google Gemini Omni",
            path="playhead.generate.providers.google:GoogleProvider",
            base_url="https://generativelanguage.googleapis.com",
            key_env="GEMINI_API_KEY",
            signs=True,
            abilities=Abilities(cancel=True),
        ),
    )
}


def adapter_class(adapter: Adapter) -> Any:
    """The class of an adapter."""
    from importlib import import_module

    module, _, name = adapter.path.partition(":")
    return getattr(import_module(module), name)
