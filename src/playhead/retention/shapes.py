"""Requests and responses of retention."""

from typing import Annotated, Literal

from pydantic import Field

from playhead.api.shapes import PageShape, Payload, Shape, Timestamp
from playhead.catalog.shapes import Origin

MaxAge = Annotated[
    int | None,
    Field(ge=3600, le=10**10, description="Seconds after which a video goes; null: no limit. 30 days are 2592000."),
]
MaxSize = Annotated[
    int | None,
    Field(ge=1, le=2**60, description="Bytes that all of them may take; then the oldest go. Null: no limit."),
]
MaxCount = Annotated[
    int | None, Field(ge=1, le=10**9, description="How many may stay; then the oldest go. Null: no limit.")
]


class PolicyInput(Payload):
    """A new policy."""

    origin: Annotated[Origin | None, Field(description="For videos of one origin. Null: for all.")] = None
    channel_id: Annotated[
        str | None, Field(max_length=40, description="For the recordings of one channel, before any other policy.")
    ] = None
    enabled: bool = True
    max_age_s: MaxAge = None
    max_size_bytes: MaxSize = None
    max_count: MaxCount = None


class PolicyChanges(Payload):
    """What changes of a policy; what is left out stays."""

    enabled: bool = True
    max_age_s: MaxAge = None
    max_size_bytes: MaxSize = None
    max_count: MaxCount = None


class RetentionPolicy(Shape):
    """How much stays of some videos. One without a limit keeps them all, whatever a wider policy says."""

    id: str
    applies_to: Annotated[str, Field(description="Its scope in words, such as `recordings`.")]
    origin: Origin | None
    channel_id: str | None
    enabled: bool
    max_age_s: int | None
    max_size_bytes: int | None
    max_count: int | None
    version: int
    created_at: Timestamp
    updated_at: Timestamp


class RetentionPolicies(Shape):
    """The policy for all videos first, then those of origins, then those of channels."""

    items: list[RetentionPolicy]


class HoldShape(Shape):
    """A reason for which a video stays."""

    name: Annotated[
        str, Field(description="`kept`, `in_project`, `shared`, `watched`, `recording`, `take`, `busy`; more may come.")
    ]
    reason: str


class PlannedVideo(Shape):
    """A video that goes, or would if nothing held it."""

    id: str
    title: str
    owner_id: str
    origin: Origin
    channel_id: str | None
    size_bytes: int
    created_at: Timestamp
    rule: Literal["age", "count", "size", "space"]
    reason: str
    policy_id: str | None
    holds: list[HoldShape]


class RetentionPlan(Shape):
    """A dry run: what goes, in this order, and what is held."""

    remove: Annotated[list[PlannedVideo], Field(description="To the trash; those of rule `space` for good.")]
    held: list[PlannedVideo]
    remove_bytes: int
    trash_videos: Annotated[int, Field(description="What is in the trash: it goes before any of rule `space`.")]
    trash_bytes: int
    videos: Annotated[int, Field(description="Videos of the library.")]
    size_bytes: int
    needs_force: Annotated[bool, Field(description="More than half would go: a run needs `force`.")]


class RunRequest(Payload):
    """A run to begin."""

    force: Annotated[bool, Field(description="Also when more than half of the videos or bytes go.")] = False


class RetentionRun(Shape):
    """One pass of retention."""

    id: str
    job_id: str | None
    cause: Annotated[Literal["schedule", "requested", "space"], Field(description="`space`: the disk was nearly full.")]
    requested_by: str | None
    state: Annotated[
        Literal["queued", "running", "done", "stopped", "failed", "canceled"],
        Field(description="`stopped`: a person has to decide; `detail` says what about."),
    ]
    detail: str | None
    planned: int
    planned_bytes: int
    removed: int
    removed_bytes: int
    held: int
    created_at: Timestamp
    ended_at: Timestamp | None


class RetentionRuns(PageShape[RetentionRun]):
    """A page of runs, newest first."""


class RemovalRecord(Shape):
    """A video that was moved to the trash, restored or deleted: by whom, and why."""

    id: str
    video_id: str
    title: str
    action: Literal["trashed", "restored", "deleted"]
    actor: Annotated[str, Field(description="Email of the user; `retention`; `trash` when its time there was over.")]
    reason: str | None
    size_bytes: int | None
    at: Timestamp
    can_restore: Annotated[bool, Field(description="It is in the trash now.")]


class RemovalHistory(PageShape[RemovalRecord]):
    """A page of the history, newest first."""


class PendingBytes(Shape):
    """Bytes of deleted videos that the store has not given up yet."""

    count: int
    failed: Annotated[int, Field(description="Of those, how many deletions failed at least once.")]
    oldest_at: Timestamp | None


class RetentionState(Shape):
    """Retention as it stands."""

    free_bytes: Annotated[int | None, Field(description="Of the store's disk; null for a remote store.")]
    floor_bytes: Annotated[int, Field(description="Under it the oldest videos go, whatever the policies say.")]
    recording_bytes_per_s: float
    min_free_bytes: int
    trash_videos: int
    trash_bytes: int
    trash_window_s: float
    pending: PendingBytes
    next_run_at: Timestamp | None
    last_run: RetentionRun | None
