"""Addresses and networks of IP, in one spelling each."""

import ipaddress

EVERYBODY = "*"


def plain_address(text: str) -> str:
    """The IPv4 address in ``::ffff:10.0.0.1``, by which a socket of both kinds knows an IPv4 peer; others unchanged."""
    return text[7:] if text.startswith("::ffff:") and "." in text else text


def network(text: str) -> str:
    """Check an address or network of proxies, such as ``10.0.0.1``, ``10.0.0.0/8``, ``fd00::/8`` or ``*``.

    Raises:
        ValueError: not a network, or one that no peer can have.
    """
    text = plain_address(text.strip().removeprefix("[").removesuffix("]"))
    if text == EVERYBODY:
        return text
    if "/" in text:
        return _network(text)
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        raise ValueError(
            f"{text!r} is not an IP address: write one such as 10.0.0.1, a network such as 10.0.0.0/8, or * for every "
            "peer; names are not looked up"
        ) from None
    if address.is_unspecified or address.is_multicast:
        raise ValueError(f"{text} is never the address of a proxy; every IPv4 peer is 0.0.0.0/0, every peer is *")
    return str(address)


def _network(text: str) -> str:
    try:
        return str(ipaddress.ip_network(text))
    except ValueError:
        pass
    try:
        interface = ipaddress.ip_interface(text)
    except ValueError:
        raise ValueError(f"{text!r} is not a network: write one such as 10.0.0.0/8 or fd00::/8") from None
    raise ValueError(f"{text} is an address inside a network: write {interface.network}, or {interface.ip} alone")
