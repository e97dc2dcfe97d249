from __future__ import annotations

import smtplib
from datetime import timedelta

import pytest

from eventapp.core.mailer.replies import Reply, Step, back_off, judge

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("code", "text", "wait", "rest"),
    [
        (421, "4.3.2 Closing", 5 * MINUTE, 2 * MINUTE),
        (452, "Out of storage", 5 * MINUTE, 2 * MINUTE),
        (450, "4.3.2 Not now", 5 * MINUTE, 2 * MINUTE),
        (452, "4.2.2 Mailbox full", 60 * MINUTE, None),
        (450, "4.2.0 Greylisted", 5 * MINUTE, None),
        (451, "Try again", 5 * MINUTE, None),
        (471, "4.7.28 Too many", 5 * MINUTE, None),
        (441, "4.4.1 No answer from host", MINUTE, None),
    ],
)
def test_temporary_refusal_waits_as_its_code_says(code, text, wait, rest):
    verdict = judge(Step.RECIPIENT, Reply(code, text))

    assert (verdict.is_final, verdict.costs_attempt) == (False, True)
    assert (verdict.wait, verdict.rest) == (wait, rest)


@pytest.mark.parametrize("step", [Step.RECIPIENT, Step.CONTENT])
@pytest.mark.parametrize(
    "text",
    [
        "5.1.1 No such mailbox",
        "No",
        "5.7.1 Spam",
        "5.2.2 Full",
        "5.1.1 <ada@example.org>: User unknown in relay recipient table",
        "5.7.1 <ada@relay.example>: Recipient address rejected",
        "No such user: relay@example.org",
    ],
)
def test_permanent_refusal_is_final(step, text):
    assert judge(step, Reply(550, text)).is_final


@pytest.mark.parametrize(
    ("step", "code", "text"),
    [
        (Step.SENDER, 550, "5.7.1 Sender refused"),
        (Step.SENDER, 553, "Not your address"),
        (Step.SENDER, 451, "4.1.8 Your domain can't be found"),
        (Step.RECIPIENT, 530, "5.7.0 Authentication required"),
        (Step.CONTENT, 535, "5.7.8 Bad credentials"),
        (Step.RECIPIENT, 454, "4.7.0 Sign-in isn't possible now"),
        (Step.RECIPIENT, 554, "5.7.1 Relay access denied"),
    ],
)
def test_refusal_of_us_rests_the_server_and_costs_no_attempt(step, code, text):
    verdict = judge(step, Reply(code, text))

    assert (verdict.is_final, verdict.costs_attempt) == (False, False)
    assert verdict.rest is not None


def test_refusal_before_any_content_is_not_the_recipients():
    verdict = judge(Step.OFFER, Reply(554, "5.5.1 No"))

    assert not verdict.is_final
    assert verdict.rest is not None


@pytest.mark.parametrize("step", [Step.SENDER, Step.OFFER, Step.CONTENT])
@pytest.mark.parametrize("text", ["5.3.4 Too big", "Too big"])
def test_message_that_is_too_large_has_failed(step, text):
    assert judge(step, Reply(552, text)).is_final


def test_many_refusals_by_policy_are_about_us():
    reply = Reply(550, "5.7.1 Blocked")

    verdicts = [judge(Step.RECIPIENT, reply, against_policy=count) for count in range(6)]

    assert [verdict.is_final for verdict in verdicts] == [True] * 4 + [False] * 2


def test_no_answer_rests_the_server():
    reply = Reply.in_error(smtplib.SMTPServerDisconnected("timed out"))

    verdict = judge(Step.CONTENT, reply)

    assert str(reply) == "SMTPServerDisconnected: timed out"
    assert (verdict.is_final, verdict.rest) == (False, timedelta(seconds=45))


def test_reply_is_read_from_an_error():
    reply = Reply.in_error(smtplib.SMTPAuthenticationError(535, b"5.7.8 Wrong\nagain"))

    assert (str(reply), reply.detail) == ("535 5.7.8 Wrong again", (7, 8))


def test_waits_double_up_to_an_hour():
    waits = [back_off(attempts, first=5 * MINUTE) for attempts in (1, 2, 3, 4, 5, 60)]

    assert waits == [MINUTE * n for n in (5, 10, 20, 40, 60, 60)]
