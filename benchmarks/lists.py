"""Memory of the API process with long lists, beside what it has idle: 10,000 videos, projects of 2,000 clips."""

import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from benchmarks.figures import forget_peak, peak_rss_mib
from playhead.kit.ids import Prefix, new_id
from tests.fixtures.clips import make_clip
from tests.fixtures.editor import Editor
from tests.fixtures.server import Server, running_server

ROWS = 10_000
CLIPS = 2_000
USERS = 4
SAVES = 5


def main() -> None:
    """Print the peak of each kind of list."""
    folder = Path(tempfile.mkdtemp(prefix="playhead-lists-"))
    try:
        clip = make_clip(folder, seconds=10, size=(320, 180), fps=30, name="clip.mp4")
        with running_server(folder / "server") as server, Editor(server) as editor:
            _measure(server, editor, clip)
    finally:
        shutil.rmtree(folder)


def _measure(server: Server, editor: Editor, clip: Path) -> None:
    editor.http.timeout = 60
    editor.prepared(editor.upload(clip)["id"])
    videos = _multiply(server.data / "playhead.db", "videos", "vid", {"job_id": None})
    _multiply(server.data / "playhead.db", "jobs", "job", {"dedupe_key": None})
    pid, idle = server.process.pid, peak_rss_mib(server.process.pid)

    def peak(label: str, work: Callable[[], object]) -> None:
        forget_peak(pid)
        work()
        found = peak_rss_mib(pid)
        print(f"{label}: {found:.0f} MiB; idle: {idle:.0f} MiB; ratio {found / idle:.2f}")

    peak(f"{ROWS} videos, all pages", lambda: _pages(editor, "/videos"))
    peak(f"{ROWS} jobs, all pages", lambda: _pages(editor, "/jobs"))
    projects = [_project(editor, videos[start:]) for start in range(USERS)]
    peak(f"{SAVES} saves of a project of {CLIPS} clips", lambda: _save(editor, projects[0]))
    with ThreadPoolExecutor(USERS) as pool:
        peak(
            f"{USERS} users at once, each with one", lambda: list(pool.map(lambda each: _read(editor, each), projects))
        )
    peak(f"the list of {USERS} such projects", lambda: editor.get("/projects?limit=100"))


def _multiply(database: Path, table: str, prefix: Prefix, values: dict[str, Any]) -> list[str]:
    """Copy the only row of a table, under new ids."""
    ids = [new_id(prefix) for _ in range(ROWS)]
    with sqlite3.connect(database, timeout=20) as connection:
        cursor = connection.execute(f"select * from {table} limit 1")
        names = [column[0] for column in cursor.description]
        row = dict(zip(names, cursor.fetchone(), strict=True)) | values
        marks = ",".join("?" * len(names))
        rows = [[*(row | {"id": each}).values()] for each in ids]
        connection.executemany(f"insert into {table} values ({marks})", rows)
    return ids


def _pages(editor: Editor, path: str) -> None:
    cursor = ""
    while True:
        page = editor.get(f"{path}?limit=100{cursor}")
        if page["next_cursor"] is None:
            return
        cursor = f"&cursor={page['next_cursor']}"


def _project(editor: Editor, videos: Sequence[str]) -> dict[str, Any]:
    clips = [{"video_id": video, "start_s": 1.0, "end_s": 3.0} for video in videos[:CLIPS]]
    made: dict[str, Any] = editor.post("/projects", {"title": "Long", "clips": clips})
    return made


def _save(editor: Editor, project: dict[str, Any]) -> None:
    for number in range(SAVES):
        clips = [{key: clip[key] for key in ("id", "video_id", "start_s")} for clip in project["clips"]]
        clips = [{**clip, "end_s": 3.0 + 0.01 * number} for clip in clips]
        headers = {"If-Match": f'"{project["version"]}"'}
        answer = editor.http.put(f"/api/v1/projects/{project['id']}/clips", json=clips, headers=headers)
        project = answer.raise_for_status().json()


def _read(editor: Editor, project: dict[str, Any]) -> None:
    for _ in range(SAVES):
        editor.http.get(f"/api/v1/projects/{project['id']}").raise_for_status()
