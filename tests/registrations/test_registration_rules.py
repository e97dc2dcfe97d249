from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventapp.registrations import code_rules, name_rules, rules
from eventapp.registrations.cells import plain_cell, take_off_apostrophe
from eventapp.registrations.models import (
    AccessCode,
    Promotion,
    Registration,
    RegistrationMode,
    RegistrationStatus,
)
from eventapp.registrations.refusals import (
    AddressIsNoAddress,
    CodeIsMissing,
    CodeIsWrong,
    NameHoldsAddress,
    RegistrationIsNotOpen,
    WebinarIsOver,
    WebinarWasCancelled,
)
from eventapp.registrations.rules import Policy
from eventapp.webinars.models import Webinar, WebinarStatus
from tests.factories import START, WebinarFactory

END = START + timedelta(minutes=90)
APPROVAL = Policy(mode=RegistrationMode.APPROVAL)
VERIFIED = Policy(is_address_verified=True)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ada@Example.ORG", "ada@example.org"),
        (" ada@example.org ", "ada@example.org"),
        ("ada@BÜRO.example", "ada@xn--bro-hoa.example"),
        ("ada@bu\u0308ro.example", "ada@büro.example"),
    ],
)
def test_spellings_of_one_address_have_one_key(one, other):
    assert rules.read_address(one).key == rules.read_address(other).key


@pytest.mark.parametrize(
    ("one", "other"),
    [("ada@straße.example", "ada@strasse.example"), ("ada@βόλος.example", "ada@βόλοσ.example")],
)
def test_domains_with_owners_of_their_own_have_keys_of_their_own(one, other):
    assert rules.read_address(one).key != rules.read_address(other).key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ada+work@example.org", "ada@example.org"),
        ("a.da@example.org", "ada@example.org"),
        ("ada@example.org", "ada@mail.example.org"),
    ],
)
def test_what_a_mailbox_decides_itself_stays_distinct(one, other):
    assert rules.read_address(one).key != rules.read_address(other).key


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ada",
        "ada@",
        "@example.org",
        "ada@example",
        "a b@example.org",
        "ada@example.org, eve@x.org",
        "ada@example.org\nBcc: eve@example.org",
        "<ada@example.org>",
        "ada@exa\x00mple.org",
        "é@example.org",
    ],
)
def test_what_is_no_address_is_refused(text):
    with pytest.raises(AddressIsNoAddress):
        rules.read_address(text)


@given(st.text(max_size=300))
def test_reading_an_address_answers_or_refuses(text):
    try:
        read = rules.read_address(text)
    except AddressIsNoAddress:
        return
    assert read.key == rules.read_address(read.address).key
    assert not set(read.address) & set("\r\n\0 ")


@pytest.mark.parametrize("text", ["=?utf-8?b?YQ0KYg?=@example.org", "a=?b@example.org"])
def test_encoded_word_is_no_address(text):
    with pytest.raises(AddressIsNoAddress):
        rules.read_address(text)


@pytest.mark.parametrize(
    "name",
    [
        "http://evil.example",
        "You won HTTPS://x",
        "Go to www.evil.example",
        "See evil.example/?x",
        "Win at evil.com",
        "Win at EVIL.COM",
        "Claim at Evil.Com",
        "Visit Bit.Ly",
        "=?utf-8?q?Win_at_evil=2Ecom?=",
        "t.me",
        "пример.рф",
        "evil。com",
        "me@evil.org",
    ],
)
def test_name_with_a_web_address_is_refused(name):
    with pytest.raises(NameHoldsAddress):
        name_rules.check_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "J.R.R. Tolkien",
        "Dr.Ada King",
        "Prof.Ada",
        "St.John",
        "J.Müller",
        "Ada/Ben",
        "Wwwa",
        "O'Neil (UK)",
    ],
)
def test_names_of_people_are_taken(name):
    name_rules.check_name(name)


@given(st.text(max_size=300))
def test_tidy_name_is_one_short_line(text):
    name = name_rules.tidy_name(text, longest=120)

    assert len(name) <= 120
    assert name == " ".join(name.split())
    assert name.translate(name_rules.WITHOUT_JOINERS).isprintable()


@pytest.mark.parametrize(
    ("text", "tidied"),
    [
        ("علی\u200cرضا", "علی\u200cرضا"),
        ("👩\u200d🚀", "👩\u200d🚀"),
        ("\u200cAda \u200d King\u200d", "Ada King"),
        ("A\u200c\u200c\u200db", "A\u200cb"),
        ("\u200c \u200d", ""),
        ("Abcdefghi\u200cj", "Abcdefghi"),
    ],
)
def test_joiners_stay_between_other_characters(text, tidied):
    assert name_rules.tidy_name(text, longest=10) == tidied


@pytest.mark.parametrize("name", ["evil.c\u200com", "ht\u200dtp:\u200d//x", "ada\u200c@x"])
def test_joiners_hide_no_address(name):
    with pytest.raises(NameHoldsAddress):
        name_rules.check_name(name)


@pytest.mark.parametrize(
    ("capacity", "confirmed", "free"), [(None, 999, None), (2, 1, 1), (2, 2, 0), (2, 5, 0)]
)
def test_free_seats_are_never_negative(capacity, confirmed, free):
    assert rules.count_free_seats(capacity, taken=confirmed) == free


@pytest.mark.parametrize(
    ("policy", "known", "status"),
    [
        (Policy(), {"has_seat": True}, RegistrationStatus.CONFIRMED),
        (Policy(), {"has_seat": False}, RegistrationStatus.WAITING),
        (APPROVAL, {"has_seat": True}, RegistrationStatus.REQUESTED),
        (APPROVAL, {"is_approved": True, "has_seat": True}, RegistrationStatus.CONFIRMED),
        (APPROVAL, {"is_approved": True, "has_seat": False}, RegistrationStatus.WAITING),
        (VERIFIED, {"has_seat": True}, RegistrationStatus.UNVERIFIED),
        (VERIFIED, {"is_verified": True, "has_seat": True}, RegistrationStatus.CONFIRMED),
        (VERIFIED, {"is_verified": True, "has_seat": False}, RegistrationStatus.WAITING),
    ],
)
def test_what_comes_next_follows_the_policy(policy, known, status):
    steps = {"is_verified": False, "is_approved": False, **known}

    assert rules.choose_status(policy, **steps) is status


@pytest.mark.parametrize(
    ("before_start", "until"),
    [
        (timedelta(days=3), timedelta(days=2)),
        (timedelta(hours=20), timedelta(hours=1)),
        (timedelta(hours=2), timedelta(hours=1)),
        (timedelta(hours=1, minutes=59), None),
        (timedelta(0), None),
    ],
)
def test_offer_ends_in_time_to_come(before_start, until):
    """The rest before the start, or None for a seat that is given without asking."""
    webinar = Webinar(starts_at=START)
    policy = Policy(promotion=Promotion.OFFER, offer_hours=24)

    offered = rules.offer_until(webinar, policy, now=START - before_start)

    assert offered == (None if until is None else START - until)


@pytest.mark.parametrize("typed", ["abcd-efgh", " ABCD EFGH ", "ABCDEFGH", "ａｂｃｄｅｆｇｈ"])
def test_code_is_the_same_however_it_is_typed(typed):
    assert code_rules.normalise_code(typed) == "ABCDEFGH"


@pytest.mark.parametrize(
    ("code", "typed", "refusal"),
    [
        (None, " - ", CodeIsMissing),
        (None, "WRONG123", CodeIsWrong),
        (AccessCode(code="GOOD1234", email_key="", revoked_at=START), "GOOD1234", CodeIsWrong),
        (AccessCode(code="GOOD1234", email_key="ben@example.org"), "GOOD1234", CodeIsWrong),
    ],
)
def test_codes_that_open_nothing(code, typed, refusal):
    with pytest.raises(refusal):
        code_rules.check_code(code, typed=typed, email_key="ada@example.org")


@pytest.mark.parametrize(
    ("status", "now", "refusal"),
    [
        (WebinarStatus.DRAFT, START, RegistrationIsNotOpen),
        (WebinarStatus.CANCELLED, START, WebinarWasCancelled),
        (WebinarStatus.PUBLISHED, END, WebinarIsOver),
        (WebinarStatus.ENDED, START, WebinarIsOver),
        (WebinarStatus.ARCHIVED, START, WebinarIsOver),
    ],
)
def test_closed_registration_says_why(status, now, refusal):
    webinar = WebinarFactory.build(status=status)

    with pytest.raises(refusal):
        rules.check_can_register(webinar, Policy(), now=now)


@pytest.mark.parametrize(
    ("status", "now", "can"),
    [
        (WebinarStatus.PUBLISHED, START - timedelta(minutes=31), False),
        (WebinarStatus.PUBLISHED, START - timedelta(minutes=30), True),
        (WebinarStatus.LIVE, START - timedelta(hours=2), True),
        (WebinarStatus.LIVE, END + timedelta(hours=1), True),
        (WebinarStatus.PUBLISHED, END, False),
        (WebinarStatus.ENDED, START, False),
        (WebinarStatus.CANCELLED, START, False),
    ],
)
def test_room_opens_half_an_hour_before(status, now, can):
    assert rules.can_join(WebinarFactory.build(status=status), Policy(), now=now) is can


@pytest.mark.parametrize(("minutes", "can"), [(0, False), (9, False), (10, True), (60, True)])
def test_room_opens_as_the_organiser_set_it(minutes, can):
    policy = Policy(join_opens_minutes=minutes)
    now = START - timedelta(minutes=10)

    assert rules.can_join(WebinarFactory.build(), policy, now=now) is can


@pytest.mark.parametrize(
    ("zone", "shown"),
    [("Europe/Paris", ""), ("Europe/Lisbon", "Europe/Lisbon"), ("", ""), ("UTC", "UTC")],
)
def test_own_zone_is_shown_where_its_clock_differs(zone, shown):
    assert rules.own_zone(WebinarFactory.build(), zone) == shown


def test_unknown_zone_is_none():
    assert rules.known_zone("Mars/Olympus_Mons") == ""


@pytest.mark.parametrize(
    "text", ["=1+1", "+49 30 1", "-2+3", "@SUM(A1)", "\tx", "\rx", " =1", "＝1"]
)
def test_cells_are_never_formulas(text):
    assert plain_cell(text) == f"'{text}"


@pytest.mark.parametrize("sign", ["\t", "\r"])
def test_cells_that_begin_empty_are_no_formulas(sign):
    assert plain_cell(f"{sign}=1") == f"'{sign}'=1"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Org;=cmd|' /C calc'!A0;y", "Org;'=cmd|' /C calc'!A0;y"),
        ('Org; "=1+1"', 'Org;\' "=1+1"'),
        ("a\t@SUM(A1)", "a\t'@SUM(A1)"),
        ("a\n-1;+2", "a\n'-1;'+2"),
        ("=1;=2", "'=1;'=2"),
        ("a;b, c = d", "a;b, c = d"),
    ],
)
def test_cells_are_no_formulas_where_others_divide_them(text, written):
    assert plain_cell(text) == written
    assert take_off_apostrophe(written) == text


@pytest.mark.parametrize("text", ["Ada", "a=b", "", "Ada+work", "-2", "-3.5"])
def test_other_cells_stay_as_they_are(text):
    assert plain_cell(text) == text


def test_newcomer_knows_of_changes_made_before():
    webinar = WebinarFactory.build(calendar_sequence=2)

    assert rules.knows_already(Registration(known_sequence=2), webinar)
    assert not rules.knows_already(Registration(known_sequence=1), webinar)


def test_nobody_is_taken_to_know_where_nothing_says_so():
    assert not rules.knows_already(Registration(known_sequence=None), WebinarFactory.build())
