"""The figures of the live room, and the pages of documentation that hold them."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, TypeVar

import uvloop

from bench.figures import Figure
from bench.live.asking import OPENED_PER_SECOND, ROUNDS, Growth, measure_growth
from bench.live.faults import (
    PIECES,
    Back,
    Unread,
    measure_kill,
    measure_redis_restart,
    measure_unread,
)
from bench.live.house import Site, embedded, raise_limit, scaled
from bench.live.people import ADDRESSES
from bench.live.voting import (
    QUESTIONS_PER_SECOND,
    VOTES_PER_SECOND,
    Voted,
    measure_voting,
)
from eventapp.core.logs import configure_logging

LISTENERS = 10_000
SIZES = (1_000, 2_000, 5_000, LISTENERS)
VOTERS = 2_000
VOTING_SECONDS = 60.0
FEWER_SECONDS = 10.0

ALL_IN_ONE = "all in one process"
TWO_LIVE = "two live processes"

MOST_RATIO = 2.0
MOST_KILOBYTES = 20.0
MOST_GROWTH = 1.25
MOST_MILLISECONDS = 150.0
MOST_PUSHES = 4.0
MOST_SECONDS_AWAY = 10.0
MOST_GROWN = 1000.0

Found = TypeVar("Found")


@dataclass(frozen=True, kw_only=True)
class Live:
    figures: list[Figure]
    growths: list[Growth]


def measure_live(*, listeners: int = LISTENERS) -> Live:
    """Measure all, with fewer than 10,000 listeners (and shorter) where asked to."""
    configure_logging("WARNING")
    raise_limit()
    sizes = [size for size in SIZES if size < listeners] + [listeners]
    voters = min(VOTERS, listeners)
    seconds = VOTING_SECONDS if listeners >= LISTENERS else FEWER_SECONDS
    growths = [
        _on(embedded(), lambda site: measure_growth(ALL_IN_ONE, site, sizes)),
        _on(scaled(lives=2), lambda site: measure_growth(TWO_LIVE, site, sizes)),
    ]
    figures = [figure for growth in growths for figure in _describe_growth(growth)]
    for engine, site in (("SQLite", embedded()), ("PostgreSQL", scaled(lives=1))):
        voted = _on(site, lambda s: measure_voting(s, listeners=voters, seconds=seconds))
        figures += _describe_voting(engine, voted)
    figures += [
        _describe_back(
            "all-in-one process killed and started again",
            _on(embedded(), lambda site: measure_kill(site, listeners=voters)),
        ),
        _describe_back(
            "live process killed and started again",
            _on(scaled(lives=1), lambda site: measure_kill(site, listeners=voters)),
        ),
        _describe_back(
            "Redis restarted, empty",
            _on(scaled(lives=1), lambda site: measure_redis_restart(site, listeners=voters)),
        ),
        _describe_unread(_on(scaled(lives=1), lambda site: measure_unread(site, pieces=PIECES))),
    ]
    return Live(figures=figures, growths=growths)


def _on(site: AbstractContextManager[Site], measure: Any) -> Any:
    """Start a site, measure on it, and stop it."""
    with site as started:
        return run(measure(started))


def run(measuring: Coroutine[Any, Any, Found]) -> Found:
    """Run on the event loop that the servers have too."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(measuring)


def _describe_growth(growth: Growth) -> list[Figure]:
    first, last, bare = growth.ours[0], growth.ours[-1], growth.theirs[-1]
    count = f"{last.listeners:,}"
    errors = sum(size.opening.errors for size in growth.ours)
    seconds = sum(size.opening.seconds for size in growth.ours)
    slowest = max(size.opening.slowest for size in growth.ours)
    flat = last.processor / first.processor
    return [
        Figure(
            what=f"{count} streams opened, {growth.name}",
            value=f"{seconds:.1f} s, {errors} errors",
            compared=f"{OPENED_PER_SECOND:,} a second from {ADDRESSES} addresses; the slowest took "
            f"{slowest * 1000:.0f} ms",
            wanted="no error",
            is_met=errors == 0,
        ),
        Figure(
            what=f"one question to {count}, {growth.name}",
            value=f"{growth.ratio:.2f} ×",
            compared=f"95 % have it {last.most:.0f} ms after the POST (half {last.half:.0f}, "
            f"longest of {ROUNDS} questions {last.longest:.0f}) to {bare.most:.0f} ms (half "
            f"{bare.half:.0f}, longest {bare.longest:.0f}) of a bare asyncio server",
            wanted=f"≤ {MOST_RATIO:.0f} ×",
            is_met=growth.ratio <= MOST_RATIO,
        ),
        Figure(
            what=f"memory of a stream, {growth.name}",
            value=f"{last.memory:.1f} kB",
            compared=f"proportional set size with {count} open less that before the first",
            wanted=f"≤ {MOST_KILOBYTES:.0f} kB",
            is_met=last.memory <= MOST_KILOBYTES,
        ),
        Figure(
            what=f"processor per listener, {first.listeners:,} to {count}, {growth.name}",
            value=f"{flat:.2f} ×",
            compared=f"{last.processor:.0f} to {first.processor:.0f} µs for each question",
            wanted=f"≤ {MOST_GROWTH} ×",
            is_met=flat <= MOST_GROWTH,
        ),
    ]


def _describe_voting(engine: str, voted: Voted) -> list[Figure]:
    sent = voted.votes.statuses.total()
    slowest = max(voted.votes.percentile(0.95), voted.questions.percentile(0.95))
    refused = {s: n for s, n in voted.votes.statuses.items() if s != 200}
    return [
        Figure(
            what=f"votes counted, {engine}",
            value=f"{voted.counted:,} of {sent:,}",
            compared=f"{voted.accepted:,} accepted, {voted.vote_rows:,} rows; {VOTES_PER_SECOND} "
            f"votes/s and {QUESTIONS_PER_SECOND} questions/s of {voted.listeners:,} people, done "
            f"in {voted.seconds:.0f} s" + (f"; refused: {refused}" if refused else ""),
            wanted="all",
            is_met=voted.is_complete,
        ),
        Figure(
            what=f"95 % of these POSTs, {engine}",
            value=f"{slowest:.0f} ms",
            compared=f"votes: half {voted.votes.percentile(0.5):.0f}, 95 % "
            f"{voted.votes.percentile(0.95):.0f}; questions: 95 % "
            f"{voted.questions.percentile(0.95):.0f}; {voted.processor:.2f} cores for pages and "
            "streams",
            wanted=f"≤ {MOST_MILLISECONDS:.0f} ms",
            is_met=slowest <= MOST_MILLISECONDS,
        ),
        Figure(
            what=f"pushes of votes to a listener, {engine}",
            value=f"{voted.vote_pushes:.1f}/s",
            compared=f"{voted.pushes:.1f}/s with those of questions, which take votes along",
            wanted=f"≤ {MOST_PUSHES:.0f}/s",
            is_met=voted.vote_pushes <= MOST_PUSHES,
        ),
        Figure(
            what=f"pages that end as the database, {engine}",
            value=f"{voted.true_pages:,} of {voted.listeners:,}",
            compared=f"status and votes of each question; {voted.resets} told to fetch the state",
            wanted="all",
            is_met=voted.true_pages == voted.listeners,
        ),
    ]


def _describe_back(what: str, back: Back) -> Figure:
    return Figure(
        what=f"{what}, {back.listeners:,} listeners",
        value=f"{back.last:.1f} s",
        compared=f"until the last of {back.true_pages:,} true pages, from its return after "
        f"{back.away:.1f} s; half {back.half:.1f} s; {back.resets:,} told to fetch the state, "
        f"{back.states_failed:,} fetched in vain",
        wanted=f"all ≤ {MOST_SECONDS_AWAY:.0f} s",
        is_met=back.true_pages == back.listeners and back.last <= MOST_SECONDS_AWAY,
    )


def _describe_unread(unread: Unread) -> Figure:
    return Figure(
        what="a listener that never reads",
        value=f"{unread.grown_later:.0f} kB, " + ("dropped" if unread.is_dropped else "kept"),
        compared=f"memory of the live process from {unread.pushed / 1000:.0f} MB pushed to twice "
        f"that; {unread.grown:.0f} kB until then; {unread.others} others, "
        f"{unread.others_lost} lost",
        wanted=f"flat (≤ {MOST_GROWN:.0f} kB), dropped",
        is_met=unread.is_dropped and unread.grown_later <= MOST_GROWN and not unread.others_lost,
    )


def tabulate_growth(growths: Sequence[Growth]) -> list[str]:
    """Return the lines of a table, a row for each size and form."""
    rows = [
        f"| {growth.name} | {ours.listeners:,} | {ours.processor:.0f} µs | {ours.memory:.1f} kB "
        f"| {ours.half:.0f} ms | {ours.most:.0f} ms | {theirs.most:.0f} ms "
        f"| {ours.most / theirs.most:.2f} × |"
        for growth in growths
        for ours, theirs in zip(growth.ours, growth.theirs, strict=True)
    ]
    return [
        "| | listeners | processor each | memory each | half | 95 % | bare: 95 % | |",
        "|---|---|---|---|---|---|---|---|",
        *rows,
    ]
