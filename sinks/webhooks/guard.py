"""Where webhooks may go. A receiver's name is somebody else's text: it must not lead into our own network.

The check is on the address that is connected to, not on the name, so that no trick of writing or of DNS passes it.
"""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final
from urllib.parse import urlsplit

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

LOOPBACK_NAMES: Final = frozenset({"localhost"})
_NEVER: Final = (ip_network("169.254.0.0/16"), ip_network("fe80::/10"), ip_network("fd00:ec2::254/128"))
"""Link-local addresses, where clouds keep their instances' credentials: no setting allows them."""
_NAT64: Final = ip_network("64:ff9b::/96")


class TargetError(ValueError):
    """Webhooks must not go there; one sentence that says why."""


def networks(text: str) -> tuple[Network, ...]:
    """The networks in a comma separated setting. Raises TargetError."""
    try:
        return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())
    except ValueError as error:
        raise TargetError(f"HMS_WEBHOOK_NETWORKS: {error}") from None


def innermost(address: Address) -> Address:
    """The IPv4 address that an IPv6 address stands for (mapped, 6to4, Teredo, NAT64), or itself."""
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    packed = int(address)
    if address in _NAT64 or (packed >> 32 == 0 and packed > 1):  # the second form is the abandoned `::a.b.c.d`
        return IPv4Address(packed & 0xFFFFFFFF)
    return address


def refusal(text: str, allowed: Iterable[Network] = ()) -> str:
    """Why nothing may be sent to this address; empty when it may. `allowed` are networks that the operator has named."""
    address = ip_address(text.partition("%")[0])
    inner = innermost(address)
    if any(each in network for network in _NEVER for each in (address, inner) if each.version == network.version):
        return f"{text} is link-local"
    if any(inner in network for network in allowed if inner.version == network.version):
        return ""
    if inner.is_loopback:
        return f"{text} is this machine"
    if inner.is_multicast or not inner.is_global:
        return f"{text} is not a public address"
    return ""


def check_url(url: str, allowed: Iterable[Network] = ()) -> tuple[str, str, int, str]:
    """Scheme, host, port and path of a receiver's URL. Raises TargetError for one that can be told to be wrong before it is resolved."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise TargetError(f"the URL cannot be read: {error}") from None
    host = parts.hostname or ""
    if parts.scheme not in ("https", "http") or not host:
        raise TargetError("the URL must be https://host/…")
    if parts.username is not None or parts.password is not None:
        raise TargetError("the URL must not hold a user or a password; they would end up in logs")
    if parts.query or parts.fragment:
        raise TargetError("the URL must have neither a query nor a fragment; our path is appended to it")
    if not (url.isascii() and url.isprintable()) or " " in url:
        raise TargetError("the URL must be printable ASCII")
    literal = _literal(host)
    if literal is not None and (why := refusal(literal, allowed)):
        raise TargetError(why)
    if parts.scheme == "http" and not (_is_loopback(literal or host) and any(network.is_loopback for network in allowed)):
        raise TargetError("webhooks need https; plain http is for this machine alone, with 127.0.0.0/8 in HMS_WEBHOOK_NETWORKS")
    return parts.scheme, host, port or (443 if parts.scheme == "https" else 80), parts.path.rstrip("/")


def _literal(host: str) -> str | None:
    try:
        return str(ip_address(host))
    except ValueError:
        return None


def _is_loopback(host: str) -> bool:
    literal = _literal(host)
    return host in LOOPBACK_NAMES if literal is None else innermost(ip_address(literal)).is_loopback
