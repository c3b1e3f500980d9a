"""All settings, read once at the top; a domain receives the values it needs, and no module imports a global.

Precedence: environment (``PLAYHEAD_*``), the TOML file that ``PLAYHEAD_CONFIG`` names, ``playhead.toml`` in the current
folder, the default. ``loading`` reads them.
"""

import json
import os
import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self

from platformdirs import user_data_path
from pydantic import (
    BaseModel,
    BeforeValidator,
    ByteSize,
    ConfigDict,
    Field,
    SecretStr,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from playhead.errors import PlayheadError
from playhead.kit.environment import PREFIX, given, variable
from playhead.kit.networks import EVERYBODY, network
from playhead.kit.origins import origin, public_origin

_UNWRITABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
"""Control characters and bytes that are not UTF-8: database URLs cannot contain them, and logs should not."""


class SettingsInvalid(PlayheadError):
    """The settings are invalid."""

    code = "settings_invalid"
    title = "Invalid settings"
    fault = "caller"
    exit_code: ClassVar[int] = 2


def _user_folder() -> Path:
    try:
        return user_data_path("playhead", appauthor=False)
    except RuntimeError as error:  # neither HOME nor a user of this number, as in many containers
        raise SettingsInvalid(
            "This user has no home folder.", hint="Name a data folder: PLAYHEAD_DATA or --data."
        ) from error


def _words(value: Any) -> Any:
    """Parse a list in a variable: ``10.0.0.1, 10.0.0.2``, or JSON."""
    if not isinstance(value, str):
        return value
    if value.lstrip().startswith("["):
        try:
            return json.loads(value)
        except ValueError:
            raise ValueError(
                'begins like a list in JSON and is none: write ["a", "b"], or a,b without brackets'
            ) from None
    found = value.replace(",", " ").split()
    if not found:
        raise ValueError("names nothing: leave it out for the default")
    return found


Words = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_words)]
"""A list of strings without spaces."""


class WatchFolder(BaseModel):
    """A folder of the server whose files become videos."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    path: Path
    owner: str
    mode: Literal["copy", "move"] = "copy"
    collection: str | None = None

    @field_validator("path")
    @classmethod
    def _whole(cls, value: Path) -> Path:
        path = value.expanduser()
        if not path.is_absolute() or ".." in path.parts or _UNWRITABLE.search(str(path)) or path == Path("/"):
            raise ValueError("write the whole path of a folder, without .. and control characters")
        return path

    def __str__(self) -> str:
        return f"{self.path} ({self.mode}, for {self.owner})"


class Settings(BaseSettings):
    """One field per setting; the manual is generated from their descriptions."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True, validate_default=True)

    data: Path = Field(
        default_factory=_user_folder,
        description="Data folder, with the default database and store, scratch and secrets. Back it up as a whole.",
    )
    database: str | None = Field(
        default=None,
        description="sqlite:////absolute/path.db or postgresql://user@host/name; write %, ? and # in a path as %25, "
        "%3F and %23. Unset: playhead.db in the data folder. Several hosts require PostgreSQL.",
    )
    store: str | None = Field(
        default=None,
        description="Store of the video files: file:///absolute/folder, s3://bucket/prefix, gs:// or az://. "
        "Unset: the folder store in the data folder. Credentials come from the provider's own variables.",
    )
    delivery: Literal["redirect", "proxy", "accel"] = Field(
        default="redirect",
        description="How videos are delivered. redirect: from a remote store by presigned URLs, from a local one by "
        "this server. proxy: always by this server, if browsers cannot reach the bucket. accel: by nginx in front, "
        "with X-Accel-Redirect; see the nginx guide.",
    )
    host: str = Field(default="127.0.0.1", description="Address that playhead serve listens on.")
    port: int = Field(
        default=8000, ge=0, le=65535, description="Port that playhead serve listens on; 0 picks a free one."
    )
    workers: int = Field(
        default=1,
        ge=1,
        le=64,
        description="Server processes of playhead serve on its port. More than one helps if requests keep a CPU "
        "busy, which large files hardly do. Limits per address apply to each process.",
    )
    public_url: str | None = Field(
        default=None,
        description="Public address of this server, such as https://video.example.com, without a path: Playhead "
        "needs its own host name. Unset: the Host header of the request, which is right without a proxy in front.",
    )
    trusted_proxies: Words = Field(
        default=(),
        description="Addresses and networks of proxies, such as 10.0.0.1 and 10.0.0.0/8, whose X-Forwarded-For and "
        "X-Forwarded-Proto are trusted; * trusts every peer. Host names are not resolved. Empty: none.",
    )
    cors_origins: Words = Field(
        default=(),
        description="Origins of other sites whose players may read media, such as https://www.example.com; * allows "
        "all. They still need a link. Empty: this server only.",
    )
    embed_origins: Words = Field(
        default=(),
        description="Origins of other sites that may embed the player of a share link, such as "
        "https://www.example.com; * allows all. Empty: this server only.",
    )
    share_default_days: int = Field(
        default=30,
        ge=0,
        le=3650,
        description="Days until a new share link ends if its creator chooses no other time. 0: it never does.",
    )
    visitor_comments: bool = Field(
        default=True,
        description="Whether owners may let the visitors of a share link read and write comments. false: no link "
        "shows comments, whatever its owner chose.",
    )
    shared_cache: timedelta = Field(
        default=timedelta(0),
        ge=timedelta(0),
        description="How long a CDN in front may serve media of signed URLs without revalidation, also after a link "
        "was revoked. 0: only browsers cache media.",
    )
    upload_max: ByteSize = Field(
        default=ByteSize(20 << 30),
        gt=0,
        description="Largest upload. Larger ones are refused before any byte is stored.",
    )
    upload_lifetime: timedelta = Field(
        default=timedelta(days=1),
        gt=timedelta(0),
        description="How long an unfinished upload is kept after its last byte.",
    )
    upload_unfinished: int = Field(
        default=100,
        ge=0,
        description="Unfinished uploads per user; more are refused. 0: no limit.",
    )
    upload_origins: Words = Field(
        default=(),
        description="Origins of other sites that may upload with an API key, such as https://www.example.com; * "
        "allows all. Cookies are not accepted from them. Empty: this server only.",
    )
    allow_private_urls: bool = Field(
        default=False,
        description="Whether channels, recordings and webhooks may use addresses of this computer and of private "
        "networks, such as a camera on rtsp://192.168.1.20. Off: only public addresses, because everybody who may "
        "add a URL could otherwise reach what is meant for this network alone.",
    )
    live_low_latency: bool = Field(
        default=False,
        description="Whether recordings are watched by low-latency HLS while they grow. Players that know it come "
        "closer to the source than three target durations, for several times the requests, and stall sooner on a "
        "poor network.",
    )
    live_cut_ads: bool = Field(
        default=False,
        description="Whether what a platform marks as an advertisement is left out of the video of a recording; it is "
        "listed as a gap then.",
    )
    live_grace: timedelta = Field(
        default=timedelta(minutes=3),
        ge=timedelta(0),
        description="How long after a channel went offline its broadcast may continue, as it does when a streamer's "
        "connection breaks. A new stream within it belongs to the same recording.",
    )
    source_poll_interval: timedelta = Field(
        default=timedelta(minutes=1),
        ge=timedelta(seconds=1),
        description="How often a source that sends no events is asked whether it is live; more seldom while it fails.",
    )
    twitch_client_id: str | None = Field(
        default=None,
        description="Client ID of your application at https://dev.twitch.tv/console/apps. Unset: Twitch channels are "
        "polled through streamlink, one by one.",
    )
    twitch_client_secret: SecretStr | None = Field(default=None, description="Client secret of that application.")
    twitch_detection: Literal["auto", "webhook", "conduit", "websocket", "poll"] = Field(
        default="auto",
        description="How Twitch reports who is live. webhook: it calls public_url, which has to be https on port 443. "
        "conduit: over a connection that this server opens. websocket: the same with a user token, for three channels. "
        "poll: Twitch is only asked. auto: webhook if public_url is fit for it, else conduit. Twitch is asked besides, "
        "more seldom.",
    )
    twitch_eventsub_secret: SecretStr | None = Field(
        default=None,
        description="Secret of 10 to 100 ASCII characters that Twitch signs its webhook messages with; the same on all "
        "hosts. Unset: derived from the secrets in the data folder.",
    )
    twitch_websocket_token: SecretStr | None = Field(
        default=None,
        description="User token of that application, for twitch_detection = websocket alone. It is not renewed.",
    )
    twitch_poll_interval: timedelta = Field(
        default=timedelta(seconds=20),
        ge=timedelta(seconds=1),
        description="How often Twitch is asked who is live while its events do not come; beside them every two "
        "minutes.",
    )
    twitch_api_url: str = Field(default="https://api.twitch.tv/helix", description="Address of Twitch's API, Helix.")
    twitch_id_url: str = Field(default="https://id.twitch.tv", description="Address of Twitch's token service.")
    twitch_eventsub_url: str = Field(
        default="wss://eventsub.wss.twitch.tv/ws", description="Address of Twitch's WebSocket for events."
    )
    twitch_source_url: str | None = Field(
        default=None,
        description="For tests with the fake Twitch: address that recordings of Twitch channels are opened at, with "
        "{login} for the channel's name. Unset: twitch.tv.",
    )
    event_lifetime: timedelta = Field(
        default=timedelta(days=30),
        gt=timedelta(0),
        description="How long events and the log of their deliveries to webhooks are kept, and can be replayed. All "
        "attempts at one delivery take three days.",
    )
    session_lifetime: timedelta = Field(
        default=timedelta(days=30), gt=timedelta(0), description="Lifetime of a session."
    )
    playback_ttl: timedelta = Field(
        default=timedelta(hours=4),
        gt=timedelta(0),
        description="Default lifetime of a signed URL. It expires at the full hour after that, so that all URLs "
        "within an hour are equal and can be cached.",
    )
    media_slots: int = Field(
        default_factory=lambda: max(1, (os.cpu_count() or 2) // 2),
        ge=1,
        le=64,
        description="Stitches that a worker runs at once, and pieces that it renders at once. Each uses "
        "ffmpeg_threads threads.",
    )
    ffmpeg: Path | None = Field(
        default=None,
        description="ffmpeg binary, version 6 or newer, instead of the bundled one.",
    )
    ffmpeg_threads: int = Field(
        default_factory=lambda: min(16, os.cpu_count() or 2),
        ge=1,
        le=64,
        description="Threads per ffmpeg process.",
    )
    streamlink: Path | None = Field(
        default=None,
        description="streamlink, which opens pages of Twitch, YouTube and others. Unset: the one beside this Python, "
        "or in PATH.",
    )
    yt_dlp: Path | None = Field(
        default=None, description="yt-dlp, for pages that streamlink does not know. Unset: the same."
    )
    twitch_user_token: SecretStr | None = Field(
        default=None,
        description="OAuth token of a Twitch account, the cookie auth-token of twitch.tv, with which its subscriptions "
        "are recorded without advertisements. It is never logged or shown.",
    )
    fonts: Path | None = Field(
        default=None,
        description="Folder of font files (TTF, OTF, TTC) with letters that Noto Sans lacks, such as Chinese and "
        "Arabic, for captions, titles and cards. The same files on all hosts.",
    )
    transcription: Literal["auto", "faster-whisper", "pocketsphinx"] = Field(
        default="auto",
        description="Engine that turns speech into captions where a request names none. auto: faster-whisper if it is "
        "installed (pip install 'playhead[whisper]'), else pocketsphinx (pip install 'playhead[pocketsphinx]'), whose "
        "small English model finds few words right.",
    )
    whisper_model: str = Field(
        default="small",
        min_length=1,
        description="Model of faster-whisper: tiny, base, small, medium, large-v3 or another name of its hub, from "
        "which a worker downloads it into the data folder at its first use; or a folder that holds one.",
    )
    renditions: Literal["auto", "all", "off"] = Field(
        default="auto",
        description="Which renditions are made without a request. auto: one of every video that not all browsers "
        "play, such as HEVC, ProRes or Matroska, of at most 1080 lines; video that can be copied is not encoded "
        "again. all: also those of 1080, 720, 480 and 360 lines that are smaller than a video, for players to choose "
        "among; they take about half of its space, and part of its duration to encode. off: none.",
    )
    index_cache: ByteSize = Field(
        default=ByteSize(512 << 20),
        ge=0,
        description="Space in the data folder for indexes of MP4 files: about 6 MiB per hour of video that is "
        "streamed or stitched. Evicted ones are rebuilt when needed.",
    )
    render_cache: ByteSize = Field(
        default=ByteSize(20 << 30),
        ge=0,
        description="Space in the store for rendered pieces that later stitches reuse. Those used within a day are "
        "kept beyond it.",
    )
    render_cache_age: timedelta = Field(
        default=timedelta(days=14),
        ge=timedelta(0),
        description="How long an unused rendered piece is kept.",
    )
    worker_dead_after: timedelta = Field(
        default=timedelta(seconds=10),
        ge=timedelta(seconds=2),
        description="Time without a heartbeat after which a worker counts as dead and others take over its jobs.",
    )
    disk_headroom: ByteSize = Field(
        default=ByteSize(1 << 30),
        ge=0,
        description="Free space below which /readyz fails and new uploads are refused, so that jobs can still finish.",
    )
    live_stall: timedelta = Field(
        default=timedelta(seconds=30),
        ge=timedelta(seconds=2),
        description="Time without a byte from a live source after which its connection is given up and opened again.",
    )
    live_reconnect_window: timedelta = Field(
        default=timedelta(minutes=10),
        ge=timedelta(seconds=2),
        description="How long the recording of a channel waits for a source that is gone, before the broadcast counts "
        "as over; also how long after a platform has said that it is.",
    )
    live_reconnect_window_url: timedelta = Field(
        default=timedelta(minutes=2),
        ge=timedelta(seconds=2),
        description="The same for a URL that is recorded once, without a channel.",
    )
    live_fragment: timedelta = Field(
        default=timedelta(milliseconds=500),
        ge=timedelta(milliseconds=100),
        description="Length of the pieces in which a recording is written. A capture that is killed loses at most one.",
    )
    live_ship_interval: timedelta = Field(
        default=timedelta(seconds=10),
        ge=timedelta(seconds=1),
        description="How often recordings are shipped to a remote store while they grow. A host that dies costs at "
        "most this much of them, and the time until another one takes over.",
    )
    live_disk_floor: ByteSize = Field(
        default=ByteSize(256 << 20),
        ge=0,
        description="Free space below which a recording ends and is finalised, if nothing may be deleted for it. "
        "Below disk_headroom retention is asked to make room.",
    )
    stall_timeout: timedelta = Field(
        default=timedelta(seconds=30),
        ge=timedelta(seconds=2),
        description="Time without progress after which a transfer of a video ends as stalled. Slow viewers are not "
        "affected.",
    )
    stall_timeout_images: timedelta = Field(
        default=timedelta(seconds=15),
        ge=timedelta(seconds=2),
        description="The same for posters, storyboards, thumbnails and animated previews.",
    )
    generate_provider: str = Field(
        default="local",
        pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$",
        description="Provider of prompts that name none. local renders titles on this machine, without AI.",
    )
    generate_models: Path | None = Field(
        default=None,
        description="TOML file with models of yours: they are added to those that are known, and win over them, as for "
        "a new price. It is read at the start.",
    )
    generate_environment_keys: bool = Field(
        default=True,
        description="Whether a provider is available as soon as its own variable holds a key: REPLICATE_API_TOKEN, "
        "FAL_KEY, RUNWAYML_API_SECRET, GEMINI_API_KEY. Off: only providers that an admin has set up.",
    )
    generate_deadline: timedelta = Field(
        default=timedelta(minutes=30),
        ge=timedelta(seconds=5),
        description="How long a provider may take for a generation, without the time in its queue. Then it is asked to "
        "stop, and gives up by itself where it offers that.",
    )
    generate_max_result: ByteSize = Field(
        default=ByteSize(2 << 30),
        gt=0,
        description="Largest result of a generation that is fetched.",
    )
    generate_result_life: timedelta = Field(
        default=timedelta(hours=1),
        ge=timedelta(minutes=1),
        description="How long a result that cannot be fetched is tried again: as long as providers keep it.",
    )
    spend_cap_generation: float | None = Field(
        default=None,
        ge=0,
        allow_inf_nan=False,
        description="Most that one generation may cost, in US dollars. Unset: no limit.",
    )
    spend_cap_day: float | None = Field(
        default=None,
        ge=0,
        allow_inf_nan=False,
        description="Most that all generations which are requested on one day (UTC) may cost, in US dollars. What runs "
        "counts with its reservation, what failed at an unknown cost with its reservation, too. Unset: no limit.",
    )
    spend_cap_project: float | None = Field(
        default=None,
        ge=0,
        allow_inf_nan=False,
        description="The same for all generations of a project. Unset: no limit.",
    )
    spend_cap_user: float | None = Field(
        default=None,
        ge=0,
        allow_inf_nan=False,
        description="The same for all generations of a user in a calendar month (UTC). Unset: no limit.",
    )
    spend_unknown_as: float = Field(
        default=5.0,
        ge=0,
        allow_inf_nan=False,
        description="What a generation counts as towards these limits while nobody knows its cost, in US dollars.",
    )
    watch_folders: tuple[WatchFolder, ...] = Field(
        default=(),
        description="Folders whose files become videos, each a table: path; owner, the email of the user who gets the "
        'videos; mode, "copy" (the files stay; the default) or "move" (each is removed once the store has it); '
        "collection, which is made if there is none. A file is imported once, when two looks find it unchanged and "
        "nobody writes it. Hidden, partial and temporary files and symbolic links are left out. Every host with a "
        "worker needs the folder under the same path. Empty: none.",
    )
    trash_window: timedelta = Field(
        default=timedelta(days=7),
        ge=timedelta(0),
        description="How long a video stays in the trash, where it can be restored, before its bytes are deleted.",
    )
    retention_at: str = Field(
        default="03:30",
        pattern=r"^(off|([01][0-9]|2[0-3]):[0-5][0-9])$",
        description="Time of day (UTC) at which the retention policies are applied. off: only on request.",
    )
    min_free: ByteSize = Field(
        default=ByteSize(0),
        ge=0,
        description="Free space that retention keeps on the disk of a local store: it empties the trash, then deletes "
        "the oldest videos that nothing holds, whatever the policies say. 0: only for running recordings.",
    )
    recording_headroom: timedelta = Field(
        default=timedelta(hours=1),
        ge=timedelta(0),
        description="The same for recordings that run: they always have room for this long at their present bit rate. "
        "0: never delete videos for recordings.",
    )
    head_timeout: timedelta = Field(
        default=timedelta(seconds=20),
        ge=timedelta(seconds=2),
        description="Time for a client to send the head of a request.",
    )
    client_connections: int = Field(
        default=256,
        ge=0,
        description="Connections per address, except for trusted proxies. 0: no limit.",
    )
    client_transfers: int = Field(default=64, ge=0, description="Media transfers per client address. 0: no limit.")
    shutdown_grace: timedelta = Field(
        default=timedelta(seconds=10),
        ge=timedelta(0),
        description="How long active transfers may continue during a shutdown.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Lowest level that is logged."
    )
    log_format: Literal["auto", "json", "console"] = Field(
        default="auto",
        description="JSON lines (json), or a readable form (console). auto: console on a terminal, json elsewhere.",
    )

    @field_validator("*", mode="before")
    @classmethod
    def _not_empty(cls, value: Any) -> Any:
        if value == "":
            raise ValueError("is empty; leave it out for the default")
        return value

    @field_validator("*", mode="before")
    @classmethod
    def _seconds(cls, value: Any, info: ValidationInfo) -> Any:
        """Parse a bare number as seconds, besides ISO 8601 (``PT4H``) and ``HH:MM:SS``."""
        if cls.model_fields[str(info.field_name)].annotation is not timedelta:
            return value
        return float(value) if isinstance(value, str) and value.replace(".", "", 1).isdigit() else value

    @field_validator("data", "ffmpeg", "streamlink", "yt_dlp", "generate_models")
    @classmethod
    def _absolute(cls, value: Path | None) -> Path | None:
        if value is None:
            return value
        if _UNWRITABLE.search(str(value)):
            raise ValueError("the path has a line break, another control character or bytes that are not UTF-8")
        try:
            return value.expanduser().absolute()
        except RuntimeError as error:
            raise ValueError("the home folder that ~ stands for is not known: write the whole path") from error

    @field_validator("public_url")
    @classmethod
    def _http_url(cls, value: str | None) -> str | None:
        return value if value is None else public_origin(value)

    @field_validator("twitch_eventsub_secret")
    @classmethod
    def _eventsub_secret(cls, value: SecretStr | None) -> SecretStr | None:
        text = "" if value is None else value.get_secret_value()
        if value is not None and not (10 <= len(text) <= 100 and text.isascii() and text.isprintable()):
            raise ValueError("Twitch takes 10 to 100 ASCII characters")
        return value

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        found = tuple(network(each) for each in value)
        return (EVERYBODY,) if EVERYBODY in found else found

    @field_validator("cors_origins", "embed_origins", "upload_origins")
    @classmethod
    def _origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(each if each == "*" else origin(each) for each in value)

    @model_validator(mode="after")
    def _apart(self) -> Self:
        """Watch folders are apart from each other, and from where the files go."""
        paths = [folder.path for folder in self.watch_folders]
        for number, path in enumerate(paths):
            for other in (self.data, *paths[:number]):
                if path.is_relative_to(other) or other.is_relative_to(path):
                    raise ValueError(f"watch_folders: {path} and {other} are within each other")
        return self

    @property
    def database_url(self) -> str:
        """URL of the catalog's database."""
        from playhead.db.urls import sqlite_url

        return self.database or sqlite_url(self.data / "playhead.db")

    @property
    def jobs_url(self) -> str:
        """URL of the job engine's database: a separate file for SQLite, the same database for PostgreSQL."""
        from playhead.db.urls import sqlite_file, sqlite_url

        if self.database is None:
            return sqlite_url(self.data / "jobs.db")
        path = sqlite_file(self.database)
        return self.database if path is None else sqlite_url(path.with_name(path.stem + "-jobs.db"))

    @property
    def store_url(self) -> str:
        """URL of the store."""
        return self.store or (self.data / "store").as_uri()

    @property
    def work(self) -> Path:
        """Scratch of running jobs, on the disk of the local store, so that finished files are moved, not copied."""
        return self.data / "work"

    @property
    def live(self) -> Path:
        """Parts of recordings, a folder for each, until they are finalised."""
        return self.data / "live"

    @property
    def indexes(self) -> Path:
        """Cached indexes of MP4 files, which may be deleted at any time."""
        return self.data / "cache" / "indexes"

    @property
    def secrets_folder(self) -> Path:
        """Generated secrets, mode 0600."""
        return self.data / "secrets"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - called by name
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        file = config_file(os.environ)
        return (
            init_settings,
            _Variables(settings_cls),
            *([TomlConfigSettingsSource(settings_cls, file)] if file else []),
        )


class _Variables(EnvSettingsSource):
    """The environment without empty, quoted and foreign variables."""

    def __init__(self, settings_cls: type[BaseSettings]) -> None:
        super().__init__(settings_cls)
        self.env_vars = {name.lower(): value for name, value in given(os.environ).items()}


def config_file(environ: Mapping[str, str]) -> Path | None:
    """The TOML file in effect, or None."""
    named = variable(environ, "PLAYHEAD_CONFIG")
    if named:
        path = Path(os.path.expanduser(named))  # noqa: PTH111 - leaves ~ where no home folder is known
        if not path.is_file():
            raise SettingsInvalid(f"PLAYHEAD_CONFIG names {path}, which is not a file.")
        return path
    local = Path("playhead.toml")
    return local if local.is_file() else None
