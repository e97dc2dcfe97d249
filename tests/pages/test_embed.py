"""The player inside other sites' pages."""

from __future__ import annotations

import http.server
import re
import shutil
import threading
from html import escape

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import render_template_string
from playwright.sync_api import expect

from eventapp import create_app
from eventapp.core.db import db
from eventapp.core.security_headers import POLICY
from eventapp.demo.load import load_demo
from eventapp.pages.sharing import embed_code, fit_frame
from eventapp.webinars.models import Webinar, WebinarStatus
from tests.live.conftest import serving
from tests.pages.public_replays import (
    add_captions,
    add_entries,
    make_replay,
    make_replay_elsewhere,
)
from tests.plugins.app import settings_for

EMBED = "/webinars/hubs/replay/embed"


def seeks(page):
    return re.findall(r'<a href="[^"]*\?t=(\d+)[^"]*" class="agenda-row"', page)


def policy_of(answer):
    parts = answer.headers["Content-Security-Policy"].split("; ")
    return dict(part.split(" ", maxsplit=1) for part in parts)


def test_player_has_recording_captions_and_agenda(app, client):
    with app.app_context():
        webinar = make_replay()
        add_entries(webinar, 0, 330)
        add_captions(webinar)

    page = client.get(EMBED).text

    assert re.search(
        r'<source src="/webinars/hubs/replay/recording\?v=\d+" type="video/webm">', page
    )
    assert re.search(r'<track kind="captions" src="/webinars/hubs/captions/en.vtt', page)
    assert '<track kind="chapters"' in page
    assert seeks(page) == ["0", "330"]


@pytest.mark.parametrize(
    ("wish", "start"),
    [("330", "#t=330"), ("5m30s", "#t=330"), ("0:05:30", "#t=330"), ("x", ""), ('"><script>', "")],
)
def test_address_says_where_to_start(app, client, wish, start):
    with app.app_context():
        make_replay()

    page = client.get(EMBED, query_string={"t": wish}).text

    assert re.search(r'/replay/recording\?v=\d+(#t=\d+)?"', page)[1] == (start or None)
    assert "<script>" not in page


def test_page_of_any_moment_is_kept_as_one(app, client, count_queries):
    with app.app_context():
        add_entries(make_replay(), 0, 330)
    client.get(f"{EMBED}?t=1")

    pages = []
    queries = count_queries(lambda: pages.append(client.get(f"{EMBED}?t=77").text))

    assert queries == 1
    assert "#t=77" in pages[0]


def test_as_many_queries_for_one_entry_as_for_many(app, client, count_queries):
    with app.app_context():
        add_entries(make_replay(), 0)
    one = count_queries(lambda: client.get(EMBED))
    with app.app_context():
        add_entries(db.session.query(Webinar).one(), *range(10, 400, 10))

    assert count_queries(lambda: client.get(EMBED)) == one


@pytest.mark.parametrize("slug", ["hubs", "nowhere"])
def test_anyone_may_frame_it_and_nothing_else_is_relaxed(app, client, slug):
    with app.app_context():
        make_replay()

    policy = policy_of(client.get(f"/webinars/{slug}/replay/embed"))

    assert policy == {**POLICY, "frame-ancestors": "*"}


def test_other_pages_may_still_not_be_framed(app, client):
    with app.app_context():
        make_replay()
    client.get(EMBED)

    policy = policy_of(client.get("/webinars/hubs/replay"))

    assert policy["frame-ancestors"] == "'none'"


def test_nobody_gets_a_cookie(app, client, organiser):
    with app.app_context():
        make_replay()
    with organiser.session_transaction() as session:
        session.permanent = True
        session["_flashes"] = [("success", "For the desk.")]

    answers = [each.get(EMBED) for each in (client, organiser)]

    assert [each.headers.getlist("Set-Cookie") for each in answers] == [[], []]
    assert [each.headers["Vary"] for each in answers] == ["Accept-Language"] * 2
    assert answers[0].data == answers[1].data
    with organiser.session_transaction() as session:
        assert session["_flashes"] == [("success", "For the desk.")]


@pytest.mark.parametrize(
    "status", [s for s in WebinarStatus if not s.value.startswith(("replay", "archived"))]
)
def test_what_is_not_public_is_shown_to_nobody(app, client, organiser, status):
    with app.app_context():
        add_entries(make_replay(status=status, title="Secret hubs"), 0)

    answers = [each.get(EMBED) for each in (client, organiser)]

    assert [each.status_code for each in answers] == [404, 404]
    assert not any("Secret hubs" in each.text or "recording" in each.text for each in answers)


def test_withdrawn_replay_is_gone_at_once(app, client):
    with app.app_context():
        make_replay()
    client.get(EMBED)
    with app.app_context():
        db.session.query(Webinar).one().status = WebinarStatus.ENDED
        db.session.commit()

    assert client.get(EMBED).status_code == 404


def test_recording_elsewhere_waits_for_the_readers_word(app, client):
    with app.app_context():
        add_entries(make_replay_elsewhere(), 330)

    asked = client.get(f"{EMBED}?t=5")
    agreed = client.get(f"{EMBED}?t=5&play=1")

    assert "<iframe" not in asked.text
    assert policy_of(asked)["frame-src"] == "'none'"
    assert f"{EMBED}?t=5&amp;play=1" in asked.text
    assert "start=5" in re.search('<iframe src="([^"]+)"', agreed.text)[1]
    assert policy_of(agreed)["frame-src"] == "https://www.youtube-nocookie.com"
    assert f"{EMBED}?t=330&amp;play=1" in agreed.text


# -- the HTML for other sites ------------------------------------------------------------------


def test_snippet_shows_the_player_whatever_the_title_is(app):
    with app.test_request_context():
        code = embed_code(make_replay(title='<b> "now" & then'), start=330)

    assert code == (
        '<iframe src="http://localhost/webinars/hubs/replay/embed?t=330" width="640" height="580" '
        'title="Replay: &lt;b&gt; &#34;now&#34; &amp; then" loading="lazy" '
        'allow="autoplay; fullscreen; picture-in-picture" allowfullscreen></iframe>'
    )


@pytest.mark.parametrize(
    ("most", "expected"),
    [
        ((None, None), (640, 580)),
        ((1000, 1000), (640, 580)),
        ((320, None), (320, 400)),
        ((None, 300), (640, 300)),
        ((1, 1), (1, 1)),
    ],
)
def test_frame_is_never_larger_than_it_may_be(most, expected):
    size = fit_frame(max_width=most[0], max_height=most[1])

    assert (size.width, size.height) == expected


def test_button_copies_the_snippet(app):
    macro = "{% from 'components/sharing.html' import embed_snippet %}{{ embed_snippet(webinar) }}"
    with app.test_request_context():
        webinar = make_replay()
        code = embed_code(webinar)

        page = render_template_string(macro, webinar=webinar)

    assert f'data-copy="{escape(code).replace("&quot;", "&#34;")}"' in page
    assert f">{escape(code).replace('&quot;', '&#34;')}</textarea>" in page


# -- in a browser ------------------------------------------------------------------------------


@pytest.fixture
def demo_url(tmp_path, migrated_sqlite):
    """The address of the demo: the reference webinar with its recording."""
    shutil.copyfile(migrated_sqlite, tmp_path / "eventapp.db")
    app = create_app(settings_for(tmp_path), TESTING=True)
    with app.app_context():
        load_demo()
    with serving(app) as running:
        yield running.url
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def host_page(demo_url):
    """The address of another site's page that has the player in a frame."""
    body = (
        "<!doctype html><html lang='en'><title>Host</title><h1>Host</h1>"
        f"<iframe src='{demo_url}/webinars/creative-hubs/replay/embed?t=330' width='640' "
        "height='580' title='Player' allow='autoplay'></iframe>"
    ).encode()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/" else 204)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            if self.path == "/":
                self.wfile.write(body)

        def log_message(self, *_arguments: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def test_player_plays_inside_another_sites_page(host_page, page):
    page.goto(host_page)
    frame = page.frame_locator("iframe")
    video = frame.locator("video")
    expect(video).to_be_visible()

    frame.get_by_role("link", name=re.compile("00:34:00 Presentation|Tournai")).first.click()

    expect(frame.locator("[data-agenda] [aria-current]")).to_contain_text("Tournai")
    assert video.evaluate("video => Math.round(video.currentTime)") in range(2038, 2044)
    assert page.context.cookies() == []


@pytest.mark.parametrize(
    "size", [(320, 240), (360, 640), (560, 315), (640, 580), (1280, 720)], ids=str
)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_player_fits_into_any_frame(demo_url, page, size, scheme):
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme=scheme)

    page.goto(f"{demo_url}/webinars/creative-hubs/replay/embed")

    box = page.locator("video").bounding_box()
    assert box["width"] >= 0.5 * size[0] or box["height"] >= 0.5 * size[1]
    assert box["y"] + box["height"] <= size[1] + 1
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    assert Axe().run(page).response["violations"] == []
