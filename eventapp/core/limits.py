"""Rate limits, in memory on one machine and in Redis past it. Addresses are the client's own."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from ipaddress import IPv6Address, ip_address, ip_network

from flask import Flask, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits import parse_many
from limits.strategies import MovingWindowRateLimiter, RateLimiter
from redis import RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry
from structlog import get_logger

from eventapp.core.limit_memory import ProcessStorage

# What one subscriber of IPv6 is given at least (RFC 6177, 2).
OWN_NETWORK = 64


def client_network() -> str:
    """Return whom a limit by address counts: an IPv4 address, or a whole network of IPv6."""
    return network_of(get_remote_address())


def network_of(address: str) -> str:
    try:
        is_version_6 = isinstance(ip_address(address), IPv6Address)
    except ValueError:
        return address
    return str(ip_network((address, OWN_NETWORK), strict=False)) if is_version_6 else address


limiter = Limiter(
    key_func=client_network,
    strategy="moving-window",
    headers_enabled=False,
    # Without Redis each process counts for itself: forms go on working.
    in_memory_fallback_enabled=True,
)

SIGN_IN = "10 per minute; 60 per hour"
# One address's, in people: a hall registers in a few minutes, and each may bring others.
REGISTERING = "60 per minute; 400 per hour"
# One address's, of codes that don't work: a hall of people types in right ones.
WRONG_CODES = "30 per hour"
# One mailbox's, in registrations typed for it, wherever they come from.
REGISTERING_ONE_MAILBOX = "10 per hour"
LOST_LINKS = "10 per minute; 60 per hour"
# One person's.
ASKING = "12 per minute; 120 per hour"
VOTING = "60 per minute"
LOOKING_FOR_SIMILAR = "40 per minute"
# One address's, which may be a hall of 300 people: all of them come in at once, a few dozen ask in
# the same minute and hardly anyone more than twice in an hour, and each votes for the four
# questions that they like best as soon as they are read out. More than that is a machine.
NEW_GUESTS = "400 per hour"
ASKING_AT_ONE_ADDRESS = "60 per minute; 600 per hour"
VOTING_AT_ONE_ADDRESS = "1200 per minute"
LOOKING_AT_ONE_ADDRESS = "600 per minute"
# One person's, in claps; and one address's, in sendings of up to five claps each.
REACTING = "30 per minute"
REACTING_AT_ONE_ADDRESS = "3000 per minute"

_in_process = MovingWindowRateLimiter(ProcessStorage())
log = get_logger(__name__)

IN_PROCESS = f"{ProcessStorage.STORAGE_SCHEME[0]}://"

QUICK_TO_GIVE_UP = {
    "socket_connect_timeout": 1,
    "socket_timeout": 1,
    "retry": Retry(NoBackoff(), 0),
}


def init_app(app: Flask, *, redis_url: str | None) -> None:
    app.config["RATELIMIT_STORAGE_URI"] = redis_url or IN_PROCESS
    app.config["RATELIMIT_STORAGE_OPTIONS"] = QUICK_TO_GIVE_UP if redis_url else {}
    limiter.init_app(app)
    # Limits stand on routes alone, so nothing is to be looked for before each request.
    check = limiter._check_request_limit  # noqa: SLF001
    before = app.before_request_funcs[None]
    before[:] = [each for each in before if each != check]


@limiter.request_filter
def is_reading() -> bool:
    """Only what writes is limited, so a page is never weighed at all."""
    return request.method in {"GET", "HEAD"}


def is_used_up(limit: str, *key: str) -> bool:
    """Whether nothing is left of `limit` under `key`; counts nothing."""
    return limiter.enabled and not _ask(
        lambda counter: all(counter.test(each, *key) for each in _parse(limit))
    )


def take(limit: str, *key: str, count: int = 1) -> bool:
    """Count so many more under `key`; False when that is more than is left of `limit`."""
    return not limiter.enabled or _ask(
        lambda counter: all(counter.hit(each, *key, cost=count) for each in _parse(limit))
    )


_parse = cache(parse_many)


def _ask(question: Callable[[RateLimiter], bool]) -> bool:
    """Ask what Redis has counted, and while it is away what this process has.

    The limiter's own fallback is for the limits that it puts on routes alone.
    """
    try:
        return question(limiter.limiter)
    except RedisError as error:
        log.warning("limits_unreachable", error=str(error))
        return question(_in_process)
