"""What can be wrong with a caller's identity, rights or account."""

from playhead.errors import Conflict, InvalidInput, PlayheadError


class NotSignedIn(PlayheadError):
    """No credential, or one that is not valid (any more)."""

    code = "not_signed_in"
    title = "Sign in first"
    status = 401
    fault = "caller"

    @property
    def headers(self) -> dict[str, str]:
        """The challenge that RFC 9110 section 11.6.1 asks of every 401."""
        return {"WWW-Authenticate": 'Bearer realm="playhead"'}


class InvalidCredential(NotSignedIn):
    """A key was sent and is wrong, revoked or expired: it counts even when a good cookie came with it."""

    code = "invalid_credential"
    title = "This API key is not valid"

    @property
    def headers(self) -> dict[str, str]:
        return {"WWW-Authenticate": 'Bearer realm="playhead", error="invalid_token"'}


class Forbidden(PlayheadError):
    """Known, and not allowed."""

    code = "forbidden"
    title = "Not allowed"
    status = 403
    fault = "caller"


class SignatureInvalid(Forbidden):
    """A signed URL was altered, or its key is no longer known."""

    code = "signature_invalid"
    title = "This link is not valid"


class SignatureExpired(Forbidden):
    """A signed URL outlived its time."""

    code = "signature_expired"
    title = "This link has expired"


class SignatureRevoked(Forbidden):
    """Whoever may has ended the links, or the share, that this URL stands on."""

    code = "signature_revoked"
    title = "This link was withdrawn"


class SetupTokenInvalid(Forbidden):
    """Not the setup token, or no longer."""

    code = "setup_token_invalid"
    title = "This setup link is not valid"


class SecretsUnreadable(PlayheadError):
    """The secrets file is damaged or others can read it."""

    code = "secrets_unreadable"
    title = "The secrets file cannot be used"


class IdempotencyKeyInvalid(InvalidInput):
    """``Idempotency-Key`` must be 1 to 255 visible ASCII characters."""

    code = "idempotency_key_invalid"
    title = "This Idempotency-Key cannot be used"


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


class IdempotencySecret(Conflict):
    """The first request answered with a secret, which is shown once and kept nowhere."""

    code = "idempotency_secret"
    title = "This answer is shown only once"
