"""A call of our own webhook by its public URL, as far as this server can make it."""

from typing import Final

TIMEOUT_S: Final = 5.0


async def reach(callback: str) -> str | None:
    """Why the webhook cannot be reached; None when it answers as it does to strangers."""
    import httpx2

    from playhead.live.detect.errors import EventRefused

    try:
        async with httpx2.AsyncClient(timeout=TIMEOUT_S) as client:
            answer = await client.post(callback, content=b"{}")
    except httpx2.HTTPError as error:
        return f"it does not answer: {type(error).__name__} {error}".strip() + "."
    if answer.is_redirect:
        return "it redirects, which Twitch does not follow."
    if answer.status_code != EventRefused.status or EventRefused.code not in answer.text:
        return f"something else answers there, with {answer.status_code}."
    return None
