from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import gettext as _

from eventapp.core.i18n import current_language, zone_label, zone_names, zoned_date, zoned_time
from eventapp.core.zones import known_zones

WINTER = datetime(2019, 12, 5, 9, 30, tzinfo=UTC)
SUMMER = datetime(2019, 7, 5, 9, 30, tzinfo=UTC)


@pytest.fixture
def in_request(app: Flask):
    with app.test_request_context("/"):
        yield


@pytest.mark.parametrize(
    ("moment", "zone", "date", "time"),
    [
        (WINTER, "Europe/Brussels", "Thursday, 5 December 2019", "10:30"),
        (SUMMER, "Europe/Brussels", "Friday, 5 July 2019", "11:30"),
        (WINTER, "Asia/Kathmandu", "Thursday, 5 December 2019", "15:15"),
        (WINTER, "Pacific/Kiritimati", "Thursday, 5 December 2019", "23:30"),
        (WINTER, "Pacific/Honolulu", "Wednesday, 4 December 2019", "23:30"),
        (WINTER, "UTC", "Thursday, 5 December 2019", "09:30"),
    ],
)
def test_moment_is_told_in_its_zone(in_request, moment, zone, date, time):
    assert (zoned_date(moment, zone), zoned_time(moment, zone)) == (date, time)


@pytest.mark.parametrize(
    ("moment", "zone", "label"),
    [
        (WINTER, "Europe/Brussels", "Central European Standard Time (Brussels)"),
        (SUMMER, "Europe/Brussels", "Central European Summer Time (Brussels)"),
        (WINTER, "America/New_York", "Eastern Standard Time (New York)"),
        (WINTER, "Asia/Kathmandu", "GMT+05:45 (Kathmandu)"),
    ],
)
def test_zone_is_called_what_it_is_called_then(in_request, moment, zone, label):
    assert zone_label(moment, zone) == label


def test_zones_to_choose_from_are_places_in_order():
    names = zone_names()

    assert {"Europe/Brussels", "America/Argentina/Buenos_Aires", "UTC"} <= set(names)
    assert not any(name.startswith("Etc/") for name in names)
    assert list(names[:-1]) == sorted(names[:-1])


@pytest.mark.parametrize("wanted", ["en", "en-GB,en;q=0.8", "nl-BE", "*", "%%%", ""])
def test_language_is_one_of_ours_whatever_is_asked(client: FlaskClient, wanted):
    page = client.get("/", headers={"Accept-Language": wanted}).text

    assert '<html lang="en"' in page


def test_words_are_found_outside_a_request(in_app: Flask):
    """Workers write mails without one."""
    assert (_("Introduction"), current_language()) == ("Introduction", "en")
    assert zoned_time(WINTER, "Europe/Brussels") == "10:30"


def test_zones_are_looked_up_once():
    first, again = known_zones(), known_zones()

    assert "Europe/Brussels" in first
    assert again is first
