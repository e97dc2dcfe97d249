from __future__ import annotations

from pathlib import Path

import pytest

from eventapp import create_app
from eventapp.core import limits
from tests.plugins.app import settings_for
from tests.servers.process import find_free_port


def test_forms_work_on_while_redis_is_away(tmp_path: Path, database_url: str):
    nobody = f"redis://127.0.0.1:{find_free_port()}/0"
    app = create_app(settings_for(tmp_path, database_url, REDIS_URL=nobody), WTF_CSRF_ENABLED=False)

    answer = app.test_client().post("/manage/sign-in", data={"email": "a@example.org"})

    assert answer.status_code == 200


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
