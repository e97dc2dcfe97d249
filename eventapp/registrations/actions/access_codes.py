"""Access codes: made for one address, or to be shared."""

from __future__ import annotations

from datetime import datetime

from eventapp.core.db import db, record
from eventapp.registrations.code_rules import (
    check_can_invite,
    check_new_code,
    make_code,
    normalise_code,
)
from eventapp.registrations.events import PersonalCodeMade
from eventapp.registrations.models import AccessCode
from eventapp.registrations.name_rules import LONGEST_NAME, tidy_name
from eventapp.registrations.queries import find_code, find_personal_code
from eventapp.registrations.refusals import CodeExists
from eventapp.registrations.rules import read_address
from eventapp.webinars.models import Webinar
from eventapp.webinars.queries import lock_webinar


def add_shared_code(
    webinar: Webinar, *, code: str = "", note: str = "", most_uses: int | None = None, now: datetime
) -> AccessCode:
    """Make a code for several people; one is thought up where `code` is empty.

    Refuses: CodesAreOfNoUse, CodeIsTooShort, CodeExists.
    """
    check_can_invite(lock_webinar(webinar.id), now=now)
    wanted = normalise_code(code) or make_code()
    check_new_code(wanted)
    if find_code(webinar.id, wanted) is not None:
        raise CodeExists
    return _add(AccessCode(code=wanted, note=note, most_uses=most_uses), webinar, now=now)


def add_personal_code(webinar: Webinar, *, name: str, email: str, now: datetime) -> AccessCode:
    """Make a code that lets in this address alone; who has one that works keeps it.

    Records PersonalCodeMade. Refuses: AddressIsNoAddress, CodesAreOfNoUse.
    """
    address = read_address(email)
    check_can_invite(lock_webinar(webinar.id), now=now)
    present = find_personal_code(webinar.id, address.key)
    if present is not None:
        return present
    code = AccessCode(
        code=make_code(),
        name=tidy_name(name, longest=LONGEST_NAME),
        email=address.address,
        email_key=address.key,
    )
    _add(code, webinar, now=now)
    record(PersonalCodeMade(access_code_id=code.id, webinar_id=webinar.id))
    return code


def revoke_access_code(code: AccessCode, *, now: datetime) -> None:
    """Let nobody in by this code from now on; who is registered stays so."""
    if code.revoked_at is None:
        code.revoked_at = now
        db.session.flush()


def _add(code: AccessCode, webinar: Webinar, *, now: datetime) -> AccessCode:
    code.webinar_id = webinar.id
    code.created_at = now
    db.session.add(code)
    db.session.flush()
    return code
