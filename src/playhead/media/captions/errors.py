"""Errors of caption files."""

from playhead.errors import PlayheadError


class CaptionsUnreadable(PlayheadError):
    """A text that is not captions in any format that is read, or breaks the rules of its own.

    Args:
        line: Number of the line, from 1; 0 where no line is to blame.
    """

    code = "captions_unreadable"
    title = "These captions cannot be read"
    status = 400
    fault = "caller"

    def __init__(self, detail: str, *, line: int = 0, hint: str | None = None) -> None:
        super().__init__(f"Line {line}: {detail}" if line else detail, hint=hint, extra={"line": line or None})
