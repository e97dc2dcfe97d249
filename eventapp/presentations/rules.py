"""Who may have a presentation, and when; no clock, no database."""

from __future__ import annotations

from eventapp.presentations.models import Presentation
from eventapp.webinars.models import Webinar, WebinarStatus
from eventapp.webinars.rules import WITH_REPLAY, is_public

OVER = WITH_REPLAY | {WebinarStatus.ENDED}


def is_on_page(presentation: Presentation, *, webinar: Webinar) -> bool:
    """Whether the webinar's page lists it: once it has ended, or before where that is wanted.

    Of a draft that is what the page will list when it is public.
    """
    return presentation.is_shown_before or webinar.status in OVER


def is_shown(presentation: Presentation, *, webinar: Webinar) -> bool:
    """Whether the public gets it."""
    return is_public(webinar) and is_on_page(presentation, webinar=webinar)
