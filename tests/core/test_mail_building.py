from __future__ import annotations

import re
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import default
from email.utils import parseaddr
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from eventapp.core.mailer import OutgoingMail
from eventapp.core.mailer.building import (
    POLICY,
    address_of,
    build_email,
    fill_calendar,
    one_line,
)
from tests.factories import EARLIER

# RFC 5322, 2.1.1, without the line end.
LONGEST_LINE = 998
PLACEHOLDER = "DOOR-TOKEN-0123456789abcdef0123456789abcdef"


def read_name(header: str) -> str:
    """The name before an address, put together as RFC 2047, 6.2 says.

    The newer policies' parser leaves a space between two encoded words of a name.
    """
    name, _address = parseaddr(" ".join(header.split()))
    return str(make_header(decode_header(name)))


@given(text=st.text(min_size=1, max_size=300))
def test_subjects_and_names_arrive_as_they_were_written(text):
    text = one_line(text)
    message = EmailMessage(policy=POLICY)
    message["Subject"] = text
    message["To"] = address_of(text, "ada@example.org")

    sent = message.as_bytes()

    assert message_from_bytes(sent, policy=default)["Subject"] == text
    assert read_name(message_from_bytes(sent)["To"]) == text
    assert max(map(len, sent.split(b"\r\n"))) <= LONGEST_LINE
    assert not re.search(rb"(?<!\r)\n", sent)


TEXTS = st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=200))


@given(lines=TEXTS, name=st.text(max_size=80))
def test_every_text_arrives_as_it_was_written(lines, name):
    row = OutgoingMail(
        to_name=name,
        to_address="ada@example.org",
        subject="x",
        body_text="\n".join(lines) + "\n",
        body_html="<p>" + "<br>\n".join(lines) + "</p>\n",
        placeholder="DOOR-TOKEN-x",
        message_id="<1@localhost>",
        created_at=EARLIER,
    )

    sent = build_email(row, sender="a@example.org").content

    message = message_from_bytes(sent, policy=default)
    assert message.get_body(("plain",)).get_content().replace("\r\n", "\n") == row.body_text
    assert message.get_body(("html",)).get_content().replace("\r\n", "\n") == row.body_html
    assert sent.isascii()
    assert max(map(len, sent.split(b"\r\n"))) <= LONGEST_LINE
    assert not re.search(rb"(?<!\r)\n", sent)


@given(text=st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=300))
def test_calendar_lines_are_folded_anew_where_the_link_stood(text):
    calendar = Calendar()
    calendar.add("X-SAID", f"{text}{PLACEHOLDER}{text}")
    calendar.add("X-KEPT", text)

    filled = fill_calendar(calendar.to_ical(), placeholder=PLACEHOLDER, token="🌧" * 20)

    assert Calendar.from_ical(filled)["X-SAID"] == f"{text}{'🌧' * 20}{text}"
    assert Calendar.from_ical(filled)["X-KEPT"] == text
    assert max(map(len, filled.split(b"\r\n"))) <= 75


def test_layout_holds_in_outlook_and_in_the_dark(in_app):
    layout = (Path(in_app.root_path).parent / "templates/mail/layout.html").read_text("utf-8")

    assert layout.count("<!--[if mso]>") == layout.count("<![endif]-->") == 3
    assert "prefers-color-scheme: dark" in layout
    assert "[data-ogsc]" in layout
    assert not re.search(r"(?<!\[if )\b(flex|grid|var\(|position:)", layout)
