"""A webinar that is going on right now. Everybody and every place in it is invented."""

from datetime import timedelta

from eventapp.demo.content.attendees import ATTENDEES
from eventapp.demo.content.shapes import (
    DemoAgendaItem,
    DemoLogFact,
    DemoPoll,
    DemoQuestion,
    DemoReply,
    DemoSpeaker,
    DemoWebinar,
    moment,
)

SANNE = "Sanne Hoekwater"
RAFAEL = "Rafael Otxandi"
LINNEA = "Linnea Strömvall"

SPEAKERS = (
    DemoSpeaker(
        name=SANNE,
        role="Programme lead, circular city",
        affiliation="Town of Oudermeer",
        biography="Sanne turned an empty library branch into the town's first repair house and now "
        "looks after five of them.",
        email="sanne@example.org",
    ),
    DemoSpeaker(
        name=RAFAEL,
        role="Coordinator",
        affiliation="Iturralde Repair Cooperative",
        biography="Rafael trains volunteers to mend toasters, bicycles and coats, and insures them "
        "while they do it.",
        email="rafael@example.org",
    ),
    DemoSpeaker(
        name=LINNEA,
        role="Waste economist",
        affiliation="Region of Norrby",
        biography="Linnea counts what is not thrown away, and what a town saves by it.",
        email="linnea@example.org",
    ),
)

AGENDA = (
    DemoAgendaItem(kind="other", title="Welcome", minutes=4),
    DemoAgendaItem(
        kind="introduction",
        title="What a town gains when things last longer",
        minutes=5,
        speakers=(LINNEA,),
    ),
    DemoAgendaItem(
        kind="presentation",
        title="Five repair houses in three years: the story of Oudermeer",
        minutes=8,
        speakers=(SANNE,),
    ),
    DemoAgendaItem(kind="questions", title="Your questions to Sanne", minutes=6, speakers=(SANNE,)),
    DemoAgendaItem(
        kind="presentation",
        title="Volunteers, insurance and a full waiting list",
        minutes=12,
        speakers=(RAFAEL,),
    ),
    DemoAgendaItem(
        kind="questions", title="Your questions to Rafael", minutes=6, speakers=(RAFAEL,)
    ),
    DemoAgendaItem(kind="break", title="Short break", minutes=5),
    DemoAgendaItem(
        kind="presentation",
        title="Counting what is not thrown away",
        minutes=14,
        speakers=(LINNEA, SANNE),
    ),
    DemoAgendaItem(
        kind="panel",
        title="How to start with one room and no budget",
        minutes=20,
        speakers=(SANNE, RAFAEL, LINNEA),
        section="Panel discussion",
    ),
    DemoAgendaItem(kind="other", title="Goodbye", minutes=5),
)

# In the order in which they were asked.
QUESTIONS = (
    DemoQuestion(
        text="What did the first repair house cost in its first year, all included?",
        status="answered",
        asked_at=moment(0, 6, 12),
        votes=17,
        asked_by="Greta Lindholt",
    ),
    DemoQuestion(
        text="Can you hear the sound properly? Mine is cutting out.",
        status="dismissed",
        asked_at=moment(0, 7, 3),
    ),
    DemoQuestion(
        text="How did you convince the library to give up the rooms?",
        status="answered",
        asked_at=moment(0, 9, 40),
        votes=11,
        asked_by="Pavel Hronovský",
        speaker=SANNE,
        replies=(
            DemoReply(
                text="They were the ones who asked us: on Mondays the reading room stood empty.\n\n"
                "The agreement is two pages long, and we will gladly send it to you.",
                written_at=moment(0, 19, 10),
            ),
            DemoReply(
                text="Yes please! Is it only for Mondays?",
                written_at=moment(0, 19, 30),
                is_answer=False,
            ),
        ),
    ),
    DemoQuestion(
        text="Do local shops see the repair houses as competition?",
        status="on_air",
        asked_at=moment(0, 10, 58),
        votes=23,
    ),
    DemoQuestion(
        text="Who is liable when a repaired kettle catches fire at home?",
        status="approved",
        asked_at=moment(0, 12, 25),
        votes=19,
        asked_by="Hendrik Vossenaar",
        label="Insurance",
        speaker=RAFAEL,
        is_pinned=True,
    ),
    DemoQuestion(
        text="How many volunteers do you need for one afternoon a week?",
        status="approved",
        asked_at=moment(0, 13, 50),
        votes=8,
        asked_by="Oona Rautalahti",
        label="Volunteers",
        speaker=RAFAEL,
    ),
    DemoQuestion(
        text="We sell refurbished phones. May we present our offer after the break?",
        status="dismissed",
        asked_at=moment(0, 14, 31),
    ),
    DemoQuestion(
        text="Which repairs do people ask for most, and which do you have to refuse?",
        status="approved",
        asked_at=moment(0, 15, 44),
        votes=6,
    ),
    DemoQuestion(
        text="Is there a way to reach people who would never come to a repair café?",
        status="approved",
        asked_at=moment(0, 17, 20),
        votes=4,
        asked_by="Nuno Albergaria",
    ),
    DemoQuestion(
        text="Do you pay the volunteers anything, even just their travel?",
        status="pending",
        asked_at=moment(0, 18, 35),
        asked_by="Fiachra Dunmore",
    ),
    DemoQuestion(
        text="What is the cost per year of one repair house?",
        status="pending",
        asked_at=moment(0, 19, 2),
    ),
    DemoQuestion(
        text="Could schools be part of this? We have a workshop that stands empty from three "
        "o'clock.",
        status="pending",
        asked_at=moment(0, 19, 38),
        asked_by="Urška Planinšek",
    ),
    DemoQuestion(
        text="What happens if somebody is hurt by something that was repaired?",
        status="merged",
        asked_at=moment(0, 14, 2),
        votes=5,
        merged_into=4,
    ),
)

POLLS = (
    DemoPoll(
        text="Is there a place in your town where things are repaired?",
        kind="one",
        status="closed",
        options=(("Yes", 31), ("Not yet, but it is planned", 22), ("No", 17)),
        opened_at=moment(0, 2, 10),
        closed_at=moment(0, 4, 0),
    ),
    DemoPoll(
        text="What would you need most to begin?",
        kind="several",
        status="open",
        options=(("A room", 24), ("Volunteers", 38), ("Money for tools", 19), ("Insurance", 29)),
        opened_at=moment(0, 18, 0),
    ),
    DemoPoll(text="How did you like the webinar?", kind="rating", status="draft", options=()),
)

LOG = (
    DemoLogFact(kind="recording_started", at=moment(0, 0, 48)),
    DemoLogFact(kind="item_started", at=moment(0, 1, 5), agenda_item=0),
    DemoLogFact(kind="item_started", at=moment(0, 4, 20), agenda_item=1),
    DemoLogFact(kind="item_started", at=moment(0, 8, 55), agenda_item=2),
    DemoLogFact(kind="item_started", at=moment(0, 16, 10), agenda_item=3),
    DemoLogFact(kind="question_on_air", at=moment(0, 16, 24), question=0),
    DemoLogFact(kind="question_answered", at=moment(0, 17, 41), question=0),
    DemoLogFact(kind="question_on_air", at=moment(0, 17, 46), question=2),
    DemoLogFact(kind="question_answered", at=moment(0, 18, 52), question=2),
    DemoLogFact(kind="question_on_air", at=moment(0, 19, 4), question=3),
)

REPAIR = DemoWebinar(
    slug="repair-in-your-town",
    title="Made to last: how towns help people to repair",
    stage="live",
    organiser="Network of Plain Towns",
    time_zone="Europe/Brussels",
    starts_in=timedelta(minutes=-20),
    summary="A town, a cooperative and an economist on repair houses: what they cost, who runs "
    "them and what they save.",
    description_file="repair/description.md",
    speakers=SPEAKERS,
    agenda=AGENDA,
    capacity=200,
    questions=QUESTIONS,
    polls=POLLS,
    log=LOG,
    attendees=ATTENDEES[:28],
)
