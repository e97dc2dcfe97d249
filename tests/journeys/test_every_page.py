"""What holds on every page: no barriers, nothing that jumps or sticks out, light to load.

Each page of the demo is looked at on a phone and on a desk, in light and in dark.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Response

from config import Settings
from eventapp import create_app
from eventapp.core.db import db
from eventapp.core.tokens import derive_token
from eventapp.demo.content import ACCESSIBLE_SERVICES, CREATIVE_HUBS, REPAIR
from eventapp.live.permits import sign_stage_key
from eventapp.registrations.models import Registration
from tests.journeys.organiser import Organiser
from tests.journeys.site import Site

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 800}
# The room and the desk are the heaviest: each hears, draws and sends of its own.
MOST_KILOBYTES = 24
MOST_SHIFT = 0.02

AXE = Axe().axe_script + ";0"

# What of a page's accessibility can differ between light and dark.
IN_COLOURS = ["color-contrast", "link-in-text-block"]

PUBLIC_PAGES = (
    *("/", "/webinars/", "/webinars/?q=nothing+of+this+name", "/manage/sign-in"),
    *("/manage/forgotten-password", "/webinars/SOON/", "/webinars/SOON/register"),
    *("/webinars/SOON/registered", "/webinars/SOON/live", "/webinars/NOW/"),
    *("/webinars/NOW/live", "/webinars/NOW/live/stage?key=STAGE", "/webinars/NOW/live/questions"),
    *("/webinars/PAST/", "/webinars/PAST/live", "/webinars/PAST/replay?t=1840"),
    "/webinars/PAST/replay/embed?t=1840",
    *("/webinars/SOON/lost-link", "/webinars/SOON/erased"),
    *("/r/TOKEN/", "/r/TOKEN/cancel", "/r/TOKEN/erase", "/r/TOKEN/unsubscribe"),
)
DESK_PAGES = (
    *("/manage/", "/manage/?status=cancelled", "/manage/webinars/new", "/manage/speakers/"),
    *("/manage/speakers/new", "/manage/speakers/1", "/manage/messages/"),
    *("/manage/messages/incoming", "/manage/change-password"),
)
WEBINAR_PAGES = (
    *("PAST/", "PAST/edit", "PAST/agenda", "PAST/agenda/1", "PAST/speakers", "PAST/speakers/new"),
    *("PAST/presentations", "PAST/registrations", "PAST/live", "PAST/live/log", "PAST/replay"),
    *("PAST/replay/agenda", "PAST/replay/from-log", "PAST/replay/entries/new", "PAST/learnings"),
    *("PAST/messages", "SOON/messages/wordings", "SOON/messages/wordings/webinar_reminder"),
    *("SOON/messages/reminders", "SOON/messages/broadcasts", "SOON/messages/broadcasts/new"),
    *("SOON/", "SOON/edit", "SOON/cancel", "SOON/step/go-live", "SOON/live"),
    "PAST/messages/incoming",
    *("SOON/form", "SOON/form/1", "SOON/form/3", "SOON/form/preview", "NOW/form"),
    *("SOON/registrations/terms", "SOON/registrations/codes", "SOON/registrations/codes/invite"),
    *("SOON/registrations/codes?kind=personal", "SOON/registrations/import"),
    *("SOON/registrations/new", "SOON/registrations/PERSON", "SOON/registrations?sort=name"),
    *("SOON/registrations", "SOON/replay", "SOON/learnings", "NOW/", "NOW/live"),
)
SLUGS = {"PAST": CREATIVE_HUBS.slug, "SOON": ACCESSIBLE_SERVICES.slug, "NOW": REPAIR.slug}
NUMBERS = {"PAST": "1", "SOON": "2", "NOW": "3"}

# The sum of all layout shifts, and what was moved by them.
SHIFTS = """() => new Promise((resolve) => {
  const found = { sum: 0, moved: [] };
  const add = (entries) => {
    for (const { value, sources } of entries) {
      found.sum += value;
      found.moved.push(...sources.map(({ node }) => node?.className || node?.nodeName));
    }
  };
  const observer = new PerformanceObserver((list) => add(list.getEntries()));
  observer.observe({ type: "layout-shift", buffered: true });
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => {
    add(observer.takeRecords());
    resolve(found);
  })));
})"""
STICKS_OUT = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def token(demo_site: Site) -> str:
    """The way through the door of somebody who has a seat in the coming webinar."""
    return find_attendee(demo_site)[1]


@pytest.fixture(scope="module")
def stage_key(demo_site: Site) -> str:
    secret_key = Settings.from_environment({"INSTANCE_DIR": str(demo_site.instance)}).secret_key
    return sign_stage_key(int(NUMBERS["NOW"]), secret="", secret_key=secret_key)


@pytest.fixture(scope="module")
def person(demo_site: Site) -> str:
    """The number of somebody who has a seat in the coming webinar."""
    return str(find_attendee(demo_site)[0])


def find_attendee(demo_site: Site) -> tuple[int, str]:
    app = create_app(Settings.from_environment({"INSTANCE_DIR": str(demo_site.instance)}))
    with app.app_context():
        registration = db.session.query(Registration).filter_by(webinar_id=2).first()
        assert registration is not None
        found = registration.id, derive_token("registration", registration.uid)
        db.session.remove()
        db.engine.dispose()
    return found


@pytest.fixture
def signed_in(demo_site: Site, new_page: Callable[..., Page], kept: dict[str, Any]) -> Page:
    """A page of the demo's organiser, who signs in once for all tests here."""
    if "state" not in kept:
        page = new_page()
        Organiser(page, demo_site.url).sign_in(
            email=demo_site.sign_in.email, password=demo_site.sign_in.password
        )
        kept["state"] = page.context.storage_state()
    return new_page(storage_state=kept["state"])


@pytest.fixture(scope="module")
def kept() -> dict[str, Any]:
    return {}


@pytest.mark.parametrize("path", PUBLIC_PAGES)
def test_public_page_is_sound(demo_site, token, stage_key, page, path):
    for word, meant in {**SLUGS, "TOKEN": token, "STAGE": stage_key}.items():
        path = path.replace(word, meant)

    problems = look_at(page, demo_site.url + path)

    assert problems == []


@pytest.mark.page_errors("404")
def test_missing_page_is_sound(demo_site, page):
    problems = look_at(page, f"{demo_site.url}/nowhere", status=404)

    assert problems == []


@pytest.mark.parametrize("path", DESK_PAGES)
def test_desk_page_is_sound(demo_site, signed_in, path):
    problems = look_at(signed_in, demo_site.url + path)

    assert problems == []


@pytest.mark.parametrize("path", WEBINAR_PAGES)
def test_page_of_a_webinar_at_the_desk_is_sound(demo_site, signed_in, person, path):
    for word, number in {**NUMBERS, "PERSON": person}.items():
        path = path.replace(word, number)

    problems = look_at(signed_in, f"{demo_site.url}/manage/webinars/{path}")

    assert problems == []


def look_at(page: Page, url: str, *, status: int = 200) -> list[str]:
    """Open `url` on a phone and on a desk, in light and in dark: what is wrong, in words."""
    problems = []
    loaded: dict[str, Response] = {}
    page.on("response", lambda response: loaded.update({response.url: response}))
    for size, name in ((PHONE, "phone"), (DESK, "desk")):
        page.set_viewport_size(size)
        page.emulate_media(color_scheme="light")
        answer = page.goto(url)
        assert answer is not None
        assert answer.status == status
        found = find_movement(page)
        page.evaluate(AXE)
        found += find_barriers(page)
        page.emulate_media(color_scheme="dark")
        found += [f"dark: {each}" for each in find_barriers(page, runOnly=IN_COLOURS)]
        problems += [f"{name}: {each}" for each in found]
    return problems + find_weight(loaded.values())


def find_barriers(page: Page, **options: Any) -> list[str]:
    """Ask axe, which is on the page already, what stands in people's way."""
    options = {"resultTypes": ["violations"], **options}
    violations = page.evaluate(
        "options => axe.run(options).then(found => found.violations)", options
    )
    return [f"{each['id']}: {each['nodes'][0]['html']}" for each in violations]


def find_movement(page: Page) -> list[str]:
    problems = []
    if page.evaluate(STICKS_OUT):
        problems.append("the page scrolls sideways")
    shifts = page.evaluate(SHIFTS)
    if shifts["sum"] >= MOST_SHIFT:
        problems.append(f"the layout shifts by {shifts['sum']:.3f}: {shifts['moved']}")
    return problems


def find_weight(loaded: Iterable[Response]) -> list[str]:
    """Weigh scripts and styles as compressed by a server."""
    weights = {"script": 0, "stylesheet": 0}
    for response in loaded:
        if response.request.resource_type in weights:
            weights[response.request.resource_type] += len(gzip.compress(response.body()))
    return [
        f"{bytes_:,} bytes of {kind}s"
        for kind, bytes_ in weights.items()
        if bytes_ > MOST_KILOBYTES * 1000
    ]
