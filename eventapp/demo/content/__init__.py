"""What the demonstration holds, as plain data: nothing here knows the database."""

from eventapp.demo.content.accessible_services import ACCESSIBLE_SERVICES
from eventapp.demo.content.creative_hubs import CREATIVE_HUBS
from eventapp.demo.content.repair import REPAIR
from eventapp.demo.content.shapes import (
    ASSETS,
    DemoAgendaItem,
    DemoAttendee,
    DemoChapter,
    DemoField,
    DemoLogFact,
    DemoPresentation,
    DemoQuestion,
    DemoRecording,
    DemoSpeaker,
    DemoTerms,
    DemoWebinar,
    resolve_start,
)

WEBINARS = (CREATIVE_HUBS, ACCESSIBLE_SERVICES, REPAIR)

__all__ = [
    "ACCESSIBLE_SERVICES",
    "ASSETS",
    "CREATIVE_HUBS",
    "REPAIR",
    "WEBINARS",
    "DemoAgendaItem",
    "DemoAttendee",
    "DemoChapter",
    "DemoField",
    "DemoLogFact",
    "DemoPresentation",
    "DemoQuestion",
    "DemoRecording",
    "DemoSpeaker",
    "DemoTerms",
    "DemoWebinar",
    "resolve_start",
]
