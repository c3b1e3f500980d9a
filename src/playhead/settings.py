"""Every setting, read once at the top; a domain receives the values it needs, nobody imports a global.

Order: environment (``PLAYHEAD_*``), then the TOML file named by ``PLAYHEAD_CONFIG``, then
``playhead.toml`` in the present folder, then the default. ``loading`` reads them.
"""

import json
import os
import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from platformdirs import user_data_path
from pydantic import BeforeValidator, ByteSize, Field, ValidationInfo, field_validator
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
"""Control characters, and bytes that are not UTF-8: a database URL cannot carry them, and logs should not."""


class SettingsInvalid(PlayheadError):
    """The settings cannot be used as they stand."""

    code = "settings_invalid"
    title = "The settings cannot be used"
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
    """Take a list as people write it in a variable: ``10.0.0.1, 10.0.0.2``, or as JSON."""
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
"""A list of texts without blanks."""


class Settings(BaseSettings):
    """One field per setting; its description is the manual's sentence."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True, validate_default=True)

    data: Path = Field(
        default_factory=_user_folder,
        description="Folder of the embedded defaults: database, store, scratch and secrets. Back it up as a whole.",
    )
    database: str | None = Field(
        default=None,
        description="sqlite:////absolute/path.db or postgresql://user@host/name; in a URL, %, ? and # of a path are "
        "%25, %3F and %23. Unset: playhead.db in the data folder. SQLite serves one host; several hosts need "
        "PostgreSQL.",
    )
    store: str | None = Field(
        default=None,
        description="Where video bytes live: file:///absolute/folder, s3://bucket/prefix, gs:// or az://. "
        "Unset: the folder store in the data folder. Credentials come from the provider's own variables.",
    )
    delivery: Literal["redirect", "proxy", "accel"] = Field(
        default="redirect",
        description="Who sends the bytes of videos to browsers. redirect: a remote store does, by presigned URLs; a "
        "local one is sent from here. proxy: always from here, where browsers may not reach the bucket. accel: nginx "
        "in front does, told by X-Accel-Redirect; see the guide to nginx.",
    )
    host: str = Field(default="127.0.0.1", description="Address that playhead serve listens on.")
    port: int = Field(
        default=8000, ge=0, le=65535, description="Port that playhead serve listens on; 0 takes a free one."
    )
    workers: int = Field(
        default=1,
        ge=1,
        le=64,
        description="Processes of playhead serve that answer requests on its port. More than one help when requests "
        "keep a processor busy; large files hardly do. Limits for one address are counted in each.",
    )
    public_url: str | None = Field(
        default=None,
        description="The address people reach this server by, such as https://video.example.com. It has no path: "
        "Playhead needs a host name of its own. Unset: the Host header of the request, which is right without a proxy "
        "in front.",
    )
    trusted_proxies: Words = Field(
        default=(),
        description="Addresses and networks of proxies, such as 10.0.0.1 and 10.0.0.0/8, whose X-Forwarded-For and "
        "X-Forwarded-Proto are believed; * believes every peer. Names are not looked up. Empty: none.",
    )
    cors_origins: Words = Field(
        default=(),
        description="Origins of other sites whose players may read media, such as https://www.example.com; * lets "
        "every site do so. A link is needed in any case. Empty: pages of this server alone.",
    )
    embed_origins: Words = Field(
        default=(),
        description="Origins of other sites that may show the player of a share link in their pages, such as "
        "https://www.example.com; * lets every site do so. Empty: pages of this server alone.",
    )
    shared_cache: timedelta = Field(
        default=timedelta(0),
        ge=timedelta(0),
        description="How long a CDN in front may serve media by a signed link without asking here again; so long a "
        "link that was ended may still play there. 0: only browsers keep media.",
    )
    upload_max: ByteSize = Field(
        default=ByteSize(20 << 30),
        gt=0,
        description="Largest upload. A larger one is refused before a byte is kept.",
    )
    upload_lifetime: timedelta = Field(
        default=timedelta(days=1),
        gt=timedelta(0),
        description="How long an unfinished upload waits for its next byte before it is removed.",
    )
    upload_unfinished: int = Field(
        default=100,
        ge=0,
        description="Unfinished uploads that one user may have at a time; another is refused. 0: no limit.",
    )
    upload_origins: Words = Field(
        default=(),
        description="Origins of other sites whose pages may upload with an API key, such as https://www.example.com; "
        "* lets every site do so. Cookies are not taken from there. Empty: pages of this server alone.",
    )
    session_lifetime: timedelta = Field(
        default=timedelta(days=30), gt=timedelta(0), description="How long a sign-in lasts."
    )
    playback_ttl: timedelta = Field(
        default=timedelta(hours=4),
        gt=timedelta(0),
        description="How long a signed playback URL is good for when the request does not say; it ends at the full "
        "hour after that, so that all links of an hour are the same and caches know them.",
    )
    media_slots: int = Field(
        default_factory=lambda: max(1, (os.cpu_count() or 2) // 2),
        ge=1,
        le=64,
        description="Stitches that one worker runs at once, and pieces of stitches that it renders at once. Each uses "
        "the threads of ffmpeg_threads.",
    )
    ffmpeg: Path | None = Field(
        default=None,
        description="An ffmpeg binary to use in place of the bundled one. It must be version 6 or newer.",
    )
    ffmpeg_threads: int = Field(
        default_factory=lambda: min(16, os.cpu_count() or 2),
        ge=1,
        le=64,
        description="Threads of one ffmpeg process.",
    )
    ladder: Literal["off", "auto"] = Field(
        default="off",
        description="auto: every upload also gets renditions of 1080, 720, 480 and 360 lines, as far as they are "
        "smaller than it, so that players can choose; they take about half of its room and some of its length to make. "
        "off: only those that are asked for.",
    )
    index_cache: ByteSize = Field(
        default=ByteSize(512 << 20),
        ge=0,
        description="Room in the data folder for indexes of MP4 files: about 6 MiB for each hour of film that is "
        "streamed or stitched. The oldest are made again when they are needed.",
    )
    render_cache: ByteSize = Field(
        default=ByteSize(20 << 30),
        ge=0,
        description="Room in the store for rendered pieces that the next stitch may use again. What was used within "
        "a day stays beyond it.",
    )
    render_cache_age: timedelta = Field(
        default=timedelta(days=14),
        ge=timedelta(0),
        description="How long a rendered piece that nobody uses is kept.",
    )
    worker_dead_after: timedelta = Field(
        default=timedelta(seconds=10),
        ge=timedelta(seconds=2),
        description="Silence after which a worker counts as dead and its jobs are taken over by another.",
    )
    disk_headroom: ByteSize = Field(
        default=ByteSize(1 << 30),
        ge=0,
        description="Free space below which /readyz fails and new uploads are refused, so that jobs can still finish.",
    )
    stall_timeout: timedelta = Field(
        default=timedelta(seconds=30),
        ge=timedelta(seconds=2),
        description="How long a viewer may take no byte of a video before the transfer is ended as stalled. A slow "
        "viewer is not a stalled one.",
    )
    stall_timeout_images: timedelta = Field(
        default=timedelta(seconds=15),
        ge=timedelta(seconds=2),
        description="The same for posters, storyboards, thumbnails and animated previews.",
    )
    head_timeout: timedelta = Field(
        default=timedelta(seconds=20),
        ge=timedelta(seconds=2),
        description="How long a client may take to send the head of a request.",
    )
    client_connections: int = Field(
        default=256,
        ge=0,
        description="Connections from one address at a time; trusted proxies have no limit. 0: no limit.",
    )
    client_transfers: int = Field(
        default=64, ge=0, description="Media transfers to one client address at a time. 0: no limit."
    )
    shutdown_grace: timedelta = Field(
        default=timedelta(seconds=10),
        ge=timedelta(0),
        description="How long running transfers may go on after a stop was asked for; then they are ended.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Least level that is logged."
    )
    log_format: Literal["auto", "json", "console"] = Field(
        default="auto",
        description="json lines, or console for people. auto: console on a terminal, json elsewhere.",
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
        """A bare number is seconds; ISO 8601 (``PT4H``) and ``HH:MM:SS`` are read as well."""
        if cls.model_fields[str(info.field_name)].annotation is not timedelta:
            return value
        return float(value) if isinstance(value, str) and value.replace(".", "", 1).isdigit() else value

    @field_validator("data", "ffmpeg")
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

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        found = tuple(network(each) for each in value)
        return (EVERYBODY,) if EVERYBODY in found else found

    @field_validator("cors_origins", "embed_origins", "upload_origins")
    @classmethod
    def _origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(each if each == "*" else origin(each) for each in value)

    @property
    def database_url(self) -> str:
        """The catalog's database."""
        from playhead.db.urls import sqlite_url

        return self.database or sqlite_url(self.data / "playhead.db")

    @property
    def jobs_url(self) -> str:
        """The job engine's database: a file of its own beside SQLite, the same database on PostgreSQL."""
        from playhead.db.urls import sqlite_file, sqlite_url

        if self.database is None:
            return sqlite_url(self.data / "jobs.db")
        path = sqlite_file(self.database)
        return self.database if path is None else sqlite_url(path.with_name(path.stem + "-jobs.db"))

    @property
    def store_url(self) -> str:
        """Where the bytes are."""
        return self.store or (self.data / "store").as_uri()

    @property
    def work(self) -> Path:
        """Scratch of running jobs; on the disk of the local store, so that finished files are moved, not copied."""
        return self.data / "work"

    @property
    def indexes(self) -> Path:
        """Indexes of MP4 files; may be deleted at any time."""
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
    """The environment without what is empty, quoted or somebody else's."""

    def __init__(self, settings_cls: type[BaseSettings]) -> None:
        super().__init__(settings_cls)
        self.env_vars = {name.lower(): value for name, value in given(os.environ).items()}


def config_file(environ: Mapping[str, str]) -> Path | None:
    """The TOML file in force, or None."""
    named = variable(environ, "PLAYHEAD_CONFIG")
    if named:
        path = Path(os.path.expanduser(named))  # noqa: PTH111 - leaves ~ where no home folder is known
        if not path.is_file():
            raise SettingsInvalid(f"PLAYHEAD_CONFIG names {path}, which is not a file.")
        return path
    local = Path("playhead.toml")
    return local if local.is_file() else None
