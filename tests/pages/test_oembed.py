"""oEmbed: other programs ask how to show a page of ours."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest
from flask import render_template_string

from eventapp.core.db import db
from eventapp.webinars.models import WebinarStatus
from tests.factories import WebinarFactory, add_speaker
from tests.pages.public_replays import make_replay

REPLAY = "http://localhost/webinars/hubs/replay"


@pytest.fixture(autouse=True)
def hubs(app):
    with app.app_context():
        webinar = make_replay(title="Hubs & <more>")
        add_speaker(webinar).name = "Ann Lee"
        db.session.commit()


def ask(client, **fields):
    return client.get("/oembed", query_string={"url": REPLAY, **fields})


def test_answer_has_what_the_specification_wants_of_a_video(client):
    answer = ask(client)

    assert answer.content_type == "application/json; charset=utf-8"
    assert {name: value for name, value in answer.json.items() if name != "thumbnail_url"} == {
        "version": "1.0",
        "type": "video",
        "title": "Hubs & <more>",
        "author_name": "Ann Lee",
        "provider_name": "Webinars",
        "provider_url": "http://localhost/",
        "cache_age": 3600,
        "html": (
            '<iframe src="http://localhost/webinars/hubs/replay/embed" width="640" height="580" '
            'title="Replay: Hubs &amp; &lt;more&gt;" loading="lazy" '
            'allow="autoplay; fullscreen; picture-in-picture" allowfullscreen></iframe>'
        ),
        "width": 640,
        "height": 580,
        "thumbnail_width": 1200,
        "thumbnail_height": 630,
    }
    thumbnail = client.get(answer.json["thumbnail_url"].removeprefix("http://localhost"))
    assert thumbnail.mimetype == "image/png"


def test_xml_says_the_same(client):
    answer = ask(client, format="xml")

    assert answer.content_type == "text/xml; charset=utf-8"
    found = {each.tag: each.text for each in ET.fromstring(answer.data)}
    assert found == {name: str(value) for name, value in ask(client).json.items()}


@pytest.mark.parametrize(
    "address",
    [
        f"{REPLAY}?t=5m30s",
        "https://localhost/webinars/hubs/replay/embed?t=330",
        "HTTP://LOCALHOST:80/webinars/hubs/replay?t=330&utm_source=x#top",
    ],
)
def test_every_address_of_a_replay_is_known_and_its_moment_kept(client, address):
    assert "/replay/embed?t=330&#34;" in ask(client, url=address).json["html"].replace('"', "&#34;")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "x",
        "/webinars/hubs/replay",
        "http://localhost/webinars/other/replay",
        "http://localhost/webinars/hubs/",
        "http://localhost/nowhere",
        "http://localhost/webinars/hubs/replay/",
        "http://elsewhere.example/webinars/hubs/replay",
        "http://localhost.elsewhere.example/webinars/hubs/replay",
        "http://localhost@elsewhere.example/webinars/hubs/replay",
        "http://me@localhost/webinars/hubs/replay",
        "http://localhost:8000/webinars/hubs/replay",
        "http://localhost:port/webinars/hubs/replay",
        "http://[::1/webinars/hubs/replay",
        "ftp://localhost/webinars/hubs/replay",
        "javascript:alert(1)",
        "http://localhost/webinars/hu%00bs/replay",
        f"{REPLAY}?{'&'.join('a=1' for _ in range(60))}",
        f"{REPLAY}?{'a' * 3000}",
    ],
)
def test_other_addresses_are_not_found(client, address):
    assert ask(client, url=address).status_code == 404


def test_other_formats_are_not_implemented(client):
    assert ask(client, format="yaml").status_code == 501


@pytest.mark.parametrize(
    ("published", "status"), [({}, 401), ({"published_at": None}, 404)], ids=["ended", "draft"]
)
def test_what_is_not_public_is_not_shown_also_not_to_organisers(
    app, client, organiser, published, status
):
    with app.app_context():
        WebinarFactory(slug="tubs", status=WebinarStatus.ENDED, title="Secret", **published)

    answers = [
        ask(each, url="http://localhost/webinars/tubs/replay") for each in (client, organiser)
    ]

    assert [each.status_code for each in answers] == [status, status]
    assert not any("Secret" in each.text for each in answers)


@pytest.mark.parametrize(
    ("fields", "width", "height"),
    [
        ({"maxwidth": "400"}, 400, 445),
        ({"maxheight": "300"}, 640, 300),
        ({"maxwidth": "200", "maxheight": "100"}, 200, 100),
        ({"maxwidth": "4000", "maxheight": "4000"}, 640, 580),
        ({"maxwidth": "wide", "maxheight": "-5"}, 640, 580),
        ({"maxwidth": "0"}, 640, 580),
        ({"maxwidth": "9" * 5000}, 640, 580),
    ],
)
def test_sizes_are_honoured(client, fields, width, height):
    found = ask(client, **fields).json

    assert (found["width"], found["height"]) == (width, height)
    assert f'width="{width}" height="{height}"' in found["html"]
    is_small = min(width, height) < 580 or width < 640
    assert ("thumbnail_url" in found) != is_small


def test_scripts_of_other_sites_may_ask(client):
    assert ask(client).headers["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in ask(client).headers


def test_page_leads_to_its_answers(app, client):
    macro = (
        "{% from 'components/sharing.html' import oembed_links %}{{ oembed_links(webinar, url) }}"
    )
    with app.test_request_context():
        webinar = make_replay("tubs")
        page = render_template_string(macro, webinar=webinar, url=REPLAY)

    links = re.findall(r'<link rel="alternate" type="([^"]+)" href="http://localhost([^"]+)"', page)

    answers = [client.get(href.replace("&amp;", "&")).mimetype for _type, href in links]
    assert [kind for kind, _href in links] == ["application/json+oembed", "text/xml+oembed"]
    assert answers == ["application/json", "text/xml"]
