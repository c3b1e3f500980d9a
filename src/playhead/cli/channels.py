"""``playhead channels``: sources that are recorded when they are live."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from playhead.cli.options import AsJson, Limit, Yes
from playhead.cli.recordings import gap_words
from playhead.cli.schedules import Window, window_of, window_text
from playhead.cli.server import connect
from playhead.cli.terminal import Terminal
from playhead.errors import InvalidInput
from playhead.kit.names import codec_name
from playhead.kit.units import format_bytes, format_duration

app = typer.Typer(no_args_is_help=True, help="Add channels, and record them.")

ChannelId = Annotated[str, typer.Argument(metavar="CHANNEL", help="Channel id, chn_...")]
Name = Annotated[str | None, typer.Option(help="Name; by default from the URL.")]
Qualities = Annotated[
    list[str] | None,
    typer.Option("--quality", metavar="NAME", help="best, worst, 720p60, ...; repeat to record two at once."),
]
Captures = Annotated[int | None, typer.Option(min=1, max=2, help="2: record twice at a time, and join.")]
Template = Annotated[
    str | None,
    typer.Option(
        metavar="TEMPLATE", help="Name of recordings, such as '{channel} {date} {title}'; '' for a plain one."
    ),
]
Schedules = Annotated[
    list[Window] | None,
    typer.Option(
        "--schedule",
        parser=window_of,
        metavar="'DAYS FROM-TO'",
        help="Hours to record in, such as 'mon-fri 18:00-02:00'; repeat for more.",
    ),
]
TimeZone = Annotated[str | None, typer.Option(metavar="ZONE", help="Time zone of the schedule, such as Europe/Oslo.")]
TitleWords = Annotated[list[str] | None, typer.Option("--title", metavar="WORD", help="Only titles with one of these.")]
NotTitle = Annotated[list[str] | None, typer.Option("--not-title", metavar="WORD", help="No titles with one of these.")]
CategoryWords = Annotated[
    list[str] | None, typer.Option("--category", metavar="WORD", help="Only categories with one of these.")
]
NotCategory = Annotated[
    list[str] | None, typer.Option("--not-category", metavar="WORD", help="No categories with one of these.")
]
Platform = Annotated[
    str | None, typer.Option(help="url: open it as a stream. site: by streamlink. By default the URL decides.")
]


@app.command("add")
def add_channel(
    context: typer.Context,
    url: Annotated[str, typer.Argument(metavar="URL", help="Page of a channel, or a stream.")],
    name: Name = None,
    quality: Qualities = None,
    captures: Captures = None,
    template: Template = None,
    schedule: Schedules = None,
    time_zone: TimeZone = None,
    title: TitleWords = None,
    not_title: NotTitle = None,
    category: CategoryWords = None,
    not_category: NotCategory = None,
    platform: Platform = None,
    auto_record: Annotated[bool, typer.Option(help="Record when it goes live.")] = True,
    as_json: AsJson = False,
) -> None:
    """Add a channel, and print its id.

    \b
    Examples:
      playhead channels add https://www.twitch.tv/name
      playhead channels add rtsp://192.168.1.20/stream --name Door --schedule 'daily 00:00-00:00'
      playhead channels add https://www.youtube.com/@name/live --quality 1080p --title podcast
    """
    terminal: Terminal = context.obj
    settings = _settings(name, quality, captures, template, schedule, time_zone, platform, auto_record=auto_record)
    settings |= _filters(title, not_title, category, not_category)
    with connect(terminal) as api:
        channel = api.send("POST", "/channels", json={"url": url, **settings})
    terminal.json(channel) if as_json else terminal.data(channel["id"])


@app.command("list")
def list_channels(
    context: typer.Context,
    search: Annotated[str | None, typer.Option(help="Words in the name or the address.")] = None,
    limit: Limit = 50,
    as_json: AsJson = False,
) -> None:
    """List channels: live ones first.

    \b
    Examples:
      playhead channels list
      playhead channels list --json | jq -r '.[] | select(.live_state == "live") | .id'
    """
    terminal: Terminal = context.obj
    with connect(terminal) as api:
        found = api.items("/channels", limit=limit, search=search)
    columns = ["id", "name", "state", "recording", "url", "checked"]
    terminal.items(found, columns, _row, as_json=as_json, empty="No channels.")


@app.command("show")
def show_channel(context: typer.Context, channel_id: ChannelId, as_json: AsJson = False) -> None:
    """Show a channel with its latest broadcasts.

    \b
    Examples:
      playhead channels show chn_01k3q9h2v7e8t9m5x0c4d6f8ga
    """
    terminal: Terminal = context.obj
    with connect(terminal) as api:
        channel = api.get(f"/channels/{channel_id}")
        broadcasts = api.items(f"/channels/{channel_id}/broadcasts", limit=10)
    if as_json:
        terminal.json({**channel, "broadcasts": broadcasts})
        return
    _print(terminal, channel)
    if broadcasts:
        terminal.data("")
        rows = [
            [b["started_at"], b["ended_at"] or b["offline_at"] or "live", b["title"], b["category"]] for b in broadcasts
        ]
        terminal.table(["started", "ended", "title", "category"], rows, empty="")


@app.command("edit")
def edit_channel(
    context: typer.Context,
    channel_id: ChannelId,
    url: Annotated[str | None, typer.Option(help="Another URL.")] = None,
    name: Name = None,
    quality: Qualities = None,
    captures: Captures = None,
    template: Template = None,
    schedule: Schedules = None,
    no_schedule: Annotated[bool, typer.Option("--no-schedule", help="Record at any time.")] = False,
    time_zone: TimeZone = None,
    title: TitleWords = None,
    not_title: NotTitle = None,
    category: CategoryWords = None,
    not_category: NotCategory = None,
    no_filters: Annotated[bool, typer.Option("--no-filters", help="Record whatever the title and category.")] = False,
    platform: Platform = None,
    auto_record: Annotated[
        bool | None, typer.Option("--auto-record/--no-auto-record", help="Record when it goes live.")
    ] = None,
    enabled: Annotated[
        bool | None, typer.Option("--enable/--disable", help="Look after it, or leave it alone.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Change settings of a channel; those of a running recording stay.

    \b
    Examples:
      playhead channels edit CHANNEL --quality 720p --quality best
      playhead channels edit CHANNEL --schedule 'mon-fri 18:00-02:00' --time-zone Europe/Oslo
      playhead channels edit CHANNEL --disable
    """
    terminal: Terminal = context.obj
    changes = _settings(name, quality, captures, template, schedule, time_zone, platform, auto_record=auto_record)
    changes |= {key: value for key, value in {"url": url, "enabled": enabled}.items() if value is not None}
    changes |= {"schedule": []} if no_schedule else {}
    changes |= {"filters": {}} if no_filters else _filters(title, not_title, category, not_category)
    with connect(terminal) as api:
        channel = api.get(f"/channels/{channel_id}")
        if changes:
            tag = {"If-Match": f'"{channel["version"]}"'}
            channel = api.send("PATCH", f"/channels/{channel_id}", json=changes, headers=tag)
    terminal.json(channel) if as_json else _print(terminal, channel)


@app.command("remove")
def remove_channel(
    context: typer.Context,
    channel_id: ChannelId,
    force: Annotated[bool, typer.Option(help="Stop its recording, if one runs.")] = False,
    yes: Yes = False,
) -> None:
    """Remove a channel with its history; its recordings and videos stay.

    \b
    Examples:
      playhead channels remove chn_01k3q9h2v7e8t9m5x0c4d6f8ga --yes
    """
    terminal: Terminal = context.obj
    with connect(terminal) as api:
        name = api.get(f"/channels/{channel_id}")["name"]
        if not terminal.confirm(f"Remove the channel {name} ({channel_id})? Its recordings stay.", yes=yes):
            raise typer.Exit(1)
        api.send("DELETE", f"/channels/{channel_id}", params={"force": force or None})
    terminal.say(f"Removed {channel_id}")


@app.command("import")
def add_channels(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="List of channels; - for standard input.")],
    as_json: AsJson = False,
) -> None:
    """Add the channels of a list: a URL in each line, with a name after it, or JSON lines.

    Exit code 1 when a line was refused; the others are added all the same.

    \b
    Examples:
      playhead channels import channels.txt
      printf '%s\\n' https://www.twitch.tv/one https://www.twitch.tv/two | playhead channels import -
    """
    terminal: Terminal = context.obj
    with connect(terminal) as api:
        report = api.send("POST", "/channels/import", json={"text": _read(file)})
    rows = [
        [item["line"], item["outcome"], item["text"], item["channel_id"] or item["message"]] for item in report["items"]
    ]
    if as_json:
        terminal.json(report)
    else:
        terminal.table(["line", "outcome", "url", "result"], rows, empty="The list is empty.")
    if report["refused"]:
        raise typer.Exit(1)


@app.command("test")
def show_test(context: typer.Context, channel_id: ChannelId, as_json: AsJson = False) -> None:
    """Show what would be recorded now; nothing is started. Exit code 1 when nothing would be.

    \b
    Examples:
      playhead channels test chn_01k3q9h2v7e8t9m5x0c4d6f8ga
    """
    terminal: Terminal = context.obj
    with connect(terminal) as api:
        found = api.send("POST", f"/channels/{channel_id}/test", timeout=120)
    if as_json:
        terminal.json(found)
    else:
        terminal.fields(_test_fields(found))
    if not found["would_record"]:
        raise typer.Exit(1)


@app.command("start")
def start_recording(
    context: typer.Context,
    channel_id: ChannelId,
    quality: Annotated[str | None, typer.Option(help="Another quality than the channel's.")] = None,
    as_json: AsJson = False,
) -> None:
    """Record a channel now, and print the ids of the recordings.

    \b
    Examples:
      playhead channels start chn_01k3q9h2v7e8t9m5x0c4d6f8ga
    """
    terminal: Terminal = context.obj
    with connect(terminal) as api:
        found = api.send("POST", f"/channels/{channel_id}/recording/start", json={"quality": quality})["items"]
    if as_json:
        terminal.json(found)
    for recording in [] if as_json else found:
        terminal.data(recording["id"])


@app.command("stop")
def stop_recording(context: typer.Context, channel_id: ChannelId, as_json: AsJson = False) -> None:
    """Stop the recordings of a channel; they become videos.

    \b
    Examples:
      playhead channels stop chn_01k3q9h2v7e8t9m5x0c4d6f8ga
    """
    terminal: Terminal = context.obj
    with connect(terminal) as api:
        found = api.send("POST", f"/channels/{channel_id}/recording/stop")["items"]
    if as_json:
        terminal.json(found)
    elif not found:
        terminal.say("It is not being recorded.")
    for recording in [] if as_json else found:
        terminal.say(f"Stopping {recording['id']}")


def _settings(
    name: str | None,
    quality: list[str] | None,
    captures: int | None,
    template: str | None,
    schedule: list[Window] | None,
    time_zone: str | None,
    platform: str | None,
    *,
    auto_record: bool | None,
) -> dict[str, Any]:
    given = {
        "name": name,
        "qualities": quality or None,
        "captures": captures,
        "name_template": template,
        "schedule": schedule or None,
        "time_zone": time_zone,
        "platform": platform,
        "auto_record": auto_record,
    }
    return {key: value for key, value in given.items() if value is not None}


def _filters(
    title: list[str] | None, not_title: list[str] | None, category: list[str] | None, not_category: list[str] | None
) -> dict[str, Any]:
    if not (title or not_title or category or not_category):
        return {}
    return {
        "filters": {
            "title": {"include": title or [], "exclude": not_title or []},
            "category": {"include": category or [], "exclude": not_category or []},
        }
    }


def _read(file: Path) -> str:
    if str(file) == "-":
        return sys.stdin.read()
    try:
        return file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not a text in UTF-8"
        raise InvalidInput(f"{file} cannot be read: {reason}.") from error


def _state(channel: dict[str, Any]) -> str:
    if not channel["enabled"]:
        return "disabled"
    return "error" if channel["error"] else str(channel["live_state"])


def _row(channel: dict[str, Any]) -> list[object]:
    recorded = sum(each["state"] == "recording" for each in channel["recordings"])
    columns = [channel["id"], channel["name"], _state(channel), recorded or None]
    return [*columns, channel["url"], channel["checked_at"]]


def _print(terminal: Terminal, channel: dict[str, Any]) -> None:
    words = channel["filters"]
    filters = [
        f"{part} {'with' if rule == 'include' else 'without'} {', '.join(words[part][rule])}"
        for part in ("title", "category")
        for rule in ("include", "exclude")
        if words[part][rule]
    ]
    fault = channel["error"]
    terminal.fields(
        [
            ("id", channel["id"]),
            ("name", channel["name"]),
            ("url", channel["url"]),
            ("platform", channel["platform"]),
            ("state", _state(channel)),
            ("error", fault["message"] if fault else None),
            ("checked", channel["checked_at"]),
            ("auto-record", "on" if channel["auto_record"] else "off"),
            ("quality", ", ".join(channel["qualities"])),
            ("captures", channel["captures"] if channel["captures"] > 1 else None),
            ("schedule", "; ".join(map(window_text, channel["schedule"])) or "at any time"),
            ("time zone", channel["time_zone"]),
            ("filters", "; ".join(filters) or None),
            ("template", channel["name_template"]),
            ("live", channel["broadcast"]["title"] if channel["broadcast"] else None),
            *(("recording", _recording_words(each)) for each in channel["recordings"]),
        ]
    )


def _recording_words(each: dict[str, Any]) -> str:
    size, length = format_bytes(each["size_bytes"]), format_duration(each["duration_s"])
    return f"{each['id']} {each['state']}, {length}, {size}{gap_words(each['gaps'])}"


def _test_fields(found: dict[str, Any]) -> list[tuple[str, object]]:
    probed = found["probed"] or {}
    video = [
        f"{probed['width']}×{probed['height']}" if probed.get("width") else None,
        codec_name(probed["video_codec"]) if probed.get("video_codec") else None,
    ]
    live = {True: "yes", False: "no", None: "not known"}[found["live"]]
    error = found["error"]
    return [
        ("would record", "yes" if found["would_record"] else "no"),
        *(("because", reason) for reason in found["reasons"]),
        ("error", " ".join(filter(None, (error["message"], error["hint"]))) if error else None),
        ("live", live),
        ("opened by", found["resolved_by"]),
        ("qualities", ", ".join(found["qualities"]) or None),
        ("chosen", ", ".join(f"{chosen} for {wanted}" for wanted, chosen in found["chosen"].items()) or None),
        ("video", ", ".join(filter(None, video)) or None),
        ("audio", codec_name(probed["audio_codec"]) if probed.get("audio_codec") else None),
        ("title", found["title"]),
        ("category", found["category"]),
        *(("name", name) for name in found["names"]),
    ]
