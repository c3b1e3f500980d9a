"""An installation that may use addresses of this computer; no worker records, so rows say what was wanted."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from playhead.jobs.context import JobContext
from playhead.jobs.kinds import JobKind, JobKinds
from tests.fixtures.site import Site, open_site


async def _nothing(context: JobContext, args: dict[str, Any]) -> dict[str, Any]:
    _ = context, args
    return {}


@pytest.fixture
async def site(tmp_path: Path, migrated_url: str) -> AsyncIterator[Site]:
    """Nothing in it but two members."""
    async with open_site(tmp_path, migrated_url, allow_private_urls=True) as opened:
        known = {kind.name for kind in opened.get(JobKinds)}
        for name in {"record", "finalise"} - known:
            opened.get(JobKinds).register(JobKind(name=name, queue="live", run=_nothing))
        yield opened
