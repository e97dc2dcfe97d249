"""A webinar that was held: creative hubs, 5 December 2019, with its replay and learnings.

Title, date, organiser, speakers, agenda and times are as published. The page says no more of the
speakers than what they spoke about, so their profiles say no more either.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from eventapp.demo.content.attendees import ATTENDEES
from eventapp.demo.content.shapes import (
    DemoAgendaItem,
    DemoChapter,
    DemoPresentation,
    DemoRecording,
    DemoSpeaker,
    DemoWebinar,
    moment,
)

LUC = "Luc Schmerber"
DELPHINE = "Delphine Coderniaux"
LARISSA = "Larissa Grommersch"
BERTA = "Berta Pérez"
ANDREA = "Andrea Stegani"

PANEL = "Panel discussion"

SPEAKERS = (
    DemoSpeaker(
        name=LUC,
        role="Thematic expert",
        affiliation="",
        biography="Luc Schmerber introduced the webinar as its thematic expert.",
    ),
    DemoSpeaker(
        name=DELPHINE,
        role="",
        affiliation="Trakk creative hub, Namur",
        biography="Delphine Coderniaux presented the Trakk creative hub in Namur and, together "
        "with Larissa Grommersch, the action plans for the Wallonia region.",
    ),
    DemoSpeaker(
        name=LARISSA,
        role="",
        affiliation="Wap's creative hub, Tournai",
        biography="Larissa Grommersch presented the Wap's creative hub in Tournai and, together "
        "with Delphine Coderniaux, the action plans for the Wallonia region.",
    ),
    DemoSpeaker(
        name=BERTA,
        role="",
        affiliation="RCIA project",
        biography="Berta Pérez, from the RCIA project, presented the Canodrom Creative "
        "Industries Research Park.",
    ),
    DemoSpeaker(
        name=ANDREA,
        role="",
        affiliation="Creative hubs in Malta",
        biography="Andrea Stegani presented the action for creative hubs in Malta.",
    ),
)

AGENDA = (
    DemoAgendaItem(kind="other", title="Welcome", minutes=5),
    DemoAgendaItem(
        kind="introduction",
        title="Introduction by the thematic expert",
        minutes=12,
        speakers=(LUC,),
    ),
    DemoAgendaItem(
        kind="presentation",
        title="The Trakk creative hub in Namur",
        minutes=12,
        speakers=(DELPHINE,),
    ),
    DemoAgendaItem(kind="questions", title="Questions on Trakk", minutes=5, speakers=(DELPHINE,)),
    DemoAgendaItem(
        kind="presentation",
        title="The Wap's creative hub in Tournai",
        minutes=7,
        speakers=(LARISSA,),
    ),
    DemoAgendaItem(kind="questions", title="Questions on Wap's", minutes=3, speakers=(LARISSA,)),
    DemoAgendaItem(
        kind="presentation",
        title="Canodrom Creative Industries Research Park",
        minutes=9,
        speakers=(BERTA,),
    ),
    DemoAgendaItem(kind="questions", title="Questions on Canodrom", minutes=7, speakers=(BERTA,)),
    DemoAgendaItem(
        kind="presentation",
        title="Action for creative hubs in Malta",
        minutes=7,
        speakers=(ANDREA,),
    ),
    DemoAgendaItem(
        kind="presentation",
        title="The action plans for the Wallonia region",
        minutes=12,
        speakers=(DELPHINE, LARISSA),
    ),
    DemoAgendaItem(
        kind="panel",
        title="Discussion with all speakers",
        minutes=11,
        speakers=(LUC, DELPHINE, LARISSA, BERTA, ANDREA),
        section=PANEL,
    ),
)

CHAPTERS = (
    DemoChapter(
        start=moment(0, 5, 30),
        kind="introduction",
        title="Introduction by thematic expert Luc Schmerber",
        speakers=(LUC,),
    ),
    DemoChapter(
        start=moment(0, 17, 10),
        kind="presentation",
        title="Presentation on the Trakk creative hub in Namur by Delphine Coderniaux",
        speakers=(DELPHINE,),
    ),
    DemoChapter(
        start=moment(0, 29, 0),
        kind="question",
        title="Are you charging for the services you provide? What is the business model for the "
        "years to come?",
        parent=1,
    ),
    DemoChapter(
        start=moment(0, 30, 40),
        kind="question",
        title="How transferable is the concept to other regions and cities in Europe?",
        parent=1,
    ),
    DemoChapter(
        start=moment(0, 31, 52),
        kind="question",
        title="Which organisation currently employ the 11 employees working in the creative hub?",
        parent=1,
    ),
    DemoChapter(
        start=moment(0, 34, 0),
        kind="presentation",
        title="Presentation on the Wap's creative hub in Tournai by Larissa Grommersch",
        speakers=(LARISSA,),
    ),
    DemoChapter(
        start=moment(0, 40, 49),
        kind="question",
        title="Does the creative hub have a separate legal structure?",
        parent=5,
    ),
    DemoChapter(
        start=moment(0, 41, 30),
        kind="question",
        title="Could you give examples of how the creative hub is supporting traditional "
        "industries?",
        parent=5,
    ),
    DemoChapter(
        start=moment(0, 43, 22),
        kind="presentation",
        title="Presentation on Canodrom Creative Industries Research Park by Berta Pérez",
        speakers=(BERTA,),
    ),
    DemoChapter(
        start=moment(0, 52, 25),
        kind="question",
        title="What is the unique selling point of the Canodrom Creative Industries Research Park?",
        parent=8,
    ),
    DemoChapter(
        start=moment(0, 54, 35),
        kind="question",
        title="What are the next challenges for Canodrom? Is Canodrom part of the city "
        "internationalisation instrument?",
        parent=8,
    ),
    DemoChapter(
        start=moment(1, 0, 0),
        kind="presentation",
        title="Presentation on action for creative hubs in Malta by Andrea Stegani",
        speakers=(ANDREA,),
    ),
    DemoChapter(
        start=moment(1, 7, 30),
        kind="presentation",
        title="Joint presentation on the action plans for the Wallonia region by Delphine "
        "Coderniaux and Larissa Grommersch",
        speakers=(DELPHINE, LARISSA),
    ),
    DemoChapter(
        start=moment(1, 19, 33),
        kind="question",
        title="Who took the initiative in the creation of this hubs? Was it bottom up or "
        "top-down? Was the idea initiated by the region, the cities or private companies?",
        section=PANEL,
    ),
    DemoChapter(
        start=moment(1, 21, 38),
        kind="question",
        title="How can we better inform regional policy makers on the economic impact of cultural "
        "industries on their regions? How can we convince them to invest in cultural hot spots "
        "and cultural heritage?",
        section=PANEL,
    ),
    DemoChapter(
        start=moment(1, 25, 11),
        kind="question",
        title="Do these projects cooperate with the European Creative Hubs Network? Do they try "
        "to learn from the experiences of the existing creative hubs, especially those formed by "
        "the creatives themselves through a bottom-up approach?",
        section=PANEL,
    ),
    DemoChapter(
        start=moment(1, 26, 25),
        kind="question",
        title="What support schemes are out there, such as the voucher scheme mentioned by "
        "Andrea, that support traditional industries with creative solutions?",
        section=PANEL,
    ),
)

PRESENTATIONS = (
    DemoPresentation(
        file="creative-hubs/introduction.pdf",
        title="Creative hubs as support infrastructures",
        agenda_item=1,
        speakers=(LUC,),
    ),
    DemoPresentation(
        file="creative-hubs/trakk-namur.pptx",
        title="The Trakk creative hub in Namur",
        agenda_item=2,
        speakers=(DELPHINE,),
    ),
    DemoPresentation(
        file="creative-hubs/waps-tournai.odp",
        title="The Wap's creative hub in Tournai",
        agenda_item=4,
        speakers=(LARISSA,),
    ),
    DemoPresentation(
        file="creative-hubs/canodrom.pdf",
        title="Canodrom Creative Industries Research Park",
        agenda_item=6,
        speakers=(BERTA,),
    ),
    DemoPresentation(
        file="creative-hubs/wallonia-action-plans.pptx",
        title="The action plans for the Wallonia region",
        agenda_item=9,
        speakers=(DELPHINE, LARISSA),
    ),
)

RECORDING = DemoRecording(
    file="creative-hubs/recording.webm",
    captions="creative-hubs/captions.en.vtt",
    captions_language="en",
    agenda="creative-hubs/agenda.txt",
    duration=moment(1, 30, 0),
)

CREATIVE_HUBS = DemoWebinar(
    slug="creative-hubs",
    title="Webinar on creative hubs: support infrastructures for creative and cultural industries",
    stage="replay_published",
    organiser="Policy Learning Platform",
    time_zone="Europe/Brussels",
    starts_at=datetime(2019, 12, 5, 10, 30, tzinfo=ZoneInfo("Europe/Brussels")),
    summary="How creative hubs support the creative and cultural industries: three hubs, two "
    "action plans, and the questions people asked.",
    description_file="creative-hubs/description.md",
    learnings_file="creative-hubs/learnings.md",
    cover="creative-hubs/cover.webp",
    speakers=SPEAKERS,
    agenda=AGENDA,
    presentations=PRESENTATIONS,
    recording=RECORDING,
    chapters=CHAPTERS,
    attendees=ATTENDEES[:24],
)
