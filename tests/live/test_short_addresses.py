from __future__ import annotations

import pytest

from eventapp.core.tokens import LARGEST_NUMBER
from eventapp.live.short_addresses import ALPHABET, read_code, write_code
from eventapp.webinars.models import WebinarStatus
from tests.factories import WebinarFactory


@pytest.mark.parametrize("number", [1, 2, 30, 31, 32, 961, 12_345, LARGEST_NUMBER])
def test_every_code_is_read_as_what_it_was_written_for(app, number):
    with app.app_context():
        code = write_code(number)

        assert read_code(code) == read_code(code.upper()) == number


def test_codes_are_short_and_hold_nothing_that_looks_alike(app):
    with app.app_context():
        codes = [write_code(number) for number in (1, 30, 31, 900, 29_000)]

    assert [len(code) for code in codes] == [3, 3, 4, 4, 5]
    assert not set("".join(codes)) - set(ALPHABET)
    assert not set("01ilo") & set(ALPHABET)


@pytest.mark.parametrize("typed", ["", "2", "22", "0oi", "zzzzzzzzzzzzzzzzzzzz", "é22", "2 2"])
def test_what_is_no_code_is_read_as_none(app, typed):
    with app.app_context():
        assert read_code(typed) is None


def test_most_slips_of_a_finger_lead_nowhere(app):
    with app.app_context():
        code = write_code(12)
        slips = [code[:n] + each + code[n + 1 :] for n in range(3) for each in ALPHABET]
        read = [read_code(slip) for slip in slips if slip != code]

    assert read.count(None) >= 85


def test_code_leads_to_the_room_of_a_public_webinar_alone(app, client):
    with app.app_context():
        live = WebinarFactory(slug="hubs", status=WebinarStatus.LIVE)
        draft = WebinarFactory(slug="draft", status=WebinarStatus.DRAFT)
        codes = [write_code(live.id), write_code(draft.id), write_code(99)]

    answers = [client.get(f"/l/{code}") for code in codes]

    assert [answer.status_code for answer in answers] == [302, 404, 404]
    assert answers[0].location == "/webinars/hubs/live"
    assert answers[1].data == answers[2].data or "draft" not in answers[1].text
