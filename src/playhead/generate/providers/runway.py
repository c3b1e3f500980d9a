"""The adapter for Runway: tasks that are polled. It has neither callbacks nor a list of tasks."""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import TYPE_CHECKING

from playhead.errors import PlayheadError
from playhead.generate.errors import (
    CallbackInvalid,
    OutcomeUnknown,
    ProviderThrottled,
)
from playhead.generate.provider import Abilities, Callback, Download, Reference, Status, Submission, Tested
from playhead.generate.providers.http import Http
from playhead.generate.providers.runway_answers import endpoint_of, request_of, task_status

if TYPE_CHECKING:
    import httpx2

BASE_URL = "https://api.dev.runwayml.com"
VERSION = "2024-11-06"
RESULT_HOSTS = ("*.cloudfront.net", "*.runwayml.com")
"""Unverified: where outputs have been seen."""

USD_PER_CREDIT = 0.01
LIMIT_S = 300.0
"""Wait after a 429 without a time: it is the limit of a day or of spending, so asking every few seconds is in vain."""


class RunwayProvider:
    """Runway's API.

    Args:
        usd_per_credit: Price of a credit.
        result_hosts: Patterns of the hosts of results.
    """

    abilities = Abilities(cancel=True)

    def __init__(
        self,
        name: str,
        *,
        base_url: str = BASE_URL,
        key: str,
        webhook_secret: str | None = None,  # noqa: ARG002  Runway has no webhooks; all adapters take one
        client_factory: "Callable[[], httpx2.AsyncClient]",
        usd_per_credit: float = USD_PER_CREDIT,
        result_hosts: Collection[str] = RESULT_HOSTS,
    ) -> None:
        self.name = name
        self._usd_per_credit = usd_per_credit
        self._http = Http(
            "Runway",
            base_url,
            auth={"authorization": f"Bearer {key}", "x-runway-version": VERSION},
            secret=key,
            client_factory=client_factory,
            result_hosts=result_hosts,
        )

    async def submit(self, submission: Submission) -> Reference:
        """See `Provider.submit`."""
        try:
            answer = await self._http.call(
                "POST", f"/v1/{endpoint_of(submission)}", json=request_of(submission), submit=True
            )
        except ProviderThrottled as error:
            raise ProviderThrottled(error.detail, retry_after_s=error.retry_after_s or LIMIT_S) from error
        task_id = answer.members.get("id")
        if not isinstance(task_id, str) or not task_id:
            raise OutcomeUnknown("Runway accepted the request and did not say its id.")
        return Reference(task_id)

    async def find(self, submission: Submission, *, since: datetime) -> Sequence[Reference]:  # noqa: ARG002
        """Nothing: Runway has no list of tasks."""
        return ()

    async def poll(self, reference: Reference) -> Status:
        """See `Provider.poll`; the URLs of results are fresh ones each time."""
        answer = await self._http.call("GET", f"/v1/tasks/{reference.id}")
        return task_status(answer.members, usd_per_credit=self._usd_per_credit)

    async def cancel(self, reference: Reference) -> None:
        """See `Provider.cancel`. Runway deletes one that has ended, so only one that has not is deleted."""
        if not (await self.poll(reference)).is_final:
            await self._http.call("DELETE", f"/v1/tasks/{reference.id}", passes=(404,))

    def open_result(
        self,
        reference: Reference,  # noqa: ARG002
        url: str,
        *,
        start: int = 0,
    ) -> AbstractAsyncContextManager[Download]:
        """See `Provider.open_result`. An expired URL is one of an old poll: another poll gives a fresh one."""
        return self._http.open(url, start=start)

    def verify_callback(self, headers: Mapping[str, str], body: bytes, *, now: datetime) -> Callback:  # noqa: ARG002
        """Refuse it: Runway sends none."""
        raise CallbackInvalid("Runway sends no callbacks.")

    async def refresh_keys(self) -> None:
        """Nothing: there are no callbacks."""

    async def test(self) -> Tested:
        """Ask for the organization, which says how many credits are left."""
        try:
            answer = await self._http.call("GET", "/v1/organization")
        except PlayheadError as error:
            return Tested(False, error.detail)
        credits_left = answer.members.get("creditBalance")
        left = f": {credits_left} credits are left" if isinstance(credits_left, int) else ""
        return Tested(True, f"The key is valid{left}.")

    async def close(self) -> None:
        """Close its connections."""
        await self._http.close()
