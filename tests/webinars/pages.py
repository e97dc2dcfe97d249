"""What the tests of the pages share: a form as it is sent, a page as it is read."""

from __future__ import annotations

import re
from html import unescape
from io import BytesIO

from PIL import Image

FORM = {
    "title": "Creative hubs",
    "summary": "How they work.",
    "description": "",
    "starts_local": "2026-03-24T10:30",
    "ends_local": "2026-03-24T12:00",
    "time_zone": "Europe/Brussels",
    "language": "en",
    "room_access": "open",
    "is_moderated": "y",
}


def text_of(response):
    without_tags = re.sub(r"<[^>]+>", " ", response.text)
    return " ".join(unescape(without_tags).split())


def picture(size=(64, 36)):
    content = BytesIO()
    Image.new("RGB", size, "navy").save(content, "PNG")
    content.seek(0)
    return content
