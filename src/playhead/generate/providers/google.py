"""The adapter for Gemini Omni over Google's Interactions API.

It was written from the types of Google's client 3.6.1 and never run against Google; ``docs/guides/generate.md`` says
what is unverified.
"""

import json
import re
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from playhead.errors import PlayheadError
from playhead.generate.errors import (
    CallbackInvalid,
    OutcomeUnknown,
    ProviderKeyRefused,
    ProviderThrottled,
    ProviderUnavailable,
    RequestUnknown,
    ResultNotReady,
    ResultRefused,
)
from playhead.generate.provider import Abilities, Callback, Download, Input, Reference, Status, Submission, Tested
from playhead.generate.providers.answers import Answer
from playhead.generate.providers.google_answers import error_words, interaction_status, rejection, retry_delay_s
from playhead.generate.providers.http import Http
from playhead.kit.standard_webhooks import SignatureInvalid, verify

if TYPE_CHECKING:
    import httpx2

BASE_URL = "https://generativelanguage.googleapis.com"
RESULT_HOSTS = ("*.googleapis.com", "*.googleusercontent.com", "storage.googleapis.com")
"""Where downloads may be redirected to, without the key."""

_FORMAT = ("aspect_ratio", "resolution")
_FILE = re.compile(r"(/v1beta/files/[\w-]+)(:download)?$")
_LABEL = re.compile(r"[^a-z0-9_-]")


class GoogleProvider:
    """Google's Interactions API.

    Args:
        webhook_secret: Of Standard Webhooks. Without it no callbacks are requested.
        result_hosts: Patterns of the hosts that downloads may be redirected to.
    """

    def __init__(
        self,
        name: str,
        *,
        base_url: str = BASE_URL,
        key: str,
        webhook_secret: str | None = None,
        client_factory: "Callable[[], httpx2.AsyncClient]",
        result_hosts: Collection[str] = RESULT_HOSTS,
    ) -> None:
        self.name = name
        self.abilities = Abilities(callbacks=webhook_secret is not None, cancel=True)
        self._secret = webhook_secret
        self._http = Http(
            "Google",
            base_url,
            auth={"x-goog-api-key": key},
            secret=key,
            client_factory=client_factory,
            result_hosts=result_hosts,
        )

    async def submit(self, submission: Submission) -> Reference:
        """See `Provider.submit`."""
        body = request_of(submission, with_callback=self.abilities.callbacks)
        answer = await self._call("POST", "/v1beta/interactions", json=body, submit=True)
        if (error := rejection(answer.status, answer.json)) is not None:
            raise error
        interaction_id = answer.members.get("id")
        if not isinstance(interaction_id, str) or not interaction_id:
            raise OutcomeUnknown("Google accepted the request and did not say its id.")
        return Reference(interaction_id)

    async def find(self, submission: Submission, *, since: datetime) -> Sequence[Reference]:  # noqa: ARG002
        """Nothing: interactions cannot be listed."""
        return ()

    async def poll(self, reference: Reference) -> Status:
        """See `Provider.poll`. Google says 400 of an id that it does not know, and of others for a while, too."""
        answer = await self._call("GET", f"/v1beta/interactions/{reference.id}")
        if answer.status < 300:
            return interaction_status(answer.members)
        said = self._http.clean(error_words(answer.json))
        if answer.status == 404 or "invalid interaction" in said.lower():
            raise RequestUnknown(f"Google does not know the interaction {reference.id}: {said}")
        error = rejection(answer.status, answer.json)
        raise error if isinstance(error, ProviderKeyRefused) else ProviderUnavailable(f"Google responded: {said}")

    async def cancel(self, reference: Reference) -> None:
        """See `Provider.cancel`."""
        await self._call("POST", f"/v1beta/interactions/{reference.id}/cancel")

    @asynccontextmanager
    async def open_result(
        self,
        reference: Reference,  # noqa: ARG002
        url: str,
        *,
        start: int = 0,
    ) -> AsyncIterator[Download]:
        """See `Provider.open_result`. A file of the Files API is asked for its state first."""
        found = _FILE.search(urlsplit(url).path)
        if found and self._http.own.allow(url):
            await self._await_active(found[1])
            url = f"{url.partition('?')[0].removesuffix(':download')}:download?alt=media"
        async with self._http.open(url, start=start) as download:
            yield download

    def verify_callback(self, headers: Mapping[str, str], body: bytes, *, now: datetime) -> Callback:
        """See `Provider.verify_callback`."""
        if self._secret is None:
            raise CallbackInvalid("No secret is set for callbacks of Google.")
        try:
            event_id = verify([self._secret], headers, body, now=now)
            said = json.loads(body)
        except (SignatureInvalid, ValueError, RecursionError) as error:
            raise CallbackInvalid(str(error)) from None
        data = said.get("data") if isinstance(said, dict) else None
        interaction_id = data.get("id") if isinstance(data, dict) else None
        if not isinstance(interaction_id, str):
            raise CallbackInvalid("The callback names no interaction.")
        return Callback(interaction_id, event_id)

    async def refresh_keys(self) -> None:
        """Nothing: the secret is a setting."""

    async def test(self) -> Tested:
        """List one model."""
        try:
            answer = await self._call("GET", "/v1beta/models", params={"pageSize": "1"})
        except PlayheadError as error:
            return Tested(False, error.detail)
        refused = rejection(answer.status, answer.json)
        return Tested(False, self._http.clean(refused.detail)) if refused else Tested(True, "The key is valid.")

    async def close(self) -> None:
        """Close its connections."""
        await self._http.close()

    async def _call(self, method: str, target: str, **options: Any) -> Answer:
        """Send a request; 400, 403 and 404 are the caller's to read, and a 429 says in its body how long to wait."""
        answer = await self._http.call(method, target, passes=(400, 401, 403, 404, 429), **options)
        if answer.status == 429:
            said = self._http.clean(error_words(answer.json))
            raise ProviderThrottled(f"Google responded with 429: {said}", retry_after_s=_wait(answer))
        return answer

    async def _await_active(self, path: str) -> None:
        answer = await self._call("GET", path)
        state = answer.members.get("state")
        if state == "PROCESSING":
            raise ResultNotReady("Google is still processing the file.")
        if state == "FAILED":
            raise ResultRefused("Google could not process the file that it made.")


def request_of(submission: Submission, *, with_callback: bool = False) -> dict[str, Any]:
    """The body of a request; parameters that are not of the format or the task are of the generation."""
    given = dict(submission.parameters)
    wanted: dict[str, Any] = {"type": "video", "delivery": "uri"}
    wanted |= {name: given.pop(name) for name in _FORMAT if name in given}
    if (duration := given.pop("duration", None)) is not None:
        wanted["duration"] = duration if isinstance(duration, str) else f"{duration:g}s"
    body: dict[str, Any] = {
        "model": submission.model,
        "input": _input(submission.prompt, submission.inputs),
        "background": True,
        "response_format": wanted,
        "labels": {"playhead": _LABEL.sub("-", submission.generation_id.lower())[:63]},
    }
    if "previous_interaction_id" in given:
        body["previous_interaction_id"] = given.pop("previous_interaction_id")
    if "task" in given:
        given["video_config"] = {"task": given.pop("task")}
    if given:
        body["generation_config"] = given
    if with_callback and submission.callback_url:
        body["webhook_config"] = {"uris": [submission.callback_url]}
    return body


def _input(prompt: str, files: Sequence[Input]) -> str | list[dict[str, str]]:
    if not files:
        return prompt
    parts = [
        {"type": each.content_type.partition("/")[0], "uri": each.url, "mime_type": each.content_type} for each in files
    ]
    return [*parts, {"type": "text", "text": prompt}]


def _wait(answer: Answer) -> float | None:
    from playhead.generate.providers.refusals import retry_after_of

    found = [seconds for seconds in (retry_delay_s(answer.json), retry_after_of(answer)) if seconds is not None]
    return max(found, default=None)
