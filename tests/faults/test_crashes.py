"""Processes are killed while 1,000 people register: nobody is lost, and nobody is told twice.

Two web processes behind what a load balancer does (who gets no answer asks the other one), a
worker, PostgreSQL, Redis, and a mail server that counts what it was given.
"""

from __future__ import annotations

import asyncio
import random
import sys
from collections import Counter, defaultdict
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bench.visitors import address_of, has_registered, register
from eventapp.core import clock
from eventapp.core.db import db
from eventapp.core.mailer.ledger import MailStatus, OutgoingMail
from eventapp.core.outbox import CLAIM_LASTS, JobStatus, OutboxJob
from eventapp.registrations.models import Registration
from tests.faults.conftest import SLUG
from tests.faults.processes import SiteProcess, WebProcess, granian, site_settings, wait_for
from tests.plugins.mail import connect_mail, work_through

PEOPLE = 1000
AT_ONCE = 24
KILLS = 5
MOST_TRIES = 200
FORM = f"/webinars/{SLUG}/register"
CONFIRMATIONS = {"registration_confirmed", "registration_waiting"}

pytestmark = pytest.mark.on_postgresql


@pytest.fixture
def chance():
    """Random numbers whose seed is shown with a test that fails."""
    seed = random.SystemRandom().randrange(10**6)
    sys.stdout.write(f"seed {seed}\n")
    return random.Random(seed)


@pytest.fixture
def site(launch, database_url, redis_url, smtp_server, tmp_path, webinar_id):
    settings = site_settings(
        tmp_path, database_url=database_url, redis_url=redis_url, mail_port=smtp_server.port
    )
    webs = [
        WebProcess(
            *granian("eventapp.wsgi:app", processes=1),
            settings=settings,
            said=tmp_path / f"web{number}.txt",
        )
        for number in range(2)
    ]
    worker = SiteProcess("eventapp", "worker", settings=settings, said=tmp_path / "worker.txt")
    for process in (*webs, worker):
        launch(process)
    for web in webs:
        web.wait_until_ready()
    return webs, worker


async def insist(webs, number):
    """Register as somebody who tries again, at the other process, until the last page is there."""
    for attempt in range(MOST_TRIES):
        web = webs[(number + attempt) % len(webs)]
        try:
            page = await register(web.url + FORM, number)
        except (OSError, EOFError):
            await asyncio.sleep(0.1)
            continue
        assert page.status == 200, page
        if has_registered(page):
            return
    raise AssertionError(f"person {number} never got through")


async def register_everyone(webs, worker, chance):
    """Let all come, and kill one process after another at moments that nobody foresees."""
    people = iter(range(PEOPLE))
    seen = []
    moments = set(chance.sample(range(PEOPLE * 9 // 10), KILLS))
    striking = asyncio.Lock()

    async def come():
        for number in people:
            await insist(webs, number)
            seen.append(number)
            if len(seen) in moments:
                await strike()

    async def strike():
        victim = chance.choice([*webs, worker])
        async with striking:
            await asyncio.sleep(chance.random() / 5)
            await asyncio.to_thread(victim.kill)
            await asyncio.to_thread(victim.start)

    await asyncio.gather(*(come() for _ in range(AT_ONCE)))
    return seen


def has_rest(app, model, statuses):
    with app.app_context():
        found = db.session.scalar(
            sa.select(sa.func.count()).select_from(model).where(model.status.in_(statuses))
        )
        db.session.rollback()
    return found != 0


def wait_until_worker_rests(app):
    """Until nothing waits but what was claimed by a worker that is no more."""
    wait_for(
        lambda: (
            not has_rest(app, OutboxJob, [JobStatus.QUEUED])
            and not has_rest(app, OutgoingMail, [MailStatus.QUEUED])
        ),
        what="the worker",
        seconds=90,
    )


def finish_later(app, smtp_server, monkeypatch):
    """Do what a worker's sweep does once the claims of the dead have run out."""
    now = clock.now
    monkeypatch.setattr(clock, "now", lambda: now() + CLAIM_LASTS + timedelta(minutes=1))
    connect_mail(app, smtp_server)
    with app.app_context():
        work_through()


def test_nobody_is_lost_and_nobody_is_told_twice(app, site, smtp_server, chance, monkeypatch):
    webs, worker = site

    seen = asyncio.run(register_everyone(webs, worker, chance))
    wait_until_worker_rests(app)
    worker.stop()
    finish_later(app, smtp_server, monkeypatch)

    with app.app_context():
        registered = db.session.scalars(sa.select(Registration.email)).all()
        ledger = db.session.execute(
            sa.select(
                OutgoingMail.to_address, OutgoingMail.message_id, OutgoingMail.attempts
            ).where(OutgoingMail.message.in_(CONFIRMATIONS))
        ).all()
    delivered: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for message in smtp_server.messages:
        delivered[message["To"].addresses[0].addr_spec][message["Message-ID"]] += 1
    assert sorted(seen) == list(range(PEOPLE))
    assert sorted(registered) == sorted(map(address_of, range(PEOPLE)))
    assert sorted(mail.to_address for mail in ledger) == sorted(registered)
    for mail in ledger:
        # A second one only of what a worker had in hand when it was killed.
        assert 1 <= delivered[mail.to_address][mail.message_id] <= min(mail.attempts, 2), mail
