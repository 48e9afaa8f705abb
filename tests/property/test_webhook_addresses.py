"""Where a stranger's url may lead us: nowhere that is not the public internet, however it is written."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.notifications.addresses import NotPublic, checked, is_public, is_this_machine
from marketplace.notifications.destination import destination
from marketplace.shared.errors import InvalidRequest

PRIVATE = ("10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16")
NOBODYS = ("0.0.0.0/8", "224.0.0.0/4", "240.0.0.0/4", "192.0.2.0/24", "198.18.0.0/15")


def within(network: IPv4Network) -> st.SearchStrategy[IPv4Address]:
    return st.integers(int(network[0]), int(network[-1])).map(IPv4Address)


NOT_PUBLIC = st.sampled_from([*PRIVATE, *NOBODYS]).flatmap(lambda name: within(IPv4Network(name)))


@given(NOT_PUBLIC)
def test_a_private_address_is_refused_in_all_of_ipv6s_clothes(inside: IPv4Address) -> None:
    number = int(inside)
    clothes = (
        IPv6Address((0xFFFF << 32) | number),  # mapped
        IPv6Address(number),  # compatible
        IPv6Address((0x64FF9B << 96) | number),  # NAT64
        IPv6Address((0x2002 << 112) | (number << 80)),  # 6to4
        IPv6Address((0x20010000 << 96) | (number ^ 0xFFFFFFFF)),  # Teredo
    )
    assert not is_public(str(inside))
    assert not [one for one in clothes if is_public(str(one))]


@given(st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6)))
def test_what_is_public_is_global_and_no_special_kind(address: IPv4Address | IPv6Address) -> None:
    if is_public(str(address)):
        assert address.is_global
        kinds = ("multicast", "reserved", "unspecified", "private", "loopback", "link_local")
        assert not [kind for kind in kinds if getattr(address, f"is_{kind}")]


@given(
    st.sampled_from(("fc00::/7", "fe80::/10", "ff00::/8", "2001:db8::/32", "::/8")), st.integers(0, 2**100)
)
def test_an_ipv6_address_of_a_special_kind_is_refused(network: str, offset: int) -> None:
    block = IPv6Network(network)
    assert not is_public(str(block[offset % block.num_addresses]))


@settings(max_examples=30)
@given(st.lists(st.ip_addresses(v=4).map(str), max_size=4), NOT_PUBLIC.map(str), st.randoms())
def test_a_name_that_stands_for_one_such_address_is_asked_at_none(
    others: list[str], inside: str, chance: object
) -> None:
    addresses = [*others, inside]
    chance.shuffle(addresses)  # type: ignore[attr-defined]
    with pytest.raises(NotPublic):
        checked(addresses, this_machine=False)


@given(NOT_PUBLIC)
def test_a_literal_one_is_refused_at_once_however_it_is_written(inside: IPv4Address) -> None:
    number = int(inside)
    for host in (str(inside), str(number), hex(number), f"[::ffff:{inside}]", f"{inside}.", f"{inside}:8443"):
        with pytest.raises(InvalidRequest):
            destination(f"https://{host}/hook", sandbox=False)


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.acme.example/",
        "ftp://hooks.acme.example/",
        "https://user:pass@hooks.acme.example/",
        "https://hooks.acme.example/#part",
        "https://hooks.acme.example\\@127.0.0.1/",
        "https://127.1/",
        "https://0x7f.1/",
        "https://localhost/",
        "https://api.localhost./",
        "https://[fd00:ec2::254]/latest/meta-data",
        "https://metadata.google.internal/",
        "https://hooks.acme.example:0/",
        "https://hooks.acme.example:99999/",
        "https://hooks acme.example/",
        "https://h\u00f6oks.example/",
        "https:///hook",
        "https://hooks.acme.example/a\r\nX: y",
        "https://" + "a" * 2_000,
        "//hooks.acme.example/",
        "",
    ],
)
def test_a_url_that_is_no_public_https_is_refused(url: str) -> None:
    with pytest.raises(InvalidRequest):
        destination(url, sandbox=False)


def test_a_good_url_keeps_its_port_path_and_query() -> None:
    found = destination("https://Hooks.acme.example:8443/in?a=b", sandbox=False)
    assert (found.host, found.port, found.target) == ("hooks.acme.example", 8443, "/in?a=b")
    assert found.authority == "hooks.acme.example:8443"
    assert destination("https://hooks.acme.example", sandbox=False).target == "/"


def test_a_sandbox_reaches_this_machine_and_still_no_private_network() -> None:
    assert destination("http://127.0.0.1:8080/hook", sandbox=True).port == 8080
    assert is_this_machine("::1")
    for url in ("http://169.254.169.254/", "http://10.0.0.1/"):
        with pytest.raises(InvalidRequest):
            destination(url, sandbox=True)
