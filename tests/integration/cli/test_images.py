"""Images by the command line, against a real server."""

from pathlib import Path

from tests.fixtures.images import gradient, moving, stored
from tests.fixtures.server import Server
from tests.fixtures.tiers import thorough
from tests.integration.cli.test_commands import tells


def test_images_are_added_listed_and_removed(shared_server: Server, tmp_path: Path) -> None:
    """What is no image is named, and the others are added all the same."""
    still, animation, text = tmp_path / "Sunset.png", tmp_path / "Wave.gif", tmp_path / "x.txt"
    still.write_bytes(stored(gradient(size=(300, 200)), "PNG"))
    animation.write_bytes(moving("GIF"))
    text.write_text("hello")

    added = shared_server.cli("images", "add", str(still), str(text), str(animation))
    listed = tells(shared_server, "images", "list")

    assert (added.returncode, added.stdout.split()) == (1, [each["id"] for each in listed[::-1]])
    assert "This file is not an image" in added.stderr
    assert [(each["title"], each["content_type"]) for each in listed] == [
        ("Wave", "image/png"),
        ("Sunset", "image/png"),
    ]
    removed = shared_server.cli("images", "remove", *added.stdout.split(), "img_nonsense", "--yes")
    assert (removed.returncode, removed.stderr.count("Deleted")) == (1, 2)


@thorough
def test_the_doctor_looks_at_the_public_address(shared_server: Server) -> None:
    shown = shared_server.cli("doctor", "public")

    assert shown.returncode == 0, shown.stderr
    assert "public_url is not set" in shown.stdout
    assert "PLAYHEAD_PUBLIC_URL" in shown.stderr
