"""Errors of share links."""

from playhead.access.errors import Forbidden
from playhead.errors import NotFound


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


class SharePasswordWrong(Forbidden):
    """A wrong password, or an unlock token that is no longer valid."""

    code = "share_password_wrong"
    title = "Wrong password"
