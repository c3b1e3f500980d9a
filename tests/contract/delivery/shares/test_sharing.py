"""``/sharing``: whom links reach and which sites may embed."""

from pathlib import Path

from tests.fixtures.site import Site, open_site


async def test_who_shares_learns_how_far_links_reach(tmp_path: Path, sqlite_url: str) -> None:
    """By the public address; sites that may embed are listed. Somebody without an account learns nothing."""
    settings = {"public_url": "https://video.example.com", "embed_origins": ("https://www.example.com",)}
    async with open_site(tmp_path, sqlite_url, **settings) as site:
        assert (await site.ann.client.get("/api/v1/sharing")).json() == {
            "address": "https://video.example.com",
            "reach": "internet",
            "public_url_set": True,
            "default_days": 30,
            "visitor_comments": True,
            "embed_origins": ["https://www.example.com"],
        }
        assert (await site.anonymous.get("/api/v1/sharing")).status_code == 401


async def test_without_a_public_address_the_host_of_the_request_counts(site: Site) -> None:
    answer = await site.ann.client.get("/api/v1/sharing", headers={"Host": "127.0.0.1:8000"})

    assert (answer.json()["reach"], answer.json()["address"]) == ("computer", "http://127.0.0.1:8000")
