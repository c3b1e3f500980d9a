"""The doctor of the public address: whether others can fetch files from this server under `public_url`.

A signed file of one pixel is fetched as the strictest generator would: GET and HEAD, no redirect, type and length. It
is fetched from this host, so a firewall that lets only its own network in is not seen.
"""

from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final, Literal
from urllib.parse import urlsplit

from playhead.api.outgoing import Outgoing
from playhead.catalog.asset_urls import MIN_LIFE_S, PROBE, PROBE_IMAGE, Asset, AssetUrls
from playhead.kit.urls import HTTP, HostUnknown, UrlRefused, check_url

if TYPE_CHECKING:
    import httpx2

Verdict = Literal["ok", "warning", "failed", "off"]

TIMEOUT_S: Final = 10.0
_READ_BYTES: Final = 4096
"""Of an answer: more than that of a problem document."""

_PROXY: Final = "Let the proxy in front pass /api/v1/assets/ through as it is."


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found about one thing.

    Attributes:
        verdict: ``off``: not tried.
    """

    name: str
    title: str
    verdict: Verdict
    detail: str
    hint: str | None = None


class PublicAddress:
    """Examines the public address."""

    def __init__(self, urls: AssetUrls, outgoing: Outgoing, public_url: str | None) -> None:
        self._urls, self._outgoing, self.url = urls, outgoing, public_url

    async def examine(self) -> list[Finding]:
        """All findings, in the order in which things depend on one another."""
        if self.url is None:
            return [
                Finding(
                    "setting",
                    "Setting",
                    "warning",
                    "public_url is not set. Prompts work all the same, by polling; input images and videos, and "
                    "callbacks of providers, do not.",
                    "Set PLAYHEAD_PUBLIC_URL to the https address under which this server is reached from outside.",
                )
            ]
        leads = await self._leads(self.url)
        tried = leads.verdict != "failed" or (self._outgoing.allow_private and leads.name == "reach")
        fetched = await self._fetch(self.url) if tried else _fetched("off", "Not tried: the address leads nowhere.")
        return [_form(self.url), leads, fetched]

    async def _leads(self, url: str) -> Finding:
        try:
            checked = await check_url(url, HTTP, allow_private=False)
        except HostUnknown as error:
            return Finding("host", "Host", "failed", str(error), "Make a DNS record for this name, or correct it.")
        except UrlRefused as error:
            hint = "Providers are outside of your network: use an address of the internet, such as that of a tunnel."
            return Finding("reach", "Reach", "failed", str(error), hint)
        return Finding("reach", "Reach", "ok", f"{checked.host} leads to {', '.join(checked.addresses)}.")

    async def _fetch(self, url: str) -> Finding:
        import httpx2

        asset = Asset(PROBE)
        probe = url + asset.path(self._urls.token(asset, ttl_s=MIN_LIFE_S).token)
        try:
            async with self._outgoing.client(timeout_s=TIMEOUT_S) as client:
                for method in ("GET", "HEAD"):
                    finding = await _judged(client, method, probe)
                    if finding.verdict != "ok":
                        return finding
        except UrlRefused as error:
            return _fetched("failed", str(error))
        except httpx2.HTTPError as error:
            reason = str(error) or type(error).__name__
            return _fetched(
                "failed",
                f"No answer from {url}: {reason}.",
                "Check port, certificate and firewall. A router may not let this host reach itself by its public name.",
            )
        return finding


async def _judged(client: "httpx2.AsyncClient", method: str, url: str) -> Finding:
    async with client.stream(method, url, headers={"Accept-Encoding": "identity"}) as answer:
        body = b""
        async for chunk in answer.aiter_raw():
            body += chunk
            if len(body) > _READ_BYTES:
                break
    if answer.is_redirect:
        to = urlsplit(answer.headers.get("location", ""))
        return _fetched(
            "failed",
            f"{method} is redirected to {to.scheme}://{to.netloc}, and generators follow no redirect.",
            "Set PLAYHEAD_PUBLIC_URL to the address that requests end at.",
        )
    if answer.status_code != 200 or (method == "GET" and body != PROBE_IMAGE):
        return _stranger(method, answer.status_code, body)
    if answer.headers.get("content-type") != "image/png":
        return _fetched("failed", f"{method} gives another Content-Type than this server sends.", _PROXY)
    if answer.headers.get("content-length") != str(len(PROBE_IMAGE)):
        return _fetched("failed", f"{method} comes without the Content-Length that this server sends.", _PROXY)
    return _fetched("ok", "A signed file came with its type and length, without a redirect, as seen from this host.")


def _stranger(method: str, status: int, body: bytes) -> Finding:
    if b'"asset_token_invalid"' in body:
        return _fetched(
            "failed",
            "Another Playhead answers there, or one with other secrets.",
            "Point the address at this server. Several hosts of one installation share secrets.json.",
        )
    return _fetched("failed", f"{method} was answered with {status}, and not by this server.", _PROXY)


def _form(url: str) -> Finding:
    parts = urlsplit(url)
    if parts.scheme != "https":
        return _formed("failed", f"{url} is not https.", "Providers fetch over https alone: put a proxy in front.")
    try:
        ip_address(parts.hostname or "")
    except ValueError:
        return _formed("ok", url)
    return _formed("warning", f"{url} is an IP address.", "Some providers, such as Runway, take host names alone.")


def _formed(verdict: Verdict, detail: str, hint: str | None = None) -> Finding:
    return Finding("address", "Address", verdict, detail, hint)


def _fetched(verdict: Verdict, detail: str, hint: str | None = None) -> Finding:
    return Finding("fetch", "Fetch", verdict, detail, hint)
