"""What can go wrong in a way that a person can act on."""

from __future__ import annotations


class Refusal(Exception):
    """A request that is understood and declined; `message` tells the person why and what to do.

    `message` may be a lazy string: it is put into words at the edge, in the reader's language. One
    that holds something, such as what was typed, isn't lazy: templates take a lazy string for HTML.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotFound(Exception):
    """No such thing, or none that this person may know of; becomes a 404 page."""
