"""Home, archive and feeds: many webinars on one page."""

from __future__ import annotations

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from eventapp.core import clock
from eventapp.core.access import public
from eventapp.core.calendar import build_feed
from eventapp.core.lists import read_page, read_words
from eventapp.core.page_cache import cached_page
from eventapp.pages import navigation, queries
from eventapp.pages.blueprint import blueprint
from eventapp.pages.cards import describe_cards
from eventapp.pages.found import describe_found
from eventapp.search.queries import search_replays
from eventapp.webinars.calendar import describe_event
from eventapp.webinars.models import WebinarStatus

ON_HOME = 6
IN_FEED = 100


@blueprint.get("/")
@public
def home() -> ResponseReturnValue:
    now = clock.now()
    return cached_page((queries.get_revision(), now.replace(second=0, microsecond=0)), _make_home)


def _make_home() -> str:
    now = clock.now()
    coming = queries.list_coming(now=now, limit=ON_HOME)
    live_first = sorted(coming, key=lambda webinar: webinar.status != WebinarStatus.LIVE)
    return render_template(
        "pages/home.html",
        coming=describe_cards(live_first, now=now),
        replays=describe_cards(queries.list_replays(limit=ON_HOME), now=now),
    )


@blueprint.get("/webinars/")
@public
def archive() -> ResponseReturnValue:
    words = read_words()
    show = request.args.get("show", "")
    now = clock.now()
    found = queries.search_webinars(words=words, show=show, now=now, page=read_page())
    return render_template(
        "pages/archive.html",
        found=found,
        cards=describe_cards(found.webinars, now=now),
        words=words,
        show=show,
        replays=describe_found(search_replays(words)) if found.page == 1 else [],
    )


@blueprint.get("/webinars/feed.ics")
@public
def feed_ics() -> ResponseReturnValue:
    """What is ahead, for calendar programs that subscribe; without anything personal."""
    now = clock.now()
    coming = [describe_event(w) for w in queries.list_coming(now=now, limit=IN_FEED)]
    content = build_feed(coming, name=navigation.site_name(), now=now)
    return Response(content, content_type="text/calendar; charset=utf-8")


@blueprint.get("/webinars/feed.atom")
@public
def feed_atom() -> ResponseReturnValue:
    """What is ahead and what can be watched again (Atom, RFC 4287)."""
    webinars = queries.list_coming(now=clock.now(), limit=IN_FEED)
    webinars += queries.list_replays(limit=IN_FEED)
    content = render_template(
        "pages/feed.atom.xml",
        webinars=webinars,
        updated=max((w.updated_at for w in webinars), default=None) or clock.now(),
        self_url=url_for("pages.feed_atom", _external=True),
    )
    response = Response(content, content_type="application/atom+xml; charset=utf-8")
    response.add_etag()
    return response.make_conditional(request)
