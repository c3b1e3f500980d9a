"""Errors of share links."""

from playhead.access.errors import Forbidden
from playhead.errors import Conflict, InvalidInput, NotFound, PreconditionFailed


class ShareNotFound(NotFound):
    """No such share, another owner's, or a link that was made up."""

    code = "share_not_found"
    title = "No such share link"

    def __init__(self, what: str = "This link leads to nothing.") -> None:
        super().__init__(what, hint="Check that it was copied whole.")


class ShareEnded(NotFound):
    """It was revoked or has expired, or its video is gone."""

    code = "share_ended"
    title = "This link has ended"

    def __init__(self) -> None:
        super().__init__("The link was good once and is no longer.", hint="Ask whoever sent it for a new one.")


class ShareRevoked(Conflict):
    """A revoked share stays revoked."""

    code = "share_revoked"
    title = "This share link was revoked"

    def __init__(self, share_id: str) -> None:
        super().__init__(f"Share {share_id} was revoked and cannot be changed.", hint="Make a new one.")


class ShareVersionMismatch(PreconditionFailed):
    """``If-Match`` names another version."""


class ShareExpiryInvalid(InvalidInput):
    """A share must end in the future."""

    code = "share_expiry_invalid"
    title = "That end cannot be used"


class SharePasswordRequired(Forbidden):
    """The share has a password and none came."""

    code = "share_password_required"
    title = "This video needs a password"


class SharePasswordWrong(Forbidden):
    """Not its password, or a pass that is no longer good."""

    code = "share_password_wrong"
    title = "The password is wrong"


class DownloadNotAllowed(Forbidden):
    """Whoever made the share did not allow it."""

    code = "download_not_allowed"
    title = "This video cannot be downloaded"
