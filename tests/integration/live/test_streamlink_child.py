"""The real streamlink under its guard: what strangers' pages and playlists lead it to is not opened."""

import json
from pathlib import Path

from playhead.live.tools import SiteTools
from tests.fixtures.hls_origin import Track, film_segments, hls_origin


async def error_of(url: str, *, allow_private: bool) -> str:
    tools = SiteTools(allow_private=allow_private)
    output = await tools.run("streamlink", [*tools.streamlink_command(), "--no-config", "--json", "--", url])
    return str(json.loads(output.text)["error"])


async def test_a_private_address_is_refused_when_it_is_connected_to(tmp_path: Path) -> None:
    """By whatever name it was reached, and however often that is looked up."""
    with hls_origin(Track(film_segments(tmp_path, seconds=1))) as origin:
        error = await error_of(origin.url.replace("127.0.0.1", "localhost"), allow_private=False)

    assert "not a public address" in error
    assert origin.paths == []


async def test_a_file_of_the_server_is_not_read(tmp_path: Path) -> None:
    """Only what streamlink itself consists of is."""
    playlist = tmp_path / "live.m3u8"
    playlist.write_text("#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n1.ts\n")

    assert "Unable to open URL: file://" in await error_of(f"hls://{playlist.as_uri()}", allow_private=True)
