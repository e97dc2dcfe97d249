"""The steps of a webinar's life in words: what each does, and which comes next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from eventapp.webinars import actions, rules
from eventapp.webinars.models import Webinar, WebinarStatus

Act = Callable[[Webinar, datetime], None]
Possible = Callable[[Webinar, datetime], bool]

LIFE = (
    (WebinarStatus.DRAFT, _l("Draft")),
    (WebinarStatus.PUBLISHED, _l("Published")),
    (WebinarStatus.LIVE, _l("Live")),
    (WebinarStatus.ENDED, _l("Ended")),
    (WebinarStatus.REPLAY_PUBLISHED, _l("Replay")),
    (WebinarStatus.ARCHIVED, _l("Archived")),
)


@dataclass(frozen=True, kw_only=True)
class Step:
    """A step that is asked about on a page of its own; `done` is said once it is taken."""

    label: str
    question: str
    consequences: tuple[str, ...]
    done: str
    act: Act
    is_possible: Possible
    kind: Literal["primary", "secondary", "danger"] = "primary"


STEPS = {
    "publish": Step(
        label=_l("Publish"),
        question=_l("Publish this webinar?"),
        consequences=(
            _l("Its page becomes public, and people can register."),
            _l("From now on its address stays the same, even if you change the title."),
        ),
        done=_l("The webinar is published. Share its address, so that people can register."),
        act=lambda webinar, now: actions.publish_webinar(webinar, now=now),
        is_possible=lambda webinar, _now: webinar.status == WebinarStatus.DRAFT,
    ),
    "go-live": Step(
        label=_l("Go live"),
        question=_l("Go live now?"),
        consequences=(
            _l("The room opens: people can ask and vote."),
            _l("From now on the live log records what happens and when."),
        ),
        done=_l("You are live."),
        act=lambda webinar, now: actions.go_live(webinar, now=now),
        is_possible=lambda webinar, _now: rules.can_go_live(webinar),
    ),
    "end": Step(
        label=_l("End the webinar"),
        question=_l("End this webinar?"),
        consequences=(
            _l("The room closes: nobody can ask or vote any more."),
            _l("After that you can prepare the replay."),
        ),
        done=_l("The webinar has ended. Next comes the replay."),
        act=lambda webinar, now: actions.end_webinar(webinar, now=now),
        is_possible=lambda webinar, now: rules.can_end(webinar, now=now),
    ),
    "archive": Step(
        label=_l("Archive"),
        question=_l("Archive this webinar?"),
        consequences=(
            _l("Its page and its replay stay where they are."),
            _l("On your desk it moves to the archived webinars; you can bring it back."),
        ),
        done=_l("The webinar is archived. Its page and its replay stay."),
        act=lambda webinar, now: actions.archive_webinar(webinar, now=now),
        is_possible=lambda webinar, _now: rules.can_archive(webinar),
        kind="secondary",
    ),
    "bring-back": Step(
        label=_l("Bring back"),
        question=_l("Bring this webinar back from the archive?"),
        consequences=(_l("It returns to the webinars with a replay."),),
        done=_l("The webinar is back."),
        act=lambda webinar, now: actions.bring_back_webinar(webinar, now=now),
        is_possible=lambda webinar, _now: webinar.status == WebinarStatus.ARCHIVED,
        kind="secondary",
    ),
    "delete": Step(
        label=_l("Delete the draft"),
        question=_l("Delete this draft?"),
        consequences=(
            _l("Its agenda and everything else that belongs to it are deleted too."),
            _l("Its speakers' profiles stay. This can't be undone."),
        ),
        done=_l("The draft has been deleted."),
        act=lambda webinar, _now: actions.delete_draft(webinar),
        is_possible=lambda webinar, _now: rules.can_delete(webinar),
        kind="danger",
    ),
}


def list_possible_steps(webinar: Webinar, *, now: datetime) -> dict[str, Step]:
    """Return the steps that may be taken now, by name, in the order of life."""
    return {name: step for name, step in STEPS.items() if step.is_possible(webinar, now)}


def open_later(step: Step, *, moment: str) -> Step:
    """Return the step of publishing, as it is where people can register from `moment` only."""
    return replace(
        step,
        consequences=(
            _("Its page becomes public. People can register from %(moment)s.", moment=moment),
            *step.consequences[1:],
        ),
        done=_(
            "The webinar is published. Share its address: people can register from %(moment)s.",
            moment=moment,
        ),
    )
