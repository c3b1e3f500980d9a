"""Edits as files: exported, changed by hand, checked, applied; and rendered without a server."""

import json
from pathlib import Path
from typing import Any

from tests.fixtures.clips import make_clip
from tests.fixtures.images import gradient, stored
from tests.fixtures.server import Server
from tests.integration.cli.test_commands import says, tells
from tests.integration.cli.test_media import media
from tests.integration.cli.test_media import tells as media_tells

SIZE = (160, 90)


def test_an_edit_goes_through_a_file(shared_server: Server, tmp_path: Path) -> None:
    """What is at its default is not written; what the file leaves out gets its default; nonsense changes nothing."""
    clip = make_clip(tmp_path, seconds=2, size=SIZE, name="clip.mp4")
    video = says(shared_server, "upload", str(clip), "--wait").strip()
    project = says(shared_server, "projects", "create", "By hand", "--clip", f"{video}:0-1.5").strip()
    exported: dict[str, Any] = json.loads(says(shared_server, "projects", "export", project))
    clip_id = exported["clips"][0]["id"]
    assert exported == {"title": "By hand", "clips": [{"id": clip_id, "video_id": video, "end_s": 1.5}]}

    path = tmp_path / "edit.json"
    exported["clips"][0]["speed"] = 2
    exported["clips"].append({"card": {"text": "End"}, "end_s": 1})
    path.write_text(json.dumps(exported | {"captions": {"mode": "burned"}}))
    shown = says(shared_server, "projects", "apply", project, str(path), "--dry-run")
    assert '+      "speed": 2.0' in shown
    assert json.loads(says(shared_server, "projects", "export", project))["clips"][0].get("speed") is None
    says(shared_server, "projects", "apply", project, str(path), "--yes")
    changed = tells(shared_server, "projects", "show", project)
    assert [changed["clips"][0]["speed"], changed["clips"][0]["id"]] == [2.0, clip_id]
    assert changed["clips"][1]["card"]["text"] == "End"
    assert changed["captions"]["mode"] == "burned"

    del exported["clips"][0]["speed"]
    path.write_text(json.dumps(exported))
    says(shared_server, "projects", "apply", project, str(path), "--yes")
    back = tells(shared_server, "projects", "show", project)
    assert [back["clips"][0]["speed"], back["captions"]["mode"]] == [1.0, "off"]

    path.write_text(json.dumps({"title": "x", "clips": [{"video_id": video, "speed": 9}]}))
    refused = shared_server.cli("projects", "apply", project, str(path), "--yes")
    assert refused.returncode == 1
    assert "clips.1.speed: Input should be less than or equal to 4" in refused.stderr

    path.write_text(json.dumps({"title": "x", "clips": [{"video_id": video, "end_s": 50}]}))
    refused = shared_server.cli("projects", "apply", project, str(path), "--yes")
    assert "Clip 1 ends at 50 s" in refused.stderr
    kept = tells(shared_server, "projects", "show", project)
    assert [kept["title"], len(kept["clips"])] == ["By hand", 2]
    copy = tells(shared_server, "projects", "duplicate", project, "--title", "Twice")
    assert [each["card"] and each["card"]["text"] for each in copy["clips"]] == [None, "End"]


def test_an_edit_of_files_is_rendered_without_a_server(tmp_path: Path) -> None:
    """Paths are relative to the file; what it names and is not there is named."""
    for name in ("one.mp4", "two.mp4"):
        make_clip(tmp_path, seconds=3, size=SIZE, fps=15, gop=15, name=name)
    (tmp_path / "logo.png").write_bytes(stored(gradient(), "PNG"))
    edit = {
        "title": "Files",
        "clips": [
            {"video_id": "one.mp4", "captions": {"cues": [{"start_s": 1, "end_s": 2, "text": "Hello"}]}},
            {"video_id": "two.mp4", "transition_in": {"kind": "crossfade", "duration_s": 1}},
            {"image_id": "logo.png", "end_s": 1},
        ],
        "captions": {"mode": "soft", "language": "en"},
    }
    path = tmp_path / "edit.json"
    path.write_text(json.dumps(edit))

    made = media_tells("stitch", "--edit", path, "-o", tmp_path / "reel.mp4")
    path.write_text(json.dumps(edit | {"music": {"video_id": "gone.mp4"}}))
    refused = media("stitch", "--edit", path, "-o", tmp_path / "other.mp4")

    assert made["plan"]["frames"] == 6 * 15
    assert made["plan"]["captions"]["language"] == "en"
    assert refused.returncode == 1
    assert "gone.mp4, which the edit names" in refused.stderr
    path.write_text(json.dumps(edit | {"captions": {"mode": "burned", "style": {"preset": "classic"}}}))
    assert "no preset 'classic'" in media("stitch", "--edit", path, "-o", tmp_path / "other.mp4").stderr
