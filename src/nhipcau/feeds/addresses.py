"""Which network addresses a feed may live at: public ones only, unless the operator allows the private ones.

Nothing here opens a connection (see `connections.py`). The lists follow IANA's special-purpose registries (RFC 6890 and
its updates); they are written out because `ipaddress.is_global` differs between Python versions.
"""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final

from nhipcau.feeds.errors import FeedError

PRIVATE: Final[tuple[IPv4Network | IPv6Network, ...]] = (
    IPv4Network("10.0.0.0/8"),
    IPv4Network("100.64.0.0/10"),
    IPv4Network("127.0.0.0/8"),
    IPv4Network("169.254.0.0/16"),
    IPv4Network("172.16.0.0/12"),
    IPv4Network("192.168.0.0/16"),
    IPv6Network("::1/128"),
    IPv6Network("fc00::/7"),
    IPv6Network("fe80::/10"),
)
"""One's own machine and networks: refused unless private addresses are allowed."""

NEVER: Final[tuple[IPv4Network | IPv6Network, ...]] = (
    IPv4Network("0.0.0.0/8"),
    IPv4Network("192.0.0.0/24"),
    IPv4Network("192.0.2.0/24"),
    IPv4Network("192.88.99.0/24"),
    IPv4Network("198.18.0.0/15"),
    IPv4Network("198.51.100.0/24"),
    IPv4Network("203.0.113.0/24"),
    IPv4Network("224.0.0.0/4"),
    IPv4Network("240.0.0.0/4"),
    IPv6Network("2001::/23"),  # Teredo, benchmarking, ORCHID
    IPv6Network("2001:db8::/32"),
    IPv6Network("2002::/16"),  # 6to4 hides an IPv4 address that a relay would call
    IPv6Network("3fff::/20"),
    # The machines that tell a cloud server its own secrets. Two of them look private, one looks public.
    IPv4Network("169.254.169.254/32"),
    IPv4Network("169.254.170.2/32"),
    IPv4Network("100.100.100.200/32"),
    IPv4Network("168.63.129.16/32"),
    IPv6Network("fd00:ec2::254/128"),
)
"""Documentation, multicast, reserved and metadata addresses: refused always."""

PUBLIC_IPV6: Final = IPv6Network("2000::/3")
NAT64: Final = IPv6Network("64:ff9b::/96")

_NUMERIC_HOST: Final = re.compile(r"(?:^|\.)(?:[0-9]+|0[xX][0-9a-fA-F]*)\.?$")


def is_allowed(address: IPv4Address | IPv6Address, *, allow_private: bool) -> bool:
    """Whether a feed may be fetched from this address.

    An IPv4 address inside an IPv6 one (mapped, or NAT64) is judged as the IPv4 address that it is.

    Examples
    --------
    >>> is_allowed(ip_address("::ffff:127.0.0.1"), allow_private=False)
    False
    """
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return is_allowed(address.ipv4_mapped, allow_private=allow_private)
        if address in NAT64:
            return is_allowed(IPv4Address(int(address) & 0xFFFF_FFFF), allow_private=allow_private)
        address = IPv6Address(int(address))  # without a zone, which would match no network
    if any(address in network for network in NEVER):
        return False
    if any(address in network for network in PRIVATE):
        return allow_private
    return isinstance(address, IPv4Address) or address in PUBLIC_IPV6


def literal_address(host: str) -> IPv4Address | IPv6Address | None:
    """Read the address that a host *is*; None where it is a name.

    Raises
    ------
    FeedError
        `feed.odd-host` for the forms that only some programs read as an address (`2130706433`, `0177.0.0.1`,
        `0x7f.1`, `127.1`): whoever writes those hides something.
    """
    bare = host.removeprefix("[").removesuffix("]")
    try:
        return ip_address(bare)
    except ValueError:
        if _NUMERIC_HOST.search(bare) or ":" in bare:
            raise FeedError("feed.odd-host", host=host) from None
        return None
