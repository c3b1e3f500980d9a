"""Who reads or writes comments: a user, or a visitor of a share link."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from playhead.access.principals import Principal
from playhead.access.tables import UserRow
from playhead.catalog.comments.tables import CommentRow


@dataclass(frozen=True, slots=True)
class Writer:
    """A reader or writer of comments.

    Args:
        name: Name to show with what they write.
        moderates: May delete and resolve what others wrote: the owner of the video, or an admin.
        visitor_hash: Of a visitor, the hash of the secret that their browser keeps.
    """

    name: str
    user_id: str | None = None
    share_id: str | None = None
    visitor_hash: bytes | None = None
    moderates: bool = False

    def wrote(self, row: CommentRow) -> bool:
        """Whether a comment is theirs."""
        if self.user_id is not None:
            return row.user_id == self.user_id
        return self.visitor_hash is not None and row.visitor_hash == self.visitor_hash


async def user_writer(session: AsyncSession, principal: Principal) -> Writer:
    """A user who can see the video, which only its owner and admins can."""
    user = await session.get(UserRow, principal.user_id)
    name = (user.name if user else "") or principal.email.partition("@")[0]
    return Writer(name, user_id=principal.user_id, moderates=True)
