"""Variables that Kubernetes and Docker put beside ours."""

import os
from pathlib import Path

import pytest

from playhead.app.loading import load
from playhead.app.serve import _environment
from playhead.kit.environment import given, service_links


def kubernetes(service: str) -> dict[str, str]:
    """What a Service of one named port puts into each pod of its namespace."""
    port = {"": "tcp://10.96.0.12:80", "_PROTO": "tcp", "_PORT": "80", "_ADDR": "10.96.0.12"}
    return {
        f"{service}_SERVICE_HOST": "10.96.0.12",
        f"{service}_SERVICE_PORT": "80",
        f"{service}_SERVICE_PORT_HTTP": "80",
        f"{service}_PORT": "tcp://10.96.0.12:80",
        **{f"{service}_PORT_80_TCP{end}": value for end, value in port.items()},
    }


@pytest.mark.parametrize("service", ["PLAYHEAD", "PLAYHEAD_API", "PLAYHEAD_DATABASE", "PLAYHEAD_STORE", "PLAYHEAD_URL"])
def test_variables_of_a_service_of_kubernetes_are_no_settings(service: str) -> None:
    """``enableServiceLinks`` is on by default."""
    assert given(kubernetes(service)) == {}


@pytest.mark.parametrize(
    "environ",
    [
        {"PLAYHEAD_PORT": "udp://[fd00::c]:53", "PLAYHEAD_PORT_53_UDP_ADDR": "fd00::c"},
        {"PLAYHEAD_SERVICE_HOST": "fd00::c", "PLAYHEAD_PORT_9_SCTP_PROTO": "sctp"},
        {"PLAYHEAD_PORT": "tcp://172.17.0.5:80", "PLAYHEAD_NAME": "/web/playhead", "PLAYHEAD_ENV_PGDATA": "any thing"},
        {"PLAYHEAD_DB_PORT": "tcp://172.17.0.5:80", "PLAYHEAD_DB_NAME": "/web/db", "PLAYHEAD_DB_ENV_LANG": "C"},
        {"PLAYHEAD_PORT_80_TCP_START": "tcp://172.17.0.5:80", "PLAYHEAD_PORT_80_TCP_PORT_END": "90"},
    ],
)
def test_ipv6_other_protocols_and_links_of_docker_are_known_too(environ: dict[str, str]) -> None:
    assert service_links(environ) == environ.keys()


def test_the_processes_beside_a_server_are_started_without_them(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """They get the server's settings: a blank at the end of a folder's name included."""
    monkeypatch.chdir(tmp_path)
    for name in given(os.environ):
        monkeypatch.delenv(name)
    for name, value in kubernetes("PLAYHEAD").items() | {"PLAYHEAD_NAME": "/a/b", "PLAYHEAD_ENV_X": "1"}.items():
        monkeypatch.setenv(name, value)

    found = given(_environment(load(data=tmp_path / "data ", port=8123)))

    assert found == {
        "PLAYHEAD_DATA": str(tmp_path / "data "),
        "PLAYHEAD_HOST": "127.0.0.1",
        "PLAYHEAD_PORT": "8123",
        "PLAYHEAD_WORKERS": "1",
    }


def test_names_of_settings_are_read_in_capitals() -> None:
    assert given({"playhead_port": "8000", "Playhead_Url": "x"}) == {"PLAYHEAD_PORT": "8000"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PLAYHEAD_PORT", "8000"),
        ("PLAYHEAD_PROT", "tcp://10.96.0.12:80"),
        ("PLAYHEAD_SERVICE_HOST", "playhead.example.com"),
        ("PLAYHEAD_DATABASE_PORT", "5432"),
        ("PLAYHEAD_NAME", "/web/playhead"),
        ("PLAYHEAD_ENV_DATA", "/data"),
    ],
)
def test_what_a_person_wrote_is_never_passed_over(name: str, value: str) -> None:
    """Both the name and the value must be those of a service; alone, names of Docker's links are nobody's."""
    assert given({name: value}) == {name: value}
