"""Settings: where a value comes from, what is refused, and that the example file tells the truth."""

import os
import tomllib
from datetime import timedelta
from pathlib import Path

import pytest

from playhead.app.loading import explain, load
from playhead.db.urls import sqlite_file
from playhead.kit.environment import PREFIX
from playhead.settings import Settings, SettingsInvalid
from playhead.storage.urls import parse_url

EXAMPLE = Path(__file__).parents[2] / "playhead.example.toml"


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Neither variables nor a file of the person who runs the tests; gives the present folder."""
    for name in [name for name in os.environ if name.upper().startswith(PREFIX)]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(text: str) -> None:
    Path("playhead.toml").write_text(text)


def origins(settings: Settings) -> dict[str, str]:
    return {row.name: row.origin for row in explain(settings)}


def test_example_file_loads_and_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the example says is what holds without it."""
    defaults = load()
    monkeypatch.setenv("PLAYHEAD_CONFIG", str(EXAMPLE))

    assert load() == defaults


def test_example_file_names_every_setting() -> None:
    """A setting whose default depends on the machine stands there as a comment that can be taken up."""
    text = EXAMPLE.read_text()
    uncommented = "\n".join(
        line.removeprefix("# ") if line.startswith("# ") and line.split()[1] in Settings.model_fields else line
        for line in text.splitlines()
        if not line.startswith("# ") or " = " in line
    )

    assert list(tomllib.loads(uncommented)) == list(Settings.model_fields)


def test_commented_samples_of_the_example_are_valid(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever takes the sign off a line gets a file that loads."""
    lines = [line.removeprefix("# ") for line in EXAMPLE.read_text().splitlines() if line.startswith("# ")]
    samples = [line for line in lines if line.partition(" = ")[0] in Settings.model_fields]
    write("\n".join(samples))

    settings = load()

    assert len(samples) > 7
    assert settings.database_url == "postgresql://playhead@db.example.com/playhead"
    assert settings.store_url == "s3://videos/playhead?region=eu-central-1"


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("PLAYHEAD_DATABSE", "PLAYHEAD_DATABASE"),
        ("PLAYHEAD_PORTS", "PLAYHEAD_PORT"),
        ("PLAYHEAD_FFMPEG_THREAD", "PLAYHEAD_FFMPEG_THREADS"),
    ],
)
def test_unknown_variable_fails_with_the_nearest_name(monkeypatch: pytest.MonkeyPatch, name: str, near: str) -> None:
    monkeypatch.setenv(name, "1")

    with pytest.raises(SettingsInvalid) as refused:
        load()

    assert name in refused.value.detail
    assert near in str(refused.value.hint)


@pytest.mark.parametrize(("key", "near"), [("prot", "port"), ("dta", "data"), ("log_levels", "log_level")])
def test_unknown_key_of_the_file_fails_with_the_nearest_name(key: str, near: str) -> None:
    write(f'{key} = "1"')

    with pytest.raises(SettingsInvalid, match=f"{key} is not a setting; did you mean {near}"):
        load()


def test_a_key_like_no_other_fails_without_a_guess() -> None:
    write("qqqq = 1")

    with pytest.raises(SettingsInvalid, match=r"qqqq is not a setting$"):
        load()


def test_a_length_of_time_that_does_not_read_says_how_to_write_one() -> None:
    write('recording_headroom = "1h"')

    with pytest.raises(SettingsInvalid, match="recording_headroom: write a length of time as PT30S"):
        load()


@pytest.mark.parametrize("name", ["PLAYHEAD_URL", "PLAYHEAD_API_KEY", "PLAYHEAD_SKIP_UI"])
def test_variables_of_the_client_and_the_build_are_no_mistake(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "1")

    assert load() == load()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("port", "65536"),
        ("upload_max", '"0B"'),
        ("worker_dead_after", '"PT1S"'),
        ("log_level", '"loud"'),
        ("public_url", '"video.example.com"'),
        ("media_slots", "0"),
    ],
)
def test_a_value_that_cannot_be_meant_fails_by_its_name(key: str, value: str) -> None:
    write(f"{key} = {value}")

    with pytest.raises(SettingsInvalid, match=f"^{key}: "):
        load()


def test_a_variable_goes_before_the_file_and_a_flag_before_both(monkeypatch: pytest.MonkeyPatch) -> None:
    write("port = 1111")
    assert load().port == 1111

    monkeypatch.setenv("PLAYHEAD_PORT", "2222")
    assert load().port == 2222
    assert load(port=3333).port == 3333


def test_a_flag_that_was_not_given_leaves_the_setting() -> None:
    assert load(port=None).port == 8000


def test_a_config_that_is_not_there_fails(monkeypatch: pytest.MonkeyPatch, alone: Path) -> None:
    monkeypatch.setenv("PLAYHEAD_CONFIG", str(alone / "nowhere.toml"))

    with pytest.raises(SettingsInvalid, match=r"nowhere\.toml, which is not a file"):
        load()


def test_every_setting_tells_where_it_came_from(monkeypatch: pytest.MonkeyPatch) -> None:
    write('host = "0.0.0.0"\nport = 1111')
    monkeypatch.setenv("PLAYHEAD_PORT", "2222")

    found = origins(load())

    assert found["host"] == "playhead.toml"
    assert found["port"] == "environment PLAYHEAD_PORT"
    assert found["store"] == "default"
    assert list(found) == list(Settings.model_fields)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://ada:secret@db/videos", "postgresql://ada:********@db/videos"),
        ("postgresql://ada:s@cr@t@db/videos", "postgresql://ada:********@db/videos"),
        ("postgresql://ada@db/videos", "postgresql://ada@db/videos"),
        ("sqlite:////srv/videos.db", "sqlite:////srv/videos.db"),
        ("postgresql://db/v?user=ada&password=secret", "postgresql://db/v?user=ada&password=********"),
        (
            "postgresql://db/v?sslkey=a&SSLPassword=b&host=c",
            "postgresql://db/v?sslkey=********&SSLPassword=********&host=c",
        ),
    ],
)
def test_passwords_in_urls_are_masked(url: str, shown: str) -> None:
    rows = {row.name: row.value for row in explain(load(database=url))}

    assert rows["database"] == shown


def test_everything_lies_in_the_data_folder_by_default(alone: Path) -> None:
    settings = load(data=alone / "data")

    assert settings.database_url == f"sqlite:///{alone}/data/playhead.db"
    assert settings.jobs_url == f"sqlite:///{alone}/data/jobs.db"
    assert settings.store_url == (alone / "data/store").as_uri()
    assert settings.work == alone / "data/work"
    assert settings.secrets_folder == alone / "data/secrets"


@pytest.mark.parametrize("name", ["what?x=1", "100%25", "a#b", "ü @:80", " -lead", "[x]&\\'\""])
def test_a_data_folder_may_have_any_name(alone: Path, name: str) -> None:
    """What means something in a URL is a letter like any other in a path."""
    settings = load(data=alone / name)

    assert sqlite_file(settings.database_url) == alone / name / "playhead.db"
    assert sqlite_file(settings.jobs_url) == alone / name / "jobs.db"
    assert parse_url(settings.store_url) == alone / name / "store"
    assert load(data=Path(name)).data == alone / name


@pytest.mark.parametrize("name", ["a\nb", "a\x00b", "a\udcffb", "~no-such-user/data"])
def test_a_data_folder_that_no_url_or_system_takes_is_refused(name: str) -> None:
    with pytest.raises(SettingsInvalid, match=r"^data: "):
        load(data=Path(name))


def test_without_a_home_folder_the_data_folder_must_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """As of a user in a container that has a number and no name."""
    monkeypatch.delenv("HOME", raising=False)
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.setattr("os.getuid", lambda: 2_000_000_000)

    with pytest.raises(SettingsInvalid, match="no home folder"):
        load()


@pytest.mark.parametrize(
    ("database", "jobs"),
    [
        ("sqlite:////srv/videos.db", "sqlite:////srv/videos-jobs.db"),
        ("sqlite:////srv/100%2525%3F.db", "sqlite:////srv/100%2525%3F-jobs.db"),
        ("postgresql://ada@db/videos", "postgresql://ada@db/videos"),
    ],
)
def test_the_job_engine_has_a_file_beside_sqlite_and_shares_postgresql(database: str, jobs: str) -> None:
    assert load(database=database).jobs_url == jobs


def test_a_relative_data_folder_is_taken_from_where_the_program_started(alone: Path) -> None:
    assert load(data=Path("videos")).data == alone / "videos"


def test_a_public_url_loses_its_last_slash() -> None:
    assert load(public_url="https://video.example.com/").public_url == "https://video.example.com"


def test_lengths_of_time_read_as_iso_8601() -> None:
    write('playback_ttl = "PT90M"\nsession_lifetime = "P7D"')

    settings = load()

    assert settings.playback_ttl == timedelta(minutes=90)
    assert settings.session_lifetime == timedelta(days=7)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("10.0.0.1", ("10.0.0.1",)),
        ("10.0.0.1,10.0.0.2", ("10.0.0.1", "10.0.0.2")),
        (" 10.0.0.1 , 10.0.0.0/8\t::1,", ("10.0.0.1", "10.0.0.0/8", "::1")),
        ('"10.0.0.1,10.0.0.2"', ("10.0.0.1", "10.0.0.2")),
        ('["10.0.0.1", "10.0.0.2"]', ("10.0.0.1", "10.0.0.2")),
        ("[]", ()),
    ],
)
def test_a_list_in_a_variable_has_commas_or_is_json(
    monkeypatch: pytest.MonkeyPatch, text: str, found: tuple[str, ...]
) -> None:
    monkeypatch.setenv("PLAYHEAD_TRUSTED_PROXIES", text)

    assert load().trusted_proxies == found


LISTS = [name for name, field in Settings.model_fields.items() if field.annotation == tuple[str, ...]]


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("text", ["*,", "*", '["*"]'])
def test_every_list_is_read_alike(monkeypatch: pytest.MonkeyPatch, name: str, text: str) -> None:
    monkeypatch.setenv(PREFIX + name.upper(), text)

    assert getattr(load(), name) == ("*",)


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("text", [",", '["*"', "[*]", '{"a": 1}', "a;b", "[1]", "[[]]", "[null]"])
def test_a_list_that_does_not_read_fails_by_its_name(monkeypatch: pytest.MonkeyPatch, name: str, text: str) -> None:
    monkeypatch.setenv(PREFIX + name.upper(), text)

    with pytest.raises(SettingsInvalid, match=rf"^{name}"):
        load()


def test_settings_cannot_be_changed_after_they_were_read() -> None:
    settings = load()

    with pytest.raises(ValueError, match="frozen"):
        settings.port = 1


@pytest.mark.parametrize(("text", "seconds"), [("4", 4), ("2.5", 2.5), ("PT2H", 7200), ("00:01:30", 90)])
def test_a_bare_number_is_seconds(monkeypatch: pytest.MonkeyPatch, text: str, seconds: float) -> None:
    """Durations are also read as ISO 8601 and as a clock."""
    monkeypatch.setenv("PLAYHEAD_WORKER_DEAD_AFTER", text)

    assert load().worker_dead_after.total_seconds() == seconds


@pytest.mark.parametrize(
    "name", [name for name, field in Settings.model_fields.items() if field.annotation is timedelta]
)
def test_every_length_of_time_reads_as_a_bare_number(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(f"PLAYHEAD_{name.upper()}", "90")

    assert getattr(load(), name) == timedelta(seconds=90)


def test_an_origin_of_another_site_is_written_as_browsers_send_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAYHEAD_CORS_ORIGINS", '["https://WWW.example.com:443/", "*"]')

    assert load().cors_origins == ("https://www.example.com", "*")


def test_a_url_in_the_place_of_an_origin_is_refused_with_an_example() -> None:
    write('cors_origins = ["https://www.example.com/player"]')

    with pytest.raises(SettingsInvalid, match="write scheme and host, such as https://www"):
        load()


def test_everybody_among_the_proxies_is_everybody() -> None:
    assert load(trusted_proxies=("10.0.0.1", "*")).trusted_proxies == ("*",)


def test_a_file_in_another_encoding_is_one_sentence(alone: Path) -> None:
    (alone / "playhead.toml").write_bytes(b'host = "\xfc"')

    with pytest.raises(SettingsInvalid, match=r"playhead\.toml is not TOML"):
        load()


@pytest.mark.parametrize("empty", ["", "  ", '""', "\r"])
def test_an_empty_variable_is_one_that_is_not_set(monkeypatch: pytest.MonkeyPatch, empty: str) -> None:
    """Compose files write ``PLAYHEAD_HOST=${HOST:-}``."""
    defaults = load()
    for name in Settings.model_fields:
        monkeypatch.setenv(PREFIX + name.upper(), empty)
    monkeypatch.setenv("PLAYHEAD_CONFIG", empty)

    assert load() == defaults
    assert set(origins(load()).values()) == {"default"}


@pytest.mark.parametrize("text", ["warning\r", '"warning"', "'warning'\r\n", " warning "])
def test_quotes_and_line_ends_of_env_files_are_no_part_of_a_value(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("PLAYHEAD_LOG_LEVEL", text)

    assert load().log_level == "warning"


def test_a_setting_that_is_empty_in_the_file_is_a_mistake() -> None:
    write('data = ""')

    with pytest.raises(SettingsInvalid, match=r"^data: .*is empty; leave it out"):
        load()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("https://example.com/videos/", "must end after the host and port"),
        ("https://example.com/?a=b", "must end after the host and port"),
        ("https://ann:secret@example.com", "must not hold a user"),
        ("//example.com", "must start with http"),
        ("https://", "must start with http"),
        ("https://exa mple.com", "is not an origin"),
    ],
)
def test_an_address_that_pages_cannot_be_reached_by_is_refused(text: str, why: str) -> None:
    with pytest.raises(SettingsInvalid, match=why):
        load(public_url=text)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("10.0.0.1", "10.0.0.1"),
        ("10.0.0.0/8", "10.0.0.0/8"),
        ("0.0.0.0/0", "0.0.0.0/0"),
        ("FD00::0/8", "fd00::/8"),
        ("[::1]", "::1"),
        ("::ffff:10.0.0.1", "10.0.0.1"),
        ("*", "*"),
    ],
)
def test_a_proxy_is_an_address_or_a_network(text: str, meant: str) -> None:
    assert load(trusted_proxies=(text,)).trusted_proxies == (meant,)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("10.0.0.1/8", "write 10.0.0.0/8, or 10.0.0.1 alone"),
        ("0.0.0.0", "every IPv4 peer is 0.0.0.0/0"),
        ("::", "every peer is"),
        ("nginx", "names are not looked up"),
        ("unix:/run/nginx.sock", "not a network"),
        ("10.0.0.1:80", "not an IP address"),
        ("10.0.0.0/33", "not a network"),
    ],
)
def test_a_proxy_that_no_request_can_come_from_is_refused(text: str, why: str) -> None:
    with pytest.raises(SettingsInvalid, match=why):
        load(trusted_proxies=(text,))
