"""A minute of voting: so many votes and questions a second in a room of 2,000, each a person.

Everyone has the room open, and everyone's page must show in the end what the database holds.
"""

from __future__ import annotations

import asyncio
import itertools
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from bench.live.asking import AT_ONCE, OPENED_PER_SECOND, percentile
from bench.live.events import Batch
from bench.live.house import ROOM, Site
from bench.live.pages import OpenPage, Question, work_out
from bench.live.people import Answer, Person

VOTES_PER_SECOND = 200
QUESTIONS_PER_SECOND = 5
# Of these many newest questions a voter takes one; few older ones are still read.
STILL_READ = 40
SECONDS_TO_SETTLE = 30.0
SECONDS_BETWEEN_LOOKS = 0.5
TEXT = "What did the first year cost, number {}, and what would you leave out today?"


@dataclass
class Posts:
    """What was sent: the milliseconds of each POST, and how often it was answered how."""

    milliseconds: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)

    async def note(self, sent: Awaitable[Answer]) -> Answer | None:
        """Wait for an answer; where none comes, that counts as status 0."""
        began = time.perf_counter()
        try:
            answer = await sent
        except (OSError, EOFError):
            self.statuses[0] += 1
            return None
        self.milliseconds.append((time.perf_counter() - began) * 1000)
        self.statuses[answer.status] += 1
        return answer

    def percentile(self, share: float) -> float:
        return percentile(sorted(self.milliseconds), share) if self.milliseconds else 0.0


@dataclass(frozen=True, kw_only=True)
class Voted:
    """How the minute went. Processor is in seconds per second, of all processes but databases'."""

    listeners: int
    seconds: float
    votes: Posts
    questions: Posts
    vote_rows: int
    counted: int
    question_rows: int
    true_pages: int
    vote_pushes: float
    pushes: float
    processor: float
    resets: int

    @property
    def accepted(self) -> int:
        return self.votes.statuses[200]

    @property
    def is_complete(self) -> bool:
        """Whether every accepted vote is a row and is counted, and nothing was refused."""
        return (
            self.accepted == self.vote_rows == self.counted == self.votes.statuses.total()
            and self.questions.statuses[201]
            == self.question_rows
            == self.questions.statuses.total()
        )


@dataclass
class Room:
    """Pages of people who also ask and vote; `questions` has the ids of what can be voted for."""

    site: Site
    pages: list[OpenPage]
    questions: list[int] = field(default_factory=list)
    voted: set[tuple[int, int]] = field(default_factory=set)
    _keys: itertools.count[int] = field(default_factory=itertools.count)

    async def ask(self, person: Person) -> Answer:
        number = next(self._keys)
        answer = await person.post(
            self.site.pages.port,
            f"{ROOM}/questions",
            {
                "text": TEXT.format(number),
                "author_name": "",
                "submission_key": f"asked-{number}",
            },
        )
        if answer.status == 201:
            self.questions.append(answer.json["question"]["id"])
        return answer

    async def vote(self, person: Person) -> Answer:
        """Vote for one of the newest questions that this person hasn't voted for."""
        newest = self.questions[-STILL_READ:]
        open_to = [each for each in newest if (person.number, each) not in self.voted]
        question = random.choice(open_to)
        self.voted.add((person.number, question))
        return await person.post(self.site.pages.port, f"{ROOM}/questions/{question}/vote")

    def read_truth(self) -> dict[int, Question]:
        """Return what the database says that pages should show."""
        rows = self.site.read("SELECT id, status, votes FROM questions WHERE webinar_id = :webinar")
        return {row.id: (row.status, row.votes) for row in rows}

    def count_true(self) -> int:
        """Return how many pages show what the database holds."""
        truth = self.read_truth()
        return sum(shown == truth for shown in work_out(self.pages))

    async def wait_until_true(self, *, seconds: float) -> int:
        """Wait until every page shows what the database holds; return how many do in the end."""
        until = time.monotonic() + seconds
        true = self._count_true_settled()
        for _ in range(round(seconds / SECONDS_BETWEEN_LOOKS)):
            if true == len(self.pages) or time.monotonic() > until:
                break
            await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
            true = self._count_true_settled()
        return true

    def _count_true_settled(self) -> int:
        settled = sum(page.is_settled for page in self.pages)
        return self.count_true() if settled == len(self.pages) else -1

    def close(self) -> None:
        for page in self.pages:
            page.close()


async def fill_room(site: Site, *, listeners: int) -> Room:
    """Let so many people open the room, each from their own browser, spread over the streams."""
    ports = itertools.cycle([server.port for server in site.streams])
    pages = [
        OpenPage(Person(number=number), site, streams_port=next(ports))
        for number in range(listeners)
    ]
    turns = asyncio.Semaphore(AT_ONCE)

    async def load(page: OpenPage) -> None:
        async with turns:
            await page.load()

    await asyncio.gather(*map(load, pages))
    for page in pages:
        page.listen()
        await asyncio.sleep(1 / OPENED_PER_SECOND)
    room = Room(site=site, pages=pages)
    await wait_until_open(pages)
    return room


async def wait_until_open(pages: Sequence[OpenPage], *, seconds: float = 30.0) -> None:
    """Raises TimeoutError where a page has no stream in time."""
    async with asyncio.timeout(seconds):
        for page in pages:
            await page.wait_until_settled()


async def measure_voting(site: Site, *, listeners: int, seconds: float) -> Voted:
    room = await fill_room(site, listeners=listeners)
    await room.ask(room.pages[0].person)
    before = [len(page.heard) for page in room.pages]
    rows_before = len(room.read_truth())
    processor = _measure_all(site)
    votes, questions = Posts(), Posts()
    began = time.perf_counter()
    await asyncio.gather(
        _keep_going(room, room.vote, votes, VOTES_PER_SECOND, seconds),
        _keep_going(room, room.ask, questions, QUESTIONS_PER_SECOND, seconds),
    )
    took = time.perf_counter() - began
    processor = (_measure_all(site) - processor) / took
    true_pages = max(0, await room.wait_until_true(seconds=SECONDS_TO_SETTLE))
    heard = [
        [batch for batch in page.heard[start:] if isinstance(batch, Batch)]
        for page, start in zip(room.pages, before, strict=True)
    ]
    truth = room.read_truth()
    voted = Voted(
        listeners=listeners,
        seconds=took,
        votes=votes,
        questions=questions,
        vote_rows=len(site.read(VOTE_ROWS)),
        counted=sum(count for _status, count in truth.values()),
        question_rows=len(truth) - rows_before,
        true_pages=true_pages,
        vote_pushes=max(sum(b.is_votes_alone for b in each) for each in heard) / took,
        pushes=max(map(len, heard)) / took,
        processor=processor,
        resets=sum(page.resets for page in room.pages),
    )
    room.close()
    return voted


VOTE_ROWS = (
    "SELECT question_votes.voter_key FROM question_votes"
    " JOIN questions ON questions.id = question_votes.question_id"
    " WHERE questions.webinar_id = :webinar"
)


async def _keep_going(
    room: Room,
    do: Callable[[Person], Awaitable[Answer]],
    posts: Posts,
    per_second: float,
    seconds: float,
) -> None:
    """Do it so many times a second, whether or not those before have been answered."""
    people = itertools.cycle(page.person for page in room.pages)
    began = time.perf_counter()
    doing = []
    for number in range(round(per_second * seconds)):
        wait = began + number / per_second - time.perf_counter()
        if wait > 0:
            await asyncio.sleep(wait)
        doing.append(asyncio.create_task(posts.note(do(next(people)))))
    await asyncio.gather(*doing)


def _measure_all(site: Site) -> float:
    streams = site.measure_processor()
    return streams if site.is_embedded else streams + site.measure_processor(of_pages=True)
