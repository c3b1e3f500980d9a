"""The table of transfers: a viewer who takes little, seen and ended by an admin."""

import re
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from playhead.media.ffmpeg import find_ffmpeg
from tests.browser.app.test_accessibility import grave_faults
from tests.fixtures.editor import Editor
from tests.fixtures.tiers import thorough
from tests.fixtures.ui import Ui

AGENT = "Lavf/61.7.100"
TAKEN = 100_000


@pytest.fixture(scope="module")
def video(shared_ui: Ui, clip_folder: Path) -> dict[str, Any]:
    """Far more than the buffers between two programs hold."""
    clip = clip_folder / "Long tail.mp4"
    noise = "color=gray:size=320x180:rate=10:duration=40,noise=alls=100:allf=t"
    encode = ["-c:v", "libx264", "-preset", "ultrafast", "-crf", "10", "-pix_fmt", "yuv420p"]
    ffmpeg = str(find_ffmpeg().binary)
    subprocess.run([ffmpeg, "-v", "error", "-y", "-f", "lavfi", "-i", noise, *encode, str(clip)], check=True)
    assert clip.stat().st_size > 16 << 20
    [video] = shared_ui.ready_videos([clip])
    return video


@contextmanager
def viewer(ui: Ui, video: dict[str, Any], agent: str = AGENT) -> Iterator[socket.socket]:
    """A program that asks for the whole file, takes a little of it, and then no more."""
    with Editor(ui.server) as editor:
        link = editor.post(f"/videos/{video['id']}/playback", {})["path"]
    server = urlsplit(ui.server.url)
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 << 10)
        connection.settimeout(30)
        connection.connect((server.hostname, server.port))
        head = {"Host": server.netloc, "User-Agent": agent, "Connection": "close"}
        lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
        connection.sendall(f"GET {link} HTTP/1.1\r\n{lines}\r\n".encode())
        assert connection.recv(TAKEN).startswith(b"HTTP/1.1 200")
        yield connection


def drained(connection: socket.socket) -> int:
    """Take all that still comes; gives the number of bytes until the connection ended."""
    taken = 0
    try:
        while got := connection.recv(1 << 20):
            taken += len(got)
    except ConnectionResetError:
        pass
    return taken


def test_a_transfer_is_seen_and_ended(ui: Ui, video: dict[str, Any]) -> None:
    with viewer(ui, video) as connection, ui.page("/system?tab=transfers") as page:
        row = page.locator("[data-viewing]").filter(has_text="ffmpeg (Lavf) 61")
        for text in ("Long tail", "1 piece", "Signed link", "127.0.0.1", "kB", "/s", "Active"):
            expect(row).to_contain_text(text)
        row.get_by_role("button", name="1 piece").click()
        expect(page.locator("[data-transfer]")).to_contain_text("file, 200")
        assert grave_faults(page) == []

        row.get_by_role("button", name="End").click()
        dialog = page.get_by_role("dialog", name="End this transfer?")
        expect(dialog).to_contain_text("Long tail to Signed link at 127.0.0.1")
        dialog.get_by_role("button", name="End").click()
        expect(page.get_by_text("Transfer ended")).to_be_visible()
        expect(row).to_have_count(0)
        assert drained(connection) < video["size_bytes"]

        page.get_by_text("Ended", exact=True).first.click()
        page.wait_for_url("**/system?tab=transfers&state=ended")
        expect(row.first).to_contain_text("Ended")
        expect(page.get_by_text(re.compile(r"\d+ viewings?, from \d+ transfers?"))).to_be_visible()
        row.first.get_by_role("link", name="Long tail").click()
        page.wait_for_url(f"**/videos/{video['id']}")


def test_who_takes_all_is_complete_and_who_leaves_is_gone(ui: Ui, video: dict[str, Any]) -> None:
    with ui.page("/system?tab=transfers&state=ended") as page:
        row = page.locator("[data-viewing]").filter(has_text="curl 8.1")
        with viewer(ui, video, "curl/8.1"):
            pass
        expect(row).to_contain_text("Disconnected")
        with viewer(ui, video, "curl/8.1") as connection:
            drained(connection)
            expect(row).to_contain_text("2 pieces")
            expect(row).to_contain_text("Complete")


@thorough
@pytest.mark.parametrize("width", [1280, 390])
def test_the_table_does_not_scroll_sideways(ui: Ui, video: dict[str, Any], width: int) -> None:
    with viewer(ui, video), ui.page("/system?tab=transfers", size=(width, 800)) as page:
        expect(page.locator("[data-viewing]").filter(has_text="Long tail").first).to_be_visible()
        over = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(over) <= 0
