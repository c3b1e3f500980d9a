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

_BROADCAST_DATA = {
    "channel_id": _CHANNEL,
    "name": "harbour",
    "broadcast_id": _BROADCAST,
    "title": "Morning tide",
    "category": "Travel",
    "started_at": "2026-03-01T06:00:00.000Z",
    "offline_at": None,
}
_RECORDING_DATA = {
    "recording_id": _RECORDING,
    "channel_id": _CHANNEL,
    "title": "Morning tide",
    "state": "recording",
    "video_id": None,
    "duration_s": 0.0,
    "size_bytes": 0,
    "gaps": 0,
    "missing_s": 0,
    "error": None,
}
_GENERATION = "gen_01k3q9h2v7e8t9m5x0c4d6f8gj"
_GENERATION_DATA = {
    "project_id": "prj_01k3q9h2v7e8t9m5x0c4d6f8gf",
    "clip_id": "clp_01k3q9h2v7e8t9m5x0c4d6f8gk",
    "provider": "replicate",
    "model": "veo-3.1",
    "prompt": "A lighthouse at dawn, waves in slow motion",
    "video_id": None,
    "cost": None,
    "error": None,
}
_RECORDED = {"duration_s": 5025.4, "size_bytes": 2148723210, "gaps": 1, "missing_s": 3.2}

EVENT_TYPES: Final = {
    "channel.live": EventType("A channel went live.", _CHANNEL, _BROADCAST_DATA),
    "channel.offline": EventType(
        "A channel's broadcast ended.", _CHANNEL, {**_BROADCAST_DATA, "offline_at": "2026-03-01T12:00:00.000Z"}
    ),
    "recording.started": EventType("A recording began.", _RECORDING, _RECORDING_DATA),
    "recording.interrupted": EventType(
        "A recording receives nothing; Playhead keeps trying.", _RECORDING, {**_RECORDING_DATA, **_RECORDED}
    ),
    "recording.finished": EventType(
        "A recording ended and became a video.",
        _RECORDING,
        {**_RECORDING_DATA, **_RECORDED, "state": "ready", "video_id": _VIDEO},
    ),
    "recording.failed": EventType(
        "A recording ended without a video.",
        _RECORDING,
        {
            **_RECORDING_DATA,
            "state": "errored",
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
    "comment.created": EventType(
        "Somebody commented on a video, or replied to a comment: then `parent_id` names it, and `at_s` is null.",
        _VIDEO,
        {
            "comment_id": "cmt_01k3q9h2v7e8t9m5x0c4d6f8gi",
            "video_id": _VIDEO,
            "title": "Morning tide",
            "parent_id": None,
            "at_s": 4.2,
            "end_s": None,
            "text": "Start a little later.",
            "author": "Kim",
            "visitor": True,
        },
    ),
    "video.trashed": EventType(
        "Retention moved a video to the trash.",
        _VIDEO,
        {"video_id": _VIDEO, "title": "Morning tide", "reason": "older than 30 days", "size_bytes": 8123456},
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
    "generation.succeeded": EventType(
        "A prompt has become a video.", _GENERATION, {**_GENERATION_DATA, "video_id": _VIDEO, "cost": 1.6}
    ),
    "generation.failed": EventType(
        "A generation failed. A cost that is not known is null.",
        _GENERATION,
        {
            **_GENERATION_DATA,
            "cost": 0.0,
            "error": {
                "code": "provider_failed",
                "message": "The model ran out of memory.",
                "hint": None,
                "side": "provider",
            },
        },
    ),
    "generation.refused": EventType(
        "A provider refused a prompt, an input file, or what its model made of them.",
        _GENERATION,
        {
            **_GENERATION_DATA,
            "cost": 0.0,
            "error": {
                "code": "refused",
                "message": "Flagged as sensitive.",
                "hint": "Change the prompt or the input file.",
                "side": "refused",
            },
        },
    ),
    "generation.unknown": EventType(
        "Nobody knows whether a generation was submitted; a person decides whether to submit it again.",
        _GENERATION,
        {
            **_GENERATION_DATA,
            "error": {
                "code": "submit_outcome_unknown",
                "message": "The request was sent to runway, and its answer was lost.",
                "hint": "Look at your account at runway, then submit it again or give it up.",
                "side": "provider",
            },
        },
    ),
    "disk.low": EventType(
        "Free space fell under its floor.",
        "studio-1",
        {
            "host": "studio-1",
            "free_bytes": 812345678,
            "floor_bytes": 1073741824,
            "freed_bytes": 0,
            "detail": "New uploads are refused.",
        },
    ),
    "webhook.disabled": EventType(
        "A webhook was disabled: its endpoint is gone, or failed for days.",
        "whk_01k3q9h2v7e8t9m5x0c4d6f8gh",
        {"description": "Chat bot", "reason": "failing", "error": "It answered 500 Internal Server Error."},
    ),
}
"""Types of events."""
