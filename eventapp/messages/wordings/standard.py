"""What each message says where nobody has written other words: the editor's starting point.

The templates in templates/mail/ say the same in their block `words`, with what differs from person
to person. The facts, the button and the footer around it are no part of the words.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from eventapp.messages.wordings.placeholders import (
    ANSWER_BY,
    EVERYWHERE,
    FOR_INVITED,
    MOMENT_LINK,
    PLACE,
    QUESTION,
    REASON,
    REPLAY_LINK,
    STARTS_IN,
    TIMECODE,
    Placeholder,
)


@dataclass(frozen=True, kw_only=True)
class StandardWords:
    """A message's standard subject and body (Markdown), and when it goes out.

    In braces may stand what `everywhere` has, and what is its own.
    """

    subject: str
    body: str
    when: str
    own_placeholders: tuple[Placeholder, ...] = ()
    everywhere: tuple[Placeholder, ...] = EVERYWHERE

    @property
    def placeholders(self) -> tuple[Placeholder, ...]:
        return self.everywhere + self.own_placeholders


MESSAGES = {
    "access_code": StandardWords(
        subject=_l("Your invitation to {title}"),
        body=_l("# You are invited\n\nHello {name}, you are invited to “{title}”."),
        when=_l("When you invite people, to each with a code of their own"),
        everywhere=FOR_INVITED,
    ),
    "registration_unverified": StandardWords(
        subject=_l("Please confirm your address: {title}"),
        body=_l(
            "# Please confirm your address\n\nHello {name}, someone, probably you, wants to come "
            "to “{title}”. Please confirm that this is your address."
        ),
        when=_l("When somebody registers, where addresses are confirmed first"),
        own_placeholders=(ANSWER_BY,),
    ),
    "registration_requested": StandardWords(
        subject=_l("We have your request: {title}"),
        body=_l(
            "# We have your request\n\nHello {name}, you have asked to come to “{title}”. The "
            "organiser decides who can come, and we'll e-mail you as soon as they have."
        ),
        when=_l("When somebody asks to come, where you let people in"),
    ),
    "registration_declined": StandardWords(
        subject=_l("About your request: {title}"),
        body=_l(
            "# There is no seat for you this time\n\nHello {name}, thank you for your interest in "
            "“{title}”. The organiser can't offer you a seat. If this surprises you, please reply "
            "to this message."
        ),
        when=_l("When you decline somebody who asked to come"),
    ),
    "registration_confirmed": StandardWords(
        subject=_l("You are registered: {title}"),
        body=_l("# You have a seat\n\nHello {name}, we look forward to seeing you at “{title}”."),
        when=_l("When somebody registers and has a seat"),
    ),
    "registration_waiting": StandardWords(
        subject=_l("You are on the waiting list: {title}"),
        body=_l(
            "# You are on the waiting list\n\nHello {name}, all seats for “{title}” are taken, and "
            "you are number {place} on the waiting list.\n\nWhen a seat becomes free for you, "
            "we'll e-mail you straight away."
        ),
        when=_l("When somebody registers and all seats are taken"),
        own_placeholders=(PLACE,),
    ),
    "registration_offered": StandardWords(
        subject=_l("A seat is kept for you: {title}"),
        body=_l(
            "# A seat has become free\n\nHello {name}, a seat for “{title}” has become free, and "
            "it is your turn. Would you like it?"
        ),
        when=_l("When somebody who waits is offered a free seat"),
        own_placeholders=(ANSWER_BY,),
    ),
    "registration_lapsed": StandardWords(
        subject=_l("Your offer has run out: {title}"),
        body=_l(
            "# Your offer has run out\n\nHello {name}, we kept a seat for you at “{title}”. Since "
            "we didn't hear from you in time, it went to the next person in line."
        ),
        when=_l("When somebody doesn't answer an offer in time"),
    ),
    "registration_promoted": StandardWords(
        subject=_l("A seat for you: {title}"),
        body=_l(
            "# A seat has become free for you\n\nHello {name}, good news: you were waiting for "
            "“{title}”, and now you have a seat."
        ),
        when=_l("When somebody moves up from the waiting list"),
    ),
    "registration_link": StandardWords(
        subject=_l("Your link for {title}"),
        body=_l(
            "# Here is your link again\n\nHello {name}, this is your personal link to “{title}”."
        ),
        when=_l("When somebody asks for their link, or registers twice"),
    ),
    "registration_cancelled": StandardWords(
        subject=_l("Your registration is cancelled: {title}"),
        body=_l(
            "# Your registration is cancelled\n\nHello {name}, your registration for “{title}” is "
            "cancelled."
        ),
        when=_l("When somebody cancels, or you cancel for them"),
    ),
    "webinar_reminder": StandardWords(
        subject=_l("Reminder: {title}"),
        body=_l(
            "# It begins {starts_in}\n\nHello {name}, you have a seat for “{title}”. We look "
            "forward to seeing you."
        ),
        when=_l("Before the start, at the times under Reminders"),
        own_placeholders=(STARTS_IN,),
    ),
    "webinar_live": StandardWords(
        subject=_l("We are live: {title}"),
        body=_l(
            "# We are live\n\nHello {name}, “{title}” has begun. Come in: your place is waiting "
            "for you."
        ),
        when=_l("When the webinar is live, to those who haven't come in yet"),
    ),
    "webinar_follow_up": StandardWords(
        subject=_l("After the webinar: {title}"),
        body=_l(
            "# Thank you\n\nHello {name}, thank you for your interest in “{title}”. What comes out "
            "of it is kept on the webinar's page."
        ),
        when=_l("After the end, where you add a reminder for then"),
    ),
    "webinar_rescheduled": StandardWords(
        subject=_l("Changed: {title}"),
        body=_l(
            "# The webinar has changed\n\nHello {name}, “{title}” has changed. Here are the new "
            "details:"
        ),
        when=_l("When the time, the title or the meeting's address changes"),
    ),
    "webinar_cancelled": StandardWords(
        subject=_l("Cancelled: {title}"),
        body=_l(
            "# The webinar is cancelled\n\nHello {name}, we are sorry: “{title}” won't take place."
        ),
        when=_l("When you cancel the webinar"),
        own_placeholders=(REASON,),
    ),
    "replay_published": StandardWords(
        subject=_l("The replay is here: {title}"),
        body=_l(
            "# The replay is here\n\nHello {name}, “{title}” has taken place, and you can watch it "
            "now."
        ),
        when=_l("When you publish the replay, to everyone who has a seat"),
        own_placeholders=(REPLAY_LINK,),
    ),
    "question_answered": StandardWords(
        subject=_l("Your question was answered: {title}"),
        body=_l("# Your question was answered\n\nHello {name}, you asked in “{title}”:"),
        when=_l("When the replay is published, to those whose question was answered"),
        own_placeholders=(QUESTION, TIMECODE, MOMENT_LINK),
    ),
    "question_answered_in_writing": StandardWords(
        subject=_l("Your question was answered: {title}"),
        body=_l("# Your question was answered\n\nHello {name}, you asked in “{title}”:"),
        when=_l("When a question was answered in writing and the webinar is over, to who asked"),
        own_placeholders=(QUESTION,),
    ),
}

# What an organiser writes anew to some of a webinar's people.
BROADCAST = "broadcast"


def list_placeholders(message: str) -> tuple[Placeholder, ...]:
    """Return what may stand in braces in the words of a message."""
    standard = MESSAGES.get(message)
    return standard.placeholders if standard else EVERYWHERE
