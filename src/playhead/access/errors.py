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


class WrongCredentials(NotSignedIn):
    """Unknown email or wrong password: the caller learns no difference."""

    code = "wrong_credentials"
    title = "Email or password is wrong"


class Forbidden(PlayheadError):
    """Known, and not allowed."""

    code = "forbidden"
    title = "Not allowed"
    status = 403
    fault = "caller"


class ScopeMissing(Forbidden):
    """The principal lacks a scope."""

    code = "scope_missing"
    title = "This needs a right you do not have"


class SessionRequired(Forbidden):
    """An API key without ``admin`` tried to manage the account itself."""

    code = "session_required"
    title = "Sign in for this"


class CrossSiteRequest(Forbidden):
    """A page of another site made the browser send our cookie."""

    code = "cross_site_request"
    title = "This request came from another site"


class AccountDisabled(Forbidden):
    """The password was right, but an admin has disabled the account."""

    code = "account_disabled"
    title = "This account is disabled"


class WrongPassword(Forbidden):
    """A password change needs the present one."""

    code = "wrong_password"
    title = "The current password is wrong"


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


class SetupDone(Conflict):
    """There is a first user already."""

    code = "setup_done"
    title = "Playhead is set up already"


class InvalidEmail(InvalidInput):
    """Not an address that mail could reach."""

    code = "invalid_email"
    title = "This is not an email address"


class InvalidName(InvalidInput):
    """A name that is empty, too long or holds control characters."""

    code = "invalid_name"
    title = "This name cannot be used"


class InvalidPassword(InvalidInput):
    """Too short, too long or not text."""

    code = "invalid_password"
    title = "This password cannot be used"


class InvalidScopes(InvalidInput):
    """A key was to hold more than its user or its maker may do."""

    code = "invalid_scopes"
    title = "A key cannot hold these scopes"


class EmailTaken(Conflict):
    """Another user has this email."""

    code = "email_taken"
    title = "There is a user with this email already"


class LastAdmin(Conflict):
    """Without this admin nobody could manage Playhead."""

    code = "last_admin"
    title = "This is the last admin"


class UserOwnsThings(Conflict):
    """Videos, projects or jobs still belong to the user."""

    code = "user_owns_things"
    title = "This user still owns videos or projects"


class SecretsUnreadable(PlayheadError):
    """The secrets file is damaged or others can read it."""

    code = "secrets_unreadable"
    title = "The secrets file cannot be used"
