"""What tests of share links do all the time."""

from typing import Any

import httpx2

from tests.fixtures.site import Member, Site


async def share(member: Member, video_id: str, **wish: Any) -> dict[str, Any]:
    """Make a share link."""
    answer = await member.client.post(f"/api/v1/videos/{video_id}/shares", json=wish)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def token_of(shared: dict[str, Any]) -> str:
    """The last part of its link."""
    return str(shared["url"].rsplit("/", 1)[1])


async def play(site: Site, shared: dict[str, Any], **wish: Any) -> httpx2.Response:
    """Ask for a signed link as the page of a share does: without any credential."""
    return await site.anonymous.post(f"/api/v1/shared/{token_of(shared)}/playback", json=wish)


async def link(site: Site, shared: dict[str, Any], **wish: Any) -> str:
    """A signed link of a share."""
    answer = await play(site, shared, **wish)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["path"])


async def own_link(member: Member, video_id: str, **wish: Any) -> str:
    """A signed link of the owner."""
    answer = await member.client.post(f"/api/v1/videos/{video_id}/playback", json=wish)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["path"])


async def outcome(site: Site, url: str) -> tuple[int, str | None]:
    """What a link answers to nobody in particular: status and code of the problem, if it is one."""
    answer = await site.anonymous.get(url)
    problem = answer.headers.get("content-type") == "application/problem+json"
    return answer.status_code, answer.json()["code"] if problem else None
