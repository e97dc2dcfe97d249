"""Addresses that mail came back from for good: what would go there is written down and withheld."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import datetime

import idna
import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eventapp.core.db import Base, db


class BouncedAddress(Base):
    """An address that mail came back from for good: nothing more goes there until it is cleared."""

    __tablename__ = "bounced_addresses"

    address_key: Mapped[str] = mapped_column(primary_key=True)
    reason: Mapped[str]
    bounced_at: Mapped[datetime]


def key_of_address(address: str) -> str:
    """Return what two ways of writing one address share; of what is no address, its small letters.

    Registrations have the same key for theirs.
    """
    local, _, domain = unicodedata.normalize("NFC", address.strip()).rpartition("@")
    domain = domain.casefold()
    if not domain.isascii():
        try:
            domain = idna.encode(domain, uts46=True).decode()
        except UnicodeError:
            # Such a message fails when it is built, which says more.
            return address.strip().casefold()
    return f"{unicodedata.normalize('NFC', local.casefold())}@{domain}"


def find_bounces(addresses: Iterable[str]) -> dict[str, str]:
    """Return why mail came back, by key, for those of `addresses` that it came back from."""
    keys = {key_of_address(address) for address in addresses}
    found = sa.select(BouncedAddress.address_key, BouncedAddress.reason).where(
        BouncedAddress.address_key.in_(keys)
    )
    return {row.address_key: row.reason for row in db.session.execute(found)}


def find_bounce(address: str) -> BouncedAddress | None:
    """Return the note that mail came back from an address."""
    return db.session.get(BouncedAddress, key_of_address(address))


def clear_address(address: str) -> None:
    """Let mail go to an address again."""
    db.session.execute(
        sa.delete(BouncedAddress).where(BouncedAddress.address_key == key_of_address(address)),
        execution_options={"synchronize_session": False},
    )
