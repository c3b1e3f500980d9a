"""Errors of share links."""

from playhead.access.errors import Forbidden
from playhead.errors import Conflict, InvalidInput, NotFound, PreconditionFailed


class ShareNotFound(NotFound):
    """No such share, another owner's, or a link that was made up."""

    code = "share_not_found"
    title = "Share link not found"

    def __init__(self, what: str = "This link leads to nothing.") -> None:
        super().__init__(what, hint="Check that it was copied in full.")


class ShareEnded(NotFound):
    """A share that was revoked or has expired, or whose video is gone."""

    code = "share_ended"
    title = "Share link has ended"

    def __init__(self) -> None:
        super().__init__("The link was valid once and is no longer.", hint="Ask its sender for a new one.")


class ShareRevoked(Conflict):
    """A revoked share stays revoked."""

    code = "share_revoked"
    title = "Share link was revoked"

    def __init__(self, share_id: str) -> None:
        super().__init__(f"Share {share_id} was revoked and cannot be changed.", hint="Make a new one.")


class ShareVersionMismatch(PreconditionFailed):
    """``If-Match`` names another version."""


class ShareExpiryInvalid(InvalidInput):
    """A share must end in the future."""

    code = "share_expiry_invalid"
    title = "Invalid expiry"


class SharePasswordRequired(Forbidden):
    """A share with a password, and none was given."""

    code = "share_password_required"
    title = "Password required"


class SharePasswordWrong(Forbidden):
    """A wrong password, or an unlock token that is no longer valid."""

    code = "share_password_wrong"
    title = "Wrong password"


class DownloadNotAllowed(Forbidden):
    """A share that does not allow downloads."""

    code = "download_not_allowed"
    title = "Download not allowed"
