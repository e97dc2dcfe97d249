"""What the organisers' desk reads of registrations: pages, selections, tables, codes."""

from __future__ import annotations

from eventapp.registrations.desk_queries.codes import (
    CodePage,
    get_code,
    list_codes,
    list_codes_to_choose,
    list_keys_with_code,
    list_unsent_codes,
)
from eventapp.registrations.desk_queries.pages import (
    PER_PAGE,
    ListPage,
    count_held,
    find_code_by_id,
    list_page,
    list_registered_together,
)
from eventapp.registrations.desk_queries.selections import (
    DRAFT_IS_KEPT,
    PROBLEMS_ARE_KEPT,
    count_selection,
    get_batch,
    has_old_drafts,
    has_old_problems,
    list_first_names,
    list_people,
    list_running_batches,
    list_selected_ids,
    list_statuses_by_key,
    with_old_problems,
)
from eventapp.registrations.desk_queries.tables import (
    TableRow,
    stream_table,
)
from eventapp.registrations.desk_queries.wanted import (
    Order,
    Selection,
    Sort,
    Wanted,
)

__all__ = [
    "DRAFT_IS_KEPT",
    "PER_PAGE",
    "PROBLEMS_ARE_KEPT",
    "CodePage",
    "ListPage",
    "Order",
    "Selection",
    "Sort",
    "TableRow",
    "Wanted",
    "count_held",
    "count_selection",
    "find_code_by_id",
    "get_batch",
    "get_code",
    "has_old_drafts",
    "has_old_problems",
    "list_codes",
    "list_codes_to_choose",
    "list_first_names",
    "list_keys_with_code",
    "list_page",
    "list_people",
    "list_registered_together",
    "list_running_batches",
    "list_selected_ids",
    "list_statuses_by_key",
    "list_unsent_codes",
    "stream_table",
    "with_old_problems",
]
