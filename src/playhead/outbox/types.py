"""The types of events, with an example of the data of each: `docs/webhook-events.md` is written from them."""

from typing import Any, Final, NamedTuple


class EventType(NamedTuple):
    """What an event says, and the ``data`` that it carries beside the ``id`` of its subject.

    Attributes:
        id: Subject of the example.
        data: A field that does not apply is null, as `project_id` of a job that belongs to none.
    """

    meaning: str
    id: str
    data: dict[str, Any]


_VIDEO = "vid_01k3q9h2v7e8t9m5x0c4d6f8ga"
_JOB = "job_01k3q9h2v7e8t9m5x0c4d6f8gb"
_CHANNEL = "chn_01k3q9h2v7e8t9m5x0c4d6f8gc"
_RECORDING = "rec_01k3q9h2v7e8t9m5x0c4d6f8gd"
_BROADCAST = "brc_01k3q9h2v7e8t9m5x0c4d6f8ge"

EVENT_TYPES: Final = {
    "channel.live": EventType(
        "A channel went live.",
        _CHANNEL,
        {"name": "harbour", "broadcast_id": _BROADCAST, "title": "Morning tide", "category": "Travel"},
    ),
    "channel.offline": EventType(
        "A channel's broadcast ended.", _CHANNEL, {"name": "harbour", "broadcast_id": _BROADCAST}
    ),
    "recording.started": EventType("A recording began.", _RECORDING, {"title": "Morning tide", "channel_id": _CHANNEL}),
    "recording.interrupted": EventType(
        "A recording receives nothing; Playhead keeps trying.",
        _RECORDING,
        {"title": "Morning tide", "channel_id": _CHANNEL, "cause": "source"},
    ),
    "recording.finished": EventType(
        "A recording ended and became a video.",
        _RECORDING,
        {
            "title": "Morning tide",
            "channel_id": _CHANNEL,
            "video_id": _VIDEO,
            "duration_s": 5025.4,
            "size_bytes": 2148723210,
            "gaps": [{"start_s": 1200.5, "length_s": 3.2, "cause": "source"}],
        },
    ),
    "recording.failed": EventType(
        "A recording ended without a video.",
        _RECORDING,
        {
            "title": "Morning tide",
            "channel_id": _CHANNEL,
            "error": {"code": "source_refused", "message": "The source refused the connection.", "hint": None},
        },
    ),
    "video.ready": EventType(
        "A video can be played.",
        _VIDEO,
        {
            "title": "Morning tide",
            "origin": "upload",
            "project_id": None,
            "duration_s": 12.5,
            "width": 1920,
            "height": 1080,
            "size_bytes": 8123456,
        },
    ),
    "video.errored": EventType(
        "A video could not be prepared.",
        _VIDEO,
        {
            "title": "Morning tide",
            "origin": "upload",
            "error": {"code": "not_a_video", "message": "This file has no video track.", "hint": None},
        },
    ),
    "video.trashed": EventType(
        "Retention moved a video to the trash.",
        _VIDEO,
        {"title": "Morning tide", "reason": "older than 30 days", "size_bytes": 8123456},
    ),
    "job.failed": EventType(
        "A job failed.",
        _JOB,
        {
            "kind": "stitch",
            "title": "Holiday",
            "project_id": "prj_01k3q9h2v7e8t9m5x0c4d6f8gf",
            "video_id": None,
            "error": {"code": "store_full", "message": "No room is left in the store.", "hint": "Free some space."},
        },
    ),
    "disk.low": EventType(
        "Free space fell under its floor.",
        "studio-1",
        {"host": "studio-1", "free_bytes": 812345678, "floor_bytes": 1073741824},
    ),
    "webhook.disabled": EventType(
        "A webhook was disabled because its endpoint kept failing.",
        "whk_01k3q9h2v7e8t9m5x0c4d6f8gh",
        {"description": "Chat bot", "reason": "failing", "error": "It answered 500 Internal Server Error."},
    ),
}
"""Types of events."""
