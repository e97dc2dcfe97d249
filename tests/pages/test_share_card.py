"""The picture that stands for a webinar where its address is shared."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pytest
from PIL import Image

from eventapp.core.db import db
from eventapp.core.files import store_file
from eventapp.core.pictures import PALETTES
from eventapp.pages import card_drawing
from eventapp.pages.card_content import SQUARE, WIDE, CardContent, CardPerson
from eventapp.pages.card_drawing import contrast, draw_card
from eventapp.webinars.models import Webinar, WebinarStatus
from tests.factories import WebinarFactory, add_speaker

CARD = "/webinars/hubs/card.png"


def picture_of(png: bytes) -> Image.Image:
    image = Image.open(BytesIO(png), formats=["PNG"])
    image.load()
    return image


def red_photo() -> bytes:
    output = BytesIO()
    Image.new("RGB", (40, 60), "#ff0000").save(output, "PNG")
    return output.getvalue()


def add_photo(webinar: Webinar) -> None:
    speaker = add_speaker(webinar)
    speaker.photo = store_file(
        BytesIO(red_photo()), name="p.png", media_type="image/png", extension="png"
    )
    db.session.commit()


def card_address(client, slug="hubs") -> str:
    page = client.get(f"/webinars/{slug}/").text
    return re.search(r'<meta property="og:image" content="http://localhost([^"]+)"', page)[1]


# -- what it looks like ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "title",
    [
        "Hubs",
        "Creative hubs in small towns " * 7,
        "Donaudampfschifffahrtsgesellschaft" * 6,
        "المراكز الإبداعية (Hubs) 2026",
        "小さな町のクリエイティブ・ハブ" * 9,
        "\u202e\u0000\u202d",
        "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘!͖̬̰̙̗̿̋ͥͥ̂ͣ̐́́͜͞",
        "🎉" * 200,
    ],
)
@pytest.mark.parametrize("shape", [WIDE, SQUARE], ids=["wide", "square"])
def test_card_of_any_title_is_drawn_within_its_measures(title, shape):
    people = tuple(CardPerson(name=f"{title[:80]} {number}") for number in range(9))

    card = picture_of(
        draw_card(
            CardContent(seed="hubs", title=title, site=title, when=title, people=people), shape
        )
    )

    assert card.size == (shape.width, shape.height)


def test_card_is_the_same_for_the_same_content_and_another_for_another():
    content = CardContent(seed="hubs", title="Hubs", site="Webinars")

    cards = {draw_card(content, WIDE), draw_card(content, WIDE)}
    others = {
        draw_card(CardContent(seed="hubs", title="Hub", site="Webinars"), WIDE),
        draw_card(CardContent(seed="tubs", title="Hubs", site="Webinars"), WIDE),
    }

    assert (len(cards), len(cards | others)) == (1, 3)


def test_cards_drawn_at_the_same_time_are_the_same():
    """Fonts are shared by threads, as pages are made in threads."""
    titles = ["Hubs and towns", "小さな町の", "المراكز الإبداعية", "छोटे शहरों में"]
    contents = [CardContent(seed=title, title=title, site="S") for title in titles]
    alone = [draw_card(content, WIDE) for content in contents]

    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(lambda content: draw_card(content, WIDE), contents * 2))

    assert together == alone * 2


def test_right_to_left_title_turns_the_card_around():
    words = {"seed": "hubs", "site": "W"}

    left = picture_of(draw_card(CardContent(title="H", **words), WIDE))
    right = picture_of(draw_card(CardContent(title="ש", **words), WIDE))

    assert left.crop(WIDE.tiles).tobytes() == right.crop((0, 0, 315, 630)).tobytes()


def test_words_are_readable_on_every_ground():
    weakest = min(max(contrast(ink, ground) for ink in inks) for ground, *inks in PALETTES)

    assert weakest >= 4.5


def test_contrast_is_as_wcag_defines_it():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_photos_are_shown():
    people = (CardPerson(name="Ann Lee", photo=red_photo()), CardPerson(name="Bo Ek"))

    card = picture_of(draw_card(CardContent(seed="x", title="T", site="S", people=people), WIDE))

    assert card.getpixel((72 + 40, 574 - 40)) == (255, 0, 0)


# -- how it is handed out ----------------------------------------------------------------------


def test_page_names_the_card_with_measures_and_words(app, client):
    with app.app_context():
        webinar = WebinarFactory(slug="hubs", title='Hubs "now"')
        add_speaker(webinar).name = "Ann Lee"
        db.session.commit()

    page = client.get("/webinars/hubs/").text
    card = client.get(card_address(client))

    assert '<meta property="og:image:width" content="1200">' in page
    assert '<meta property="og:image:height" content="630">' in page
    assert '<meta property="og:image:alt" content="Hubs &#34;now&#34;. Ann Lee. Webinars">' in page
    assert '<meta name="twitter:card" content="summary_large_image">' in page
    assert (card.status_code, card.mimetype) == (200, "image/png")
    assert picture_of(card.data).size == (1200, 630)
    assert card.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_card_under_a_name_that_was_is_kept_for_a_while_only(app, client):
    with app.app_context():
        WebinarFactory(slug="hubs")

    answers = [client.get(f"{CARD}{query}") for query in ("", "?v=old")]

    assert [each.headers["Cache-Control"] for each in answers] == ["public, max-age=300"] * 2


def test_card_gives_nobody_a_cookie(app, organiser):
    with app.app_context():
        WebinarFactory(slug="hubs")
    with organiser.session_transaction() as session:
        session.permanent = True

    answer = organiser.get(CARD)

    assert {"Set-Cookie", "Vary"} & set(answer.headers.keys()) == set()


def test_card_is_not_sent_again_to_who_has_it(app, client):
    with app.app_context():
        WebinarFactory(slug="hubs")
    tag = client.get(CARD).headers["ETag"]

    again = client.get(CARD, headers={"If-None-Match": tag})

    assert (again.status_code, again.data) == (304, b"")


def test_changed_title_makes_another_card_at_another_address(app, client):
    with app.app_context():
        WebinarFactory(slug="hubs", title="Before")
    address, before = card_address(client), client.get(CARD).data
    with app.app_context():
        db.session.query(Webinar).one().title = "After"
        db.session.commit()

    assert card_address(client) != address
    assert client.get(CARD).data != before


def test_change_that_the_card_does_not_show_draws_nothing(app, client, monkeypatch):
    drawn = []

    def draw(content, shape):
        drawn.append(content)
        return draw_card(content, shape)

    monkeypatch.setattr(card_drawing, "draw_card", draw)
    with app.app_context():
        WebinarFactory(slug="hubs")
    client.get(CARD)
    with app.app_context():
        db.session.query(Webinar).one().description = "Another one"
        db.session.commit()

    client.get(CARD)

    assert len(drawn) == 1


def test_kept_card_takes_one_query_for_any_number_of_speakers(app, client, count_queries):
    with app.app_context():
        webinar = WebinarFactory(slug="hubs")
        for _ in range(6):
            add_photo(webinar)

    drawn = count_queries(lambda: client.get(CARD))

    assert count_queries(lambda: client.get(CARD)) == 1
    assert drawn <= 14


def test_photo_of_a_speaker_is_on_the_card(app, client):
    with app.app_context():
        add_photo(WebinarFactory(slug="hubs"))

    card = picture_of(client.get(CARD).data)

    assert card.getpixel((72 + 40, 574 - 40)) == (255, 0, 0)


@pytest.mark.parametrize("name", ["card.png", "card-square.png"])
def test_draft_has_no_card_for_anyone(app, client, organiser, name):
    with app.app_context():
        WebinarFactory(slug="hubs", status=WebinarStatus.DRAFT, published_at=None)

    answers = [each.get(f"/webinars/hubs/{name}").status_code for each in (client, organiser)]

    assert answers == [404, 404]


def test_day_is_in_the_webinars_language_whoever_asks(app, client):
    with app.app_context():
        WebinarFactory(slug="hubs", language="de")
        WebinarFactory(slug="tubs", language="xx-unknown")

    cards = {
        client.get(CARD, headers={"Accept-Language": language}).data for language in ("en", "fr")
    }

    assert len(cards) == 1
    assert client.get("/webinars/tubs/card.png").status_code == 200


def test_podcast_has_a_square_cover_of_its_own(client):
    cover = client.get("/webinars/podcast.png")

    assert picture_of(cover.data).size == (1400, 1400)
