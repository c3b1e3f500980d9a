"""What can go wrong with comments."""

from playhead.access.errors import Forbidden
from playhead.errors import Conflict, InvalidInput, NotFound


class CommentNotFound(NotFound):
    """No such comment, or one of a video that the caller cannot see."""

    code = "comment_not_found"
    title = "Comment not found"

    def __init__(self, comment_id: str) -> None:
        super().__init__(f"There is no comment {comment_id}.", hint="It may have been deleted.")


class CommentNotYours(Forbidden):
    """A change that only the comment's author may make."""

    code = "comment_not_yours"
    title = "Not your comment"

    def __init__(self, detail: str = "Only its author can change a comment.") -> None:
        super().__init__(detail, hint="Write a reply instead.", code=self.code, title=self.title)


class CommentsFull(Conflict):
    """A video or a thread that takes no more comments."""

    code = "comments_full"
    title = "Too many comments"


class CommentIsReply(InvalidInput):
    """A reply where only a comment can be: replies have one level, and are not resolved."""

    code = "comment_is_reply"
    title = "This is a reply"
