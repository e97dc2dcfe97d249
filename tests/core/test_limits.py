from __future__ import annotations

import uuid
from pathlib import Path

import pytest

from eventapp import create_app
from eventapp.core import limits
from tests.plugins.app import settings_for
from tests.servers.process import find_free_port


@pytest.fixture
def app_without_redis(tmp_path: Path, database_url: str):
    """An application whose Redis is away."""
    nobody = f"redis://127.0.0.1:{find_free_port()}/0"
    return create_app(
        settings_for(tmp_path, database_url, REDIS_URL=nobody), WTF_CSRF_ENABLED=False
    )


def test_forms_work_on_while_redis_is_away(app_without_redis):
    client = app_without_redis.test_client()

    answer = client.post("/manage/sign-in", data={"email": "a@example.org"})

    assert answer.status_code == 200


def test_people_are_counted_by_each_process_while_redis_is_away(app_without_redis, monkeypatch):
    monkeypatch.setattr(limits.limiter, "enabled", True)

    with app_without_redis.app_context():
        taken = [limits.take("2 per minute", "test", str(uuid.uuid4())) for _ in range(2)]
        same = [limits.take("2 per minute", "test", "same") for _ in range(3)]
        is_used_up = limits.is_used_up("2 per minute", "test", "same")

    assert taken == [True, True]
    assert (same, is_used_up) == ([True, True, False], True)


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
    ],
)
def test_a_whole_network_of_version_6_counts_as_one(app, address, counted):
    with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
        assert limits.client_network() == counted
