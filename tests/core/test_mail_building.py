from __future__ import annotations

import re
from base64 import b64encode
from email import message_from_bytes
from email.header import decode_header, make_header
from email.policy import default
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from icalendar import Calendar

from eventapp.core.mailer import OutgoingMail
from eventapp.core.mailer.building import (
    build_email,
    fill_calendar,
    one_line,
)
from tests.factories import EARLIER

# RFC 5322, 2.1.1, without the line end.
LONGEST_LINE = 998
HEADERS = [
    *("Subject", "From", "To", "Date", "Message-ID", "Auto-Submitted", "MIME-Version"),
    "Content-Type",
]
PLACEHOLDER = "DOOR-TOKEN-0123456789abcdef0123456789abcdef"


def read_name(header: str) -> str:
    """The name before an address, put together as RFC 2047, 6.2 says.

    The newer policies' parser leaves a space between two encoded words of a name.
    """
    name, _address = parseaddr(" ".join(header.split()))
    return str(make_header(decode_header(name)))


def write_row(**changes) -> OutgoingMail:
    values = {
        "to_name": "Ada",
        "to_address": "ada@example.org",
        "subject": "x",
        "body_text": "x\n",
        "body_html": "<p>x</p>\n",
        "placeholder": "DOOR-TOKEN-x",
        "message_id": "<1@localhost>",
        "created_at": EARLIER,
    }
    return OutgoingMail(**{**values, **changes})


def encode_word(text: str, *, encoding: str = "b") -> str:
    """An encoded word, as somebody may type one."""
    written = (
        b64encode(text.encode()) if encoding == "b" else quote(text).replace("%", "=").encode()
    )
    return f"=?utf-8?{encoding}?{written.decode()}?="


HOSTILE = "x\r\nContent-Type:text/html\r\n\r\n<a href=http://evil.example/>Prize</a>"
TYPED = st.one_of(
    st.text(min_size=1, max_size=300),
    st.builds(encode_word, st.text(max_size=40), encoding=st.sampled_from("bq")),
    st.text(alphabet='=?utf-8bqQYQ0KYg "<>@,;:\\()', min_size=1, max_size=60),
)


@given(text=TYPED)
@example(text=encode_word(HOSTILE))
@example(text=f"Ada {encode_word(HOSTILE, encoding='q')}")
def test_subjects_and_names_arrive_as_they_were_written(text):
    text = one_line(text)
    row = write_row(subject=text, to_name=text)

    sent = build_email(row, sender="a@example.org").content

    message = message_from_bytes(sent)
    assert str(make_header(decode_header(" ".join(message["Subject"].split())))) == text
    assert read_name(message["To"]) == text
    assert message.keys() == HEADERS
    assert max(map(len, sent.split(b"\r\n"))) <= LONGEST_LINE
    assert not re.search(rb"(?<!\r)\n", sent)


@pytest.mark.parametrize("field", ["to_address", "reply_to", "message_id", "unsubscribe_url"])
def test_no_other_field_can_begin_a_header(field):
    row = write_row(**{field: f"{encode_word(HOSTILE)}@example.org\r\nBcc: eve@example.org"})

    try:
        sent = build_email(row, sender="a@example.org").content
    except ValueError:
        return

    message = message_from_bytes(sent)
    assert set(message.keys()) <= {
        *HEADERS,
        "Reply-To",
        "List-Unsubscribe",
        "List-Unsubscribe-Post",
    }
    assert message.get_content_type() == "multipart/alternative"


TEXTS = st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=200))


@given(lines=TEXTS, name=st.text(max_size=80))
def test_every_text_arrives_as_it_was_written(lines, name):
    row = write_row(
        to_name=name,
        body_text="\n".join(lines) + "\n",
        body_html="<p>" + "<br>\n".join(lines) + "</p>\n",
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
