"""When two e-mail addresses are one."""

from __future__ import annotations

import unicodedata

import idna


def mailbox_of_address(address: str) -> str:
    """Return what the addresses share that most servers put into one mailbox: no part after a plus.

    For counting alone: elsewhere they may be two people's.
    """
    local, at, domain = key_of_address(address).rpartition("@")
    return f"{local.partition('+')[0] or local}{at}{domain}"


def key_of_address(address: str) -> str:
    """Return what two ways of writing one address share; of what is no address, its small letters.

    Registrations and the notes of addresses that bounced are found by it.
    """
    local, _, domain = unicodedata.normalize("NFC", address.strip()).rpartition("@")
    domain = domain.lower()
    if not domain.isascii():
        try:
            # Not case-folded: "straße.example" and "strasse.example" have owners of their own.
            domain = idna.encode(domain, uts46=True).decode()
        except UnicodeError:
            # A message to it fails when it is built, which says more.
            return address.strip().casefold()
    return f"{unicodedata.normalize('NFC', local.casefold())}@{domain}"
