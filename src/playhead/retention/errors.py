"""Errors of retention."""

from playhead.errors import Conflict, NotFound
from playhead.kit.units import format_bytes


class PolicyNotFound(NotFound):
    """No such policy, or of a stranger's channel."""

    code = "policy_not_found"
    title = "Policy not found"

    def __init__(self, policy_id: str) -> None:
        super().__init__(f"There is no retention policy {policy_id[:80]}.")


class RetentionStopped(Conflict):
    """A run that would remove more than half of the library, which a person must confirm."""

    code = "retention_stopped"
    title = "More than half would be removed"

    def __init__(self, videos: int, of_videos: int, size_bytes: int, of_bytes: int) -> None:
        super().__init__(
            f"Nothing was removed: this would be {videos} of {of_videos} videos, {format_bytes(size_bytes)} of "
            f"{format_bytes(of_bytes)}.",
            hint="Check the plan and the policies, then run retention with force.",
            extra={"videos": videos, "size_bytes": size_bytes},
        )
