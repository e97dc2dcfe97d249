from __future__ import annotations

from pathlib import Path

from eventapp import create_app
from tests.plugins.app import settings_for
from tests.servers.process import find_free_port


def test_forms_work_on_while_redis_is_away(tmp_path: Path, database_url: str):
    nobody = f"redis://127.0.0.1:{find_free_port()}/0"
    app = create_app(settings_for(tmp_path, database_url, REDIS_URL=nobody), WTF_CSRF_ENABLED=False)

    answer = app.test_client().post("/manage/sign-in", data={"email": "a@example.org"})

    assert answer.status_code == 200
