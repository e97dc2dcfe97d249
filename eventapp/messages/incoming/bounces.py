"""What a mail server says of a message that it could not deliver (RFC 3464)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.message import Message

from eventapp.messages.incoming.parts import one_line, read_header, walk_parts

MOST_RECIPIENTS = 20
# RFC 3463, 3.2 and 3.3, and RFC 7505: there is no such mailbox, it has moved or is closed. Some
# servers say no more than that it is for good, and others that nothing there answers to it.
ABOUT_THE_ADDRESS = frozenset(
    {"5.0.0", "5.4.1"} | {f"5.1.{detail}" for detail in (0, 1, 2, 3, 4, 6, 10)} | {"5.2.0", "5.2.1"}
)
STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")


@dataclass(frozen=True, kw_only=True)
class Bounce:
    """A server's report on one message; `status` is an enhanced code (RFC 3463), e.g. "5.1.1"."""

    action: str
    status: str
    reason: str

    @property
    def has_failed(self) -> bool:
        """Whether the server has given the message up."""
        return self.action == "failed"

    @property
    def is_permanent(self) -> bool:
        """Whether another message to that address would come back too.

        A full mailbox is emptied, a blocklist is left and the next message is smaller.
        """
        return self.has_failed and self.status in ABOUT_THE_ADDRESS


def find_bounce(message: Message) -> Bounce | None:
    """Return what a message reports; of several recipients, of one whom it did not reach."""
    for part in walk_parts(message):
        blocks = part.get_payload()
        if part.get_content_type() == "message/delivery-status" and isinstance(blocks, list):
            reports = [
                _read_block(block)
                for block in blocks[: MOST_RECIPIENTS + 1]
                if isinstance(block, Message) and "Action" in block
            ]
            failed = [report for report in reports if report.has_failed]
            return next(iter([*failed, *reports]), None)
    return None


def _read_block(block: Message) -> Bounce:
    status = STATUS.search(read_header(block, "Status"))
    # "smtp; 550 5.1.1 No such user": the type in front says nothing to people.
    diagnostic = read_header(block, "Diagnostic-Code").partition(";")
    words = diagnostic[2] or diagnostic[0]
    return Bounce(
        action=read_header(block, "Action").lower(),
        status=status.group() if status else "",
        reason=one_line(words or read_header(block, "Status")),
    )
