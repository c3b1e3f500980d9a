"""Settings of providers through the API: what is shown, what is refused, and that a key never comes out."""

import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from playhead.access.signed import Signer
from playhead.access.tables import AuditRow
from playhead.db.database import Database
from playhead.generate import adapters
from playhead.generate import provider as port
from playhead.generate.configured import Providers, Rendering
from playhead.generate.errors import ProviderKeyRefused, ProviderNotConfigured
from playhead.generate.tables import ProviderRow
from tests.fixtures.site import Site, open_site
from tests.fixtures.tiers import thorough

KEY = "r8_0123456789abcdefghijklmnopqrstuvwxyz"
PATH = "/api/v1/providers"


@pytest.fixture
async def site(tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Site]:
    """Ann is an admin; the environment holds no key of a provider."""
    for each in adapters.ADAPTERS.values():
        monkeypatch.delenv(each.key_env or "NONE_KEY", raising=False)
    async with open_site(tmp_path, sqlite_url) as opened:
        await opened.make_admin(opened.ann)
        yield opened


class FakeProvider:
    """A provider that keeps what it was opened with, and knows one key."""

    opened: list["FakeProvider"]

    def __init__(self, name: str, *, base_url: str = "", key: str | None = None, **options: Any) -> None:
        self.name, self.base_url, self.key, self.options = name, base_url, key, options
        self.closed = False
        FakeProvider.opened.append(self)

    async def test(self) -> port.Tested:
        if self.key != KEY:
            raise ProviderKeyRefused("Replicate refused the key.")
        return port.Tested(True, "The key is valid: account harbour.")

    async def close(self) -> None:
        self.closed = True


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[FakeProvider]:
    """Providers that were opened; their adapter is fake."""
    FakeProvider.opened = []
    monkeypatch.setattr("playhead.generate.configured.adapter_class", lambda _: FakeProvider)
    return FakeProvider.opened


async def put(site: Site, name: str = "replicate", **wanted: Any) -> dict[str, Any]:
    answer = await site.ann.client.put(f"{PATH}/{name}", json=wanted)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_a_fresh_installation_has_the_local_provider(site: Site) -> None:
    answer = (await site.ann.client.get(PATH)).json()

    assert [(each["name"], each["configured"], each["key"]) for each in answer["items"]] == [("local", True, "none")]
    assert [each["name"] for each in answer["known"]] == ["local", "replicate", "cog", "fal", "runway", "google"]


async def test_a_key_goes_in_and_never_comes_out(
    site: Site, opened: list[FakeProvider], caplog: pytest.LogCaptureFixture
) -> None:
    """Not in an answer, a log or the audit trail; in the database it is encrypted."""
    with caplog.at_level(logging.DEBUG):
        made = await put(site, key=KEY, webhook_secret="whsec_c2VjcmV0")
        answers = [
            await site.ann.client.get(PATH),
            await site.ann.client.get(f"{PATH}/replicate"),
            await site.ann.client.post(f"{PATH}/replicate/test"),
            await site.ann.client.patch(f"{PATH}/replicate", json={"key": KEY, "colour": 1}),
        ]
    async with site.get(Database).read() as session:
        row = await session.get_one(ProviderRow, "replicate")
        audit = list(await session.scalars(select(AuditRow).where(AuditRow.subject_id == "replicate")))

    assert (made["key"], made["webhook_secret"], made["configured"], made["version"]) == ("kept", True, True, 1)
    assert answers[2].json() == {"works": True, "detail": "The key is valid: account harbour."}
    assert [answer.status_code for answer in answers] == [200, 200, 200, 422]
    shown = [answer.text for answer in answers] + [str(made), str([each.facts for each in audit]), caplog.text]
    assert all(KEY not in text and "c2VjcmV0" not in text for text in shown)
    assert KEY not in str(row.key_encrypted)
    assert [(each.key, each.closed) for each in opened] == [(KEY, True)]


async def test_a_test_says_what_is_wrong_and_is_remembered(site: Site, opened: list[FakeProvider]) -> None:
    await put(site, key="r8_wrong")
    tested = (await site.ann.client.post(f"{PATH}/replicate/test")).json()
    shown = (await site.ann.client.get(f"{PATH}/replicate")).json()
    changed = await put(site, key=KEY)
    missing = (await site.ann.client.post(f"{PATH}/local/test")).status_code

    assert tested == {"works": False, "detail": "Replicate refused the key."}
    assert (shown["last_test"]["works"], shown["last_test"]["detail"]) == (False, "Replicate refused the key.")
    assert changed["last_test"] is None
    assert (missing, len(opened)) == (200, 2)


async def test_a_key_in_the_environment_is_enough(
    site: Site, opened: list[FakeProvider], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without settings; those may name another variable."""
    monkeypatch.setenv("REPLICATE_API_TOKEN", KEY)
    monkeypatch.setenv("STUDIO_API_KEY", "studio")
    listed = (await site.ann.client.get(PATH)).json()["items"]
    providers = site.get(Providers)
    await providers.open("replicate")
    await put(site, key_env="STUDIO_API_KEY")
    await providers.open("replicate")

    assert [(each["name"], each["key"], each["has_settings"]) for each in listed][1:] == [
        ("replicate", "environment", False)
    ]
    assert [each.key for each in opened] == [KEY, "studio"]
    assert opened[0].base_url == "https://api.replicate.com/v1"
    assert not opened[0].closed  # a request may be in flight
    await providers.close()
    assert all(each.closed for each in opened)


async def test_a_key_of_the_environment_goes_to_the_provider_alone(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """An address of somebody's choice gets a key that was entered for it, never one that merely is there."""
    monkeypatch.setenv("FAL_KEY", "fal-secret")
    made = await put(site, "fal", base_url="https://1.1.1.1")

    assert (made["key"], made["configured"]) == ("missing", False)


async def test_another_address_needs_the_key_again(site: Site, opened: list[FakeProvider]) -> None:
    await put(site, key=KEY)
    refused = await site.ann.client.patch(f"{PATH}/replicate", json={"base_url": "https://1.1.1.1/v1"})
    moved = await site.ann.client.patch(f"{PATH}/replicate", json={"base_url": "https://1.1.1.1/v1/", "key": KEY})
    back = await site.ann.client.put(f"{PATH}/replicate", json={})

    assert (refused.status_code, refused.json()["code"]) == (400, "provider_key_missing")
    assert moved.json()["base_url"] == "https://1.1.1.1/v1"
    assert back.status_code == 400
    assert opened == []


async def test_what_is_turned_off_or_has_no_key_says_so(site: Site, opened: list[FakeProvider]) -> None:
    providers = site.get(Providers)
    said = {}
    await put(site, key=KEY, enabled=False)
    await put(site, "fal")
    for name in ("replicate", "fal", "runway", "nobody"):
        with pytest.raises(ProviderNotConfigured) as refused:
            await providers.open(name)
        said[name] = f"{refused.value.detail} {refused.value.hint}"

    assert "is turned off" in said["replicate"]
    assert "has no key" in said["fal"]
    assert "RUNWAYML_API_SECRET" in said["runway"]
    assert "No provider is called 'nobody'" in said["nobody"]
    assert opened == []


async def test_secrets_of_the_installation_that_changed_ask_for_the_key_again(
    site: Site, opened: list[FakeProvider]
) -> None:
    await put(site, key=KEY)
    rendering = Rendering(None, Path(), 1)
    other = Signer({"k2": bytes(32)}, "k2")
    providers = Providers(site.get(Database), other, None, rendering, environment={})  # type: ignore[arg-type]

    with pytest.raises(ProviderNotConfigured) as refused:
        await providers.open("replicate")

    assert (refused.value.code, refused.value.hint) == ("provider_key_unreadable", "Enter the key again.")
    assert opened == []


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("Replicate", {}, "provider_name_invalid"),
    ("studio", {}, "provider_adapter_missing"),
    ("cog-attic", {"base_url": "http://127.0.0.1:5000"}, "provider_url_refused"),
    ("fal", {"key_env": "AWS_SECRET_ACCESS_KEY"}, "provider_key_env_refused"),
    ("fal", {"key": "x\r\nHost: y"}, "provider_key_invalid"),
    ("runway", {"options": {"key": "x"}}, "provider_option_unknown"),
]
REFUSED_TOO: list[tuple[str, dict[str, Any], str]] = [
    ("replicate-work", {"adapter": "fal"}, "provider_name_invalid"),
    ("cog-attic", {}, "provider_url_missing"),
    ("cog-attic", {"base_url": "https://127.0.0.1:5000"}, "provider_url_refused"),
    ("cog-attic", {"base_url": "https://user:word@1.1.1.1"}, "provider_url_refused"),
    ("cog-attic", {"base_url": "file:///etc/passwd"}, "provider_url_refused"),
    ("fal", {"key_env": "PLAYHEAD_DATABASE"}, "provider_key_env_refused"),
    ("fal", {"key_env": "HOME"}, "provider_key_env_refused"),
    ("fal", {"key_env": "FAL_KEY", "key": "x"}, "provider_key_invalid"),
]


@pytest.mark.parametrize(
    ("name", "wanted", "code"), [*REFUSED, *(pytest.param(*case, marks=thorough) for case in REFUSED_TOO)]
)
async def test_what_is_not_taken_is_refused(site: Site, name: str, wanted: dict[str, Any], code: str) -> None:
    answer = await site.ann.client.put(f"{PATH}/{name}", json=wanted)

    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert [each["name"] for each in (await site.ann.client.get(PATH)).json()["items"]] == ["local"]


async def test_members_choose_a_provider_and_set_none_up(site: Site) -> None:
    await put(site, "fal-work", key=KEY, base_url="https://1.1.1.1")
    client = site.bob.client
    seen = (await client.get(PATH)).json()["items"][-1]
    tries = [
        await client.put(f"{PATH}/fal", json={"key": KEY}),
        await client.patch(f"{PATH}/fal-work", json={"enabled": False}),
        await client.delete(f"{PATH}/fal-work"),
        await client.post(f"{PATH}/fal-work/test"),
    ]

    assert (seen["name"], seen["title"], seen["configured"], seen["base_url"]) == (
        *("fal-work", "fal: fal-work", True),
        None,
    )
    assert [answer.status_code for answer in tries] == [403] * 4


async def test_a_change_names_its_version_and_is_audited(site: Site) -> None:
    client, path = site.ann.client, f"{PATH}/runway"
    made = await client.put(path, json={"key": KEY, "options": {"usd_per_credit": 0.02}}, headers={"If-Match": '"0"'})
    changed = await client.patch(path, json={"enabled": False}, headers={"If-Match": made.headers["etag"]})
    late = await client.patch(path, json={"enabled": True}, headers={"If-Match": made.headers["etag"]})
    removed = await client.delete(path)

    assert (changed.json()["enabled"], changed.json()["key"], changed.json()["options"]) == (
        *(False, "kept"),
        {"usd_per_credit": 0.02},
    )
    assert (late.status_code, removed.status_code) == (412, 204)
    assert (await client.get(path)).json()["code"] == "provider_not_found"
    async with site.get(Database).read() as session:
        done = list(await session.scalars(select(AuditRow.action).where(AuditRow.subject_id == "runway")))
    assert done == ["provider.set", "provider.set", "provider.remove"]


async def test_models_say_what_they_take_and_whether_they_can_be_used(site: Site) -> None:
    await put(site, "fal", key=KEY)
    client = site.bob.client
    usable = (await client.get("/api/v1/models?available=true")).json()
    google = (await client.get("/api/v1/models?provider=google&retired=true")).json()["items"]
    veo = next(each for each in usable["items"] if each["name"] == "fal-ai/veo3.1")

    assert {each["provider"] for each in usable["items"]} == {"local", "fal"}
    assert (usable["default_provider"], usable["items"][0]["default"]) == ("local", True)
    assert veo["price"]["words"] == "$0.20 to $0.60 a second"
    assert [each["limits"] for each in veo["parameters"]][:2] == ["4, 6 or 8 s", "16:9 or 9:16"]
    assert not any(each["available"] for each in google)
    assert {each["name"] for each in google if each["retired"]} >= {"veo-3.1-generate-preview"}
