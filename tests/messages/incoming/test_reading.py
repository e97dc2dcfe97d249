"""Bytes from anywhere are read, quickly, and never an error."""

from __future__ import annotations

import time
from email.message import EmailMessage

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from eventapp.messages.incoming.calendar_replies import CalendarReply, parse_reply
from eventapp.messages.incoming.parts import LONGEST_TEXT, read_words, tidy_text
from eventapp.messages.incoming.reading import read_mail
from tests.messages.incoming.answers import REPLY, write_bounce, write_note

NESTED = b"".join(
    b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (level, level)
    for level in range(20)
)
SECONDS_FOR_ANYTHING = 5


def write_mail(*, html: str = "", text: str = "", **headers: str) -> bytes:
    message = EmailMessage()
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    if text:
        message.set_content(text)
    if html and text:
        message.add_alternative(html, subtype="html")
    elif html:
        message.set_content(html, subtype="html")
    return message.as_bytes()


# -- texts -------------------------------------------------------------------------------------


def test_plain_text_is_preferred():
    assert read_mail(write_mail(text="In plain words", html="<p>In HTML</p>")).text == (
        "In plain words"
    )


def test_html_alone_is_read_as_its_words():
    raw = write_mail(
        html="<html><head><title>Not this</title><style>p { color: red }</style></head>"
        "<body><p>I <b>can't</b> come &amp; am&nbsp;sorry.</p><p>Ada<br>Attendee</p>"
        "<!-- nor > this --><script>alert('nor this')</script></body></html>"
    )

    assert read_mail(raw).text == "I can't come & am\xa0sorry.\n\nAda\nAttendee"


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("1 < 2", "1 < 2"),
        ("&lt;script&gt;", "<script>"),
        ("<script>unfinished", ""),
        ("a<script>b</style>c</script>d", "ad"),
        ("a<!-- b", "a"),
        ("<a href='https://evil.example'>here</a>", "here"),
        ("<img src=x onerror=alert(1)>", ""),
    ],
)
def test_words_are_all_that_is_left_of_html(html, words):
    assert tidy_text(read_words(html)) == words


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1", "utf-16", "iso-2022-jp", "koi8-r"])
def test_charset_is_followed(charset):
    text = "Grüße" if charset.startswith(("utf", "iso-8859")) else "Hello"
    raw = f"Content-Type: text/plain; charset={charset}\r\n\r\n".encode() + text.encode(charset)

    assert read_mail(raw).text == text


@pytest.mark.parametrize("charset", ["nonsense", "punycode", "idna", "undefined", "hex", "ÿ", ""])
def test_charset_that_is_none_loses_no_message(charset):
    raw = f"Content-Type: text/plain; charset={charset}\r\n\r\nHello".encode("latin-1")

    assert read_mail(raw).text == "Hello"


def test_headers_are_decoded():
    raw = (
        "From: =?utf-8?q?Ad=C3=A9la?= <ada@example.org>\r\n"
        "Subject: =?iso-8859-1?q?Gr=FC=DFe?= aus Köln\r\n\r\n"
    ).encode()

    mail = read_mail(raw)

    assert (mail.from_name, mail.from_address) == ("Adéla", "ada@example.org")
    assert mail.subject == "Grüße aus Köln"


def test_long_text_is_cut_and_control_characters_are_left_out():
    mail = read_mail(write_note("x@example.org", "a\x07b\x1b[31mc\n" + "d" * 50_000))

    assert mail.text.startswith("ab[31mc\nddd")
    assert len(mail.text) == LONGEST_TEXT


def test_words_of_the_returned_message_are_not_those_of_the_bounce():
    assert "The message itself" not in read_mail(write_bounce("x@example.org")).text


@pytest.mark.parametrize(
    "quoted",
    [
        "https://webinars.example/r/{}/",
        "https://filter.example/?url=https%3A%2F%2Fwebinars.example%2Fr%2F{}%2F&amp;data=1",
        "https://webinars.example/r/{}/join",
    ],
)
def test_personal_link_is_hidden_wherever_it_is_quoted(quoted):
    token = "Ab_-" * 10 + "xyz"
    link = quoted.format(token)
    hidden = quoted.format("hidden")
    noted = write_mail(text=f"> {link}", Subject=link)
    returned = write_bounce("x@example.org", said=f"smtp; 550 5.7.1 {link} is blocked")

    note, bounce = read_mail(noted), read_mail(returned).bounce

    assert (note.text, note.subject) == (f"> {hidden}", hidden)
    assert bounce.reason == f"550 5.7.1 {hidden} is blocked"


def test_personal_link_is_hidden_where_a_quotation_is_cut():
    assert read_mail(write_mail(text="see /r/" + "a" * 30)).text == "see /r/hidden"


# -- what it is --------------------------------------------------------------------------------


def reply_with(**facts: str) -> CalendarReply | None:
    known = {
        "organizer": "mailto:team@example.org",
        "uid": "1@localhost",
        "attendee": "ada@example.org",
        "partstat": "declined",
        "sequence": "3",
        "stamp": "20260310T121000Z",
    }
    return parse_reply(REPLY.format(**(known | facts)))


def test_reply_is_read():
    reply = reply_with()

    assert (reply.uid, reply.sequence) == ("1@localhost", 3)
    assert reply.answers == (("ada@example.org", "DECLINED"),)
    assert reply.organizer == "team@example.org"
    assert reply.stamped_at.isoformat() == "2026-03-10T12:10:00+00:00"


@pytest.mark.parametrize("stamp", ["20260310T121000", "nonsense", "20260310", ""])
def test_stamp_that_is_not_in_utc_is_none(stamp):
    reply = reply_with(stamp=stamp)

    assert reply is None or reply.stamped_at is None


@pytest.mark.parametrize(
    "content",
    [
        "",
        "BEGIN:VCALENDAR\nMETHOD:REPLY\nEND:VCALENDAR",
        "BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VEVENT\nEND:VEVENT\nEND:VCALENDAR",
        "BEGIN:VCALENDAR\nMETHOD:REPLY\nBEGIN:VTODO\nEND:VTODO\nEND:VCALENDAR",
        REPLY[:200],
        REPLY * 2000,
    ],
)
def test_what_is_no_reply_is_none(content):
    assert parse_reply(content) is None


@pytest.mark.parametrize(
    ("header", "is_automatic"),
    [
        ({"Auto_Submitted": "auto-replied"}, True),
        ({"Auto_Submitted": "no"}, False),
        ({"Precedence": "bulk"}, True),
        ({"X_Autoreply": "yes"}, True),
        ({}, False),
    ],
)
def test_program_is_told_from_a_person(header, is_automatic):
    assert read_mail(write_note("x@example.org", **header)).is_automatic is is_automatic


def test_bounce_speaks_of_whom_it_did_not_reach():
    raw = write_bounce("x@example.org").replace(
        b"Final-Recipient:",
        b"Final-Recipient: rfc822; b@example.org\r\nAction: relayed\r\nStatus: 2.0.0\r\n"
        b"\r\nFinal-Recipient:",
    )

    bounce = read_mail(raw).bounce

    assert (bounce.action, bounce.status, bounce.is_permanent) == ("failed", "5.1.1", True)


# -- hostile -----------------------------------------------------------------------------------

HOSTILE = {
    "nested": NESTED + b"\n" * 1_000_000,
    "nested too deeply": NESTED * 500,
    "one long parameter": b'Content-Type: multipart/mixed; "' + b";" * 1_000_000 + b"\n\nx",
    "many headers": b"".join(b"X-%d: ;;;\n" % number for number in range(100_000)) + b"\nx",
    "unfinished words": b"Subject: " + b"=?utf-8?q?" * 100_000 + b"\n\nx",
    "comments in comments": b"From: " + b"(" * 100_000 + b"\n\nx",
    "many parameters": b"Content-Type: text/plain; "
    + b";".join(b"name*%d*=x" % number for number in range(50_000))
    + b"\n\nx",
    "deep HTML": b"Content-Type: text/html\n\n" + b"<div>" * 200_000,
    "open HTML": b"Content-Type: text/html\n\n" + b"<!--<" * 200_000,
    "many events": b"Content-Type: text/calendar\n\nBEGIN:VCALENDAR\nMETHOD:REPLY\n"
    + b"BEGIN:VEVENT\n" * 7000,
    "many attendees": b"Content-Type: text/calendar\n\nBEGIN:VCALENDAR\nMETHOD:REPLY\n"
    b"BEGIN:VEVENT\n" + b"ATTENDEE:x\n" * 8000 + b"END:VEVENT\nEND:VCALENDAR",
    "many reports": b"Content-Type: message/delivery-status\n\n" + b"Action: failed\n\n" * 60_000,
    "messages in messages": b"Content-Type: message/rfc822\n\n" * 20_000,
    "slow charset": b"Content-Type: text/plain; charset=punycode\n\n" + b"a-b" * 300_000,
    "every byte": bytes(range(256)) * 4000,
    "nothing": b"",
}


@pytest.mark.parametrize("raw", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_message_is_read_in_no_time(raw):
    begun = time.monotonic()

    mail = read_mail(raw)

    assert time.monotonic() - begun < SECONDS_FOR_ANYTHING
    assert mail.message_id.startswith("sha256:")


@given(raw=st.binary(max_size=2000))
@example(b"Content-Type: multipart/mixed; boundary=\n\n--\n")
@example(b"Content-Disposition: attachment; filename*0*=\n\n")
@example(b"From: <>@,;:\\ \nMessage-ID: <\xff>\nSubject: =?\xff?b?\xff?=\n\n")
def test_any_bytes_are_a_message(raw):
    mail = read_mail(raw)

    for text in (mail.message_id, mail.from_name, mail.from_address, mail.subject, mail.text):
        assert text.encode().decode() == text


PIECES = [
    b"BEGIN:VCALENDAR\n",
    b"BEGIN:VEVENT\n",
    b"METHOD:REPLY\n",
    b"END:VEVENT\n",
    b"END:VCALENDAR\n",
    b"ATTENDEE;PARTSTAT=DECLINED:mailto:a@b\n",
    b"ATTENDEE;PARTSTAT=:\n",
    b"UID:\n",
    b"SEQUENCE:x\n",
    b"SEQUENCE:99999999999999999999\n",
    b"DTSTAMP:20260101T000000Z\n",
    b"DTSTAMP;VALUE=DATE:20260101\n",
    b"DTSTAMP;TZID=Nowhere:20260101T000000\n",
    b"ORGANIZER:\n",
    b"RRULE:FREQ=NEVER\n",
    b"COMMENT:\\\\;,\n",
    b"\xff\xfe\n",
]


@given(pieces=st.lists(st.sampled_from(PIECES), max_size=20))
def test_any_calendar_is_a_message(pieces):
    mail = read_mail(b"Content-Type: text/calendar\n\n" + b"".join(pieces))

    assert mail.reply is None or isinstance(mail.reply.sequence, int)


@given(cut=st.integers(0, 1400), raw=st.sampled_from([b"\0", b"--", b"\r\n\r\n", b"boundary="]))
def test_bounce_that_is_cut_or_bent_is_a_message(cut, raw):
    whole = write_bounce("x@example.org")

    assert read_mail(whole[:cut]).message_id
    assert read_mail(whole[:cut] + raw + whole[cut:]).message_id
