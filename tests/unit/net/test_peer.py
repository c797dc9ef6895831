import pytest

from palaver.net.peer import address_of, why


@pytest.mark.parametrize(
    ("name", "address"),
    [
        (("192.0.2.1", 5222), "192.0.2.1"),
        (("::ffff:192.0.2.1", 5222, 0, 0), "192.0.2.1"),
        (("2001:db8::1", 5222, 0, 0), "2001:db8::1"),
        (("fe80::1%eth0", 5222, 0, 2), "fe80::1%eth0"),
        (None, ""),
        ("", ""),
    ],
)
def test_an_ipv4_address_is_told_as_such_on_a_socket_for_both(name: object, address: str) -> None:
    assert address_of(name) == address


def test_a_peer_that_hangs_up_gives_a_reason_too() -> None:
    assert why(ConnectionAbortedError()) == "the connection was closed"
    assert why(OSError("wrong version number")) == "wrong version number"
