from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhipcau.feeds.addresses import is_allowed, literal_address
from nhipcau.feeds.errors import FeedError

PUBLIC = ["1.1.1.1", "113.160.0.1", "2606:4700:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"]
PRIVATE = [
    "127.0.0.1",
    "127.255.0.9",
    "10.1.2.3",
    "172.31.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "169.254.1.1",
    "::1",
    "fe80::1",
    "fe80::1%2",
    "fd12::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::a00:1",
]
NEVER = [
    "0.0.0.0",
    "224.0.0.1",
    "255.255.255.255",
    "240.0.0.1",
    "192.0.2.1",
    "198.18.0.1",
    "169.254.169.254",
    "100.100.100.200",
    "168.63.129.16",
    "::ffff:169.254.169.254",
    "64:ff9b::a9fe:a9fe",
    "fd00:ec2::254",
    "::",
    "::7f00:1",
    "ff02::1",
    "2001:db8::1",
    "2002:7f00:1::1",
    "2001:0:1::1",
    "64:ff9b:1::1",
    "fec0::1",
    "100::1",
]


@pytest.mark.parametrize("address", PUBLIC)
def test_public_address_is_allowed(address: str) -> None:
    assert is_allowed(ip_address(address), allow_private=False)


@pytest.mark.parametrize("address", PRIVATE)
def test_private_address_needs_leave(address: str) -> None:
    assert not is_allowed(ip_address(address), allow_private=False)
    assert is_allowed(ip_address(address), allow_private=True)


@pytest.mark.parametrize("address", NEVER)
def test_reserved_and_metadata_addresses_are_refused_even_with_leave(address: str) -> None:
    assert not is_allowed(ip_address(address), allow_private=True)


@given(st.integers(0, 2**32 - 1))
def test_what_python_calls_not_global_is_never_allowed(number: int) -> None:
    address = IPv4Address(number)
    if address.is_private or address.is_multicast or address.is_reserved or address.is_loopback:
        assert not is_allowed(address, allow_private=False)


@given(st.integers(0, 2**32 - 1))
def test_an_ipv4_address_in_ipv6_clothes_is_judged_as_itself(number: int) -> None:
    plain = is_allowed(IPv4Address(number), allow_private=False)
    assert is_allowed(IPv6Address((0xFFFF << 32) | number), allow_private=False) == plain
    assert is_allowed(IPv6Address((0x64FF9B << 96) | number), allow_private=False) == plain


@pytest.mark.parametrize(
    "host", ["2130706433", "0177.0.0.1", "0x7f.1", "127.1", "0x7f000001", "127.0.0.1.", "127.0.0.01", "1.2.3.4.5", "0x"]
)
def test_odd_ways_to_write_an_address_are_refused(host: str) -> None:
    with pytest.raises(FeedError) as caught:
        literal_address(host)
    assert caught.value.code == "feed.odd-host"


def test_names_are_no_addresses() -> None:
    assert literal_address("bao.example") is None
    assert literal_address("3c.example") is None
    assert literal_address("[::1]") == ip_address("::1")
