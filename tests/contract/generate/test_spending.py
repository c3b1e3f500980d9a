"""What was spent, through the API: whose it is, by what it is summed up, and that unknown is not zero."""

import csv
import io
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from playhead.db.database import Database
from playhead.generate.ledger import Ledger
from playhead.generate.provider import MICROS
from playhead.generate.tables import GenerationRow
from tests.fixtures.generations import generation_row
from tests.fixtures.site import Site, open_site

LATE = datetime(2026, 11, 29, 23, 59, tzinfo=UTC)
EARLY = datetime(2026, 11, 30, 0, 1, tzinfo=UTC)


@pytest.fixture
async def site(tmp_path: Path, migrated_url: str) -> AsyncIterator[Site]:
    """On each kind of database, as days are cut differently. There are caps."""
    async with open_site(tmp_path, migrated_url, spend_cap_day=20, spend_cap_user=10) as opened:
        yield opened


async def spend(site: Site, row: GenerationRow, dollars: float | None, charged: float | None = None) -> None:
    """Reserve; and settle where it was charged, or where the provider did not say."""
    ledger = site.get(Ledger)
    async with site.get(Database).write() as session:
        session.add(row)
        await ledger.reserve(session, row, None if dollars is None else round(dollars * MICROS), accept_unknown=True)
        if charged is not None or row.finished_at is not None:
            await ledger.settle(session, row, None if charged is None else round(charged * MICROS))


async def some(site: Site) -> None:
    """Ann: charged, reserved, silent and unknown ones on two days; Bob: one that he got back."""
    ann, bob = site.ann.user.id, site.bob.user.id
    await spend(site, generation_row(ann, at=LATE), 0.4, 0.5)
    await spend(site, generation_row(ann, at=EARLY, provider="fal", model="=veo"), 1)
    await spend(site, generation_row(ann, at=EARLY, finished_at=EARLY, state="failed"), 0.25)
    await spend(site, generation_row(ann, at=EARLY, provider="fal", model="=veo"), None)
    row = generation_row(bob, at=EARLY)
    await spend(site, row, 2, 2)
    async with site.get(Database).write() as session:
        await site.get(Ledger).settle(session, await session.get_one(GenerationRow, row.id), 0, "it was bad")


def facts(each: dict[str, Any]) -> tuple[Any, ...]:
    return each["key"], each["generations"], each["actual"], each["reserved"], each["unknown"]


async def test_members_see_their_own_and_admins_all(site: Site) -> None:
    await some(site)
    own = (await site.ann.client.get("/api/v1/spending")).json()
    await site.make_admin(site.bob)
    every = (await site.bob.client.get("/api/v1/spending?group=user")).json()

    assert [facts(each) for each in own["groups"]] == [
        ("2026-11-30", 3, 0.0, 1.25, 2),
        ("2026-11-29", 1, 0.5, 0.0, 0),
    ]
    assert facts(own["total"]) == (None, 4, 0.5, 1.25, 2)
    assert [(each["title"], each["actual"], each["refunded"]) for each in every["groups"]] == [
        ("ann@example.org", 0.5, 0.0),
        ("bob@example.org", 2.0, 2.0),
    ]
    assert [(cap["name"], cap["limit"]) for cap in own["caps"]] == [("day", 20.0), ("user", 10.0)]


async def test_sums_are_of_a_span_and_by_group(site: Site) -> None:
    await some(site)
    client = site.ann.client
    day = (await client.get("/api/v1/spending?from=2026-11-30T00:00:00Z&group=model")).json()
    none = (await client.get("/api/v1/spending?to=2026-11-01T00:00:00Z&group=project")).json()
    wrong = await client.get("/api/v1/spending?from=yesterday")

    assert {facts(each) for each in day["groups"]} == {
        ("=veo", 2, 0.0, 1.0, 1),
        ("google/veo-3.1", 1, 0.0, 0.25, 1),
    }
    assert (none["groups"], none["total"]["generations"], wrong.status_code) == ([], 0, 422)


async def test_entries_are_paged_and_a_csv_file_has_all(site: Site) -> None:
    await some(site)
    client, path = site.ann.client, "/api/v1/spending/entries"
    first = (await client.get(f"{path}?limit=6")).json()
    rest = (await client.get(f"{path}?limit=6&cursor={first['next_cursor']}")).json()
    as_csv = await client.get(path, headers={"Accept": "text/csv"})
    rows = list(csv.DictReader(io.StringIO(as_csv.text)))

    assert (len(first["items"]), rest["next_cursor"]) == (6, None)
    assert [row["id"] for row in reversed(rows)] == [each["id"] for each in first["items"] + rest["items"]]
    assert as_csv.headers["content-type"] == "text/csv; charset=utf-8"
    assert as_csv.text == (await client.get(f"{path}?format=csv")).text
    assert {row["model"] for row in rows} == {"google/veo-3.1", "'=veo"}  # no formula
    unknown = [each for each in first["items"] + rest["items"] if each["amount"] is None]
    assert [(each["kind"], each["model"]) for each in unknown][:2] == [("reserved", "=veo"), ("estimated", "=veo")]
    assert {row["usd"] for row in rows if row["kind"] == "actual"} == {"0.500000", ""}
