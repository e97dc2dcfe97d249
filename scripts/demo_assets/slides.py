"""What the demonstration's slides say: facts from the published page, and nothing beyond them."""

from dataclasses import dataclass

NOTE = "Demonstration slides, made from the published agenda and learnings. Not the speaker's own."


@dataclass(frozen=True, kw_only=True)
class Slide:
    heading: str
    points: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Deck:
    file: str
    title: str
    byline: str
    slides: tuple[Slide, ...]


EVENT = "Webinar on creative hubs  ·  5 December 2019"

SHARED = Slide(
    heading="What it shares with other hubs",
    points=(
        "Shaped by its place, its culture and what people there need",
        "Brings public authorities, firms, cultural actors and citizens together",
        "Helps businesses to grow, in the creative industries and beyond",
        "Staff as varied as the people who come",
    ),
)

INTRODUCTION = Deck(
    file="introduction.pdf",
    title="Creative hubs as support infrastructures",
    byline="Introduction by thematic expert Luc Schmerber",
    slides=(
        Slide(
            heading="What a creative hub is",
            points=(
                "One name for many kinds of organisation",
                "Room and equipment to meet, to organise and to develop a business",
                "For the cultural and creative industries",
                "And for traditional sectors that gain from creative input",
            ),
        ),
        Slide(
            heading="What hubs have in common",
            points=(
                "No one model fits everywhere",
                "They build and run local ecosystems",
                "They support the development of business",
                "They combine several kinds of help",
            ),
        ),
        Slide(
            heading="Three kinds of help",
            points=(
                "Infrastructure: co-working space, FabLab",
                "Soft support: incubation, coaching",
                "Access to funding: vouchers",
            ),
        ),
        Slide(
            heading="Today",
            points=(
                "Three hubs: Trakk in Namur, Wap's in Tournai, Canodrom",
                "Action for creative hubs in Malta",
                "Action plans for the Wallonia region",
                "Panel discussion, with your questions",
            ),
        ),
    ),
)

TRAKK = Deck(
    file="trakk-namur.pptx",
    title="The Trakk creative hub in Namur",
    byline="Presented by Delphine Coderniaux",
    slides=(
        Slide(
            heading="Trakk in this webinar",
            points=(
                "A creative hub in Namur",
                "11 employees work in the hub",
                "Presentation from 00:17:10 in the recording",
                "Questions from 00:29:00",
            ),
        ),
        Slide(
            heading="What people asked",
            points=(
                "Do you charge for your services, and what is the future business model?",
                "How well would the concept travel to other regions and cities in Europe?",
                "Which organisation employs the people who work in the hub?",
            ),
        ),
        SHARED,
    ),
)

WAPS = Deck(
    file="waps-tournai.odp",
    title="The Wap's creative hub in Tournai",
    byline="Presented by Larissa Grommersch",
    slides=(
        Slide(
            heading="Wap's in this webinar",
            points=(
                "A creative hub in Tournai",
                "Presentation from 00:34:00 in the recording",
                "Questions from 00:40:49",
            ),
        ),
        Slide(
            heading="What people asked",
            points=(
                "Does the hub have a legal structure of its own?",
                "How does the hub support traditional industries?",
            ),
        ),
        SHARED,
    ),
)

CANODROM = Deck(
    file="canodrom.pdf",
    title="Canodrom Creative Industries Research Park",
    byline="Presented by Berta Pérez, RCIA project",
    slides=(
        Slide(
            heading="Canodrom in this webinar",
            points=(
                "A research park for the creative industries",
                "Presentation from 00:43:22 in the recording",
                "Questions from 00:52:25",
            ),
        ),
        Slide(
            heading="What people asked",
            points=(
                "What is the unique selling point of Canodrom?",
                "What are its next challenges?",
                "Does the city use it to become more international?",
            ),
        ),
        SHARED,
    ),
)

WALLONIA = Deck(
    file="wallonia-action-plans.pptx",
    title="The action plans for the Wallonia region",
    byline="Presented by Delphine Coderniaux and Larissa Grommersch",
    slides=(
        Slide(
            heading="Two projects, one region",
            points=(
                "Carried out in the projects RCIA and CREADIS3",
                "An example of policy making that improves with every round",
                "Joint presentation from 01:07:30 in the recording",
            ),
        ),
        Slide(
            heading="Five steps, again and again",
            points=(
                "Measure what existing hubs achieve, across sectors and for their ecosystem",
                "Govern better: public institutions and hubs work closer together",
                "Develop the hubs jointly with those who have a stake in them",
                "Judge what hubs can add to economic and innovation policy and to S3",
                "Support single hubs with new offers or new ecosystems",
            ),
        ),
    ),
)

DECKS = (INTRODUCTION, TRAKK, WAPS, CANODROM, WALLONIA)
