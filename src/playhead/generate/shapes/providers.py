"""What the API says of providers. No secret is in any answer."""

from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr

from playhead.api.shapes import Payload, Shape, Timestamp
from playhead.generate.configured import Configured
from playhead.generate.provider import Tested
from playhead.kit.urls import MAX_LENGTH

AdapterName = Literal["local", "replicate", "cog", "fal", "runway", "google"]
KeySource = Literal["kept", "environment", "missing", "none"]
Secret = Annotated[SecretStr, Field(min_length=1, max_length=2000)]


class ProviderChanges(Payload):
    """Settings of a provider; omitted fields stay. `key` and `key_env` take each other's place."""

    base_url: Annotated[
        str | None, Field(max_length=MAX_LENGTH, description="Another address than the provider's own; null for that.")
    ] = None
    key: Annotated[Secret | None, Field(description="Kept encrypted, and never shown again; null removes it.")] = None
    key_env: Annotated[
        str | None, Field(max_length=200, description="Variable of the server that holds the key, such as `FAL_KEY`.")
    ] = None
    webhook_secret: Annotated[
        Secret | None, Field(description="Secret that the provider signs callbacks with, where it has one.")
    ] = None
    options: Annotated[
        dict[str, str | float] | None,
        Field(description="What its adapter alone knows, as `usd_per_credit`."),
    ] = None
    enabled: bool = True

    @property
    def given(self) -> dict[str, Any]:
        """The fields that were given, with secrets in the clear."""
        return {name: _clear(getattr(self, name)) for name in self.model_fields_set}


class ProviderInput(ProviderChanges):
    """A provider; omitted fields have their defaults, but for the key, which stays."""

    adapter: Annotated[
        AdapterName | None, Field(description="Protocol that it speaks; omitted: as its name says, such as `fal-work`.")
    ] = None


class ProviderAbilities(Shape):
    """What a provider's protocol offers."""

    callbacks: Annotated[bool, Field(description="It reports to this server; needs `public_url`.")]
    polling: bool
    lookup: Annotated[bool, Field(description="A request whose answer was lost can be looked up.")]
    idempotent: Annotated[bool, Field(description="The same request is never made twice.")]
    deadline: Annotated[bool, Field(description="It gives up by itself.")]
    cancel: bool


class ProviderTest(Shape):
    """The outcome of a test; nothing was submitted."""

    works: bool
    detail: str


class LastTest(ProviderTest):
    """The last test of the present settings."""

    at: Timestamp


class GenerationProvider(Shape):
    """A provider. Its address, its key's variable and its last test are shown to admins."""

    name: str
    adapter: AdapterName
    title: str
    enabled: bool
    configured: Annotated[bool, Field(description="Whether it can be used: on, with a key where it needs one.")]
    key: Annotated[
        KeySource,
        Field(description="Where its key comes from; `none`: it needs none. Whether it is accepted, a test says."),
    ]
    key_env: str | None
    base_url: str | None
    webhook_secret: Annotated[bool, Field(description="Whether there is one.")]
    options: dict[str, Any]
    abilities: ProviderAbilities
    has_settings: Annotated[bool, Field(description="False: it is available without any.")]
    last_test: LastTest | None
    version: Annotated[int, Field(description="0 without settings.")]


class GenerationProviders(Shape):
    """All providers: with settings, with a key in the environment, and `local`."""

    items: list[GenerationProvider]
    known: Annotated[list["KnownAdapter"], Field(description="Protocols that can be set up.")]


class KnownAdapter(Shape):
    """A protocol that can be set up."""

    name: AdapterName
    title: str
    base_url: str | None
    key_env: Annotated[str | None, Field(description="Variable that its own client reads.")]
    needs_key: bool
    options: Annotated[tuple[str, ...], Field(description="Names of its options.")]
    signs: Annotated[bool, Field(description="It signs callbacks with a secret that can be set.")]


def provider_shape(configured: Configured, *, whole: bool) -> GenerationProvider:
    """A provider as the API shows it.

    Args:
        whole: With what is for admins alone.
    """
    row = configured.row
    return GenerationProvider(
        name=configured.name,
        adapter=configured.adapter.name,  # type: ignore[arg-type]
        title=_title(configured),
        enabled=configured.enabled,
        configured=configured.is_usable,
        key=_key_source(configured),
        key_env=configured.key_env if whole else None,
        base_url=configured.base_url if whole else None,
        webhook_secret=row is not None and row.webhook_secret_encrypted is not None,
        options=dict(row.options) if row and whole else {},
        abilities=ProviderAbilities.model_validate(configured.adapter.abilities),
        has_settings=row is not None,
        last_test=_last_test(configured) if whole else None,
        version=row.version if row else 0,
    )


def test_shape(tested: Tested) -> ProviderTest:
    """The outcome of a test."""
    return ProviderTest(works=tested.works, detail=tested.detail)


def _title(configured: Configured) -> str:
    title = configured.adapter.title
    return title if configured.name == configured.adapter.name else f"{title}: {configured.name}"


def _key_source(configured: Configured) -> KeySource:
    if configured.has_key:
        return "environment" if configured.key_env else "kept"
    return "missing" if configured.adapter.needs_key or configured.key_env else "none"


def _last_test(configured: Configured) -> LastTest | None:
    row = configured.row
    if row is None or row.tested_at is None:
        return None
    return LastTest(works=bool(row.test_works), detail=row.test_detail or "", at=row.tested_at)


def _clear(value: Any) -> Any:
    return value.get_secret_value() if isinstance(value, SecretStr) else value
