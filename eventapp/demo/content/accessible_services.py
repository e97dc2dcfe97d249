"""A webinar that people can register for. Everybody and every place in it is invented."""

from dataclasses import replace
from datetime import time, timedelta

from eventapp.demo.content.attendees import ATTENDEES
from eventapp.demo.content.shapes import (
    DemoAgendaItem,
    DemoAttendee,
    DemoField,
    DemoSpeaker,
    DemoTerms,
    DemoWebinar,
)

MARTA = "Marta Falcão Reis"
TOBIAS = "Tobias Engelhart"
NIAMH = "Niamh Corrigan"
ILIR = "Ilir Dashamir"

PRACTICE = "From practice"
TOGETHER = "Working it out together"
SIGNING = "Sign language"

SPEAKERS = (
    DemoSpeaker(
        name=MARTA,
        role="Head of front-desk services",
        affiliation="Municipality of Vila Serena",
        biography="Marta runs the town's front desks and the website behind them. She began as a "
        "clerk at the counter and still works there one morning a month.",
        email="marta@example.org",
    ),
    DemoSpeaker(
        name=TOBIAS,
        role="Forms designer",
        affiliation="District of Seefelden",
        biography="Tobias has rewritten more than two hundred forms so that people can finish "
        "them. He collects the shortest question that still gets the right answer.",
        email="tobias@example.org",
    ),
    DemoSpeaker(
        name=NIAMH,
        role="Accessibility tester",
        affiliation="Open Door Collective",
        biography="Niamh tests public websites with a screen reader, the tool she uses every day, "
        "and trains teams to do the same.",
        email="niamh@example.org",
    ),
    DemoSpeaker(
        name=ILIR,
        role="Policy adviser",
        affiliation="Network of Plain Towns",
        biography="Ilir helps small municipalities to buy accessible software and to ask suppliers "
        "the right questions before they sign.",
        email="ilir@example.org",
    ),
)

AGENDA = (
    DemoAgendaItem(kind="other", title="Welcome and how to ask", minutes=5),
    DemoAgendaItem(
        kind="introduction",
        title="Why the last ten per cent matter most",
        minutes=10,
        speakers=(ILIR,),
    ),
    DemoAgendaItem(
        kind="presentation",
        title="One counter, four ways to reach it",
        minutes=15,
        speakers=(MARTA,),
        section=PRACTICE,
    ),
    DemoAgendaItem(
        kind="questions",
        title="Your questions to Marta",
        minutes=5,
        speakers=(MARTA,),
        section=PRACTICE,
    ),
    DemoAgendaItem(
        kind="presentation",
        title="A form that people finish",
        minutes=15,
        speakers=(TOBIAS,),
        section=PRACTICE,
    ),
    DemoAgendaItem(
        kind="questions",
        title="Your questions to Tobias",
        minutes=5,
        speakers=(TOBIAS,),
        section=PRACTICE,
    ),
    DemoAgendaItem(kind="break", title="Break", minutes=10),
    DemoAgendaItem(
        kind="presentation",
        title="Booking an appointment with a screen reader, live",
        minutes=15,
        speakers=(NIAMH,),
        section=TOGETHER,
    ),
    DemoAgendaItem(
        kind="presentation",
        title="Buying software that everyone can use: a checklist built together",
        minutes=15,
        speakers=(NIAMH, ILIR),
        section=TOGETHER,
    ),
    DemoAgendaItem(
        kind="panel",
        title="What will you change on Monday?",
        minutes=20,
        speakers=(MARTA, TOBIAS, NIAMH, ILIR),
        section=TOGETHER,
    ),
    DemoAgendaItem(kind="other", title="What comes next, and goodbye", minutes=5),
)

FIELDS = (
    DemoField(
        kind="several_of",
        label="What helps you to take part?",
        hint="We arrange it for you, at no cost.",
        options=("Live captions", SIGNING, "The slides beforehand"),
        answers=("Live captions", "", "", ("Live captions", SIGNING), "The slides beforehand", ""),
    ),
    DemoField(
        kind="short_text",
        label="Which sign language?",
        after=SIGNING,
        answers=("", "", "", "International Sign", "", ""),
    ),
    DemoField(
        kind="consent",
        label="Put me on the list of participants",
        consent_text="We send everyone who attends a list with **names and organisations**, and "
        "no addresses. Write to us, and we take yours out again.",
        answers=("yes", "yes", ""),
    ),
)

# All seats are taken, and three people wait. Nobody is offered a seat: once that ran out, somebody
# who doesn't exist would be written to.
SEATS = 32
CANCELLED, FIRST_TO_WAIT = 4, 33
BROUGHT = {"Greta Lindholt": "Agnes Dahlberg", "Wanda Brzezińska": "Irena Kovalska"}


def _place(number: int, attendee: DemoAttendee) -> DemoAttendee:
    if number == CANCELLED:
        return replace(attendee, status="cancelled")
    if number >= FIRST_TO_WAIT:
        return replace(attendee, status="waiting")
    return replace(attendee, brought_by=BROUGHT.get(attendee.name, ""))


ACCESSIBLE_SERVICES = DemoWebinar(
    slug="accessible-public-services",
    title="Public services that everyone can use: small changes, large effects",
    stage="published",
    organiser="Network of Plain Towns",
    time_zone="Europe/Lisbon",
    starts_in=timedelta(days=24),
    local_start=time(10, 0),
    summary="Two hours with people who made a counter, a form and a booking page easier for "
    "everyone, and what it took.",
    description_file="accessible-services/description.md",
    speakers=SPEAKERS,
    agenda=AGENDA,
    capacity=SEATS,
    attendees=tuple(_place(*numbered) for numbered in enumerate(ATTENDEES)),
    terms=DemoTerms(offer_hours=48, largest_group=3),
    fields=FIELDS,
)
