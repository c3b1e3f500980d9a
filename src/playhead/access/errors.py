"""Errors of identity, permissions and accounts."""

from playhead.errors import PlayheadError


class NotSignedIn(PlayheadError):
    """A missing, invalid or expired credential."""

    code = "not_signed_in"
    title = "Sign in first"
    status = 401
    fault = "caller"

    @property
    def headers(self) -> dict[str, str]:
        """The challenge that RFC 9110 section 11.6.1 requires of every 401."""
        return {"WWW-Authenticate": 'Bearer realm="playhead"'}


class InvalidCredential(NotSignedIn):
    """A wrong, revoked or expired API key; refused even beside a good cookie."""

    code = "invalid_credential"
    title = "This API key is not valid"

    @property
    def headers(self) -> dict[str, str]:
        return {"WWW-Authenticate": 'Bearer realm="playhead", error="invalid_token"'}


class Forbidden(PlayheadError):
    """A known principal without permission."""

    code = "forbidden"
    title = "Not allowed"
    status = 403
    fault = "caller"


class SignatureInvalid(Forbidden):
    """A signed URL that was altered, or whose key is unknown."""

    code = "signature_invalid"
    title = "This link is not valid"


class SignatureExpired(Forbidden):
    """A signed URL after its expiry."""

    code = "signature_expired"
    title = "This link has expired"


class SignatureRevoked(Forbidden):
    """A signed URL whose links or share were ended by their owner or an admin."""

    code = "signature_revoked"
    title = "Link revoked"


class SetupTokenInvalid(Forbidden):
    """A wrong, used or expired setup token."""

    code = "setup_token_invalid"
    title = "This setup link is not valid"


class SecretsUnreadable(PlayheadError):
    """A secrets file that is damaged or readable by others."""

    code = "secrets_unreadable"
    title = "The secrets file cannot be used"
