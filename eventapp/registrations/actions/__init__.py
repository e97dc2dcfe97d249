"""Writes of registrations, all but of who wants news (`subscriptions`); none commits.

Seats are counted and given under the webinar's lock, so the last one goes to one person. A door's
token is derived from the registration's uid and kept by its hash alone.
"""

from __future__ import annotations

from eventapp.registrations.actions.access_codes import (
    add_personal_code,
    add_shared_code,
    revoke_access_code,
)
from eventapp.registrations.actions.attending import (
    accept_offer,
    approve_registration,
    cancel_registration,
    change_attendee,
    decline_registration,
    find_and_send_link,
    mark_joined,
    mark_seen,
    register_again,
    send_link,
    verify_address,
)
from eventapp.registrations.actions.batches import (
    advance_batch,
    change_columns,
    delete_old_drafts,
    empty_old_problems,
    keep_import,
    start_batch,
    start_import,
)
from eventapp.registrations.actions.erasing import (
    erase_registration,
    erase_unconfirmed,
    scrub_messages,
)
from eventapp.registrations.actions.policies import save_policy
from eventapp.registrations.actions.registering import (
    Attendee,
    register_attendee,
    register_by_hand,
    register_group,
)
from eventapp.registrations.actions.seats import move_deadlines, settle_seats

__all__ = [
    "Attendee",
    "accept_offer",
    "add_personal_code",
    "add_shared_code",
    "advance_batch",
    "approve_registration",
    "cancel_registration",
    "change_attendee",
    "change_columns",
    "decline_registration",
    "delete_old_drafts",
    "empty_old_problems",
    "erase_registration",
    "erase_unconfirmed",
    "find_and_send_link",
    "keep_import",
    "mark_joined",
    "mark_seen",
    "move_deadlines",
    "register_again",
    "register_attendee",
    "register_by_hand",
    "register_group",
    "revoke_access_code",
    "save_policy",
    "scrub_messages",
    "send_link",
    "settle_seats",
    "start_batch",
    "start_import",
    "verify_address",
]
