from __future__ import annotations

import pytest

from eventapp.registrations.imports.invited import MOST_INVITED, Invited, read_invited
from eventapp.registrations.imports.people import Reason
from eventapp.registrations.refusals import TooManyInvited


def test_lines_are_people_or_say_why_not():
    text = "\nAda <ada@example.org>\nADA@example.org\nben@example.org\nnobody\nBen <>\n"

    found = read_invited(text, keys_with_code={"ben@example.org"})

    assert found.people == [Invited(name="Ada", email="ada@example.org")]
    assert [(each.line, each.reasons) for each in found.problems] == [
        (3, (Reason.TWICE,)),
        (4, (Reason.HAS_CODE,)),
        (5, (Reason.BAD_ADDRESS,)),
        (6, (Reason.NO_ADDRESS,)),
    ]


def test_too_many_lines_are_refused(in_app):
    most = "\n\n".join(f"ada{number}@example.org" for number in range(MOST_INVITED))

    found = read_invited(most, keys_with_code=())

    assert len(found.people) == MOST_INVITED
    with pytest.raises(TooManyInvited):
        read_invited(f"{most}\nben@example.org", keys_with_code=())
