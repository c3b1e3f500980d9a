"""What clients of tus rely on besides its routes."""

from datetime import timedelta
from pathlib import Path

import pytest

from playhead.access.sessions import open_session
from playhead.db.database import Database
from playhead.kit.clock import utc_now
from tests.contract.catalog.test_tus import PART, TUS, UPLOADS, create
from tests.fixtures.site import Site, open_site

PAGE = "https://www.example.com"


async def test_the_method_may_stand_in_a_header(site: Site) -> None:
    """For clients behind proxies that let only GET and POST pass."""
    url = (await create(site.ann, 5)).headers["location"]

    def instead(method: str) -> dict[str, str]:
        return {"X-HTTP-Method-Override": method}

    options = await site.anonymous.post(UPLOADS, headers=instead("OPTIONS"))
    patched = await site.ann.client.post(url, content=b"012", headers=PART | {"Upload-Offset": "0"} | instead("PATCH"))
    asked = await site.ann.client.get(url, headers=TUS | instead("head"))
    deleted = await site.ann.client.post(url, headers=TUS | instead("DELETE"))
    elsewhere = await site.ann.client.post("/api/v1/videos/vid_1", headers=instead("DELETE"))

    assert (options.status_code, options.headers["tus-version"]) == (204, "1.0.0")
    assert (patched.status_code, patched.headers["upload-offset"]) == (204, "3")
    assert (asked.status_code, asked.headers["upload-offset"], deleted.status_code) == (200, "3", 204)
    assert elsewhere.status_code == 405


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_an_overridden_method_is_checked_as_what_it_is(site: Site, method: str) -> None:
    """A cookie does not open a write to a page of another site, whatever the request's own method is."""
    url = (await create(site.ann, 5)).headers["location"]
    async with site.get(Database).write() as session:
        signed_in = await open_session(
            session, user_id=site.ann.user.id, now=utc_now(), ttl=timedelta(hours=1), user_agent=""
        )
    headers = TUS | {"X-HTTP-Method-Override": "DELETE", "Cookie": f"playhead_session={signed_in.token}"}

    foreign = await site.anonymous.request(method, url, headers=headers | {"Sec-Fetch-Site": "cross-site"})
    nobody = await site.anonymous.request(method, url, headers=TUS | {"X-HTTP-Method-Override": "DELETE"})
    own = await site.anonymous.request(method, url, headers=headers | {"Sec-Fetch-Site": "same-origin"})

    assert (foreign.status_code, nobody.status_code, own.status_code) == (403, 401, 204)


async def test_a_slash_too_many_loses_no_body(site: Site) -> None:
    """Neither in the endpoint nor behind an upload; no redirect, which some clients follow without the body."""
    created = await site.ann.client.post(f"{UPLOADS}/", content=b"01", headers=PART | {"Upload-Length": "4"})
    url = created.headers["location"]
    patched = await site.ann.client.patch(f"{url}/", content=b"23", headers=PART | {"Upload-Offset": "2"})
    posted = await site.ann.client.post("/api/v1/videos/?title=x", content=b"01")

    assert (created.status_code, created.headers["upload-offset"]) == (201, "2")
    assert (patched.status_code, "playhead-video" in patched.headers, posted.status_code) == (204, True, 201)


async def test_every_answer_names_the_version(site: Site) -> None:
    """Errors of ours, of the framework and of the protocol, and an answer that is given again."""
    once = TUS | {"Upload-Length": "4", "Idempotency-Key": "once"}
    answers = [
        await site.ann.client.post(UPLOADS, headers=once),
        await site.ann.client.post(UPLOADS, headers=once),
        await site.anonymous.post(UPLOADS),
        await site.ann.client.put(UPLOADS),
        await site.ann.client.post(UPLOADS, headers={"Tus-Resumable": "0.2"}),
        await site.ann.client.head(f"{UPLOADS}/upl_1", headers=TUS),
    ]

    assert [answer.status_code for answer in answers] == [201, 201, 401, 405, 412, 404]
    assert {answer.headers.get("tus-resumable") for answer in answers} == {"1.0.0"}
    assert answers[4].headers["tus-version"] == "1.0.0"


async def test_pages_of_named_sites_may_upload_with_a_key(tmp_path: Path, sqlite_url: str) -> None:
    """The preflight is answered and the headers can be read; no cookie is taken from there. Other sites get nothing."""
    async with open_site(tmp_path, sqlite_url, upload_origins=(PAGE,)) as site:
        asking = {"Origin": PAGE, "Access-Control-Request-Method": "PATCH"}
        preflight = await site.anonymous.options(f"{UPLOADS}/upl_1", headers=asking)
        created = await site.ann.client.post(UPLOADS, headers=TUS | {"Upload-Length": "4", "Origin": PAGE})
        refused = await site.anonymous.post(UPLOADS, headers=TUS | {"Origin": PAGE})
        other = await site.anonymous.options(UPLOADS, headers=asking | {"Origin": "https://evil.example"})

    assert preflight.status_code == 204
    assert "PATCH" in preflight.headers["access-control-allow-methods"]
    assert "Upload-Offset" in preflight.headers["access-control-allow-headers"]
    assert "Location" in created.headers["access-control-expose-headers"]
    assert refused.headers["access-control-allow-origin"] == PAGE
    assert "access-control-allow-credentials" not in preflight.headers | created.headers
    assert "access-control-allow-origin" not in other.headers
    assert other.headers["vary"] == "Origin"
