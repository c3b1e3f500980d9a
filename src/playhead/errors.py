"""The base errors: four facts, declared once per class.

A class of its own is for an error that somebody catches, that has its own status or headers, or that is raised in many
places. Any other is an instance with a code: ``InvalidInput("...", code="invalid_name", title="...")``.

The API reads ``status``, the worker reads ``retry``, the incident report reads ``fault`` and ``code``.
One exception handler turns any of them into ``application/problem+json`` (RFC 9457).
"""

from typing import Any, ClassVar, Literal

Retry = Literal["never", "backoff"]
Fault = Literal["caller", "destination", "provider", "us"]


class PlayheadError(Exception):
    """An error that a caller, a client or an operator must act on.

    Args:
        detail: What happened, to which id, with the numbers. One or two sentences, shown to people.
        hint: The next step, where there is one.
        code: Stable name, where it is more specific than the class's.
        title: The same for every error of one code, for people.
        extra: More members of the problem, such as ``projects`` (RFC 9457 section 3.2).
    """

    code: str = "internal_error"
    title: str = "Something went wrong in Playhead"
    status: ClassVar[int] = 500
    retry: ClassVar[Retry] = "never"
    fault: ClassVar[Fault] = "us"

    def __init__(
        self,
        detail: str,
        *,
        hint: str | None = None,
        code: str | None = None,
        title: str | None = None,
        extra: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.hint = hint
        self.code = code or self.code
        self.title = title or self.title
        self.extra = extra

    @property
    def headers(self) -> dict[str, str]:
        """Extra response headers, such as ``Retry-After``."""
        return {}


class InvalidInput(PlayheadError):
    """A well-formed value that cannot be used."""

    code = "invalid_input"
    title = "That value cannot be used"
    status = 400
    fault = "caller"


class NotFound(PlayheadError):
    """A missing resource, or another owner's: the answer is the same."""

    code = "not_found"
    title = "Not found"
    status = 404
    fault = "caller"


class Conflict(PlayheadError):
    """A request that the current state does not allow."""

    code = "conflict"
    title = "This changed in the meantime"
    status = 409
    fault = "caller"


class PreconditionFailed(PlayheadError):
    """An ``If-Match`` with a version that is no longer current (RFC 9110 section 13.1.1)."""

    code = "version_mismatch"
    title = "Someone changed this in the meantime"
    status = 412
    fault = "caller"


class PreconditionRequired(PlayheadError):
    """An update without ``If-Match`` that could overwrite another's work (RFC 6585 section 3)."""

    code = "if_match_required"
    title = "If-Match header required"
    status = 428
    fault = "caller"


class TooManyRequests(PlayheadError):
    """A rate limit was reached.

    Args:
        retry_after_s: Whole seconds until the next try has a chance.
    """

    code = "rate_limited"
    title = "Too many requests"
    status = 429
    retry = "backoff"
    fault = "caller"

    def __init__(
        self,
        detail: str,
        *,
        retry_after_s: int,
        hint: str | None = None,
        code: str | None = None,
        title: str | None = None,
    ) -> None:
        super().__init__(detail, hint=hint, code=code, title=title)
        self.retry_after_s = retry_after_s

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": str(self.retry_after_s)}


class Unavailable(PlayheadError):
    """A dependency that does not answer, perhaps only for a moment."""

    code = "unavailable"
    title = "Not available right now"
    status = 503
    retry = "backoff"
    fault = "destination"

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": "5"}
