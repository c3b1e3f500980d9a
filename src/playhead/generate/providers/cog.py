"""Servers that speak cog's prediction protocol, by base URL (docs/http.md of https://github.com/replicate/cog)."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote

from playhead.errors import PlayheadError
from playhead.generate.errors import (
    CallbackInvalid,
    ProviderThrottled,
    ProviderUnavailable,
    RequestUnknown,
)
from playhead.generate.provider import Abilities, Callback, Download, Reference, Status, Submission, Tested
from playhead.generate.providers.answers import Answer
from playhead.generate.providers.http import ClientFactory, Http
from playhead.generate.providers.predictions import input_of, status_of
from playhead.generate.providers.refusals import retry_after_of

NOT_OFFERED: Final = (405, 501)
"""The path exists, to put and to cancel; 404 may be a server that has forgotten the prediction."""


class CogProvider:
    """One server, with one model. Our id of a generation is its id of the prediction, so it never makes a second one.

    As a rule it cannot be polled and reports by callbacks alone; the first poll finds out.

    Args:
        key: Sent as a bearer token, for a proxy before the server; cog itself has none.
        webhook_secret: Not used: cog signs nothing, so our own token in the callback URL is the proof.
        result_hosts: Patterns of hosts of results, where the server runs with ``--upload-url``.
    """

    def __init__(
        self,
        name: str,
        *,
        base_url: str,
        key: str | None = None,
        webhook_secret: str | None = None,  # noqa: ARG002 - the form that all adapters share
        client_factory: ClientFactory,
        result_hosts: Collection[str] = (),
    ) -> None:
        self.name = name
        self._polling: bool | None = None
        self._http = Http(
            name,
            base_url,
            auth={"authorization": f"Bearer {key}"} if key else {},
            secret=key,
            client_factory=client_factory,
            result_hosts=result_hosts,
        )

    @property
    def abilities(self) -> Abilities:
        """``polling`` until a poll has shown that there is none."""
        return Abilities(callbacks=True, polling=self._polling is not False, idempotent=True, cancel=True)

    async def submit(self, submission: Submission) -> Reference:
        """Put the prediction with our id; while that one runs, the same request makes no other."""
        reference = Reference(submission.generation_id)
        body: dict[str, Any] = {"id": reference.id, "input": input_of(submission)}
        if submission.callback_url:
            body |= {"webhook": submission.callback_url, "webhook_events_filter": ["start", "completed"]}
        answer = await self._http.call(
            "PUT", _path(reference), json=body, headers={"prefer": "respond-async"}, submit=True, passes=(409,)
        )
        if answer.status == 409:
            raise ProviderThrottled(
                f"{self.name} runs as many predictions as it can.", retry_after_s=retry_after_of(answer)
            )
        return reference

    async def find(self, submission: Submission, *, since: datetime) -> Sequence[Reference]:  # noqa: ARG002
        """Nothing: it has no list, and the same submit may simply be sent again."""
        return ()

    async def poll(self, reference: Reference) -> Status:
        """Get the prediction, where the server offers that."""
        if self._polling is not False:
            answer = await self._http.call("GET", _path(reference), passes=(404, *NOT_OFFERED))
            if answer.status == 200 and "status" in answer.members:
                self._polling = True
                return status_of(answer.members)
            if self._polling:
                raise RequestUnknown(f"{self.name} does not know the prediction {reference.id}.")
            self._polling = False if answer.status in NOT_OFFERED else None
        raise ProviderUnavailable(f"{self.name} cannot be asked for the state; it reports by callbacks.")

    async def cancel(self, reference: Reference) -> None:
        """Cancel it. One that has ended is not known any more."""
        await self._http.call("POST", f"{_path(reference)}/cancel", passes=(404, 409))

    def open_result(
        self,
        reference: Reference,  # noqa: ARG002
        url: str,
        *,
        start: int = 0,
    ) -> AbstractAsyncContextManager[Download]:
        """Open an output: a data URL, or a file on its own host or one of the result hosts."""
        return self._http.open(url, start=start)

    def verify_callback(self, headers: Mapping[str, str], body: bytes, *, now: datetime) -> Callback | None:  # noqa: ARG002
        """Read a callback. It is the only word of the state, so it carries it."""
        prediction = Answer(200, {}, body).members
        prediction_id = prediction.get("id")
        if not isinstance(prediction_id, str) or not prediction_id or "status" not in prediction:
            raise CallbackInvalid(f"A callback of {self.name} has no prediction in it.")
        event_id = f"{prediction_id} {prediction['status']} {hashlib.sha256(body).hexdigest()[:16]}"
        return Callback(prediction_id, event_id, status_of(prediction), Reference(prediction_id))

    async def refresh_keys(self) -> None:
        """Nothing is signed."""

    async def test(self) -> Tested:
        """Ask how the model is."""
        try:
            health = (await self._http.call("GET", "/health-check")).members
        except PlayheadError as error:
            return Tested(False, error.detail)
        state = self._http.clean(str(health.get("status") or "unknown"))
        return Tested(state.upper() in ("READY", "BUSY"), f"The model is {state}.")

    async def close(self) -> None:
        """Close its connections."""
        await self._http.close()


def _path(reference: Reference) -> str:
    return f"/predictions/{quote(reference.id, safe='')}"
