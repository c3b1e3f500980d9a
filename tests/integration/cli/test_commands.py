"""The command line against a real server: what a person types, and what comes out."""

import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures.clips import make_clip
from tests.fixtures.server import EMAIL, Server, environment_of, run_cli

TITLE = 'A "quoted" 🎬\ntitle'


def says(server: Server, *words: str) -> str:
    """Run a command that has to succeed; gives its stdout."""
    done = server.cli(*words)
    assert done.returncode == 0, done.stderr
    return done.stdout


def tells(server: Server, *words: str) -> Any:
    """Run a command that has to succeed; gives its JSON."""
    return json.loads(says(server, *words, "--json"))


def uploaded(server: Server, folder: Path, name: str = "clip.mp4", **options: Any) -> str:
    clip = make_clip(folder, name=name, **{"seconds": 1, **options})
    return says(server, "upload", str(clip), "--wait").strip()


def test_upload_prints_the_id_of_a_video_that_is_ready(shared_server: Server, tmp_path: Path) -> None:
    clip = make_clip(tmp_path, seconds=1, name="beach.mp4")

    done = shared_server.cli("upload", str(clip), "--wait", "--title", TITLE)

    assert done.returncode == 0, done.stderr
    video = tells(shared_server, "videos", "show", done.stdout.strip())
    assert (video["state"], video["filename"], video["size_bytes"]) == ("ready", "beach.mp4", clip.stat().st_size)
    assert "Uploading beach.mp4" in done.stderr


def test_a_table_of_titles_keeps_one_line_each(shared_server: Server, tmp_path: Path) -> None:
    video = uploaded(shared_server, tmp_path)
    says(shared_server, "videos", "rename", video, TITLE)

    lines = says(shared_server, "videos", "list").splitlines()

    assert lines[0].split() == ["ID", "TITLE", "STATE", "DURATION", "FORMAT", "SIZE", "CREATED"]
    assert len(lines) == 1 + len(tells(shared_server, "videos", "list"))
    assert sum(video in line and "🎬" in line for line in lines) == 1


def test_bad_files_are_named_and_the_others_still_go_up(shared_server: Server, tmp_path: Path) -> None:
    good = make_clip(tmp_path, seconds=1, name="good.mp4")
    (tmp_path / "empty.mp4").touch()
    (tmp_path / "folder.mp4").mkdir()
    text = tmp_path / "text.mp4"
    text.write_text("no video at all\n" * 100)
    files = [tmp_path / "missing.mp4", tmp_path / "empty.mp4", tmp_path / "folder.mp4", text, good]

    done = shared_server.cli("upload", "--wait", *map(str, files))

    assert done.returncode == 1
    assert len(done.stdout.split()) == 1
    errors = [line for line in done.stderr.splitlines() if line.startswith("Error: ")]
    assert len(errors) == 4
    for error, words in zip(errors, ("no file", "is empty", "is a folder", "text"), strict=True):
        assert words in error


def test_a_project_is_made_changed_and_stitched(shared_server: Server, tmp_path: Path) -> None:
    one = uploaded(shared_server, tmp_path, "one.mp4", seconds=2)
    two = uploaded(shared_server, tmp_path, "two.mp4", size=(180, 320), audio=False)

    project = says(shared_server, "projects", "create", "Trip", "--clip", f"{one}:0.5-1.5").strip()
    changed = tells(shared_server, "projects", "add", project, two, f"{one}:1-")
    assert [(clip["video_id"], clip["start_s"]) for clip in changed["clips"]] == [(one, 0.5), (two, 0), (one, 1)]
    shown = tells(shared_server, "projects", "set-clips", project, f"{one}:-1", two)
    assert shown["duration_s"] == pytest.approx(2, abs=0.1)

    settings = tells(shared_server, "projects", "settings", project, "--size", "160x90", "--sound", "encode")
    assert (settings["width"], settings["height"], settings["sound"]) == (160, 90, "encode")
    plan = tells(shared_server, "projects", "plan", project)
    assert ([clip["action"] for clip in plan["clips"]], plan["format"]["width"]) == (["encode", "encode"], 160)
    assert plan["summary"] in says(shared_server, "projects", "plan", project).replace("\n", " ")

    done = shared_server.cli("stitch", project, "--wait")
    assert done.returncode == 0, done.stderr
    reel = tells(shared_server, "videos", "show", done.stdout.strip())

    assert (reel["origin"], reel["project_id"]) == ("reel", project)
    assert reel["duration_s"] == pytest.approx(2, abs=0.1)
    (job,) = tells(shared_server, "jobs", "list", "--project", project)
    assert job["state"] == "succeeded"
    assert {step["state"] for step in tells(shared_server, "jobs", "show", job["id"])["steps"]} == {"succeeded"}
    assert tells(shared_server, "jobs", "watch", job["id"])["state"] == "succeeded"
    shown = says(shared_server, "jobs", "show", job["id"])
    assert all(words in shown for words in ("succeeded", "Stitch", "Render clip 1 (", "Verify the reel"))
    assert project in says(shared_server, "projects", "list", "--search", "Trip")


def test_a_video_and_the_system_are_told_in_words(shared_server: Server, tmp_path: Path) -> None:
    """Profile, keyframes and tracks of a file, what happened with it, and how the server is."""
    video = uploaded(shared_server, tmp_path, name="facts.mp4")

    shown = says(shared_server, "videos", "show", video)
    assert "video track  0: H.264 High" in shown
    assert "yuv420p, 8 bits, colours unspecified" in shown
    assert "1: AAC LC, stereo, " in shown
    assert "Uploaded facts.mp4" in says(shared_server, "videos", "activity", video)
    system = says(shared_server, "system")
    assert "ok: 1 alive" in system
    assert "environment PLAYHEAD_DATA" in system
    assert tells(shared_server, "transfers", "viewings", "--video", video) == []


def test_the_signed_url_opens_without_a_key(shared_server: Server, tmp_path: Path) -> None:
    clip = make_clip(tmp_path, seconds=1)
    video = says(shared_server, "upload", str(clip), "--wait").strip()

    url = says(shared_server, "url", video, "--ttl", "10m").strip()

    with shared_server.client("nobody") as client:
        del client.headers["Authorization"]
        assert client.get(url).content == clip.read_bytes()
        poster = client.get(says(shared_server, "url", video, "--kind", "poster").strip())
    assert poster.headers["content-type"] == "image/jpeg"


def test_a_picture_of_a_video_is_saved(shared_server: Server, tmp_path: Path) -> None:
    """At a time, or its poster; one that cannot be written is said so."""
    video, out = uploaded(shared_server, tmp_path), tmp_path / "moment.jpg"

    says(shared_server, "videos", "thumbnail", video, "--at", "0.5", "--width", "160", "-o", str(out))
    assert out.read_bytes().startswith(b"\xff\xd8")
    moment = out.read_bytes()
    says(shared_server, "videos", "thumbnail", video, "-o", str(out))
    assert out.read_bytes() != moment

    refused = shared_server.cli("videos", "thumbnail", video, "-o", str(tmp_path / "no" / "such.jpg"))
    assert (refused.returncode, "cannot be written" in refused.stderr) == (1, True)
    with shared_server.client("nobody") as client:
        del client.headers["Authorization"]
        url = says(shared_server, "url", video, "--kind", "thumbnail").strip()
        assert client.get(f"{url}&t=0.5&w=160").content == moment


def test_storyboard_and_preview_follow_a_video_that_is_ready(shared_server: Server, tmp_path: Path) -> None:
    """The worker makes them by itself, moments later."""
    video = uploaded(shared_server, tmp_path)

    deadline = time.monotonic() + 120
    while (found := tells(shared_server, "videos", "show", video))["storyboard_url"] is None:
        assert time.monotonic() < deadline, tells(shared_server, "jobs", "list", "--kind", "stills")
        time.sleep(0.2)

    with shared_server.client("nobody") as client:
        del client.headers["Authorization"]
        assert client.get(found["storyboard_url"]).text.startswith("WEBVTT")
        assert client.get(found["preview_url"]).headers["content-type"] == "image/webp"


def test_delete_asks_first_and_says_which_projects_use_the_video(shared_server: Server, tmp_path: Path) -> None:
    video = uploaded(shared_server, tmp_path)

    asked = shared_server.cli("videos", "delete", video)
    assert (asked.returncode, "Pass --yes" in asked.stderr) == (1, True)
    project = says(shared_server, "projects", "create", "Uses it", "--clip", video).strip()
    used = shared_server.cli("videos", "delete", video, "--yes")
    assert (used.returncode, used.stdout, "is a clip of “Uses it”" in used.stderr) == (1, "", True)
    says(shared_server, "videos", "delete", video, "--force", "--yes")

    assert shared_server.cli("videos", "show", video).returncode == 1
    shown = says(shared_server, "projects", "show", project)
    assert video in shown
    says(shared_server, "projects", "delete", project, "--yes")
    assert shared_server.cli("projects", "show", project).returncode == 1


def test_a_failed_job_ends_with_1_and_its_reason(shared_server: Server) -> None:
    project = says(shared_server, "projects", "create", "Empty").strip()

    done = shared_server.cli("stitch", project, "--wait")

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("Error: ")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "words",
    [
        ["videos", "show", "vid_01k3q9h2v7e8t9m5x0c4d6f8ga"],
        ["videos", "show", "../../etc/passwd"],
        ["projects", "show", "nonsense"],
        ["jobs", "watch", "job_01k3q9h2v7e8t9m5x0c4d6f8ga"],
        ["stitch", "prj_01k3q9h2v7e8t9m5x0c4d6f8ga"],
        ["url", "vid_01k3q9h2v7e8t9m5x0c4d6f8ga"],
        ["keys", "revoke", "key_nonsense"],
        ["users", "disable", "nobody@example.org"],
        ["users", "disable", EMAIL],
    ],
)
def test_what_is_not_there_or_not_allowed_is_one_line_and_exit_code_1(
    shared_server: Server, words: Sequence[str]
) -> None:
    done = shared_server.cli(*words)

    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert done.stderr.startswith("Error: ")


def test_a_refusal_names_the_request_for_the_log(shared_server: Server) -> None:
    assert "(request " in shared_server.cli("videos", "show", "vid_01k3q9h2v7e8t9m5x0c4d6f8ga").stderr


def test_a_wrong_key_says_how_to_get_a_right_one(shared_server: Server, tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text("ph_wrong_key\n")

    done = shared_server.cli("videos", "list", "--key-file", str(key))

    assert (done.returncode, "playhead keys create" in done.stderr) == (1, True)


def test_users_and_keys_are_managed_beside_the_running_server(shared_server: Server) -> None:
    added = shared_server.cli("users", "add", "bo@example.org", "--password-stdin", stdin="a long enough one\n")
    assert added.returncode == 0, added.stderr
    key = tells(shared_server, "keys", "create", "--name", "bo's", "--user", "bo@example.org", "--scope", "videos:read")
    with shared_server.client(key["key"]) as bo:
        assert bo.get("/api/v1/videos").status_code == 200
        assert bo.post("/api/v1/projects", json={"title": "T"}).status_code == 403

        says(shared_server, "keys", "revoke", key["id"])
        assert bo.get("/api/v1/videos").status_code == 401

    says(shared_server, "users", "disable", "bo@example.org")
    state = {user["email"]: user["disabled"] for user in tells(shared_server, "users", "list")}
    assert state == {EMAIL: False, "bo@example.org": True}
    says(shared_server, "users", "enable", "bo@example.org")
    assert key["key"] not in says(shared_server, "keys", "list")
    changed = shared_server.cli(
        "users", "set-password", "bo@example.org", "--password-stdin", stdin="another long one\n"
    )
    assert changed.returncode == 0, changed.stderr


def test_users_and_keys_work_before_the_first_start(tmp_path: Path) -> None:
    environment = environment_of(tmp_path)

    without = run_cli(["keys", "create", "--name", "early"], environment)
    assert (without.returncode, "playhead users add EMAIL --admin" in without.stderr) == (1, True)
    short = run_cli(["users", "add", EMAIL, "--admin", "--password-stdin"], environment, stdin="short\n")
    assert (short.returncode, short.stderr.startswith("Error: ")) == (1, True)
    added = run_cli(["users", "add", EMAIL, "--admin", "--password-stdin"], environment, stdin="a long enough one\n")
    assert (added.returncode, added.stdout[:4]) == (0, "usr_")
    made = run_cli(["keys", "create", "--name", "early", "--expires", "90d", "--json"], environment)
    assert {"id", "key", "expires_at", "scopes"} <= set(json.loads(made.stdout))


def test_config_show_tells_each_value_and_where_it_came_from(tmp_path: Path) -> None:
    environment = environment_of(tmp_path) | {"PLAYHEAD_DATABASE": "postgresql://ada:p4ssw0rd@db.example.org/playhead"}

    done = run_cli(["config", "show", "--json"], environment)

    rows = {row["name"]: row for row in json.loads(done.stdout)}
    assert rows["data"]["value"] == environment["PLAYHEAD_DATA"]
    assert "PLAYHEAD_DATA" in rows["data"]["origin"]
    assert rows["port"]["origin"] == "default"
    assert "p4ssw0rd" not in done.stdout
    assert run_cli(["config", "show"], environment).stdout.startswith("SETTING")


def test_an_unknown_setting_fails_with_the_nearest_name(tmp_path: Path) -> None:
    done = run_cli(["config", "show"], environment_of(tmp_path) | {"PLAYHEAD_PROT": "1"})

    assert (done.returncode, "PLAYHEAD_PORT" in done.stderr) == (2, True)
