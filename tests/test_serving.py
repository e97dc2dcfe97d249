"""The processes of the scaled form start only with what they share."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from flask.cli import ScriptInfo

from eventapp.serving import live, web

SCALED = {
    "DATABASE_URL": "postgresql://localhost/eventapp",
    "REDIS_URL": "redis://localhost:6379/0",
    "SECRET_KEY": "s" * 32,
}


@pytest.mark.parametrize("missing", ["DATABASE_URL", "REDIS_URL"])
def test_pages_alone_are_not_served_from_what_one_process_keeps_for_itself(tmp_path, missing):
    environ = SCALED | {missing: "", "INSTANCE_DIR": str(tmp_path)}

    said = CliRunner(env=environ).invoke(web)

    assert said.exit_code == 1
    assert said.output.startswith(f"Error: {missing} ")


def test_streams_alone_are_not_served_without_news(app):
    said = CliRunner().invoke(live, obj=ScriptInfo(create_app=lambda: app))

    assert said.exit_code == 1
    assert said.output.startswith("Error: REDIS_URL ")
