"""A message in words: its templates alone, or around an organiser's own words.

Those who keep such words stand above the mailer: the application tells it whom to ask.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

from flask import Flask, current_app, render_template
from flask_babel import force_locale
from markupsafe import Markup

ASKED = "eventapp.find_own_words"


@dataclass(frozen=True, kw_only=True)
class OwnWords:
    """What stands in a message instead of its standard words, filled in for one person.

    The message's templates stay around it: the facts, the button and the footer.
    """

    subject: str
    text: str
    html: Markup


@dataclass(frozen=True, kw_only=True)
class MessageInWords:
    subject: str
    body_text: str
    body_html: str


WriteOwnWords: TypeAlias = Callable[[dict[str, Any]], OwnWords]


class FindOwnWords(Protocol):
    """Gives an organiser's words for a message, or None for the standard ones."""

    def __call__(
        self, message: str, *, webinar_id: int, language: str, context: dict[str, Any]
    ) -> OwnWords | None: ...


def init_app(app: Flask, *, find: FindOwnWords) -> None:
    """Let `find` say what organisers wrote; it is called in the recipient's language."""
    app.extensions[ASKED] = find


def put_into_words(
    message: str,
    *,
    language: str,
    context: dict[str, Any],
    webinar_id: int | None = None,
    write_own: WriteOwnWords | None = None,
) -> MessageInWords:
    """Return `message` in `language`.

    Its words are what `write_own` makes of the context, else what the webinar's organiser wrote for
    it, else those of its templates.
    """
    with force_locale(language):
        own = write_own(context) if write_own else None
        if own is None and webinar_id is not None:
            find: FindOwnWords = current_app.extensions[ASKED]
            own = find(message, webinar_id=webinar_id, language=language, context=context)
        folder = "own" if own else message
        words = {"message": message, "own": own, **context}
        subject = render_template(f"mail/{folder}/subject.txt", **words)
        return MessageInWords(
            subject=subject,
            body_text=render_template(f"mail/{folder}/body.txt", **words).strip() + "\n",
            body_html=render_template(
                f"mail/{folder}/body.html", subject=" ".join(subject.split()), **words
            ),
        )
