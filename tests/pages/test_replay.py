"""The public replay page."""

from __future__ import annotations

import json
import re
import shutil
from html import unescape
from io import BytesIO
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from eventapp import create_app
from eventapp.core.db import db, transaction
from eventapp.core.files import store_file
from eventapp.demo.load import load_demo
from eventapp.learnings.models import Learnings
from eventapp.replays.actions import replace_agenda
from eventapp.replays.agenda.formats import parse_agenda
from eventapp.replays.models import RecordingKind
from eventapp.replays.rules import from_parsed
from eventapp.webinars.models import Webinar, WebinarStatus
from tests.factories import (
    START,
    ChapterFactory,
    PresentationFactory,
    RecordingFactory,
    WebinarFactory,
    add_speaker,
    publish_edition,
)
from tests.live.conftest import serving
from tests.plugins.app import settings_for

REPLAY = "/webinars/hubs/replay"
REFERENCE = Path("eventapp/demo/assets/creative-hubs/agenda.txt").read_text("utf-8")
SCRIPT = "</script><script>alert(1)</script>"


@pytest.fixture
def hubs(app):
    """The id of a webinar with a public replay, "hubs", that has a file for its recording."""
    with app.app_context():
        webinar = WebinarFactory(
            slug="hubs", status=WebinarStatus.REPLAY_PUBLISHED, replay_published_at=START
        )
        stored = store_file(
            BytesIO(b"video"), name="r.webm", media_type="video/webm", extension="webm"
        )
        RecordingFactory(
            webinar_id=webinar.id, kind=RecordingKind.FILE, file_id=stored.id, address=""
        )
        publish_edition(webinar.id)
        return webinar.id


def add_outside(app, slug="hubs"):
    with app.app_context():
        webinar = WebinarFactory(slug=slug, status=WebinarStatus.REPLAY_PUBLISHED)
        RecordingFactory(webinar_id=webinar.id)
        ChapterFactory(webinar_id=webinar.id, start_seconds=330.0)
        publish_edition(webinar.id)


def add_reference_agenda(app, hubs, *, offset=0.0):
    with app.app_context(), transaction():
        entries = from_parsed(parse_agenda(REFERENCE))
        replace_agenda(db.session.get(Webinar, hubs), entries=entries, offset=offset)
    with app.app_context():
        publish_edition(hubs)


def agenda_rows(page):
    """The rows of the agenda: where each leads, and whether it is marked."""
    rows = re.findall(r'<a href="([^"]*)" class="agenda-row" data-start="[^"]*"([^>]*)>', page)
    return [(unescape(href), "aria-current" in rest) for href, rest in rows]


def structured_data(page):
    return json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page)[1])


def test_every_line_of_the_reference_agenda_is_a_link_into_the_recording(app, client, hubs):
    add_reference_agenda(app, hubs)

    page = client.get(REPLAY).text

    assert len(agenda_rows(page)) == 17
    assert agenda_rows(page)[0] == (f"{REPLAY}?t=330", False)
    assert agenda_rows(page)[-1] == (f"{REPLAY}?t=5185", False)
    assert "<h3>Panel discussion</h3>" in page
    assert page.count("Panel discussion") == 1


def test_questions_stand_under_the_presentation_they_follow(app, client, hubs):
    add_reference_agenda(app, hubs)

    page = client.get(REPLAY).text

    nested = page.split('<ol class="agenda-children">')[1].split("</ol>")[0]
    assert re.findall(r"\?t=(\d+)", nested) == ["1740", "1840", "1912"]


@pytest.mark.parametrize("wish", ["330", "5m30s", "0:05:30", "330.9"])
def test_address_says_where_to_start(app, client, hubs, wish):
    add_reference_agenda(app, hubs)

    page = client.get(f"{REPLAY}?t={wish}").text

    assert re.search(r'<source src="[^"]*/replay/recording\?v=\d+#t=330"', page)
    assert [is_current for _, is_current in agenda_rows(page)].index(True) == 0


@pytest.mark.parametrize("wish", ["soon", "-5", "1:99", "%00", "9" * 400, '"><script>'])
def test_address_that_says_nothing_sensible_starts_at_the_beginning(client, hubs, wish):
    page = client.get(REPLAY, query_string={"t": wish}).text

    assert "#t=" not in page


def test_shift_moves_links_marks_and_clips(app, client, hubs):
    add_reference_agenda(app, hubs, offset=-331.0)

    page = client.get(f"{REPLAY}?t=0").text

    assert agenda_rows(page)[:2] == [(f"{REPLAY}?t=0", True), (f"{REPLAY}?t=699", False)]
    assert structured_data(page)["hasPart"][1]["startOffset"] == 699


def test_search_engines_get_a_clip_for_each_entry(app, client, hubs):
    add_reference_agenda(app, hubs)

    data = structured_data(client.get(REPLAY).text)

    assert (data["@type"], data["duration"]) == ("VideoObject", "PT5400S")
    assert data["contentUrl"] == "http://localhost/webinars/hubs/replay/recording"
    assert len(data["hasPart"]) == 17
    assert data["hasPart"][0] == {
        "@type": "Clip",
        "name": "Introduction by thematic expert Luc Schmerber",
        "startOffset": 330,
        "endOffset": 1030,
        "url": "http://localhost/webinars/hubs/replay?t=330",
    }
    assert data["hasPart"][-1]["endOffset"] == 5400


def test_nothing_that_people_wrote_is_run(app, client, hubs):
    with app.app_context():
        webinar = db.session.get(Webinar, hubs)
        webinar.title = webinar.summary = SCRIPT
        speaker = add_speaker(webinar)
        speaker.name = SCRIPT
        ChapterFactory(webinar_id=hubs, title=SCRIPT, speakers=[SCRIPT], section=SCRIPT)
        PresentationFactory(webinar_id=hubs, title=SCRIPT)
        body = f"{SCRIPT} [x](javascript:alert(1)) [00:05:30]"
        db.session.add(Learnings(webinar_id=hubs, body=body, updated_at=START))
        publish_edition(hubs)

    page = client.get(REPLAY).text

    assert "<script>alert" not in page
    assert 'href="javascript:' not in page
    assert structured_data(page)["name"] == SCRIPT


def test_learnings_lead_into_the_recording(app, client, hubs):
    with app.app_context():
        db.session.add(Learnings(webinar_id=hubs, body="See [00:05:30].", updated_at=START))
        publish_edition(hubs)

    page = client.get(REPLAY).text

    assert f'<a href="{REPLAY}?t=330" data-seek="330"' in page


def test_learnings_do_not_lead_past_the_end(app, client, hubs):
    with app.app_context():
        db.session.add(Learnings(webinar_id=hubs, body="See [99:00:00].", updated_at=START))
        publish_edition(hubs)

    page = client.get(REPLAY).text

    assert "See [99:00:00]." in page
    assert "?t=356400" not in page


@pytest.mark.parametrize("status", [s for s in WebinarStatus if s != WebinarStatus.ARCHIVED])
def test_replay_is_not_found_before_it_is_public(app, client, organiser, hubs, status):
    with app.app_context():
        db.session.get(Webinar, hubs).status = status
        db.session.commit()
    is_public = status == WebinarStatus.REPLAY_PUBLISHED

    assert client.get(REPLAY).status_code == (200 if is_public else 404)
    page = organiser.get(REPLAY)
    assert page.status_code == 200
    assert ("Only organisers see this page" in page.text) != is_public


def test_withdrawn_replay_is_gone_from_the_cache(app, client, hubs):
    client.get(REPLAY)
    with app.app_context():
        db.session.get(Webinar, hubs).status = WebinarStatus.ENDED
        db.session.commit()

    assert client.get(REPLAY).status_code == 404


def test_corrected_entry_shows_once_it_is_published(app, client, organiser, hubs):
    with app.app_context():
        chapter = ChapterFactory(webinar_id=hubs, title="Wrong")
        publish_edition(hubs)
        client.get(REPLAY)
        chapter.title = "Corrected"
        db.session.commit()

    assert "Wrong" in client.get(f"{REPLAY}?draft=1").text
    assert "Wrong" in organiser.get(REPLAY).text
    assert "Corrected" in organiser.get(f"{REPLAY}?draft=1").text
    with app.app_context():
        publish_edition(hubs)
    assert "Corrected" in client.get(REPLAY).text


def test_recording_elsewhere_is_not_loaded_before_the_reader_agrees(app, client):
    add_outside(app)

    asked = client.get(f"{REPLAY}?t=330")
    agreed = client.get(f"{REPLAY}?t=330&play=1")

    assert "<iframe" not in asked.text
    assert "frame-src 'none'" in asked.headers["Content-Security-Policy"]
    assert f"{REPLAY}?t=330&amp;play=1#player" in asked.text
    frame = "https://www.youtube-nocookie.com/embed/aqz-KE-bpKQ?autoplay=1&amp;rel=0&amp;start=330"
    assert f'<iframe src="{frame}"' in agreed.text
    assert "frame-src https://www.youtube-nocookie.com;" in (
        agreed.headers["Content-Security-Policy"] + ";"
    )
    assert agenda_rows(agreed.text) == [(f"{REPLAY}?t=330&play=1", True)]


def test_page_takes_as_many_queries_for_one_entry_as_for_many(app, client, hubs, count_queries):
    with app.app_context():
        ChapterFactory(webinar_id=hubs)
        publish_edition(hubs)
    one = count_queries(lambda: client.get(f"{REPLAY}?t=1"))
    add_reference_agenda(app, hubs)
    with app.app_context():
        for _ in range(5):
            PresentationFactory(webinar_id=hubs)
            add_speaker(db.session.get(Webinar, hubs))

    assert count_queries(lambda: client.get(f"{REPLAY}?t=1")) == one


def test_page_at_a_moment_is_kept_for_every_moment_of_its_entry(app, client, hubs, count_queries):
    add_reference_agenda(app, hubs)
    first = client.get(f"{REPLAY}?t=330").text

    second = []
    queries = count_queries(lambda: second.append(client.get(f"{REPLAY}?t=331").text))

    assert queries == 1
    assert [page.replace("t=331", "t=330") for page in second] == [first]
    assert "#t=331" in second[0]


def test_moments_of_other_entries_mark_their_own(app, client, hubs):
    add_reference_agenda(app, hubs)

    marked = [
        [href for href, is_marked in agenda_rows(client.get(f"{REPLAY}?t={at}").text) if is_marked]
        for at in (0, 330, 1800, 330)
    ]

    at_start, in_question = [f"{REPLAY}?t=330"], [f"{REPLAY}?t=1740"]
    assert marked == [[], at_start, in_question, at_start]


def test_player_elsewhere_is_allowed_on_a_kept_page_too(app, client):
    add_outside(app)

    policies = [
        client.get(f"{REPLAY}?t={at}&play=1").headers["Content-Security-Policy"]
        for at in (330, 331)
    ]

    assert policies[0] == policies[1]
    assert "frame-src https://www.youtube-nocookie.com" in policies[1]


def test_corrected_learnings_show_at_a_moment_once_published(app, client, hubs):
    with app.app_context():
        learnings = Learnings(webinar_id=hubs, body="Wrong", updated_at=START)
        db.session.add(learnings)
        publish_edition(hubs)
        client.get(f"{REPLAY}?t=330")
        learnings.body = "Corrected"
        publish_edition(hubs)

    page = client.get(f"{REPLAY}?t=330").text

    assert ("Corrected" in page, "Wrong" in page) == (True, False)


# -- in a browser ------------------------------------------------------------------------------


@pytest.fixture
def demo_url(tmp_path, migrated_sqlite):
    """The address of the demo's replay: the reference webinar with its recording."""
    shutil.copyfile(migrated_sqlite, tmp_path / "eventapp.db")
    app = create_app(settings_for(tmp_path), TESTING=True)
    with app.app_context():
        load_demo()
    with serving(app) as running:
        yield f"{running.url}/webinars/creative-hubs/replay"
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def wait_for_time(page, seconds):
    page.wait_for_function(
        "seconds => Math.abs(document.querySelector('video').currentTime - seconds) < 3",
        arg=seconds,
    )


def test_choosing_an_entry_plays_from_there_and_marks_it(demo_url, page):
    page.goto(demo_url)
    page.get_by_role("link", name=re.compile("00:34:00 Presentation")).click()

    wait_for_time(page, 2040)
    current = page.locator("[data-agenda] [aria-current]")
    expect(current).to_contain_text("Wap's creative hub in Tournai")
    assert page.url == f"{demo_url}?t=2040"
    assert not page.locator("video").evaluate("video => video.paused")

    page.locator(".prose a[data-seek='4773']").first.click()

    wait_for_time(page, 4773)
    expect(current).to_contain_text("Who took the initiative")
    expect(current).to_be_in_viewport()


def test_mark_follows_the_recording(demo_url, page):
    page.goto(demo_url)

    page.locator("video").evaluate("video => { video.currentTime = 3700; }")

    current = page.locator("[data-agenda] [aria-current]")
    expect(current).to_contain_text("Presentation on action for creative hubs in Malta")


def test_keys_move_in_the_recording_and_the_transcript_follows(demo_url, page):
    page.goto(demo_url)
    video = page.locator("video")

    page.keyboard.press(".")
    wait_for_time(page, 330)
    page.keyboard.press(".")
    wait_for_time(page, 1030)
    page.keyboard.press("ArrowLeft")
    wait_for_time(page, 1025)
    page.keyboard.press(" ")
    expect(video).to_have_js_property("paused", value=True)

    expect(page.locator("[data-transcript] [aria-current]")).to_contain_text("Introduction begins")
    page.keyboard.press("c")
    assert video.evaluate("video => video.textTracks[0].mode") == "showing"


def test_transcript_is_searched_and_a_line_plays(demo_url, page):
    page.goto(demo_url)

    page.keyboard.press("/")
    page.keyboard.type("TOURNAI wap")
    expect(page.locator("[data-transcript-found]")).to_have_text("Lines found: 1")
    page.locator("[data-transcript] a:visible").click()

    wait_for_time(page, 2040)
    assert page.url == f"{demo_url}?t=2040"
    page.locator("#transcript-words").fill("zzz")
    expect(page.locator("[data-transcript-found]")).to_have_text("Nothing found")


def test_viewer_goes_on_where_they_stopped(demo_url, page):
    page.goto(f"{demo_url}?t=2000")
    page.locator("video").evaluate("video => video.play()")
    page.wait_for_timeout(7000)

    page.goto(demo_url)
    page.get_by_role("button", name="Go on at 33:").click()

    wait_for_time(page, 2005)


@pytest.mark.browser_context(java_script_enabled=False)
def test_replay_works_without_scripts(demo_url, page):
    page.goto(demo_url)

    page.get_by_role("link", name=re.compile("00:34:00 Presentation")).click()

    assert page.url == f"{demo_url}?t=2040"
    expect(page.locator("[data-agenda] [aria-current]")).to_contain_text("Tournai")
    assert page.locator("video source").get_attribute("src").endswith("#t=2040")


@pytest.mark.parametrize("width", [360, 1280])
def test_replay_is_open_to_everyone(demo_url, new_page, width):
    page = new_page(viewport={"width": width, "height": 740})
    page.goto(f"{demo_url}?t=3600")

    assert Axe().run(page).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
