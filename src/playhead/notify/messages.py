"""Messages for people: an event in a title, a sentence and a link."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from playhead.kit.units import format_bytes, format_duration

Data = dict[str, Any]

_MENTION: Final = re.compile(r"@|<(?=[!#])")


@dataclass(frozen=True, slots=True)
class Message:
    """A message as Apprise sends it, in plain text."""

    title: str
    body: str


def message_of(event_type: str, data: Data, *, address: str | None) -> Message:
    """Write the message of an event.

    Args:
        data: Of the body, with the ``id`` of the subject.
        address: Public address of this server for the link; None for none.
    """
    try:
        title, sentences = _WRITERS[event_type](data)
    except (KeyError, AttributeError, TypeError, ValueError):  # an event of another version is named by its type
        title, sentences = event_type, ""
    page = _page(event_type, data)
    link = f"{address}{page}" if address and page else ""
    return Message(title, "\n".join(filter(None, (sentences, link))) or title)


def _channel_live(data: Data) -> tuple[str, str]:
    about = " · ".join(filter(None, (data.get("title"), data.get("category"))))
    return f"{_name(data)} is live", about


def _channel_offline(data: Data) -> tuple[str, str]:
    return f"{_name(data)} is offline", "The broadcast has ended."


def _recording_started(data: Data) -> tuple[str, str]:
    return f"Recording: {_title(data)}", "The recording has begun."


def _recording_interrupted(data: Data) -> tuple[str, str]:
    return f"Recording interrupted: {_title(data)}", "Nothing is received at present. Playhead keeps trying."


def _recording_finished(data: Data) -> tuple[str, str]:
    gaps = int(data.get("gaps") or 0)
    missing = f", {_duration(data['missing_s'])} missing" if data.get("missing_s") else ""
    found = f"{gaps} {'gap' if gaps == 1 else 'gaps'}{missing}" if gaps else "No gaps"
    facts = ", ".join(filter(None, (_duration(data.get("duration_s")), _size(data))))
    return f"Recorded: {_title(data)}", f"{facts}. {found}." if facts else f"{found}."


def _recording_failed(data: Data) -> tuple[str, str]:
    return f"Recording failed: {_title(data)}", _error(data)


def _video_ready(data: Data) -> tuple[str, str]:
    facts = ", ".join(filter(None, (_duration(data.get("duration_s")), _size(data))))
    return f"Ready: {_title(data)}", f"The video can be played ({facts})." if facts else "The video can be played."


def _video_errored(data: Data) -> tuple[str, str]:
    return f"Video errored: {_title(data)}", _error(data)


def _comment_created(data: Data) -> tuple[str, str]:
    at = "" if data.get("at_s") is None else f" at {_duration(data['at_s'])}"
    return f"Comment on {_title(data)}", _without_mentions(f"{data['author']}{at}: {data['text']}")


def _without_mentions(text: str) -> str:
    """A stranger's words that address nobody: chats call all their members for ``@everyone`` and ``<!channel>``."""
    return _MENTION.sub("\\g<0>\u200b", text)


def _video_trashed(data: Data) -> tuple[str, str]:
    reason = f" Reason: {data['reason']}." if data.get("reason") else ""
    return f"Moved to the trash: {_title(data)}", f"Retention removed it; it can be restored for a while.{reason}"


def _job_failed(data: Data) -> tuple[str, str]:
    return f"Job failed: {data.get('kind') or 'job'}, {_title(data)}", _error(data)


def _generation_succeeded(data: Data) -> tuple[str, str]:
    cost = data.get("cost")
    return f"Generated: {_prompt(data)}", f"It cost {cost:.2f} USD." if cost else "The video can be played."


def _generation_failed(data: Data) -> tuple[str, str]:
    return f"Generation failed: {_prompt(data)}", _error(data)


def _generation_refused(data: Data) -> tuple[str, str]:
    return f"Refused by {data.get('provider') or 'the provider'}: {_prompt(data)}", _error(data)


def _generation_unknown(data: Data) -> tuple[str, str]:
    return f"Decide about a generation: {_prompt(data)}", _error(data)


def _disk_low(data: Data) -> tuple[str, str]:
    free, floor = data.get("free_bytes"), data.get("floor_bytes")
    figures = f"{format_bytes(free)} are free; {format_bytes(floor)} are wanted." if free and floor else ""
    return f"Disk nearly full on {data.get('host') or 'the server'}", " ".join(
        filter(None, (figures, data.get("detail")))
    )


def _webhook_disabled(data: Data) -> tuple[str, str]:
    return f"Webhook disabled: {data.get('description') or data.get('id')}", str(data.get("error") or "")


def _webhook_test(_: Data) -> tuple[str, str]:
    return "Playhead test", "Notifications from Playhead arrive here."


_WRITERS: Final[dict[str, Callable[[Data], tuple[str, str]]]] = {
    "channel.live": _channel_live,
    "channel.offline": _channel_offline,
    "recording.started": _recording_started,
    "recording.interrupted": _recording_interrupted,
    "recording.finished": _recording_finished,
    "recording.failed": _recording_failed,
    "video.ready": _video_ready,
    "video.errored": _video_errored,
    "comment.created": _comment_created,
    "video.trashed": _video_trashed,
    "job.failed": _job_failed,
    "generation.succeeded": _generation_succeeded,
    "generation.failed": _generation_failed,
    "generation.refused": _generation_refused,
    "generation.unknown": _generation_unknown,
    "disk.low": _disk_low,
    "webhook.disabled": _webhook_disabled,
    "webhook.test": _webhook_test,
}

_PAGES: Final = {
    "chn": "/live/channels/{id}",
    "rec": "/live/recordings/{id}",
    "vid": "/videos/{id}",
    "prj": "/projects/{id}",
    "job": "/jobs?open={id}",
    "whk": "/notifications",
}


def _page(event_type: str, data: Data) -> str | None:
    """The page of what an event is about."""
    subject = data.get("video_id") if event_type == "recording.finished" else data.get("id")
    if event_type == "disk.low":
        return "/system"
    if event_type.startswith("generation."):
        subject = data.get("video_id") or data.get("project_id")
    return _PAGES[subject[:3]].format(id=subject) if isinstance(subject, str) and subject[:3] in _PAGES else None


def _name(data: Data) -> str:
    return str(data.get("name") or data.get("id") or "A channel")


def _title(data: Data) -> str:
    return str(data.get("title") or data.get("id") or "untitled")


def _prompt(data: Data) -> str:
    return str(data.get("prompt") or data.get("id") or "a prompt")


def _error(data: Data) -> str:
    error = data.get("error") or {}
    return " ".join(filter(None, (error.get("message"), error.get("hint")))) or "No reason was recorded."


def _size(data: Data) -> str | None:
    return format_bytes(data["size_bytes"]) if data.get("size_bytes") else None


def _duration(seconds: float | None) -> str | None:
    return None if seconds is None else f"{seconds:.1f} s" if seconds < 60 else format_duration(seconds)
