"""The adapter for fal: a queue per model, with signed webhooks.

fal has no list of requests. A submit whose answer was lost is found again only by its webhook, which holds the result:
the reference that comes with it needs no URLs.
"""

import json
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import TYPE_CHECKING, Any

from playhead.errors import PlayheadError
from playhead.generate.errors import (
    CallbackInvalid,
    DeadlinePassed,
    InputRejected,
    OutcomeUnknown,
    ProviderKeyRefused,
    RequestUnknown,
    ResultNotReady,
)
from playhead.generate.provider import Abilities, Callback, Download, Reference, Status, Submission, Tested
from playhead.generate.providers.answers import Answer
from playhead.generate.providers.fal_answers import (
    ended,
    is_verdict,
    payload_facts,
    queue_status,
    status_of_facts,
    succeeded,
)
from playhead.generate.providers.fal_keys import JWKS_URL, FalKeys
from playhead.generate.providers.http import Http

if TYPE_CHECKING:
    import httpx2

BASE_URL = "https://queue.fal.run"
OWN_HOSTS = ("*.fal.run", "fal.run")
RESULT_HOSTS = ("fal.media", "*.fal.media", "*.fal.ai", "storage.googleapis.com")
"""The last one held results of older models (unverified)."""

TEST_MODEL = "fal-ai/flux"
NO_REQUEST = "00000000-0000-0000-0000-000000000000"
ERRORS = (*range(400, 429), *range(430, 600))
"""All that a result may say, but 429."""

_MODEL = re.compile(r"\w[\w.-]*(/\w[\w.-]*)+")
_NAMESPACES = ("workflows", "comfy")
_URLS = ("status_url", "response_url", "cancel_url")


class FalProvider:
    """fal's queue.

    Args:
        jwks_url: Where fal publishes the keys of its webhooks.
        result_hosts: Patterns of the hosts of results.
    """

    abilities = Abilities(callbacks=True, cancel=True)
    """Its deadline ends only the time before a request begins, so it is no ``deadline``."""

    def __init__(
        self,
        name: str,
        *,
        base_url: str = BASE_URL,
        key: str,
        webhook_secret: str | None = None,  # noqa: ARG002  fal signs by published keys; all adapters take one
        client_factory: "Callable[[], httpx2.AsyncClient]",
        jwks_url: str = JWKS_URL,
        result_hosts: Collection[str] = RESULT_HOSTS,
    ) -> None:
        self.name = name
        self._keys = FalKeys(jwks_url, client_factory)
        self._http = Http(
            "fal",
            base_url,
            auth={"authorization": f"Key {key}"},
            secret=key,
            client_factory=client_factory,
            own_hosts=OWN_HOSTS,
            result_hosts=result_hosts,
        )

    async def submit(self, submission: Submission) -> Reference:
        """See `Provider.submit`."""
        if not _MODEL.fullmatch(submission.model):
            raise InputRejected(f"{submission.model} is not the name of a model at fal, such as fal-ai/veo3.1.")
        answer = await self._http.call(
            "POST",
            f"/{submission.model}",
            json=_arguments(submission),
            headers={"x-fal-request-timeout": str(submission.deadline_s)},
            params={"fal_webhook": submission.callback_url} if submission.callback_url else None,
            submit=True,
        )
        request_id = answer.members.get("request_id")
        if not isinstance(request_id, str) or not request_id:
            raise OutcomeUnknown("fal accepted the request and did not say its id.")
        return Reference(request_id, self._urls(answer, submission.model, request_id))

    async def find(self, submission: Submission, *, since: datetime) -> Sequence[Reference]:  # noqa: ARG002
        """Nothing: fal has no list."""
        return ()

    async def poll(self, reference: Reference) -> Status:
        """See `Provider.poll`. The result of a complete request is read, too, as that alone may say that it failed."""
        if (said := status_of_facts(reference.facts)) is not None:
            return said
        answer = await self._http.call("GET", self._url(reference, "status_url"))
        return queue_status(answer.members, answer.headers) or await self._result(reference)

    async def cancel(self, reference: Reference) -> None:
        """See `Provider.cancel`: 400 is one that has ended, 404 one that is not there."""
        if "cancel_url" in reference.facts:
            await self._http.call("PUT", self._url(reference, "cancel_url"), passes=(400, 404))

    def open_result(
        self,
        reference: Reference,  # noqa: ARG002
        url: str,
        *,
        start: int = 0,
    ) -> AbstractAsyncContextManager[Download]:
        """See `Provider.open_result`; the key is not needed."""
        return self._http.open(url, start=start)

    def verify_callback(self, headers: Mapping[str, str], body: bytes, *, now: datetime) -> Callback:
        """See `Provider.verify_callback`. fal reports the end alone, once or more often, under the request's id."""
        request_id = self._keys.verify(headers, body, now=now)
        try:
            said = json.loads(body)
        except (ValueError, RecursionError):
            said = None
        if not isinstance(said, dict) or said.get("request_id") != request_id:
            raise CallbackInvalid("The callback does not name the request that it was signed for.")
        facts = payload_facts(said)
        return Callback(request_id, request_id, reference=Reference(request_id, facts) if facts else None)

    async def refresh_keys(self) -> None:
        """See `FalKeys.refresh`."""
        await self._keys.refresh()

    async def test(self) -> Tested:
        """Ask for a request that does not exist: a wrong key is refused before that is looked up."""
        try:
            await self._http.call(
                "GET", f"/{TEST_MODEL}/requests/{NO_REQUEST}/status", passes=(400, 404, 405, 410, 422)
            )
        except PlayheadError as error:
            return Tested(False, error.detail)
        return Tested(True, "fal answers, and does not refuse the key.")

    async def close(self) -> None:
        """Close its connections."""
        await self._keys.close()
        await self._http.close()

    async def _result(self, reference: Reference) -> Status:
        answer = await self._http.call("GET", self._url(reference, "response_url"), passes=ERRORS)
        detail = answer.members or answer.json
        if answer.status < 300:
            return succeeded(answer.json)
        if answer.status in (401, 403):
            raise ProviderKeyRefused(f"fal responded with {answer.status} to the request for the result.")
        if answer.status in (404, 410):
            return Status(state="succeeded", words="COMPLETED")  # complete, and its result is gone
        if answer.headers.get("x-fal-request-timeout-type") == "user":
            error = DeadlinePassed("fal did not begin it within its deadline.")
            return Status(state="failed", words="COMPLETED", error=error)
        if answer.status == 422 or is_verdict(detail):
            return ended(detail, answer.headers.get("x-fal-error-type", ""))
        # A 504 after COMPLETED is no verdict: the result is there.
        raise ResultNotReady(f"fal responded with {answer.status} to the request for the result.")

    def _urls(self, answer: Answer, model: str, request_id: str) -> dict[str, str]:
        """Those that fal gave, where the key may go; others give way to fal's documented layout."""
        parts = model.split("/")
        app = "/".join(parts[: 3 if parts[0] in _NAMESPACES else 2])
        own = f"{self._http.base_url}/{app}/requests/{request_id}"
        built = {"status_url": f"{own}/status", "response_url": own, "cancel_url": f"{own}/cancel"}
        given = {name: answer.members.get(name) for name in _URLS}
        return {
            name: url if isinstance(url, str) and self._http.own.allow(url) else built[name]
            for name, url in given.items()
        }

    def _url(self, reference: Reference, name: str) -> str:
        url = reference.facts.get(name)
        if not isinstance(url, str):
            raise RequestUnknown(f"Nothing says where fal keeps the request {reference.id}.")
        return url


def _arguments(submission: Submission) -> dict[str, Any]:
    """The model's own parameters; several files of one parameter are a list."""
    files: dict[str, Any] = {}
    for each in submission.inputs:
        before = files.get(each.parameter)
        files[each.parameter] = each.url if before is None else [*_listed(before), each.url]
    lists = {name: _listed(url) if name.endswith("_urls") else url for name, url in files.items()}
    return {**submission.parameters, **lists, "prompt": submission.prompt}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
