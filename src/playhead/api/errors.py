"""Errors of what every route shares: cursors, versions, repeated requests."""

from playhead.errors import Conflict, InvalidInput, PlayheadError


class InvalidCursor(InvalidInput):
    """A cursor that this list did not give out."""

    code = "invalid_cursor"
    title = "Invalid cursor"


class IdempotencyKeyReused(PlayheadError):
    """The key came with another body before."""

    code = "idempotency_key_reused"
    title = "This Idempotency-Key was used for another request"
    status = 422
    fault = "caller"


class IdempotencyInFlight(Conflict):
    """The first request with this key has not ended."""

    code = "idempotency_in_flight"
    title = "The same request is still running"
    retry = "backoff"

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": "2"}
