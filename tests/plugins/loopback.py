"""No test reaches past this machine."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest


class NetworkIsBlocked(AssertionError):
    """A test tried to reach another machine."""

    def __init__(self, host: object) -> None:
        super().__init__(f"Tests stay on this machine, and this one tried to reach {host!r}.")


def is_this_machine(host: object) -> bool:
    """Whether `host`, a name or a numeric address, can't lead anywhere else."""
    if host in {None, "", "localhost", b"localhost"}:
        return True
    try:
        return ipaddress.ip_address(str(host).partition("%")[0]).is_loopback
    except ValueError:
        return False


@pytest.fixture(scope="session", autouse=True)
def _only_loopback() -> Iterator[None]:
    """Refuse connections, packets and look-ups that leave; unix sockets stay as they are."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex", "sendto"):
            patch.setattr(socket.socket, name, _guard_method(getattr(socket.socket, name)))
        patch.setattr(socket, "getaddrinfo", _guard_look_up(socket.getaddrinfo))
        yield


def _guard_method(original: Callable[..., Any]) -> Callable[..., Any]:
    def guarded(self: socket.socket, *arguments: Any) -> Any:
        address = arguments[-1]
        if self.family in {socket.AF_INET, socket.AF_INET6} and not is_this_machine(address[0]):
            raise NetworkIsBlocked(address[0])
        return original(self, *arguments)

    return guarded


def _guard_look_up(original: Callable[..., Any]) -> Callable[..., Any]:
    def guarded(host: object, *arguments: Any, **options: Any) -> Any:
        if not is_this_machine(host):
            raise NetworkIsBlocked(host)
        return original(host, *arguments, **options)

    return guarded
