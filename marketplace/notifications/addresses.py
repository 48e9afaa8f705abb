"""Where we let ourselves be sent by a url that a stranger wrote: to the public internet, and nowhere else.

An IPv6 address must be global unicast and none that carries, tunnels or documents something; an IPv4 address
none of those that have a special purpose. So an address of a private network, of this machine, of the cloud's
own metadata service, or any of these in IPv6's clothes, is refused.
(IANA: IPv4 and IPv6 Special-Purpose Address Registries; RFC 4291, section 2.5)
"""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

SPECIAL_IPV4 = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",  # this network
            "10.0.0.0/8",  # private
            "100.64.0.0/10",  # shared by a provider's customers
            "127.0.0.0/8",  # this machine
            "169.254.0.0/16",  # this link, and the metadata of a cloud
            "172.16.0.0/12",  # private
            "192.0.0.0/24",  # protocols
            "192.0.2.0/24",  # documentation
            "192.31.196.0/24",  # AS112
            "192.52.193.0/24",  # AMT
            "192.88.99.0/24",  # relays of 6to4
            "192.168.0.0/16",  # private
            "192.175.48.0/24",  # AS112
            "198.18.0.0/15",  # benchmarks
            "198.51.100.0/24",  # documentation
            "203.0.113.0/24",  # documentation
            "224.0.0.0/4",  # multicast
            "240.0.0.0/4",  # reserved, broadcast
        ),
    )
)
GLOBAL_IPV6 = IPv6Network("2000::/3")
SPECIAL_IPV6 = tuple(
    map(
        IPv6Network,
        (
            "2001::/23",  # protocols, Teredo's tunnels among them
            "2001:db8::/32",  # documentation
            "2002::/16",  # 6to4: an IPv4 address inside
            "2620:4f:8000::/48",  # AS112
            "3fff::/20",  # documentation
        ),
    )
)


class NotPublic(Exception):
    """The name stands for an address to which we send nothing."""


def is_public(address: str) -> bool:
    """Whether this literal address is one of the public internet; False for what is no address."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, IPv4Address):
        return not any(parsed in network for network in SPECIAL_IPV4)
    return parsed in GLOBAL_IPV6 and not any(parsed in network for network in SPECIAL_IPV6)


def is_this_machine(address: str) -> bool:
    """Whether it is a loopback address, to which a sandbox may send."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    mapped = parsed.ipv4_mapped if isinstance(parsed, IPv6Address) else None
    return (mapped or parsed).is_loopback


def checked(addresses: Iterable[str], *, this_machine: bool) -> tuple[str, ...]:
    """The addresses, all of them: a name that stands for one address that is not public is not asked at any.
    Raises NotPublic."""
    found = tuple(dict.fromkeys(addresses))
    for address in found:
        if not (is_public(address) or (this_machine and is_this_machine(address))):
            raise NotPublic(address)
    return found
