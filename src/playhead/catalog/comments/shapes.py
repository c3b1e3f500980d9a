"""Requests for comments and what the API returns for them."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from playhead.api.shapes import PageShape, Payload, Shape, Timestamp
from playhead.kit.text import plain_text

MAX_LENGTH = 2000

Author = Literal["owner", "user", "visitor"]


def _said(text: str) -> str:
    plain = plain_text(text)
    if not plain:
        raise ValueError("a comment needs at least one word")
    return plain


Text = Annotated[
    str,
    Field(min_length=1, max_length=MAX_LENGTH, description="Plain text of one or more lines."),
    AfterValidator(_said),
]
Seconds = Annotated[float, Field(ge=0, le=10_000_000, allow_inf_nan=False)]


class Reply(Shape):
    """An answer to a comment."""

    id: str
    video_id: str
    text: str
    author: str = Field(description="Name of the author when it was written.")
    author_kind: Author = Field(
        description="`owner` of the video, another `user` of this server, or a `visitor` of a share link, who chose "
        "the name freely."
    )
    is_mine: bool = Field(description="You may change it.")
    created_at: Timestamp
    edited_at: Timestamp | None


class Comment(Reply):
    """A comment at a time of a video, and the replies to it."""

    parent_id: str | None = Field(description="Null, but in the answer to a new or changed reply.")
    at_s: float | None = Field(description="Null for a reply.")
    end_s: float | None = Field(description="End of the span that it is about; null for one moment.")
    resolved_at: Timestamp | None
    resolved_by: str | None
    replies: list[Reply] = Field(description="Oldest first.")


class CommentPage(PageShape[Comment]):
    """A page of comments."""


class CommentCreate(Payload):
    """A new comment at a time, or a reply to a comment."""

    text: Text
    at_s: Seconds | None = Field(default=None, description="Required, but for a reply.")
    end_s: Seconds | None = Field(default=None, description="End of the span that it is about, after `at_s`.")
    parent_id: str | None = Field(default=None, max_length=64, description="The comment that it replies to.")

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.at_s is None) == (self.parent_id is None):
            raise ValueError("a comment has at_s, and a reply has parent_id instead")
        if self.end_s is not None and (self.at_s is None or self.end_s <= self.at_s):
            raise ValueError("end_s is after at_s")
        return self


class CommentChanges(Payload):
    """Changes to a comment; omitted fields stay."""

    text: Text | None = Field(default=None, description="By its author alone.")
    resolved: bool | None = Field(default=None, description="By the owner of the video alone; not of a reply.")
