"""How long it takes to find words among 1,000 webinars with transcripts."""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from pathlib import Path

import flask_migrate
import sqlalchemy as sa

from bench.replay.content import make_vocabulary, speak
from bench.running import settings
from config import Settings
from eventapp import create_app
from eventapp.core.db import db
from eventapp.core.logs import configure_logging
from eventapp.search.models import SearchedKind, SearchEntry
from eventapp.search.queries import search_replays
from eventapp.search.rules import WORDS_IN_PASSAGE
from eventapp.webinars.models import WebinarStatus
from tests.factories import WebinarFactory

WEBINARS = 1_000
WORDS_EACH = 5_000
CHAPTERS = 17
SEARCHES = 300


def measure_searches(database_url: str) -> list[float]:
    """Return the seconds of each search, sorted; queries of one to three words as people type."""
    configure_logging("WARNING")
    words = make_vocabulary()
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(
            Settings.from_environment(settings(Path(folder), database_url=database_url))
        )
        with app.app_context():
            flask_migrate.upgrade()
            _fill(words)
            times = sorted(_time(query) for query in _list_queries(words))
            db.session.remove()
            db.engine.dispose()
    return times


def _fill(words: list[str]) -> None:
    draw = random.Random(3)
    for _ in range(WEBINARS):
        webinar_id = WebinarFactory(status=WebinarStatus.REPLAY_PUBLISHED).id
        chapters = [(SearchedKind.CHAPTER, 9)] * CHAPTERS
        said = [(SearchedKind.TRANSCRIPT, WORDS_IN_PASSAGE)] * (WORDS_EACH // WORDS_IN_PASSAGE)
        rows = [
            {"webinar_id": webinar_id, "kind": kind, "text": text, "folded": text, "starts": [1.0]}
            for kind, count in [*chapters, *said]
            for text in [" ".join(speak(words, count, draw))]
        ]
        db.session.execute(sa.insert(SearchEntry), rows)
    db.session.commit()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("ANALYZE"))


def _list_queries(words: list[str]) -> list[str]:
    """Return queries of said words, some only begun, as they are while somebody types."""
    draw = random.Random(11)
    queries = []
    for number in range(SEARCHES):
        query = speak(words, 1 + number % 3, draw)
        if number % 4 == 0:
            query[-1] = query[-1][: max(2, len(query[-1]) - 2)]
        queries.append(" ".join(query))
    return queries


def _time(query: str) -> float:
    began = time.perf_counter()
    search_replays(query)
    seconds = time.perf_counter() - began
    db.session.rollback()
    return seconds


def at_95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]
