"""How far an address reaches: this computer, its network, or everybody."""

from ipaddress import ip_address
from typing import Literal
from urllib.parse import urlsplit

Reach = Literal["computer", "network", "internet"]

_LOCAL = (".local", ".lan", ".internal", ".home.arpa")


def reach_of(url: str) -> Reach:
    """Who can follow a link, judged by its host; a proxy or a hosts file may know better."""
    host = (urlsplit(url).hostname or "").rstrip(".")
    if host == "localhost" or host.endswith(".localhost"):
        return "computer"
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return "network" if "." not in host or host.endswith(_LOCAL) else "internet"
    mapped = getattr(address, "ipv4_mapped", None)
    address = mapped or address
    if address.is_loopback or address.is_unspecified:
        return "computer"
    return "internet" if address.is_global else "network"
