from __future__ import annotations

from contextlib import suppress

import pytest
import sqlalchemy as sa

from eventapp.core.db import db
from eventapp.core.mailer.outcomes import write_outcomes

pytestmark = pytest.mark.on_postgresql


class Trouble(Exception):
    pass


@pytest.fixture(autouse=True)
def _waited_for(app):
    """Have commits be waited for, as they are in earnest."""
    with app.app_context():
        with db.engine.begin() as connection:
            name = connection.execute(sa.text("SELECT current_database()")).scalar_one()
            connection.exec_driver_sql(f'ALTER DATABASE "{name}" SET synchronous_commit TO on')
        db.engine.dispose()
        yield


def read_setting() -> str:
    with db.engine.connect() as connection:
        setting: str = connection.execute(sa.text("SHOW synchronous_commit")).scalar_one()
        return setting


def test_outcomes_are_not_waited_for_until_they_are_on_the_disk():
    told = []
    sa.event.listen(
        db.engine, "before_cursor_execute", lambda *given: told.append(given[2]), named=False
    )

    with write_outcomes():
        pass

    assert told == ["SET synchronous_commit TO off", "RESET synchronous_commit"]


@pytest.mark.parametrize("error", [None, Trouble])
def test_what_the_connection_writes_afterwards_is_waited_for(error):
    with suppress(Trouble), write_outcomes():
        if error:
            raise error

    assert read_setting() == "on"
