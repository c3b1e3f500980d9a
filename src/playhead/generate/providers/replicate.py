"""Replicate: predictions by version, official models and deployments (https://replicate.com/docs/reference/http)."""

import asyncio
import re
from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import quote

from playhead.errors import PlayheadError
from playhead.generate.errors import (
    CallbackInvalid,
    CallbackTooLate,
    InputRejected,
    ModelRetired,
    OutcomeUnknown,
    ProviderUnavailable,
)
from playhead.generate.provider import Abilities, Callback, Download, Reference, Status, Submission, Tested
from playhead.generate.providers.answers import Answer
from playhead.generate.providers.http import ClientFactory, Http
from playhead.generate.providers.predictions import input_of, status_of, time_of
from playhead.generate.providers.refusals import words_of
from playhead.kit.standard_webhooks import SignatureInvalid, verify

BASE_URL: Final = "https://api.replicate.com/v1"
RESULT_HOSTS: Final = ("replicate.delivery", "*.replicate.delivery")

CLOCK_SLACK: Final = timedelta(minutes=5)
"""How far Replicate's clock may be from ours."""

MAX_PAGES: Final = 50
"""Of 100 predictions each; more within a few minutes would be beyond its rate limit."""

SECRET_LIFETIME: Final = timedelta(hours=1)
MIN_DEADLINE_S: Final = 5

_NAME = r"[a-zA-Z0-9_-][a-zA-Z0-9._-]*"
_VERSION = re.compile(rf"(?:{_NAME}/{_NAME}:)?([0-9a-f]{{64}})")
_MODEL = re.compile(rf"(deployments/)?({_NAME})/({_NAME})")


class ReplicateProvider:
    """One account at Replicate.

    Args:
        webhook_secret: ``whsec_...``; without it `refresh_keys` asks for it.
        result_hosts: Patterns of further hosts of results.
    """

    abilities = Abilities(callbacks=True, lookup=True, deadline=True, cancel=True)

    def __init__(
        self,
        name: str,
        *,
        base_url: str = BASE_URL,
        key: str,
        webhook_secret: str | None = None,
        client_factory: ClientFactory,
        result_hosts: Collection[str] = (),
    ) -> None:
        self.name = name
        self._given_secret = webhook_secret
        self._fetched: tuple[str, datetime] | None = None
        self._fetching: asyncio.Task[None] | None = None
        self._http = Http(
            name,
            base_url or BASE_URL,
            auth={"authorization": f"Bearer {key}"},
            secret=key,
            client_factory=client_factory,
            keyed_hosts=RESULT_HOSTS,
            result_hosts=result_hosts,
        )

    async def submit(self, submission: Submission) -> Reference:
        """Create a prediction. ``Cancel-After`` caps its cost even while none of our processes runs."""
        path, version = _target(submission.model)
        body: dict[str, Any] = {**version, "input": input_of(submission)}
        if submission.callback_url:
            body |= {"webhook": submission.callback_url, "webhook_events_filter": ["start", "completed"]}
        deadline = {"cancel-after": f"{max(submission.deadline_s, MIN_DEADLINE_S)}s"}
        answer = await self._http.call("POST", path, json=body, headers=deadline, submit=True, passes=(404,))
        if answer.status == 404:
            raise ModelRetired(
                f"{self.name} has no model {submission.model}, or not any more: {words_of(answer)} A model that is not "
                "one of its official ones is named with the version, as owner/name:version."
            )
        return _reference(answer.members)

    async def find(self, submission: Submission, *, since: datetime) -> Sequence[Reference]:
        """Look through the list for predictions with the very same model and input."""
        wanted = _Wanted(submission, since)
        found: list[Reference] = []
        removed: list[Reference] = []
        target: str | None = "/predictions"
        for _ in range(MAX_PAGES):
            page = (await self._http.call("GET", target or "")).members
            listed = [each for each in page.get("results") or () if isinstance(each, dict)]
            found += [_reference(each) for each in listed if wanted.is_made_by(each)]
            removed += [_reference(each) for each in listed if wanted.may_have_made(each)]
            target = page.get("next")
            if not target or any(wanted.is_after(each) for each in listed):
                return (found or removed)[::-1]
        raise ProviderUnavailable(f"{self.name} lists too many predictions to look through.")

    async def poll(self, reference: Reference) -> Status:
        """Get the prediction."""
        return status_of((await self._http.call("GET", _path(reference))).members)

    async def cancel(self, reference: Reference) -> None:
        """Cancel it. One that has ended stays as it is."""
        await self._http.call("POST", f"{_path(reference)}/cancel", passes=(400, 404, 409, 410, 422))

    def open_result(
        self,
        reference: Reference,  # noqa: ARG002
        url: str,
        *,
        start: int = 0,
    ) -> AbstractAsyncContextManager[Download]:
        """Open an output; it vanishes an hour after the prediction has ended."""
        return self._http.open(url, start=start)

    def verify_callback(self, headers: Mapping[str, str], body: bytes, *, now: datetime) -> Callback | None:
        """Verify a webhook by Standard Webhooks; its body is the prediction."""
        secret = self._given_secret or (self._fetched[0] if self._fetched else None)
        if secret is None:
            raise CallbackTooLate(f"The secret that signs webhooks of {self.name} is not known yet.")
        try:
            event_id = verify([secret], headers, body, now=now)
        except ValueError as error:
            said = str(error) if isinstance(error, SignatureInvalid) else "The secret of its webhooks is malformed."
            raise CallbackInvalid(f"A callback of {self.name} is not genuine: {said}") from error
        prediction_id = Answer(200, {}, body).members.get("id")
        if not isinstance(prediction_id, str) or not prediction_id:
            raise CallbackInvalid(f"A callback of {self.name} has no prediction in it.")
        return Callback(prediction_id, event_id, reference=Reference(prediction_id))

    async def refresh_keys(self) -> None:
        """Ask for the secret that signs webhooks, at most once an hour; an older one counts while there is no other.

        Who waits for it may give up; it is asked for to the end, for the next one.
        """
        if self._given_secret or (self._fetched and datetime.now(UTC) - self._fetched[1] < SECRET_LIFETIME):
            return
        if self._fetching is None or self._fetching.done():
            self._fetching = asyncio.create_task(self._fetch_secret(), name=f"webhook secret of {self.name}")
        try:
            await asyncio.shield(self._fetching)
        except PlayheadError:
            if self._fetched is None:
                raise

    async def _fetch_secret(self) -> None:
        key = (await self._http.call("GET", "/webhooks/default/secret")).members.get("key")
        if not isinstance(key, str):
            raise ProviderUnavailable(f"{self.name} did not give the secret of its webhooks.")
        self._fetched = (key, datetime.now(UTC))

    async def test(self) -> Tested:
        """Ask for the account that the key belongs to."""
        try:
            account = (await self._http.call("GET", "/account")).members
        except PlayheadError as error:
            return Tested(False, error.detail)
        return Tested(True, f"The key is valid: account {self._http.clean(str(account.get('username') or '?'))}.")

    async def close(self) -> None:
        """Close its connections."""
        if self._fetching is not None:
            self._fetching.cancel()
            await asyncio.wait({self._fetching})
        await self._http.close()


class _Wanted:
    """What a prediction in the list must be like to be the one of a submission."""

    def __init__(self, submission: Submission, since: datetime) -> None:
        self._input = input_of(submission)
        version = _VERSION.fullmatch(submission.model)
        self._version = version[1] if version else None
        self._model = submission.model.removeprefix("deployments/")
        self._from, self._until = since - CLOCK_SLACK, since + CLOCK_SLACK

    def is_made_by(self, prediction: Mapping[str, Any]) -> bool:
        """Whether it has the same input."""
        return self._fits(prediction) and prediction.get("input") == self._input

    def may_have_made(self, prediction: Mapping[str, Any]) -> bool:
        """Whether it may have had: the input is removed an hour after the end. Better lost than paid twice."""
        return self._fits(prediction) and bool(prediction.get("data_removed")) and not prediction.get("input")

    def is_after(self, prediction: Mapping[str, Any]) -> bool:
        """Whether the submission is later than it, hence than all that the list has after it."""
        at = time_of(prediction.get("created_at"))
        return at is not None and at < self._from

    def _fits(self, prediction: Mapping[str, Any]) -> bool:
        at = time_of(prediction.get("created_at"))
        if prediction.get("source") == "web" or at is None or not self._from <= at <= self._until:
            return False
        if self._version:
            return prediction.get("version") == self._version
        return prediction.get("model") == self._model


def _target(model: str) -> tuple[str, dict[str, str]]:
    """The path that creates a prediction of a model, and the version in its body."""
    if version := _VERSION.fullmatch(model):
        return "/predictions", {"version": version[1]}
    named = _MODEL.fullmatch(model)
    if named is None:
        raise InputRejected(
            f"{model} is not the name of a model.",
            hint="Replicate names models owner/name, owner/name:version or deployments/owner/name.",
        )
    return f"/{'deployments' if named[1] else 'models'}/{named[2]}/{named[3]}/predictions", {}


def _reference(prediction: Mapping[str, Any]) -> Reference:
    prediction_id = prediction.get("id")
    if not isinstance(prediction_id, str) or not prediction_id:
        raise OutcomeUnknown("The provider accepted the request without an id.")
    return Reference(prediction_id)


def _path(reference: Reference) -> str:
    return f"/predictions/{quote(reference.id, safe='')}"
