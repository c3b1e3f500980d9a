"""Share links by the command line, against a real server."""

from pathlib import Path

import httpx2

from tests.fixtures.clips import make_clip
from tests.fixtures.server import Server
from tests.integration.cli.test_commands import says, tells


def plays(server: Server, link: str, **wish: str) -> httpx2.Response:
    """Ask for a signed link as the page of a share does."""
    token = link.strip().rsplit("/", 1)[1]
    return httpx2.post(f"{server.url}/api/v1/shared/{token}/playback", json={"kind": "file", **wish})


def test_a_video_is_shared_watched_and_no_longer(shared_server: Server, tmp_path: Path) -> None:
    """Made with an end and a password from stdin, listed, ended; links to the video are ended apart from that."""
    clip = make_clip(tmp_path, seconds=1, size=(160, 90), fps=10, mark=8)
    video = says(shared_server, "upload", str(clip), "--wait").strip()
    open_link = says(shared_server, "videos", "share", video, "--expires", "7d", "--download")
    locked = shared_server.cli("videos", "share", video, "--password-stdin", stdin="open sesame\n")

    assert locked.returncode == 0, locked.stderr
    assert plays(shared_server, open_link).status_code == 200
    assert plays(shared_server, locked.stdout).status_code == 403
    signed = plays(shared_server, locked.stdout, password="open sesame").json()["url"]
    assert httpx2.get(signed).content == clip.read_bytes()
    listed = tells(shared_server, "videos", "shares", video)
    assert [(each["has_password"], each["views"]) for each in listed] == [(True, 1), (False, 1)]
    assert "password" in says(shared_server, "videos", "shares", video)

    says(shared_server, "videos", "unshare", listed[0]["id"])
    assert httpx2.get(signed).status_code == 403
    own = says(shared_server, "url", video).strip()
    outside = says(shared_server, "videos", "links", "asset", video, "--ttl", "5m").strip()
    assert [httpx2.get(each).status_code for each in (own, outside)] == [200, 200]
    says(shared_server, "videos", "links", "revoke", video, "--yes")
    assert [httpx2.get(each).status_code for each in (own, outside)] == [403, 401]
    assert plays(shared_server, open_link).status_code == 200


def test_a_length_that_does_not_read_is_named(shared_server: Server) -> None:
    """Before anything is asked of the server."""
    refused = shared_server.cli("videos", "share", "vid_01k3q9h2v7e8t9m5x0c4d6f8ga", "--expires", "soon")

    assert refused.returncode == 2
    assert "30m, 4h, 90d" in refused.stderr
