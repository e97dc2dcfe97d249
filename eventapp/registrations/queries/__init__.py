"""What registering, the door and the reactions read of registrations.

What the desk reads is in `desk_queries`; of the ledger and for calendars, in `mail_queries` and
`calendar_queries`.
"""

from __future__ import annotations

from eventapp.registrations.queries.entrance import (
    Entrance,
    get_entrance,
)
from eventapp.registrations.queries.form import (
    FormState,
    get_form_state,
)
from eventapp.registrations.queries.people import (
    CODE_MESSAGE,
    LAST_MESSAGE,
    attended,
    count_attended,
    count_by_status,
    count_hearers,
    find_by_key,
    find_by_uid,
    find_registration,
    get_registration_by_token,
    get_webinar_registration,
    list_attending_after,
    list_codes_for,
    list_erased_doors,
    list_left_unconfirmed,
    lock_registration,
    lock_row,
    takes_code_to,
)
from eventapp.registrations.queries.seats import (
    SeatCount,
    count_seats,
    count_taken,
    count_waiting,
    find_place_in_queue,
    list_lapsed,
    list_offered,
    list_waiting,
    list_webinars_with_lapsed,
    taken_in,
    takes_seat,
)
from eventapp.registrations.queries.terms import (
    count_code_uses,
    find_code,
    find_code_of,
    find_opening,
    find_personal_code,
    get_policy,
    list_policies,
    read_policy,
    uses_code,
)

__all__ = [
    "CODE_MESSAGE",
    "LAST_MESSAGE",
    "Entrance",
    "FormState",
    "SeatCount",
    "attended",
    "count_attended",
    "count_by_status",
    "count_code_uses",
    "count_hearers",
    "count_seats",
    "count_taken",
    "count_waiting",
    "find_by_key",
    "find_by_uid",
    "find_code",
    "find_code_of",
    "find_opening",
    "find_personal_code",
    "find_place_in_queue",
    "find_registration",
    "get_entrance",
    "get_form_state",
    "get_policy",
    "get_registration_by_token",
    "get_webinar_registration",
    "list_attending_after",
    "list_codes_for",
    "list_erased_doors",
    "list_lapsed",
    "list_left_unconfirmed",
    "list_offered",
    "list_policies",
    "list_waiting",
    "list_webinars_with_lapsed",
    "lock_registration",
    "lock_row",
    "read_policy",
    "taken_in",
    "takes_code_to",
    "takes_seat",
    "uses_code",
]
