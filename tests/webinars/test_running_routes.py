"""The steps of a webinar's life, its agenda and its speakers, as organisers walk through them."""

from __future__ import annotations

import re

import pytest

from eventapp.core.db import db
from eventapp.webinars.hearers import init_app as count_hearers_with
from eventapp.webinars.models import Webinar, WebinarStatus
from tests.factories import START, AgendaItemFactory, SpeakerFactory, WebinarFactory, add_speaker
from tests.webinars.pages import FORM, text_of

# -- the life cycle ----------------------------------------------------------------------------


def test_life_is_walked_step_by_step(organiser, stopped_clock, read):
    organiser.post("/manage/webinars/new", data=FORM)
    seen = []

    for name in ("publish", "go-live", "end"):
        organiser.post(f"/manage/webinars/1/step/{name}")
        seen.append(read(lambda w: w.status))

    assert seen == [WebinarStatus.PUBLISHED, WebinarStatus.LIVE, WebinarStatus.ENDED]


def test_publishing_says_what_is_missing(organiser, stopped_clock, read):
    organiser.post("/manage/webinars/new", data=FORM | {"summary": ""})

    asked = organiser.get("/manage/webinars/1/step/publish")
    refused = organiser.post("/manage/webinars/1/step/publish")

    assert "A summary or a description" in text_of(asked)
    assert "Something is still missing" in text_of(refused)
    assert read(lambda w: w.status) == WebinarStatus.DRAFT


def test_going_live_early_is_remarked(organiser, make, stopped_clock):
    make(WebinarFactory)

    assert "It is planned for later" in text_of(organiser.get("/manage/webinars/1/step/go-live"))


def test_step_out_of_turn_is_refused_in_words(organiser, make):
    make(lambda: WebinarFactory(status=WebinarStatus.ENDED))

    response = organiser.post("/manage/webinars/1/step/go-live")

    assert "Only a published webinar can go live." in text_of(response)


def test_asking_for_a_step_changes_nothing(organiser, make, read):
    make(WebinarFactory)

    organiser.get("/manage/webinars/1/step/end")
    organiser.get("/manage/webinars/1/cancel")

    assert read(lambda w: w.status) == WebinarStatus.PUBLISHED


def test_cancelling_counts_who_will_hear_and_notes_why(app, organiser, make, read):
    count_hearers_with(app, count=lambda _webinar_id: 1)
    make(WebinarFactory)

    asked = organiser.get("/manage/webinars/1/cancel")
    done = organiser.post(
        "/manage/webinars/1/cancel", data={"reason": "Illness."}, follow_redirects=True
    )

    assert "1 person has registered." in text_of(asked)
    assert "Reason given: Illness." in text_of(done)
    assert read(lambda w: w.cancel_reason) == "Illness."


def test_cancelling_what_was_held_says_that_nobody_hears(app, organiser, make):
    count_hearers_with(app, count=lambda _webinar_id: 1)
    make(lambda: WebinarFactory(status=WebinarStatus.ENDED, ended_at=START))

    asked = organiser.get("/manage/webinars/1/cancel")
    done = organiser.post("/manage/webinars/1/cancel", data={}, follow_redirects=True)

    assert "It has taken place, so nobody gets a message about this." in text_of(asked)
    assert "1 person has registered." not in text_of(asked)
    assert "It had taken place, so nobody was told." in text_of(done)


def test_draft_is_deleted(organiser, make):
    make(lambda: WebinarFactory(status=WebinarStatus.DRAFT))

    response = organiser.post("/manage/webinars/1/step/delete", follow_redirects=True)

    assert "The draft has been deleted." in text_of(response)
    assert organiser.get("/manage/webinars/1/").status_code == 404


@pytest.mark.parametrize("status", list(WebinarStatus))
def test_overview_advises_in_every_state(organiser, make, status):
    make(lambda: WebinarFactory(status=status))

    assert 'id="next-title"' in organiser.get("/manage/webinars/1/").text


def test_overview_of_a_replay_asks_for_nothing_that_may_be_there_already(organiser, make):
    make(lambda: WebinarFactory(status=WebinarStatus.REPLAY_PUBLISHED))

    page = text_of(organiser.get("/manage/webinars/1/"))

    assert "The replay is public" in page
    assert "Write the learnings" not in page


# -- agenda and speakers -----------------------------------------------------------------------


def test_agenda_shows_planned_times_and_what_is_left(organiser, make):
    def rows():
        webinar = WebinarFactory()
        AgendaItemFactory(webinar=webinar, minutes=15)
        AgendaItemFactory(webinar=webinar, minutes=30)

    make(rows)

    page = organiser.get("/manage/webinars/1/agenda")

    assert re.findall(r"data-planned>(\d\d:\d\d)<", page.text) == ["10:30", "10:45"]
    assert "Planned: 45 of 90 minutes. 45 minutes to spare" in text_of(page)


def test_agenda_takes_the_same_statements_for_one_and_fifty(organiser, make, count_queries):
    def rows():
        webinar = WebinarFactory()
        speaker = add_speaker(webinar)
        AgendaItemFactory(webinar=webinar, speakers=[speaker])
        return webinar.id

    make(rows)
    one = count_queries(lambda: organiser.get("/manage/webinars/1/agenda"))

    def more():
        webinar = db.session.get_one(Webinar, 1)
        for _ in range(49):
            AgendaItemFactory(webinar=webinar, speakers=[add_speaker(webinar)])

    make(more)
    fifty = count_queries(lambda: organiser.get("/manage/webinars/1/agenda"))

    assert fifty == one


def test_part_is_added_moved_edited_and_taken_out(organiser, make, read):
    make(WebinarFactory)
    agenda = "/manage/webinars/1/agenda"
    for title in ("Welcome", "Panel"):
        organiser.post(agenda, data={"kind": "panel", "title": title, "minutes": "5"})

    organiser.post(f"{agenda}/2/move", data={"to": "up"})
    organiser.post(f"{agenda}/1", data={"kind": "other", "title": "Farewell", "minutes": "7"})
    assert read(lambda w: [i.title for i in w.agenda_items]) == ["Panel", "Farewell"]

    organiser.post(f"{agenda}/2/delete")
    assert read(lambda w: [i.title for i in w.agenda_items]) == ["Farewell"]


def test_part_is_opened_as_it_was_saved(organiser, make):
    def rows():
        webinar = WebinarFactory()
        add_speaker(webinar, SpeakerFactory(name="Luc"))
        speaker = add_speaker(webinar, SpeakerFactory(name="Berta"))
        AgendaItemFactory(
            webinar=webinar, title="Hubs", minutes=17, section="Morning", speakers=[speaker]
        )

    make(rows)

    page = organiser.get("/manage/webinars/1/agenda/1").text

    assert re.findall(r'<input checked[^>]*name="speakers"[^>]*value="(\d+)"', page) == ["2"]
    assert re.findall(r'name="(?:title|minutes|section)"[^>]*value="([^"]*)"', page) == [
        "Hubs",
        "17",
        "Morning",
    ]
    assert '<option selected value="presentation">' in page


@pytest.mark.parametrize(
    "wrong", [{"title": ""}, {"minutes": "0"}, {"minutes": "-5"}, {"kind": "dance"}]
)
def test_wrong_part_is_answered(organiser, make, wrong, read):
    make(WebinarFactory)
    part = {"kind": "panel", "title": "Panel", "minutes": "5"}

    response = organiser.post("/manage/webinars/1/agenda", data=part | wrong)

    assert "Please check the following" in response.text
    assert read(lambda w: w.agenda_items) == []


def test_order_is_posted_as_ids_and_refused_when_stale(organiser, make, read):
    def rows():
        webinar = WebinarFactory()
        return [AgendaItemFactory(webinar=webinar).id for _ in range(3)]

    first, second, third = make(rows)
    address = "/manage/webinars/1/agenda/order"

    saved = organiser.post(address, data={"order": [third, first, second]})
    stale = organiser.post(address, data={"order": [third, "x", second]})

    assert (saved.status_code, stale.status_code) == (204, 409)
    assert read(lambda w: [i.id for i in w.agenda_items]) == [third, first, second]


def test_speakers_are_added_from_profiles_and_anew(organiser, make, read):
    make(lambda: (WebinarFactory(), SpeakerFactory(name="Berta Pérez")))
    speakers = "/manage/webinars/1/speakers"

    organiser.post(speakers, data={"speaker": "1"})
    organiser.post(f"{speakers}/new", data={"name": "Luc Schmerber"})
    organiser.post(f"{speakers}/2/move", data={"to": "up"})

    assert read(lambda w: [s.name for s in w.speakers]) == ["Luc Schmerber", "Berta Pérez"]
    organiser.post(f"{speakers}/1/remove")
    assert read(lambda w: [s.name for s in w.speakers]) == ["Luc Schmerber"]


def test_speakers_take_the_same_statements_for_one_and_fifty(organiser, make, count_queries):
    make(lambda: add_speaker(WebinarFactory()))
    one = count_queries(lambda: organiser.get("/manage/webinars/1/speakers"))

    make(lambda: [add_speaker(db.session.get_one(Webinar, 1)) for _ in range(49)])
    fifty = count_queries(lambda: organiser.get("/manage/webinars/1/speakers"))

    assert fifty == one
