"""Reactions as pages draw them."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from eventapp.audience_reactions.models import ReactionKind

# What each kind looks like, and is called.
SIGNS = {
    ReactionKind.APPLAUSE.value: ("👏", _l("Applause")),
    ReactionKind.LAUGH.value: ("😄", _l("Laughter")),
    ReactionKind.HEART.value: ("❤️", _l("Heart")),
    ReactionKind.SURPRISE.value: ("😮", _l("Surprise")),
}
