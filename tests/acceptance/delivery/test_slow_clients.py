"""slowhttptest (https://github.com/shekyan/slowhttptest) against a server that is in use: the others do not notice."""

import random
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import httpx2
import pytest

from tests.fixtures.server import Server, running_server
from tests.fixtures.stored_videos import link_to, put_bytes
from tests.fixtures.tiers import sample

CONNECTIONS = 150
SECONDS, PATIENCE_S = 5, 60
"""Of an attack whose connections live on, and of one that ends when the last of them was closed."""

ATTACKS = {
    "slow heads": ("-H", "-i", "1", "-x", "8"),
    "slow bodies": ("-B", "-i", "1", "-s", "100000"),
    "slow reads": ("-X", "-n", "1", "-z", "1", "-w", "1", "-y", "64"),
    "many ranges": ("-R", "-a", "1", "-b", "3000", "-t", "GET"),
}
"""By the options of slowhttptest."""

ENDED = ("slow heads", "many ranges")
"""Those whose connections the server closes."""


@dataclass(frozen=True)
class Target:
    """A film on a server that waits for nobody longer than two seconds."""

    server: Server
    content: bytes
    path: str


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    """Attackers and viewers have one address here, so the limits for one address are off."""
    unlimited = {"client_transfers": "0", "client_connections": "0"}
    folder = tmp_path_factory.mktemp("slow")
    with running_server(folder, head_timeout="2", stall_timeout="2", **unlimited) as server:
        content = random.Random(2).randbytes(4 << 20)
        yield Target(server, content, link_to(server, put_bytes(server, content)))


def attack(options: Sequence[str], url: str, seconds: int) -> "subprocess.Popen[bytes]":
    """Begin an attack."""
    program = shutil.which("slowhttptest")
    if program is None:
        pytest.skip("slowhttptest is not installed; scripts/system_packages.py installs it where it may")
    bounds = ("-c", str(CONNECTIONS), "-r", str(CONNECTIONS), "-l", str(seconds), "-p", "5", "-u", url)
    return subprocess.Popen([program, *options, *bounds], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def last_words(said: bytes) -> dict[str, str]:
    """The report that slowhttptest ends with, by its labels."""
    text = re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", said.decode(errors="replace"))
    return {label.strip(): value.strip() for label, value in re.findall(r"^([A-Za-z ]+):\s+(.*)$", text, re.MULTILINE)}


@pytest.mark.parametrize("name", sample(ATTACKS, each=4))
def test_viewers_do_not_notice(target: Target, name: str) -> None:
    """All that others ask for meanwhile comes, and comes whole."""
    path = "/api/v1/session" if name == "slow bodies" else target.path
    with httpx2.Client(base_url=target.server.url, trust_env=False, timeout=120) as viewer:
        attacker = attack(ATTACKS[name], target.server.url + path, PATIENCE_S if name in ENDED else SECONDS)
        watched = 0
        while attacker.poll() is None or not watched:
            answer = viewer.get(target.path)
            assert (answer.status_code, answer.content == target.content) == (200, True)
            watched += 1
    assert attacker.stdout is not None
    report = last_words(attacker.stdout.read())

    assert report["service available"] == "YES"
    if name in ENDED:
        assert report["Exit status"] == "No open connections left"


def test_the_server_is_as_before(target: Target) -> None:
    """The next request is answered, and comes whole."""
    with target.server.client() as client:
        assert client.get("/readyz").status_code == 200
        answer = client.get(target.path)

    assert answer.content == target.content
